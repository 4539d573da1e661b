use std::fmt;

use super::code::RequestId;
use super::report::CallReport;

/// A response that could not be read.
#[derive(Debug, Clone)]
pub struct DecodeError {
    facts: DecodeFacts,
    pub(super) report: CallReport,
}

/// What was wrong with the response, without any of its values.
#[derive(Debug, Clone)]
pub(crate) struct DecodeFacts {
    pub(crate) problem: &'static str,
    /// `SecretBindDTO.SubsId`, empty for the response as a whole.
    pub(crate) path: String,
    pub(crate) http_status: u16,
    pub(crate) request_id: Option<RequestId>,
    /// See [`outline`].
    pub(crate) beginning: String,
}

impl DecodeError {
    pub(crate) fn new(facts: DecodeFacts, report: CallReport) -> Self {
        Self { facts, report }
    }

    /// The path in the response: `SecretBindDTO.SubsId`; empty for the response as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.facts.path
    }

    /// The HTTP status of the response.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.facts.http_status
    }

    /// The gateway's id of the request, if the response got that far.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.facts.request_id.as_ref().map(RequestId::as_str)
    }

    /// The beginning of the body, with everything but markup and a few well-known words replaced by dots:
    /// `<html><head><title>502 Bad Gateway`.
    #[must_use]
    pub fn beginning(&self) -> &str {
        &self.facts.beginning
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {}", self.report.operation, self.facts.problem)?;
        if !self.facts.path.is_empty() {
            write!(f, " at `{}`", self.facts.path)?;
        }
        write!(f, " (HTTP {}", self.facts.http_status)?;
        if !self.facts.beginning.is_empty() {
            write!(f, ", body begins {:?}", self.facts.beginning)?;
        }
        f.write_str(")")?;
        self.report.write_end(f, self.facts.request_id.as_ref())
    }
}

impl std::error::Error for DecodeError {}

/// The beginning of a body without personal data: markup and the words of [`SHOWN_WORDS`] stay, every other run of
/// letters and digits becomes `..`.
pub(crate) fn outline(body: &[u8]) -> String {
    const READ: usize = 400;
    const SHOWN: usize = 120;
    let text = String::from_utf8_lossy(body.get(..READ).unwrap_or(body));
    let mut outline = String::new();
    let mut word = String::new();
    for character in text.chars().chain(std::iter::once(' ')) {
        if character.is_ascii_alphanumeric() {
            word.push(character);
            continue;
        }
        if !word.is_empty() {
            let known = SHOWN_WORDS.contains(&word.to_ascii_lowercase().as_str());
            outline.push_str(if known { &word } else { ".." });
            word.clear();
        }
        let shown = match character {
            '\r' | '\n' | '\t' => ' ',
            other if other.is_ascii() && !other.is_ascii_control() => other,
            _ => '.',
        };
        if !(outline.ends_with(shown) && matches!(shown, ' ' | '.')) {
            outline.push(shown);
        }
        if outline.len() >= SHOWN {
            break;
        }
    }
    outline.trim().to_owned()
}

/// The usual words in error pages of proxies and load balancers.
#[rustfmt::skip]
const SHOWN_WORDS: &[&str] = &[
    "doctype", "html", "head", "title", "meta", "charset", "utf", "8", "body", "center", "h1", "h2", "hr", "p", "div",
    "xml", "version", "1", "0", "encoding", "public", "en",
    "400", "401", "403", "404", "405", "408", "413", "414", "429", "500", "502", "503", "504",
    "bad", "gateway", "request", "service", "temporarily", "unavailable", "forbidden", "not", "found", "timeout",
    "time", "out", "internal", "server", "error", "too", "many", "requests", "large", "entity", "access", "denied",
    "unauthorized", "the", "is", "nginx", "tengine", "apache", "openresty", "proxy", "moved", "permanently",
    "method", "allowed",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_page_keeps_its_markup_and_its_status() {
        let page = "<html><head><title>502 Bad Gateway</title></head>\r\n<body>order 2001 of 张三</body></html>";
        assert_eq!(
            outline(page.as_bytes()),
            "<html><head><title>502 Bad Gateway</title></head> <body>.. .. .. .</body></html>"
        );
    }

    #[test]
    fn nothing_of_a_truncated_response_is_shown_but_its_punctuation() {
        let truncated = br#"{"SecretBindDTO":{"SecretNo":"17000000000","SubsId":"10"#;
        assert_eq!(outline(truncated), r#"{"..":{"..":"..","..":".."#);
    }

    #[test]
    fn a_body_cut_inside_a_character_is_outlined() {
        assert_eq!(outline(&"张".as_bytes()[..2]), ".");
        assert_eq!(outline(b""), "");
    }
}
