use std::sync::LazyLock;

use bytes::Bytes;
use reqwest::header::HeaderMap;

use super::message::Message;
use super::operations::{ALIYUN, Reader, TOP};
use crate::send::{RawAnswer, Settings};
use crate::{aliyun, top};

static TOP_CLIENT: LazyLock<top::Client> = LazyLock::new(top_client);
static ALIYUN_CLIENT: LazyLock<aliyun::Client> = LazyLock::new(aliyun_client);

/// Reads a body as TOP's answer under HTTP 200; the first byte picks the operation. JSON and XML go the same way: the
/// body tells.
pub fn top_answer(input: &[u8]) {
    read_as_picked::<top::Client>(&TOP, &TOP_CLIENT, input);
}

/// Reads a body as Aliyun's answer under HTTP 200; the first byte picks the operation.
pub fn aliyun_answer(input: &[u8]) {
    read_as_picked::<aliyun::Client>(&ALIYUN, &ALIYUN_CLIENT, input);
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

/// Reads an answer with a status and header lines of its own, then signs and judges once more by the clock that it may
/// have set: `429`, `Date: ..`, `Retry-After: ..`, an empty line, the body.
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

fn read_as_picked<Client>(readers: &[Reader<Client>], client: &Client, input: &[u8]) {
    let Some((pick, body)) = input.split_first() else { return };
    if let Some(reader) = readers.get(usize::from(*pick) % readers.len()) {
        reader(client, &with_body(body));
    }
}

fn top_client() -> top::Client {
    top::Client::builder().app("12345678", "secret").settings(settings()).build().unwrap()
}

fn aliyun_client() -> aliyun::Client {
    aliyun::Client::builder().access_key("id", "secret").settings(settings()).build().unwrap()
}

/// A clock that stands still makes every finding come again.
fn settings() -> Settings {
    Settings::new().clock(|| "2026-01-06T02:00:00Z".parse().unwrap())
}

fn with_body(body: &[u8]) -> RawAnswer {
    RawAnswer { status: 200, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body) }
}

fn parse(text: &[u8]) -> RawAnswer {
    let Message { first_line, headers, body } = Message::parse(text);
    let status = first_line.parse().unwrap_or(200);
    RawAnswer { status, headers, body: Bytes::copy_from_slice(body) }
}
