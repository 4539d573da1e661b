use std::fmt;

/// A code from outside: kept as received, shown only if it looks like a code.
///
/// A phone number or a sentence in the place of a code must not appear in a log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Code(String);

const MAX_SHOWN: usize = 96;

/// The digits of the shortest phone number. No code has as many in a row.
const PHONE_DIGITS: usize = 7;

impl Code {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Code {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.0, !may_hold_a_number(&self.0), f)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether a text from outside has as many digits in a row as a phone number.
pub(crate) fn may_hold_a_number(text: &str) -> bool {
    text.split(|character: char| !character.is_ascii_digit()).any(|digits| digits.len() >= PHONE_DIGITS)
}

/// The gateway's id of a request: kept as received, shown unless it has only digits.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RequestId(String);

impl RequestId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for RequestId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.0, self.0.bytes().any(|byte| byte.is_ascii_alphabetic()), f)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn show(text: &str, is_no_number: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let in_one_word = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
    let is_short = text.len() <= MAX_SHOWN;
    f.write_str(if is_short && is_no_number && text.bytes().all(in_one_word) { text } else { "(not shown)" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_is_shown_unless_it_may_be_a_number() {
        for (text, shown) in [
            ("9297B722-A016-43FB-B51A-E54050D9369D", "9297B722-A016-43FB-B51A-E54050D9369D"),
            ("15r600000000", "15r600000000"),
            ("13100000000", "(not shown)"),
            ("order of 张三", "(not shown)"),
        ] {
            assert_eq!(RequestId::from(text.to_owned()).to_string(), shown);
        }
    }

    #[test]
    fn only_what_looks_like_a_code_is_shown() {
        for (text, shown) in [
            ("isv.missing-parameter:query_list", "isv.missing-parameter:query_list"),
            ("isv.no-such-number:13100000000", "(not shown)"),
            ("号码不存在", "(not shown)"),
        ] {
            let code = Code::from(text.to_owned());
            assert_eq!(code.to_string(), shown);
            assert_eq!(format!("{code:?}"), shown);
            assert_eq!(code.as_str(), text);
        }
    }
}
