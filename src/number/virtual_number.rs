use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::mask_number;
use crate::decode::lenient;

/// A number that a gateway gave out in place of a real one. Any text is taken and kept; [`kind`](Self::kind) says what
/// was recognised.
///
/// The format alone does not prove that a number is virtual (a shop outside the scheme gets real 11-digit numbers):
/// TOP says so in [`Receiver::privacy_protection`](crate::top::Receiver::privacy_protection).
/// `Debug` shows `***`; there is no `Display`.
///
/// Source: chapter 2 of TOP's guide to the 700 numbers; the field table of `taobao.top.oaid.decrypt`.
///
/// ```
/// use privacy_number::{NumberKind, VirtualNumber};
///
/// let old = VirtualNumber::from("13200000001-9999");
/// assert_eq!(old.kind(), NumberKind::Extension);
/// assert_eq!(old.dial().to_string(), "13200000001, then 9999#");
///
/// let new = VirtualNumber::from("700507877719557");
/// assert!(new.needs_caller_report());
/// ```
#[doc(alias = "隐私号")]
#[doc(alias = "虚拟号")]
#[doc(alias = "中间号")]
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VirtualNumber {
    text: String,
    kind: NumberKind,
}

/// What kind of number a [`VirtualNumber`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NumberKind {
    /// 11 digits, a hyphen and an extension of 3 or 4 digits: the form before the 700 numbers.
    #[doc(alias = "11+4")]
    Extension,
    /// 15 digits that start with 700: connects only callers that were reported before.
    #[doc(alias = "700号段")]
    Range700,
    /// 11 digits without extension.
    Plain,
    /// Digits with stars in them: shortened by the gateway, cannot be dialled.
    Masked,
    /// Anything else, a landline for instance; kept as it came.
    Other,
}

impl VirtualNumber {
    /// What kind of number this is.
    #[must_use]
    pub fn kind(&self) -> NumberKind {
        self.kind
    }

    /// The number as the gateway wrote it. Never pass it to a log or an error.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// `132****9999`, for screens that people look at.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_number(&self.text)
    }

    /// How to call it: the number, then the extension and `#` if it has one.
    #[must_use]
    pub fn dial(&self) -> Dial<'_> {
        match (self.kind, self.text.split_once('-')) {
            (NumberKind::Extension, Some((number, extension))) => Dial { number, extension: Some(extension) },
            _ => Dial { number: &self.text, extension: None },
        }
    }

    /// Whether callers must be reported before they get through:
    /// [`SecretGroupUpdate`](crate::top::SecretGroupUpdate).
    #[doc(alias = "报备")]
    #[must_use]
    pub fn needs_caller_report(&self) -> bool {
        self.kind == NumberKind::Range700
    }
}

/// How to call a [`VirtualNumber`]. `Display` writes it for people (`13200000001, then 9999#`); `Debug` shows `***`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Dial<'a> {
    /// The digits to dial.
    pub number: &'a str,
    /// The digits to enter at the prompt, followed by `#`.
    #[doc(alias = "分机号")]
    pub extension: Option<&'a str>,
}

impl fmt::Display for Dial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.extension {
            Some(extension) => write!(f, "{}, then {extension}#", self.number),
            None => f.write_str(self.number),
        }
    }
}

impl fmt::Debug for Dial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

fn recognise(text: &str) -> NumberKind {
    let digits =
        |part: &str, lengths: &[usize]| lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('-') {
        Some((number, extension)) if digits(number, &[11]) && digits(extension, &[3, 4]) => NumberKind::Extension,
        None if text.starts_with("700") && digits(text, &[15]) => NumberKind::Range700,
        None if digits(text, &[11]) => NumberKind::Plain,
        _ if text.contains('*') => NumberKind::Masked,
        _ => NumberKind::Other,
    }
}

impl From<String> for VirtualNumber {
    fn from(text: String) -> Self {
        let text = match text.trim() {
            trimmed if trimmed.len() == text.len() => text,
            trimmed => trimmed.to_owned(),
        };
        let kind = recognise(&text);
        Self { text, kind }
    }
}

impl From<&str> for VirtualNumber {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for VirtualNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for VirtualNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for VirtualNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::text(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_form_is_recognised() {
        for (text, kind) in [
            ("13200000001-9999", NumberKind::Extension),
            ("18877771111-123", NumberKind::Extension),
            ("700507877719557", NumberKind::Range700),
            ("700101234567890", NumberKind::Range700),
            ("70050787771955", NumberKind::Other),
            ("7005078777195570", NumberKind::Other),
            ("13012345678", NumberKind::Plain),
            ("170****0000", NumberKind::Masked),
            ("010-12345678", NumberKind::Other),
            ("13200000001-12345", NumberKind::Other),
            ("", NumberKind::Other),
            ("１３２０００００００１", NumberKind::Other),
        ] {
            assert_eq!(VirtualNumber::from(text).kind(), kind, "{text}");
        }
    }

    #[test]
    fn only_a_700_number_needs_its_callers_reported() {
        assert!(VirtualNumber::from("700507877719557").needs_caller_report());
        assert!(!VirtualNumber::from("13200000001-9999").needs_caller_report());
    }
}
