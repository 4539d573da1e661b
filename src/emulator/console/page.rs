//! The page: one document that contains its style and its script, and loads nothing.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderValue, Response};
use sha2::{Digest, Sha256};

use crate::emulator::delivery::Reply;

const DOCUMENT: &str = include_str!("page/console.html");
const STYLE: &str = concat!(include_str!("page/base.css"), include_str!("page/parts.css"));
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("page/texts.js"),
    include_str!("page/faults.js"),
    include_str!("page/tools.js"),
    include_str!("page/server.js"),
    include_str!("page/clock.js"),
    include_str!("page/requests.js"),
    include_str!("page/details.js"),
    include_str!("page/tables.js"),
    include_str!("page/calls.js"),
    include_str!("page/actions.js"),
    include_str!("page/main.js"),
    "})();\n"
);

static PAGE: LazyLock<(Bytes, HeaderValue)> = LazyLock::new(|| {
    let document = DOCUMENT.replace("/*style*/", STYLE).replace("/*script*/", SCRIPT);
    // Only this style and this script are run, and only this server is asked.
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    (
        Bytes::from(document),
        HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'")),
    )
});

/// The page. It contains no data.
pub(crate) fn page() -> Reply {
    let (document, policy) = &*PAGE;
    let mut response = Response::new(document.clone());
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    let others = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ];
    headers.extend(others.map(|(name, value)| (name, HeaderValue::from_static(value))));
    Reply::from(response)
}

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
