//! Reads a body.

use super::Receipt;
use super::fields::{MAX_ELEMENTS, elements};
use super::receipt_type::ReceiptType;

/// The body with which a push is acknowledged, with HTTP 200. The platform checks that `code` is a number, and nothing
/// else. Answer with HTTP 503 to get the push again.
///
/// Source: help page 400455 (response and retries).
pub const ACKNOWLEDGEMENT: &str = r#"{"code":0,"msg":"OK"}"#;

/// Reads a body of messages of one type: a JSON array, as pushes have it, or a single object, as queues have it. Both
/// are read on both ways. An array may be empty.
///
/// A message that cannot be read as its type is [`Receipt::Other`]; it does not affect the others.
///
/// # Errors
/// The whole body is not JSON in UTF-8, or has more than 10,000 messages. The error shows nothing of the body.
///
/// ```
/// use privacy_number::aliyun::receipt::{self, ParseReceiptError, Receipt, ReceiptType};
///
/// let receipts = receipt::parse(&ReceiptType::SecretReport, br#"[{"call_id": 1}, "hello"]"#)?;
/// assert_eq!(receipts[0].call_id(), Some("1"));
/// let Receipt::Other(other) = &receipts[1] else { panic!("a message") };
/// assert_eq!(other.raw.expose(), "\"hello\"");
/// assert!(matches!(receipt::parse(&ReceiptType::SecretReport, b"<html>"), Err(ParseReceiptError::NotJson { .. })));
/// # Ok::<(), ParseReceiptError>(())
/// ```
pub fn parse(receipt_type: &ReceiptType, body: &[u8]) -> Result<Vec<Receipt>, ParseReceiptError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|_| ParseReceiptError::NotUtf8)?;
    let elements = elements(text).map_err(|error| {
        if error.is_data() {
            ParseReceiptError::TooMany
        } else {
            ParseReceiptError::NotJson { line: error.line(), column: error.column() }
        }
    })?;
    Ok(elements.into_iter().map(|element| Receipt::read(receipt_type, element)).collect())
}

/// Why a body could not be read at all. The error shows nothing of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseReceiptError {
    /// The body is not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// The body is not JSON, is truncated, or has text after its end.
    #[error("the body is not JSON: line {line}, column {column}")]
    #[non_exhaustive]
    NotJson {
        /// The line of the first error, from 1; 0 if it is not known.
        line: usize,
        /// The column of the first error, in bytes.
        column: usize,
    },
    /// The body has more than 10,000 messages.
    #[error("the body has more than {MAX_ELEMENTS} messages")]
    TooMany,
}
