//! Bodies of the type `multipart/form-data`.

/// One field of a form.
pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    /// The field is named `file`.
    pub(super) is_file: bool,
    pub(super) content: &'a [u8],
}

/// The fields in their order. `None` unless the body is well formed, to its end.
pub(super) fn parse<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("boundary="))?;
    let boundary = boundary.trim_matches('"');
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    let delimiter = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(delimiter.as_bytes().get(2..)?)?;
    let mut parts = Vec::new();
    loop {
        if let Some(end) = rest.strip_prefix(b"--") {
            return (end.is_empty() || end == b"\r\n").then_some(parts);
        }
        let part = rest.strip_prefix(b"\r\n")?;
        let (head, content) = split(part, b"\r\n\r\n")?;
        let (content, after) = split(content, delimiter.as_bytes())?;
        let name = name_of(std::str::from_utf8(head).ok()?)?;
        parts.push(Part { name, is_file: name == "file", content });
        rest = after;
    }
}

/// The name in the header `Content-Disposition`.
fn name_of(head: &str) -> Option<&str> {
    let mut headers = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, disposition) = headers.find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))?;
    let mut parameters = disposition.split(';').map(str::trim);
    if parameters.next() != Some("form-data") {
        return None;
    }
    parameters.find_map(|parameter| parameter.strip_prefix("name=")).map(|name| name.trim_matches('"'))
}

/// What is before and after the first occurrence.
fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let position = bytes.windows(at.len()).position(|window| window == at)?;
    Some((bytes.get(..position)?, bytes.get(position.checked_add(at.len())?..)?))
}
