//! The page as it is sent.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use sha2::{Digest, Sha256};

use super::super::gateways;
use crate::emulator::console::mistake_names;
use crate::emulator::{CallRefusal, Fault};

fn page() -> (http::HeaderMap, String) {
    let request = Request::get("/_emulator/console").body(Bytes::new()).unwrap();
    let response = gateways().respond(request);
    assert_eq!(response.status(), 200);
    (response.headers().clone(), String::from_utf8(response.body().to_vec()).unwrap())
}

/// What is between two texts that occur once.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

/// The names in `TEXTS`, with the English and the Chinese text of each.
fn texts(page: &str) -> Vec<(String, String, String)> {
    let rows =
        between(page, "const TEXTS = {", "\n};").replace("[\n    ", "[").replace(",\n    ", ", ").replace("\n  ]", "]");
    let rows = rows.lines().map(str::trim).filter(|line| !line.is_empty());
    rows.map(|row| {
        let (name, pair) = row.split_once(": ").unwrap();
        let pair: [String; 2] = serde_json::from_str(pair.trim_end_matches(',')).unwrap_or_else(|_| panic!("{row}"));
        let [english, chinese] = pair;
        (name.to_owned(), english, chinese)
    })
    .collect()
}

/// The names that follow each `start` up to the next `end`.
fn names_after<'a>(page: &'a str, start: &'a str, end: char) -> impl Iterator<Item = &'a str> {
    page.split(start).skip(1).map(move |rest| rest.split(end).next().unwrap())
}

#[test]
fn the_policy_allows_the_own_style_and_script_only() {
    let (headers, page) = page();
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    let policy = headers["content-security-policy"].to_str().unwrap();
    for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
        let content = between(&page, &format!("<{tag}>"), &format!("</{tag}>"));
        assert!(content.len() > 5000, "{tag}");
        let hash = STANDARD.encode(Sha256::digest(content));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}';")), "{tag}: {policy}");
    }
    for directive in
        ["default-src 'none'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(directive), "{directive}: {policy}");
    }
    assert!(!policy.contains("unsafe"));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    // What the policy would block.
    for inline in [" style=\"", " onclick=", "javascript:", "setAttribute(\"style\"", "innerHTML", "eval("] {
        assert!(!page.contains(inline), "{inline}");
    }
}

#[test]
fn the_page_names_no_host_and_loads_nothing() {
    let (_, page) = page();
    for outside in ["http://", "https://", "ws://", "wss://", "\"//", "url(", "@import", "src=\"", "import("] {
        assert!(!page.contains(outside), "{outside}");
    }
    let links: Vec<_> = names_after(&page, "href=\"", '"').collect();
    assert_eq!(
        links.iter().filter(|link| !link.starts_with('#') && !link.starts_with("data:")).count(),
        0,
        "{links:?}"
    );
    assert!(!page.contains("/*style*/") && !page.contains("/*script*/"));
}

#[test]
fn each_text_is_in_english_and_in_chinese() {
    let (_, page) = page();
    let texts = texts(&page);
    assert!(texts.len() > 150, "{}", texts.len());
    let has_han = |text: &str| text.chars().any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character));
    // Names and abbreviations are the same in both.
    let same = ["http", "oaid"];
    for (name, english, chinese) in &texts {
        assert!(!english.is_empty() && !has_han(english), "{name}: {english}");
        assert!(has_han(chinese) || same.contains(&name.as_str()) || chinese.contains("{1}"), "{name}: {chinese}");
        for place in ["{0}", "{1}", "{2}", "{3}"] {
            assert_eq!(english.contains(place), chinese.contains(place), "{name}");
        }
    }
    let names: BTreeSet<_> = texts.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names.len(), texts.len(), "a name occurs twice");
    let calls =
        page.match_indices("t(\"").filter(|(at, _)| !page[..*at].ends_with(|before: char| before.is_alphanumeric()));
    let calls = calls.map(|(at, start)| page[at + start.len()..].split('"').next().unwrap());
    let used = names_after(&page, "data-text=\"", '"').chain(names_after(&page, "{ text: \"", '"'));
    let used: BTreeSet<_> = used.chain(calls).collect();
    assert!(used.len() > 80, "{used:?}");
    for name in used {
        assert!(names.contains(name), "there is no text {name}");
    }
    let derived = mistake_names().map(|name| format!("mistake_{name}"));
    let refusals = [
        CallRefusal::UnknownNumber,
        CallRefusal::NumberLocked,
        CallRefusal::NoBinding,
        CallRefusal::WrongExtension,
        CallRefusal::NoCalledNumber,
        CallRefusal::Restricted,
        CallRefusal::Blacklisted,
        CallRefusal::CallerNotReported,
    ];
    for name in derived.chain(refusals.map(|refusal| format!("refusal_{}", refusal.as_str()))) {
        assert!(names.contains(name.as_str()), "there is no text {name}");
    }
}

#[test]
fn the_page_has_each_fault() {
    let (_, page) = page();
    let faults = between(&page, "const FAULTS = [", "\n];");
    let named: BTreeSet<_> = names_after(faults, "{ name: \"", '"').collect();
    assert_eq!(named, Fault::names().collect());
    for line in faults.lines().filter(|line| !line.trim().is_empty()) {
        let about: [String; 2] = serde_json::from_str(between(line, "about: ", " },")).unwrap();
        assert!(about.iter().all(|text| !text.is_empty()), "{line}");
    }
}
