use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// A first line, header lines, an empty line, a body; any of them may be missing.
pub(super) struct Message<'a> {
    pub(super) first_line: &'a str,
    /// Invalid header lines are left out.
    pub(super) headers: HeaderMap,
    pub(super) body: &'a [u8],
}

impl<'a> Message<'a> {
    pub(super) fn parse(text: &'a [u8]) -> Self {
        let (head, body) = split_once(text, b"\n\n").unwrap_or((text, b""));
        let (first_line, lines) = split_once(head, b"\n").unwrap_or((head, b""));
        let mut headers = HeaderMap::new();
        for (name, value) in lines.split(|byte| *byte == b'\n').filter_map(|line| split_once(line, b":")) {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value.trim_ascii())) {
                headers.append(name, value);
            }
        }
        Self { first_line: std::str::from_utf8(first_line).unwrap_or_default(), headers, body }
    }
}

/// The parts before and after the first separator.
pub(super) fn split_once<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = text.windows(separator.len()).position(|window| window == separator)?;
    let (before, rest) = text.split_at(start);
    Some((before, rest.strip_prefix(separator)?))
}
