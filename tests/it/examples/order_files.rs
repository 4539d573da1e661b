//! Files of orders: their encodings, their columns, and their mistakes.

use privacy_number::emulator::Emulator;

use super::{Folder, assert_error_output, assert_nothing_sent, command_with_keys, stderr, stdout};

const ORDERS: [(&str, &str); 2] = [("4200260101000001117", "oaid+of/a="), ("4200260101000002234", "oaid+of/b=")];

/// Decrypts a file at a gateway with the two orders, which refuses a tid and an oaid in each other's place.
async fn decrypts_both(name: &str, content: &[u8]) {
    let folder = Folder::new(&format!("file-{name}"));
    let emulator = Emulator::builder().orders(ORDERS).start().await.unwrap();
    let mut command = command_with_keys("decrypt_orders", &emulator);
    let (orders, out) = (folder.file("orders.csv", content), folder.path("contacts.csv"));
    let output = command.args(["--live", "--orders", &orders, "--out", &out]).output().unwrap();
    assert!(output.status.success(), "{name}: {}", stderr(&output));
    assert!(stdout(&output).contains("2 orders, 0 failed, 1 calls"), "{name}: {}", stdout(&output));
    assert_eq!(emulator.ledger().executed("taobao.top.oaid.decrypt"), 1);
    let contacts = std::fs::read_to_string(out).unwrap();
    for (tid, oaid) in ORDERS {
        assert!(contacts.contains(&format!("\n{tid},{oaid},production,")), "{name}: {contacts}");
    }
}

/// `订单号` in GBK.
const TID_IN_GBK: [u8; 6] = [0xb6, 0xa9, 0xb5, 0xa5, 0xba, 0xc5];

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_are_found_by_name_in_every_encoding() {
    let [(tid_a, oaid_a), (tid_b, oaid_b)] = ORDERS;
    let swapped = format!("OAID,订单号\r\n{oaid_a},{tid_a}\r\n{oaid_b},{tid_b}\r\n");
    let body = format!("\r\n{oaid_a},{tid_a}\r\n{oaid_b},{tid_b}\r\n");
    let gbk = [b"OAID,", &TID_IN_GBK[..], body.as_bytes()].concat();
    let tabs = swapped.replace(',', "\t");
    let semicolons = swapped.replace(',', ";");
    let more = format!("买家,tid,备注,oaid\n张三,{tid_a},\"a,b\",{oaid_a}\n李四,{tid_b},,{oaid_b}\n,,,\n");
    let protected = format!("tid,oaid\n=\"{tid_a}\",{oaid_a}\n'{tid_b}, {oaid_b} \n");
    for (name, content) in [
        ("utf-8", swapped.clone().into_bytes()),
        ("utf-8-mark", format!("\u{feff}{swapped}").into_bytes()),
        ("gbk", gbk),
        ("utf-16-le", utf_16(&tabs, u16::to_le_bytes)),
        ("utf-16-be", utf_16(&tabs, u16::to_be_bytes)),
        ("semicolons", semicolons.into_bytes()),
        ("more-columns", more.into_bytes()),
        ("protected-from-excel", protected.into_bytes()),
    ] {
        decrypts_both(name, &content).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_file_is_reported_with_line_and_column_and_nothing_is_sent() {
    let gbk_of_a_name = [&TID_IN_GBK[..], b"2,x\n1,2\n"].concat();
    for (name, content, texts) in [
        ("nothing", &b""[..], &["orders.csv holds no orders"][..]),
        ("header-alone", b"tid,oaid\n", &["orders.csv holds no orders"]),
        ("empty-lines", b"tid,oaid\n,\n\n", &["orders.csv holds no orders"]),
        ("workbook", b"PK\x03\x04\x14\x00\x06\x00", &["(.xlsx)", "save it as \"CSV UTF-8\""]),
        ("old-workbook", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1], &["(.xls)", "save it as \"CSV UTF-8\""]),
        ("zeros", b"t\0i\0d\0,\0", &["zero bytes"]),
        ("no-encoding", b"tid,oaid\n\xff\xff,\xff\n", &["neither UTF-8 nor GBK nor UTF-16"]),
        (
            "names",
            "订单,密文\n1,2\n".as_bytes(),
            &["line 1: no column is called tid or 订单号", "the columns found are `订单`, `密文`"],
        ),
        ("gbk-name", &gbk_of_a_name, &["no column is called tid or 订单号", "`订单号2`, `x`"]),
        ("one-name", b"tid,id\n1,2\n", &["line 1: no column is called oaid", "`tid`, `id`"]),
        ("no-names", b"4200260101000001117,oaid-a\n", &["line 1: no column", "(not a name), `oaid-a`"]),
        ("twice", "tid,订单号,oaid\n1,2,3\n".as_bytes(), &["line 1: two columns are called tid or 订单号"]),
        ("no-tid", b"tid,oaid\n1,a\n,b\n", &["orders.csv, line 3, column `tid`: is empty"]),
        ("no-oaid", b"tid,OAID\n1,a\n\n2,\n", &["orders.csv, line 4, column `OAID`: must have 1 to 128 characters"]),
        ("returns", b"tid,oaid\r\n1,a\r\n2,b\r\n,c\r\n", &["orders.csv, line 4, column `tid`: is empty"]),
        ("short", b"tid,oaid\n1\n", &["orders.csv, line 2, column `oaid`: must have 1 to 128 characters"]),
        ("rounded", b"tid,oaid\n4.20026E+18,a\n", &["line 2, column `tid`: is a number that Excel has rounded"]),
        ("letters", b"tid,oaid\nA1,a\n", &["line 2, column `tid`: must be digits only"]),
    ] {
        let folder = Folder::new(&format!("wrong-{name}"));
        let orders = folder.file("orders.csv", content);
        for example in ["decrypt_orders", "quickstart"] {
            let emulator = Emulator::start().await.unwrap();
            let mut command = command_with_keys(example, &emulator);
            command.args(["--live", "--orders", &orders, "--out", &folder.path("contacts.csv")]);
            if example == "quickstart" {
                command.args(["--parties", "15000000000", "15000000001"]);
            }
            let output = command.output().unwrap();
            assert_error_output(&output, texts);
            assert!(stderr(&output).contains("orders.csv"), "{}", stderr(&output));
            assert!(!stderr(&output).contains("4200260101000001117"), "data is shown: {}", stderr(&output));
            assert_nothing_sent(&emulator);
        }
    }
}
