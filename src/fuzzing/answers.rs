use std::sync::LazyLock;

use bytes::Bytes;
use reqwest::header::HeaderMap;

use super::message::Message;
use super::operations::{ALIYUN, Reader, TOP};
use crate::send::{RawResponse, Settings};
use crate::{aliyun, top};

static TOP_CLIENT: LazyLock<top::Client> = LazyLock::new(top_client);
static ALIYUN_CLIENT: LazyLock<aliyun::Client> = LazyLock::new(aliyun_client);

/// Reads a body as TOP's answer with HTTP 200, in JSON or XML; the first byte selects the operation.
pub fn top_answer(input: &[u8]) {
    read_as_selected::<top::Client>(&TOP, &TOP_CLIENT, input);
}

/// Reads a body as Aliyun's answer with HTTP 200; the first byte selects the operation.
pub fn aliyun_answer(input: &[u8]) {
    read_as_selected::<aliyun::Client>(&ALIYUN, &ALIYUN_CLIENT, input);
}

/// Reads a body as TOP's answer to every operation.
#[cfg(test)]
pub(super) fn read_as_top(body: &[u8]) {
    TOP.iter().for_each(|reader| reader(&TOP_CLIENT, &with_body(body)));
}

/// Reads a body as Aliyun's answer to every operation.
#[cfg(test)]
pub(super) fn read_as_aliyun(body: &[u8]) {
    ALIYUN.iter().for_each(|reader| reader(&ALIYUN_CLIENT, &with_body(body)));
}

/// Reads an answer with a status line and headers: `429`, `Date: ..`, `Retry-After: ..`, an empty line, the body. Then
/// signs and reads once more, because the `Date` may have changed the clock.
pub fn answer_with_head(text: &[u8]) {
    static CLIENTS: LazyLock<(top::Client, aliyun::Client)> = LazyLock::new(|| (top_client(), aliyun_client()));
    const QUOTA_USED_UP: &[u8] = br#"{"error_response":{"code":15,"sub_code":"isv.decryption-quota-exceeded"}}"#;
    let answer = parse(text);
    let (top, aliyun) = &*CLIENTS;
    for (reader, answer) in TOP.iter().zip([&answer, &with_body(QUOTA_USED_UP)]) {
        reader(top, answer);
    }
    for reader in ALIYUN.iter().take(2) {
        reader(aliyun, &answer);
    }
}

fn read_as_selected<Client>(readers: &[Reader<Client>], client: &Client, input: &[u8]) {
    let Some((selector, body)) = input.split_first() else { return };
    if let Some(reader) = readers.get(usize::from(*selector) % readers.len()) {
        reader(client, &with_body(body));
    }
}

fn top_client() -> top::Client {
    top::Client::builder().app("12345678", "secret").settings(settings()).build().unwrap()
}

fn aliyun_client() -> aliyun::Client {
    aliyun::Client::builder().access_key("id", "secret").settings(settings()).build().unwrap()
}

/// A stopped clock makes every finding reproducible.
fn settings() -> Settings {
    Settings::new().clock(|| "2026-01-06T02:00:00Z".parse().unwrap())
}

fn with_body(body: &[u8]) -> RawResponse {
    RawResponse { status: 200, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body) }
}

fn parse(text: &[u8]) -> RawResponse {
    let Message { first_line, headers, body } = Message::parse(text);
    let status = first_line.parse().unwrap_or(200);
    RawResponse { status, headers, body: Bytes::copy_from_slice(body) }
}
