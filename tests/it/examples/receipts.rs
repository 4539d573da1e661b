//! The example that receives pushed receipts.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use privacy_number::aliyun::receipt::{self, ReceiptType};

use super::{Folder, command, stderr, stdout};
use crate::fixtures;

const SECRET: &str = "3f9c1d5e8a7b46029d1c";

#[test]
fn a_run_without_arguments_prints_the_acknowledgement_and_the_key_of_its_receipt() {
    let output = command("receipts_http").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains(r#"acknowledgement: {"code":0,"msg":"OK"}"#), "{text}");
    assert!(text.contains("received SecretReport:43612633712c0001"), "{text}");
    assert!(!text.contains("13900000001"), "{text}");
}

#[tokio::test]
async fn every_acknowledged_push_is_in_the_journal_of_a_killed_process() {
    let folder = Folder::new("receipts");
    let path = folder.path("receipts.jsonl");
    let (types, body) = (["SecretReport", "SecretStartReport"], fixtures::read("receipts/http_SecretReport.json"));
    for run in 1..=2 {
        let mut command = command("receipts_http");
        command.args(["--listen", "127.0.0.1:0", "--journal", &path]).env("RECEIPT_SECRET", SECRET);
        let mut server = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        assert!(!first.contains(SECRET), "{first}");
        let url = first.strip_prefix("listening on ").unwrap().replace("<secret>", SECRET);
        for receipt_type in types {
            let push = reqwest::Client::new().post(url.replace("<type>", receipt_type)).body(body.clone());
            assert_eq!(push.send().await.unwrap().status(), 200);
        }
        server.kill().unwrap();
        server.wait().unwrap();
        drop(lines);

        let journal = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = journal.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), types.len() * run);
        for (line, receipt_type) in lines.iter().zip(types.iter().cycle()) {
            let (name, text): (String, String) = serde_json::from_str(line).unwrap();
            assert_eq!((name.as_str(), &text), (*receipt_type, &body));
            assert_eq!(receipt::parse(&ReceiptType::from(&*name), text.as_bytes()).unwrap().len(), 2);
        }
    }
}
