//! The id that a request of this family carries against duplicates.

use serde::Serialize;
use uuid::Uuid;

use crate::aliyun::check::{check_length, check_not_empty};
use crate::invalid::InvalidRequest;

/// The most characters that the documents allow.
const MAX_LENGTH: usize = 20;
const RADIX: u32 = 36;

/// The de-duplication id of a request of the work-number family, `ReqId`: 1 to 20 characters.
///
/// Each request struct gets a random one when it is built. All attempts of a call carry the same id, and so does every
/// later call with the same request value. Build a new request for a new call, and send the same value again only to
/// repeat the same call.
///
/// The documents call it a de-duplication id, and state neither how long the platform remembers it nor what it answers
/// to a repeat. So it makes no request safe to repeat: after
/// [`Advice::Reconcile`](crate::Advice::Reconcile) find out whether the call was executed.
///
/// `Debug` and `Display` show it: use no personal data.
///
/// Source: the official API metadata of Dyplsapi.
///
/// ```
/// use privacy_number::aliyun::{GetXConfig, ReqId};
///
/// let get = GetXConfig::builder().customer_pool_key("FC123456").tel_x("16500000001");
/// assert_eq!(get.clone().req_id("order-1").build().req_id, ReqId::from("order-1"));
/// assert_ne!(get.clone().build().req_id, get.build().req_id);
/// ```
#[doc(alias = "请求唯一ID")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ReqId(String);

impl ReqId {
    /// A random id: 20 digits and lower-case letters, about 100 random bits.
    #[must_use]
    pub fn random() -> Self {
        let (mut rest, radix) = (Uuid::new_v4().as_u128(), u128::from(RADIX));
        let digits = std::iter::repeat_with(|| {
            let digit = rest.checked_rem(radix).and_then(|digit| u32::try_from(digit).ok());
            rest = rest.checked_div(radix).unwrap_or_default();
            digit.and_then(|digit| char::from_digit(digit, RADIX)).unwrap_or('0')
        });
        Self(digits.take(MAX_LENGTH).collect())
    }

    /// The text on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn check(&self) -> Result<(), InvalidRequest> {
        check_not_empty("req_id", &self.0)?;
        check_length("req_id", Some(&self.0), MAX_LENGTH)
    }
}

impl Default for ReqId {
    /// A [random](Self::random) id.
    fn default() -> Self {
        Self::random()
    }
}

impl From<String> for ReqId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ReqId {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl std::fmt::Display for ReqId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_random_id_has_20_digits_and_letters_and_does_not_repeat() {
        let ids: Vec<_> = (0..10_000).map(|_| ReqId::random()).collect();
        let is_allowed = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
        assert!(ids.iter().all(|id| id.as_str().len() == 20 && id.as_str().bytes().all(is_allowed)));
        assert!(ids.iter().all(|id| id.check().is_ok()));
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        for position in 0..20 {
            let characters: HashSet<_> = ids.iter().map(|id| id.as_str().as_bytes()[position]).collect();
            assert_eq!(characters.len(), 36, "every character occurs at position {position}");
        }
    }

    #[test]
    fn an_id_has_1_to_20_characters() {
        assert_eq!(ReqId::from("字".repeat(20)).check(), Ok(()));
        for text in [String::new(), "1".repeat(21)] {
            assert_eq!(ReqId::from(text).check().unwrap_err().field(), "req_id");
        }
    }
}
