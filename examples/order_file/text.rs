//! Decodes the text of a file.

use encoding_rs::{GBK, UTF_8, UTF_16BE, UTF_16LE};

const AS_CSV: &str = "open it in Excel and save it as \"CSV UTF-8\"; nothing was sent";

/// Returns the text without its byte order mark, or the problem of the file and what to do about it.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, (&'static str, &'static str)> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(("is an Excel workbook (.xlsx), not a CSV file", AS_CSV));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(("is an Excel workbook (.xls), not a CSV file", AS_CSV));
    }
    let encoding = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        _ if bytes.contains(&0) => return Err(("holds zero bytes and is no CSV file of a known encoding", AS_CSV)),
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        // Excel in China writes GBK without a byte order mark.
        _ => GBK,
    };
    let (text, is_wrong) = encoding.decode_with_bom_removal(bytes);
    if is_wrong {
        return Err(("is neither UTF-8 nor GBK nor UTF-16 with a byte order mark", AS_CSV));
    }
    Ok(text.into_owned())
}
