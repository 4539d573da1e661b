//! Unmistakable stand-ins for everything that must stay hidden, and a search for them in every disguise.

use crate::form::escape;

pub(super) mod sentinel {
    pub(crate) const APP_KEY: &str = "88877701";
    pub(crate) const APP_SECRET: &str = "canary-app-secret";
    pub(crate) const SESSION: &str = "canary-session";
    pub(crate) const ACCESS_KEY_ID: &str = "canary-access-key-id";
    pub(crate) const ACCESS_KEY_SECRET: &str = "canary-access-key-secret";
    pub(crate) const SECURITY_TOKEN: &str = "canary-security-token+/=";
    pub(crate) const ONCE_TOKEN: &str = "canary-once-token";
    pub(crate) const OAID: &str = "canary-oaid+/=";
    pub(crate) const PHONE_A: &str = "13988877011";
    pub(crate) const PHONE_B: &str = "02088877012";
    pub(crate) const PHONE_X: &str = "17088877013";
    pub(crate) const EXTENSION: &str = "13588877014-4321";
    pub(crate) const RANGE_700: &str = "700888777015015";
    pub(crate) const NAME: &str = "金丝雀";
    pub(crate) const ADDRESS: &str = "鸟笼巷88号";
    pub(crate) const TOWN: &str = "鸟笼镇";
    pub(crate) const CITY: &str = "鸟笼市";
    pub(crate) const NICK: &str = "鸟笼服务商";
    pub(crate) const WORDS: &str = "canary-words";
}

use sentinel::*;

pub(super) const ALL: &[&str] = &[
    APP_KEY,
    APP_SECRET,
    SESSION,
    ACCESS_KEY_ID,
    ACCESS_KEY_SECRET,
    SECURITY_TOKEN,
    ONCE_TOKEN,
    OAID,
    PHONE_A,
    PHONE_B,
    PHONE_X,
    EXTENSION,
    RANGE_700,
    NAME,
    ADDRESS,
    TOWN,
    CITY,
    NICK,
    WORDS,
];

/// The sentinels that a text holds: as they are, or as URLs, JSON, bytes and Rust would write them.
pub(super) fn found_in(text: &str) -> Vec<&'static str> {
    let shows = |sentinel: &&&str| {
        let json: String = sentinel.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let disguises = [
            (**sentinel).to_owned(),
            escape(sentinel),
            escape(&escape(sentinel)),
            json,
            sentinel.escape_default().to_string(),
            sentinel.as_bytes().escape_ascii().to_string(),
        ];
        disguises.iter().any(|disguise| text.contains(disguise.as_str()))
    };
    ALL.iter().filter(shows).copied().collect()
}

pub(super) fn assert_clean(text: &str, what: &str) {
    let found = found_in(text);
    assert!(found.is_empty(), "{what} shows {found:?}:\n{text}");
    // A signature is derived from secrets, and a form holds everything.
    for part in ["Signature=", "sign=", "query_list=", "PhoneNoA="] {
        assert!(!text.contains(part), "{what} shows a request:\n{text}");
    }
}
