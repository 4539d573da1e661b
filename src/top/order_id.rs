//! The number of an order, which TOP writes as a text in some methods and as a number in others.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::invalid::InvalidRequest;
use crate::scalar;

/// The platform's number of an order (`tid`) or of a part of it (`oid`).
///
/// TOP writes the same number as a text in some methods and messages, and as a number in others. This type reads both,
/// and each request writes what its method takes. The digits are kept as text: the numbers exceed 2^53, and a
/// floating-point number would change them. Two ids are equal if their texts are.
///
/// ```
/// use privacy_number::top::OrderId;
///
/// let id = OrderId::from(3_796_207_345_637_527_441_u64);
/// assert_eq!(id, OrderId::from("3796207345637527441"));
/// assert_eq!(id.to_string(), "3796207345637527441");
/// ```
#[doc(alias = "订单号")]
#[doc(alias = "tid")]
#[doc(alias = "oid")]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(String);

impl OrderId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as a number; `None` if it is no number of at most 63 bits.
    #[must_use]
    pub fn as_number(&self) -> Option<u64> {
        let is_digits = !self.0.is_empty() && self.0.bytes().all(|byte| byte.is_ascii_digit());
        // The platform's numbers are signed integers of 64 bits.
        self.0.parse().ok().filter(|number| is_digits && i64::try_from(*number).is_ok())
    }

    /// Checks that the id can be written as a number.
    pub(super) fn check_number(&self, field: &'static str) -> Result<(), InvalidRequest> {
        match self.as_number() {
            Some(_) => Ok(()),
            None => Err(InvalidRequest::new(field, "must be the platform's order number: digits, at most 63 bits")),
        }
    }

    /// For `#[serde(serialize_with)]`: the id as a number. [`check_number`](Self::check_number) has checked it.
    pub(super) fn serialize_as_number<S: Serializer>(id: &Self, serializer: S) -> Result<S::Ok, S::Error> {
        match id.as_number() {
            Some(number) => serializer.serialize_u64(number),
            None => Err(serde::ser::Error::custom("the order number is no number")),
        }
    }
}

impl From<&str> for OrderId {
    fn from(text: &str) -> Self {
        Self(text.trim().to_owned())
    }
}

impl From<String> for OrderId {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<u64> for OrderId {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl From<OrderId> for String {
    fn from(id: OrderId) -> Self {
        id.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for OrderId {
    /// Writes the id as a text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for OrderId {
    /// Reads a text or a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar::required(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_is_kept_as_text_and_as_number() {
        for json in ["3796207345637527441", r#""3796207345637527441""#] {
            let id: OrderId = serde_json::from_str(json).unwrap();
            assert_eq!(id.as_number(), Some(3_796_207_345_637_527_441));
            assert_eq!(serde_json::to_string(&id).unwrap(), r#""3796207345637527441""#);
            let mut number = Vec::new();
            OrderId::serialize_as_number(&id, &mut serde_json::Serializer::new(&mut number)).unwrap();
            assert_eq!(number, b"3796207345637527441");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_only_where_a_number_is_needed() {
        for text in ["", "T1", "-1", "+1", "1.0", "9223372036854775808"] {
            let id = OrderId::from(text);
            assert_eq!((id.as_str(), id.as_number()), (text, None));
            assert_eq!(id.check_number("tid").unwrap_err().field(), "tid");
        }
        assert!(OrderId::from("9223372036854775807").check_number("tid").is_ok());
    }
}
