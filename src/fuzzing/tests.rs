//! The same functions, run on random input and on corrupted fixtures.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::answers::{read_as_aliyun, read_as_top};
use super::receipts::read_as_every_type;
use super::*;

/// Few cases, to keep the tests fast; the fuzz targets run many.
fn quick() -> ProptestConfig {
    ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() }
}

/// The fixtures of a gateway whose file names contain a word, in JSON and XML.
fn fixtures(gateway: &str, word: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(gateway);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_str().unwrap().contains(word));
    paths.sort();
    assert!(!paths.is_empty(), "{gateway}");
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// A corruption of a body, by networks, proxies, wrong settings or an attacker.
#[derive(Debug, Clone)]
enum Corruption {
    Truncate(Index),
    Flip(Index, u8),
    Repeat(Index, Index),
    InsertNul(Index),
    InsertPerson(Index),
    LoneSurrogate(Index),
    Utf16,
    Latin1,
    NotUtf8(Index),
    LongNumber(Index, usize),
    Nest(Index, usize),
    InsertMember(Index, &'static str, &'static str),
    ByteOrderMark,
}

/// Result members to insert into a body.
const RESULT_MEMBERS: &[(&str, &str)] = &[
    ("success", "false"),
    ("Success", "true"),
    ("code", "50"),
    ("Code", "OK"),
    ("errorCode", "E1"),
    ("err_code", "0"),
    ("item", "1"),
    ("error_response", ""),
];

/// Members of call receipts, and values that a gateway may give them.
const RECEIPT_MEMBERS: &[&str] = &[
    "call_id",
    "callId",
    "id",
    "pool_key",
    "partnerKey",
    "call_time",
    "ring_Time",
    "start_time",
    "release_time",
    "release_cause",
    "phone_no",
    "secretNo",
    "record_url",
    "sentences",
    "packageDyn",
    "status",
];
const RECEIPT_VALUES: &[&str] = &[
    "null",
    "\"\"",
    "0",
    "\"c1\"",
    "\"a:b\"",
    "\"张三13900001111\"",
    "1629893489000",
    "\"2021-08-25 20:11:29\"",
    "\"2021-08-25 20:11:29.5\"",
    "9223372036854775807",
    "-9223372036854775808",
    "1e308",
    "true",
    "[]",
    "[{\"text\":1}]",
    "{\"text\":\"a\"}",
];

fn corruption() -> impl Strategy<Value = Corruption> {
    let at = || any::<Index>();
    prop_oneof![
        at().prop_map(Corruption::Truncate),
        (at(), any::<u8>()).prop_map(|(at, byte)| Corruption::Flip(at, byte)),
        (at(), at()).prop_map(|(from, to)| Corruption::Repeat(from, to)),
        at().prop_map(Corruption::InsertNul),
        at().prop_map(Corruption::InsertPerson),
        at().prop_map(Corruption::LoneSurrogate),
        Just(Corruption::Utf16),
        Just(Corruption::Latin1),
        at().prop_map(Corruption::NotUtf8),
        (at(), 1..5000_usize).prop_map(|(at, digits)| Corruption::LongNumber(at, digits)),
        (at(), 1..10_000_usize).prop_map(|(at, levels)| Corruption::Nest(at, levels)),
        (at(), select(RESULT_MEMBERS)).prop_map(|(at, (name, value))| Corruption::InsertMember(at, name, value)),
        Just(Corruption::ByteOrderMark),
    ]
}

