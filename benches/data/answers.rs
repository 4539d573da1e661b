//! The responses of the gateways, and structs that plain serde decodes.

use std::fmt::Write;

use serde::Deserialize;

use super::{oaid, tid};

pub(crate) fn bind_json() -> String {
    r#"{"SecretBindDTO":{"Extension":"130","SecretNo":"17000000000","SubsId":"1000000768312345"},"Message":"OK","RequestId":"9297B722-A016-43FB-B51A-E54050D9369D","Code":"OK"}"#.to_owned()
}

pub(crate) fn bind_xml() -> String {
    r#"<?xml version="1.0" encoding="UTF-8" ?><BindAxbResponse><SecretBindDTO><Extension>130</Extension><SecretNo>17000000000</SecretNo><SubsId>1000000768312345</SubsId></SecretBindDTO><Message>OK</Message><RequestId>9297B722-A016-43FB-B51A-E54050D9369D</RequestId><Code>OK</Code></BindAxbResponse>"#.to_owned()
}

/// Every field that TOP documents for a receiver with a virtual number.
fn receiver(order: u64) -> [(&'static str, String); 14] {
    let text = str::to_owned;
    [
        ("name", text("张三")),
        ("mobile", format!("132{:08}-{:04}", 1 + order, 9999 - order)),
        ("address_detail", format!("文一西路969号淘宝城{}号楼{}室", 1 + order % 9, 101 + order)),
        ("phone", text("0571-88150000")),
        ("oaid", oaid(order)),
        ("tid", tid(order)),
        ("town", text("五常街道")),
        ("district", text("余杭区")),
        ("city", text("杭州市")),
        ("state", text("浙江省")),
        ("country", text("中国")),
        ("matched", text("true")),
        ("secret_no_expire_time", text("2026-11-30 23:59:59")),
        ("privacy_protection", text("true")),
    ]
}

pub(crate) fn decrypt_json() -> String {
    let receivers: Vec<String> = (0..20)
        .map(|order| {
            let members = receiver(order).map(|(name, value)| match value.as_str() {
                "true" => format!("\"{name}\":true"),
                text => format!("\"{name}\":\"{text}\""),
            });
            format!("{{{}}}", members.join(","))
        })
        .collect();
    let receivers = receivers.join(",");
    format!(
        r#"{{"top_oaid_decrypt_response":{{"receiver_list":{{"receiver":[{receivers}]}},"request_id":"15r6mock0001"}}}}"#
    )
}

pub(crate) fn decrypt_xml() -> String {
    let mut receivers = String::new();
    for order in 0..20 {
        receivers.push_str("<receiver>");
        for (name, value) in receiver(order) {
            let _ = write!(receivers, "<{name}>{value}</{name}>");
        }
        receivers.push_str("</receiver>");
    }
    format!(
        r#"<?xml version="1.0" encoding="utf-8" ?><top_oaid_decrypt_response><receiver_list>{receivers}</receiver_list><request_id>15r6mock0001</request_id></top_oaid_decrypt_response><!--top011023105124.center.na61-->"#
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PlainBind {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    #[serde(rename = "SecretBindDTO")]
    pub(crate) secret_bind: PlainSecretBind,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PlainSecretBind {
    pub(crate) extension: Option<String>,
    pub(crate) secret_no: String,
    pub(crate) subs_id: String,
}

#[derive(Deserialize)]
pub(crate) struct PlainDecryption {
    #[serde(rename = "top_oaid_decrypt_response")]
    pub(crate) root: PlainDecryptionXml,
}

/// The XML reader does not check the root.
#[derive(Deserialize)]
pub(crate) struct PlainDecryptionXml {
    pub(crate) receiver_list: PlainReceivers,
    pub(crate) request_id: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct PlainReceivers {
    pub(crate) receiver: Vec<PlainReceiver>,
}

#[derive(Deserialize)]
pub(crate) struct PlainReceiver {
    pub(crate) name: Option<String>,
    pub(crate) mobile: Option<String>,
    pub(crate) address_detail: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) oaid: Option<String>,
    pub(crate) tid: Option<String>,
    pub(crate) order_id: Option<String>,
    pub(crate) town: Option<String>,
    pub(crate) district: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) matched: Option<bool>,
    pub(crate) secret_no_expire_time: Option<String>,
    pub(crate) privacy_protection: Option<bool>,
    pub(crate) desensitize_rule: Option<String>,
}
