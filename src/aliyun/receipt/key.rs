//! The key by which a receipt that comes twice is recognised.

use std::fmt;

use sha2::{Digest, Sha256};

use super::receipt_type::ReceiptType;

/// The longest id that is part of a key as it is. Call ids have at most 100 characters.
const MAX_ID: usize = 100;

/// A stable text that is the same each time a receipt is delivered: the key for "handled once". Both transports give
/// the same key for the same event. ASCII without white space, at most 200 characters.
///
/// No official key is documented; the overview only says that receipts may come twice and that recognising it is the
/// receiver's task. The key is made of:
///
/// | receipt | key |
/// | --- | --- |
/// | `SecretStartReport`, `SecretReport`, `SecretRecording` | type, call id |
/// | `SecretRingReport` | type, call id, ring time: several phones may ring in one call |
/// | `SecretPickUpReport` | type, call id, answer time |
/// | `SecretAsrReport` | type, call id, digest of the transcript: whether one call gets several reports is not known |
/// | `SecretSmsIntercept` | type, call id, digest of type, status and code |
/// | `SecretExceptionPhoneReport` | type, digest of X, status and time |
/// | `NumberManagementReport` | type, digest of X, status and time |
/// | `SmartLogisticsReport` | type, digest of company, waybill number, status and time |
/// | `SecretANumberAuditFailedReport` | type, digest of user, group, number and reason |
/// | `Other` | type, digest of the raw text |
///
/// The record's `id` takes the place of a call id that is absent; without both, a digest of the numbers and times does.
/// A digest is the first half of a SHA-256. It hides a number from a reader, but who tries all numbers finds it: do not
/// publish keys.
///
/// ```
/// use privacy_number::aliyun::receipt::{self, ReceiptType};
///
/// let body = br#"[{"call_id": "43612633712c0001", "release_cause": 31}]"#;
/// let receipts = receipt::parse(&ReceiptType::SecretReport, body)?;
/// assert_eq!(receipts[0].key().as_str(), "SecretReport:43612633712c0001");
/// # Ok::<(), receipt::ParseReceiptError>(())
/// ```
#[doc(alias = "去重")]
#[doc(alias = "幂等")]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptKey(String);

impl ReceiptKey {
    /// The text of the key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn new(receipt_type: &ReceiptType, source: KeySource<'_>) -> Self {
        let id = match source {
            KeySource::Call { call_id: Some(call_id), detail: None, .. } => plain(call_id),
            KeySource::Call { call_id: Some(call_id), detail: Some(detail), .. } => {
                format!("{}:{}", plain(call_id), plain(&detail))
            }
            KeySource::Call { id: Some(id), .. } => format!("id:{}", plain(id)),
            KeySource::Call { otherwise, .. } => digest(&otherwise),
            KeySource::Content(fields) => digest(&fields),
        };
        Self(format!("{}:{id}", plain(receipt_type.as_str())))
    }
}

impl fmt::Display for ReceiptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<ReceiptKey> for String {
    fn from(key: ReceiptKey) -> Self {
        key.0
    }
}

/// What the key of a receipt is made of.
pub(super) enum KeySource<'a> {
    /// An event of a call.
    Call {
        call_id: Option<&'a str>,
        /// What tells two events of one type in one call apart.
        detail: Option<String>,
        /// The record's id.
        id: Option<&'a str>,
        /// The fields in place of both ids.
        otherwise: Vec<Option<String>>,
    },
    /// The fields of any other event.
    Content(Vec<Option<String>>),
}

/// An id as it is, if it is short and plain; else its digest. A plain id has no colon, which separates the parts.
fn plain(id: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b':';
    if id.len() <= MAX_ID && id.bytes().all(is_plain) { id.to_owned() } else { digest(&[Some(id.to_owned())]) }
}

/// 32 hexadecimal digits. Each field is preceded by its length, so that no two lists of fields are the same bytes.
pub(super) fn digest(fields: &[Option<String>]) -> String {
    let mut hash = Sha256::new();
    for field in fields {
        let length = field.as_ref().map_or(u64::MAX, |field| field.len().try_into().unwrap_or(u64::MAX));
        hash.update(length.to_be_bytes());
        hash.update(field.as_deref().unwrap_or_default());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(call_id: Option<&str>, detail: Option<&str>, id: Option<&str>) -> String {
        let detail = detail.map(ToOwned::to_owned);
        let source = KeySource::Call { call_id, detail, id, otherwise: vec![Some("a".to_owned()), None] };
        ReceiptKey::new(&ReceiptType::SecretReport, source).into()
    }

    #[test]
    fn the_key_of_a_call_is_its_id() {
        assert_eq!(key(Some("c1"), None, Some("7")), "SecretReport:c1");
        assert_eq!(key(Some("c1"), Some("1629893495"), Some("7")), "SecretReport:c1:1629893495");
        assert_eq!(key(None, Some("1629893495"), Some("7")), "SecretReport:id:7");
        // The first 16 bytes of the SHA-256 of 0000000000000001 61 ffffffffffffffff.
        assert_eq!(key(None, None, None), format!("SecretReport:{}", digest(&[Some("a".to_owned()), None])));
    }

    #[test]
    fn no_id_makes_the_key_of_another_receipt() {
        assert_ne!(key(Some("c1:1629893495"), None, None), key(Some("c1"), Some("1629893495"), None));
        assert_ne!(key(Some("id:7"), None, None), key(None, None, Some("7")));
        let fields = |list: &[&str]| digest(&list.iter().map(|field| Some((*field).to_owned())).collect::<Vec<_>>());
        assert_ne!(fields(&["ab", "c"]), fields(&["a", "bc"]));
        assert_ne!(digest(&[None]), digest(&[Some(String::new())]));
    }

    #[test]
    fn a_key_is_short_and_plain_whatever_the_ids_are() {
        let long = "张三 ".repeat(1000);
        for id in [&*long, "", "a b", "13900000001\n", &"x".repeat(101)] {
            let key = ReceiptKey::new(
                &ReceiptType::from(id),
                KeySource::Call { call_id: Some(id), detail: Some(id.to_owned()), id: None, otherwise: Vec::new() },
            );
            assert!(key.as_str().len() <= 200, "{key}");
            assert!(key.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{key}");
        }
    }
}