impl Corruption {
    fn apply(&self, body: &mut Vec<u8>) {
        let place = |at: &Index, body: &[u8]| at.index(body.len() + 1);
        let insert = |at: &Index, body: &mut Vec<u8>, bytes: &[u8]| {
            let place = place(at, body);
            body.splice(place..place, bytes.iter().copied());
        };
        match self {
            Self::Truncate(at) => body.truncate(place(at, body)),
            Self::Flip(at, byte) => {
                let place = place(at, body);
                if let Some(old) = body.get_mut(place) {
                    *old ^= byte;
                }
            }
            Self::Repeat(from, to) => {
                let (from, to) = (place(from, body), place(to, body));
                body.extend_from_within(from.min(to)..from.max(to));
            }
            Self::InsertNul(at) => insert(at, body, b"\0"),
            Self::InsertPerson(at) => insert(at, body, "张三13900001111".as_bytes()),
            Self::LoneSurrogate(at) => insert(at, body, br"\ud800"),
            Self::Utf16 => {
                let text = String::from_utf8_lossy(body).into_owned();
                *body = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            }
            Self::Latin1 => {
                let text = String::from_utf8_lossy(body).into_owned();
                *body = text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect();
            }
            // The bytes of 张三 in GBK, which are no UTF-8.
            Self::NotUtf8(at) => insert(at, body, &[0xD5, 0xC5, 0xC8, 0xFD]),
            Self::LongNumber(at, digits) => insert(at, body, &[b"1e".as_slice(), &b"9".repeat(*digits)].concat()),
            Self::Nest(at, levels) => {
                let (open, close) = if body.starts_with(b"<") { ("<a>", "</a>") } else { (r#"{"a":["#, "]}") };
                let nested = format!("{}{}", open.repeat(*levels), close.repeat(*levels));
                insert(at, body, nested.as_bytes());
            }
            Self::InsertMember(at, name, value) => {
                let is_xml = body.starts_with(b"<");
                let member =
                    if is_xml { format!("<{name}>{value}</{name}>") } else { format!(r#""{name}":"{value}","#) };
                let opens = |place: &usize| body.get(*place) == Some(if is_xml { &b'>' } else { &b'{' });
                let places: Vec<_> = (0..body.len()).filter(opens).collect();
                if !places.is_empty() {
                    let place = places[at.index(places.len())] + 1;
                    body.splice(place..place, member.bytes());
                }
            }
            Self::ByteOrderMark => drop(body.splice(0..0, *b"\xEF\xBB\xBF")),
        }
    }
}

fn corrupted(gateway: &str) -> impl Strategy<Value = Vec<u8>> {
    corrupted_of(gateway, "")
}

/// The same of the fixtures whose file names contain a word.
fn corrupted_of(gateway: &str, word: &str) -> impl Strategy<Value = Vec<u8>> {
    let corruptions = proptest::collection::vec(corruption(), 1..4);
    (select(fixtures(gateway, word)), corruptions).prop_map(|(mut body, corruptions)| {
        corruptions.iter().for_each(|corruption| corruption.apply(&mut body));
        body
    })
}

proptest! {
    #![proptest_config(quick())]

    #[test]
    fn any_bytes_are_a_response_or_an_error_of_top(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_as_top(&body);
    }

    #[test]
    fn any_bytes_are_a_response_or_an_error_of_aliyun(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_as_aliyun(&body);
    }

    #[test]
    fn a_corrupted_response_of_top_is_read_or_refused_without_a_panic(body in corrupted("top")) {
        read_as_top(&body);
    }

    #[test]
    fn a_corrupted_response_of_aliyun_is_read_or_refused_without_a_panic(body in corrupted("aliyun")) {
        read_as_aliyun(&body);
    }

    #[test]
    fn any_bytes_are_receipts_or_an_error(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_as_every_type(&body);
    }

    #[test]
    fn corrupted_responses_of_a_queue_are_read_or_refused(body in corrupted_of("receipts", "mns_batch")) {
        queue_response(&body);
    }

    #[test]
    fn corrupted_receipts_are_read_kept_or_refused_without_a_panic(body in corrupted("receipts")) {
        read_as_every_type(&body);
    }

    #[test]
    fn any_members_are_receipts(
        members in proptest::collection::vec((select(RECEIPT_MEMBERS), select(RECEIPT_VALUES)), 0..8),
    ) {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        read_as_every_type(format!("[{{{}}}]", members.join(",")).as_bytes());
    }

    #[test]
    fn any_head_of_a_response_is_handled(
        status in 0..1000_u16,
        retry_after in "[0-9]{0,25}|-1|[ -~]{0,40}",
        year in prop_oneof![0..10_000_u32, 262_130..262_150_u32],
        name in select(vec!["Retry-After", "x-acs-retry-after"]),
        code in select(vec!["31", "7", "15"]),
    ) {
        let date = format!("31 Dec {year} 23:59:59 +0000");
        let refusal = format!(r#"{{"error_response":{{"code":{code},"msg":"m"}},"Code":"InvalidTimeStamp.Expired"}}"#);
        answer_with_head(format!("{status}\n{name}: {retry_after}\nDate: {date}\n\n{refusal}").as_bytes());
    }

    #[test]
    fn any_pairs_are_encoded_and_signed(pairs in proptest::collection::vec(any::<(String, String)>(), 0..12)) {
        params(&pairs);
    }

    #[test]
    fn any_text_is_a_virtual_number(text in any::<String>()) {
        virtual_number(&text);
    }

    #[test]
    fn digits_and_marks_are_virtual_numbers(text in "[0-9０-９*+ ()（）.-]{0,24}") {
        virtual_number(&text);
    }
}

#[cfg(feature = "emulator")]
proptest! {
    #![proptest_config(quick())]

    #[test]
    fn the_emulator_answers_any_bytes(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        for path in ["/", "/router/rest", "/_emulator/faults", "/_emulator/clock", "/_emulator/shops"] {
            let kind = if path.starts_with("/_") { "json" } else { "x-www-form-urlencoded" };
            let head = format!("POST {path}\ncontent-type: application/{kind}\n\n");
            emulator_request(&[head.as_bytes(), &body].concat());
        }
    }

    #[test]
    fn the_emulator_answers_any_parameters(
        pairs in proptest::collection::vec(("[A-Za-z_]{0,12}", any::<String>()), 0..6),
        operation in select(vec!["method=taobao.top.oaid.decrypt", "Action=BindAxb", "Action=BindBatchAxg"]),
    ) {
        let form: crate::params::Params = pairs.into_iter().collect();
        for path in ["/", "/router/rest"] {
            emulator_request(format!("GET {path}?{operation}&{}\n\n", form.form_encoded()).as_bytes());
        }
    }
}

/// Every stored message, cut and with one byte changed.
#[test]
fn a_corrupted_message_is_read_or_kept() {
    for message in fixtures("top-oaid/tmc", "_") {
        let message: serde_json::Value = serde_json::from_slice(&message).unwrap();
        let Some(content) = message["content"].as_str() else { continue };
        for place in (0..content.len()).filter(|place| content.is_char_boundary(*place)) {
            tmc_event(&content[..place]);
            for change in ["", "\"", "null", "[", "9999999999999999999999"] {
                tmc_event(&format!("{}{change}{}", &content[..place], &content[place..]));
            }
        }
    }
}

/// The check itself finds failures.
#[test]
fn a_reported_failure_is_found() {
    for (body, is_top) in [
        (r#"{"success":false}"#, true),
        (r#"{"top_x_response":{"result":{"Success":"false"}}}"#, true),
        (r#"{"top_x_response":{"code":50}}"#, true),
        (r#"{"top_x_response":{},"error_response":{"code":50}}"#, true),
        (r#"{"top_x_response":{},"error_code":"E1"}"#, true),
        (r#"{"Code":"OK","Data":{"Success":false}}"#, false),
        ("<Error><Code>OK</Code></Error>", false),
        ("<BindAxbResponse><Success>false</Success></BindAxbResponse>", false),
    ] {
        let check = || failure::assert_reports_no_failure(body.as_bytes(), is_top);
        assert!(std::panic::catch_unwind(check).is_err(), "{body}");
    }
    failure::assert_reports_no_failure(br#"{"top_x_response":{"code":"0","result":{"success":true}}}"#, true);
    failure::assert_reports_no_failure(br#"{"Code":"OK","Data":{"Code":"1"}}"#, false);
}

/// A name and number inserted as a code, an id, a message or the name of a member.
#[test]
fn a_person_in_any_place_of_a_response_is_not_shown() {
    const PERSON: &[u8] = "张三13900001111".as_bytes();
    type Read = fn(&[u8]);
    for (gateway, read) in [("top", top_answer as Read), ("aliyun", aliyun_answer)] {
        for body in fixtures(gateway, "error") {
            let places = (1..body.len()).filter(|place| b"\">".contains(&body[place - 1]));
            for place in places {
                read(&[b"A", &body[..place], PERSON, &body[place..]].concat());
            }
        }
    }
}

/// The error would name a member whose name is a phone number.
#[test]
fn a_number_as_a_name_is_not_shown() {
    read_as_top(b"{\"success\":false,\"13900001111\":\"\xD5\xC5\"}");
}

/// The operations that are read are those that `tests/fixtures` lists.
#[test]
fn no_operation_is_left_out() {
    let file = |name: &str| -> serde_json::Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    };
    let documented = |name: &str, key: &str| file(name)[key].as_array().unwrap().len();
    let top = ["top.json", "top-oaid.json", "top-auth.json"].map(|name| documented(name, "methods"));
    assert_eq!(operations::TOP.len(), top.iter().sum::<usize>());
    let aliyun = ["aliyun.json", "aliyun-newer.json"].map(|name| documented(name, "operations"));
    assert_eq!(operations::ALIYUN.len(), aliyun.iter().sum::<usize>());
}

#[test]
fn a_date_at_the_end_of_time_is_handled() {
    for year in ["0000", "9999", "10000", "262141", "262142", "262143"] {
        for body in [r#"{"error_response":{"code":31}}"#, r#"{"Code":"InvalidTimeStamp.Expired"}"#] {
            answer_with_head(format!("400\nDate: 31 Dec {year} 23:59:59 +0000\n\n{body}").as_bytes());
        }
    }
}
