use std::fmt;

/// A code or request id from outside: kept as it came, shown only as far as it looks like one.
///
/// A gateway that puts a number or a whole sentence where a code belongs must not get it into a log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Code(String);

const MAX_SHOWN: usize = 96;

/// More digits in a row than any code has, and as few as the shortest phone number.
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
        let looks_like_a_code = self.0.len() <= MAX_SHOWN
            && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte));
        let mut run = 0_usize;
        let longest_run = self.0.bytes().fold(0, |longest, byte| {
            run = if byte.is_ascii_digit() { run.saturating_add(1) } else { 0 };
            run.max(longest)
        });
        if looks_like_a_code && longest_run < PHONE_DIGITS { f.write_str(&self.0) } else { f.write_str("(not shown)") }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_code_is_shown() {
        for (text, shown) in [
            ("isv.missing-parameter:query_list", "isv.missing-parameter:query_list"),
            ("9297B722-A016-43FB-B51A-E54050D9369D", "9297B722-A016-43FB-B51A-E54050D9369D"),
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
