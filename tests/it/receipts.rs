//! Call receipts: every stored message is read to its values, and whatever comes is read or kept. Then the ways by
//! which they come.

mod catalogue;
mod documented;
#[cfg(feature = "emulator")]
mod emulated;
mod hostile;
mod keys;
#[cfg(feature = "receipt-http")]
mod push;
mod queue;
mod traps;

pub(crate) use catalogue::documented;
use chrono::{DateTime, FixedOffset};
use privacy_number::aliyun::receipt::{self, Receipt, ReceiptType};
use serde_json::Value;

/// The messages in a text.
fn parsed(receipt_type: &ReceiptType, text: &str) -> Vec<Receipt> {
    receipt::parse(receipt_type, text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The only message in a JSON value.
fn only(receipt_type: &ReceiptType, value: &Value) -> Receipt {
    let mut receipts = parsed(receipt_type, &value.to_string());
    assert_eq!(receipts.len(), 1, "{value}");
    receipts.remove(0)
}

/// The messages in a stored body.
fn stored(transport: &str, receipt_type: &ReceiptType) -> Vec<Receipt> {
    parsed(receipt_type, &crate::fixtures::read(&format!("receipts/{transport}_{receipt_type}.json")))
}

/// The message inside a receipt of its type.
macro_rules! message {
    ($receipt:expr, $name:ident) => {
        match $receipt {
            privacy_number::aliyun::receipt::Receipt::$name(message) => *message,
            other => panic!("{other:?}"),
        }
    };
}

use message;

/// A time in China.
fn at(text: &str) -> Option<DateTime<FixedOffset>> {
    Some(DateTime::parse_from_rfc3339(&format!("{}+08:00", text.replace(' ', "T"))).unwrap())
}
