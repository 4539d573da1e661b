//! A client as a careful engineer would write it for these two calls only: `reqwest`, `hmac`, `chrono`, `uuid`, and
//! `serde_json` into plain structs. It signs and checks every call; it has no retries, limits or loose types.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, FixedOffset, Utc};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use privacy_number::sign::Stamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::{StatusCode, Url, redirect};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::Sha256;
use uuid::Uuid;

use super::{FORM, TIMEOUT, USER_AGENT, path, signed_form};
use crate::data::{self, PlainBind, PlainDecryption};
use crate::options::Op;
use crate::worker::Worker;

/// The characters that RFC 3986 does not encode.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Clone)]
pub(crate) struct ByHand {
    client: reqwest::Client,
    url: Url,
    request: Request,
}

/// Each call copies it. The copy stands for building the request.
#[derive(Clone)]
enum Request {
    /// The parameters of the operation, without the common ones.
    BindAxb(Vec<(String, String)>),
    Decrypt(Vec<Query>),
}

#[derive(Clone, Serialize, Deserialize)]
struct Query {
    oaid: String,
    tid: String,
    scene: String,
    secret_no_days: u32,
}

pub(crate) fn workers(op: Op, endpoint: &str, count: usize) -> Result<Vec<ByHand>, Box<dyn Error>> {
    let client = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        .timeout(TIMEOUT)
        .no_proxy()
        .user_agent(USER_AGENT)
        .build()?;
    let request = match op {
        Op::Bindaxb => {
            let sent = data::pop_params();
            let own = sent.iter().filter(|(name, _)| !POP_COMMON.contains(name));
            Request::BindAxb(own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
        }
        Op::Decrypt20 => {
            let sent = data::top_params();
            let (_, queries) = sent.iter().find(|(name, _)| *name == "query_list").ok_or("there are no queries")?;
            Request::Decrypt(serde_json::from_str(queries)?)
        }
    };
    check(op, &request)?;
    let worker = ByHand { client, url: Url::parse(endpoint)?.join(path(op))?, request };
    Ok(vec![worker; count])
}

/// Checks that this client and this crate send the same for the same stamp.
fn check(op: Op, request: &Request) -> Result<(), Box<dyn Error>> {
    let sorted = |form: &str| form.split('&').map(ToOwned::to_owned).collect::<BTreeSet<_>>();
    let stamp = data::stamp();
    let by_hand = match request.clone() {
        Request::BindAxb(parameters) => bind_axb(parameters, &stamp),
        Request::Decrypt(queries) => decrypt(&queries, stamp.time)?,
    };
    if sorted(&by_hand) == sorted(std::str::from_utf8(&signed_form(op, &stamp))?) {
        Ok(())
    } else {
        Err("the client written by hand and this crate send different requests".into())
    }
}

const POP_COMMON: [&str; 9] = [
    "AccessKeyId",
    "Action",
    "Format",
    "RegionId",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

const TOP_COMMON: [&str; 7] = ["app_key", "format", "method", "session", "sign_method", "timestamp", "v"];

impl Worker for ByHand {
    async fn call(&mut self) -> Result<(), Box<dyn Error>> {
        match self.request.clone() {
            Request::BindAxb(parameters) => {
                let bound: PlainBind = self.post(bind_axb(parameters, &Stamp::new(Utc::now(), Uuid::new_v4()))).await?;
                if bound.code != "OK" {
                    return Err(bound.code.into());
                }
                black_box(bound);
            }
            Request::Decrypt(queries) => {
                let decrypted: PlainDecryption = self.post(decrypt(&queries, Utc::now())?).await?;
                assert_eq!(black_box(decrypted).root.receiver_list.receiver.len(), 20);
            }
        }
        Ok(())
    }
}

impl ByHand {
    async fn post<T: DeserializeOwned>(&self, form: String) -> Result<T, Box<dyn Error>> {
        let request = self.client.post(self.url.clone()).header(CONTENT_TYPE, FORM).body(form);
        let response = request.send().await?;
        if response.status() != StatusCode::OK {
            return Err(format!("the server returned HTTP {}", response.status()).into());
        }
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }
}

/// The request body for Aliyun: the canonicalized query and its signature.
fn bind_axb(parameters: Vec<(String, String)>, stamp: &Stamp) -> String {
    let mut all: BTreeMap<String, String> = parameters.into_iter().collect();
    for (name, value) in POP_COMMON.into_iter().zip([
        data::KEY,
        "BindAxb",
        "JSON",
        "cn-hangzhou",
        "HMAC-SHA1",
        &stamp.nonce,
        "1.0",
        &stamp.time.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "2017-05-25",
    ]) {
        all.insert(name.to_owned(), value.to_owned());
    }
    let query = form_encoded(&all);
    let text = format!("POST&%2F&{}", encoded(&query));
    let mut mac = Hmac::<Sha1>::new_from_slice(format!("{}&", data::SECRET).as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    format!("{query}&Signature={}", encoded(&signature))
}

/// The request body for TOP: the parameters and their signature.
fn decrypt(queries: &[Query], time: DateTime<Utc>) -> Result<String, Box<dyn Error>> {
    let mut all = BTreeMap::from([("query_list".to_owned(), serde_json::to_string(queries)?)]);
    let china = FixedOffset::east_opt(8 * 3600).unwrap();
    for (name, value) in TOP_COMMON.into_iter().zip([
        data::APP_KEY,
        "json",
        "taobao.top.oaid.decrypt",
        data::SESSION,
        "hmac-sha256",
        &time.with_timezone(&china).format("%Y-%m-%d %H:%M:%S").to_string(),
        "2.0",
    ]) {
        all.insert(name.to_owned(), value.to_owned());
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(data::APP_SECRET.as_bytes()).unwrap();
    for (name, value) in &all {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
    Ok(format!("{}&sign={signature}", form_encoded(&all)))
}

fn form_encoded(parameters: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}
