use std::fmt;

use chrono::{DateTime, Days, TimeZone};

use super::mask_number;
use crate::redact::{Private, redacted_text};
use crate::scalar;

/// A number that a gateway returned in place of a real one. Any text is accepted and kept; [`kind`](Self::kind) tells
/// its format.
///
/// The format does not prove that a number is virtual: a shop outside the scheme gets real 11-digit numbers. TOP tells
/// which ones are virtual in [`Receiver::privacy_protection`](crate::top::Receiver::privacy_protection).
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

/// The format of a [`VirtualNumber`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NumberKind {
    /// 11 digits, a hyphen and an extension of 3 or 4 digits: the format before the 700 numbers.
    #[doc(alias = "11+4")]
    Extension,
    /// 15 digits that start with 700: connects only callers that were reported first. Some of its digits may be
    /// [masked](VirtualNumber::is_masked).
    #[doc(alias = "700号段")]
    Range700,
    /// A mobile number: 11 digits that start with 1, without extension.
    Plain,
    /// A landline: an area code that starts with 0 and 7 or 8 digits, with or without hyphen.
    #[doc(alias = "座机")]
    Landline,
    /// Digits and stars of a number that is not recognisable any more: masked by the gateway, cannot be dialled.
    Masked,
    /// Any other text.
    Other,
}

impl VirtualNumber {
    /// A number and its extension, which some APIs return in two fields. Without extension, the number alone. Spaces
    /// around either part are removed.
    ///
    /// ```
    /// use privacy_number::{NumberKind, VirtualNumber};
    ///
    /// let number = VirtualNumber::from_parts("13040205676", Some("5123"));
    /// assert_eq!(number, VirtualNumber::from("13040205676-5123"));
    /// assert_eq!(number.kind(), NumberKind::Extension);
    /// assert_eq!(VirtualNumber::from_parts("700507877719557", None).kind(), NumberKind::Range700);
    /// ```
    #[must_use]
    pub fn from_parts(number: &str, extension: Option<&str>) -> Self {
        match (number.trim(), extension.map(str::trim).filter(|extension| !extension.is_empty())) {
            (number, Some(extension)) => Self::from(format!("{number}-{extension}")),
            (number, None) => Self::from(number),
        }
    }

    /// The format of this number.
    #[must_use]
    pub fn kind(&self) -> NumberKind {
        self.kind
    }

    /// Whether the gateway has replaced digits by stars, so that the number cannot be dialled. A masked number that is
    /// still recognisable keeps its kind: `700*****7719557` is a [`Range700`](NumberKind::Range700) number.
    ///
    /// ```
    /// use privacy_number::{NumberKind, VirtualNumber};
    ///
    /// let masked = VirtualNumber::from("700*****7719557");
    /// assert_eq!((masked.kind(), masked.is_masked()), (NumberKind::Range700, true));
    /// ```
    #[must_use]
    pub fn is_masked(&self) -> bool {
        self.text.contains('*')
    }

    /// The number as the gateway sent it, trimmed. Never pass it to a log or an error.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// `132****9999`, to show to people.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_number(&self.text)
    }

    /// How to dial it: the number, then the extension and `#` if it has one.
    #[must_use]
    pub fn dial(&self) -> Dial<'_> {
        match (self.kind, self.text.split_once('-')) {
            (NumberKind::Extension, Some((number, extension))) => Dial { number, extension: Some(extension) },
            _ => Dial { number: &self.text, extension: None },
        }
    }

    /// Whether an SMS can be sent to the number. An 11+4 or 700 number cannot receive SMS: TOP has an API that sends to
    /// the OAID instead.
    #[doc(alias = "短信")]
    #[must_use]
    pub fn can_receive_sms(&self) -> bool {
        self.kind == NumberKind::Plain
    }

    /// The receiver as printed on a waybill. An extension is printed as `[1234]` after the name and the address, and
    /// the number without it. Any other number is printed unchanged.
    ///
    /// ```
    /// use privacy_number::VirtualNumber;
    ///
    /// let waybill = VirtualNumber::from("13200000001-9999").on_waybill("张三", "淘宝城911号");
    /// assert_eq!(waybill.name.expose(), "张三[9999]");
    /// assert_eq!(waybill.address.expose(), "淘宝城911号[9999]");
    /// assert_eq!(waybill.phone.expose(), "13200000001");
    /// ```
    #[doc(alias = "面单")]
    #[must_use]
    pub fn on_waybill(&self, name: &str, address: &str) -> WaybillReceiver {
        let Dial { number, extension } = self.dial();
        let suffix = extension.map(|extension| format!("[{extension}]")).unwrap_or_default();
        WaybillReceiver {
            name: format!("{name}{suffix}").into(),
            address: format!("{address}{suffix}").into(),
            phone: number.into(),
        }
    }

    /// When an 11+4 or 700 number expires at the latest: 7 days after the order was completed. `None` for other
    /// numbers. Decryption may return an earlier expiry:
    /// [`Receiver::secret_no_expire_time`](crate::top::Receiver::secret_no_expire_time).
    #[must_use]
    pub fn valid_until<Tz: TimeZone>(&self, order_completed: DateTime<Tz>) -> Option<DateTime<Tz>> {
        match self.kind {
            NumberKind::Extension | NumberKind::Range700 => order_completed.checked_add_days(Days::new(7)),
            _ => None,
        }
    }

    /// Whether callers must be reported before their calls are connected:
    /// [`SecretGroupUpdate`](crate::top::SecretGroupUpdate).
    #[doc(alias = "报备")]
    #[must_use]
    pub fn needs_caller_report(&self) -> bool {
        self.kind == NumberKind::Range700
    }
}

/// A receiver as printed on a waybill: [`VirtualNumber::on_waybill`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WaybillReceiver {
    /// The name, with the extension if there is one.
    pub name: Private,
    /// The address, with the extension if there is one.
    pub address: Private,
    /// The number, without extension.
    pub phone: Private,
}

/// How to dial a [`VirtualNumber`]. `Display` writes it for people (`13200000001, then 9999#`); `Debug` shows `***`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
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

/// 15 digits or stars that start with 700. The length and the three digits tell a 700 number from any other.
fn is_range_700(text: &str) -> bool {
    text.len() == 15 && text.starts_with("700") && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*')
}

fn recognise(text: &str) -> NumberKind {
    let digits =
        |part: &str, lengths: &[usize]| lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('-') {
        Some((number, extension)) if digits(number, &[11]) && digits(extension, &[3, 4]) => NumberKind::Extension,
        None if is_range_700(text) => NumberKind::Range700,
        None if text.starts_with('1') && digits(text, &[11]) => NumberKind::Plain,
        None if text.starts_with('0') && !text.starts_with("00") && digits(text, &[10, 11, 12]) => NumberKind::Landline,
        Some((area, number)) if area.starts_with('0') && digits(area, &[3, 4]) && digits(number, &[7, 8]) => {
            NumberKind::Landline
        }
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

redacted_text!(VirtualNumber, scalar::text);

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
            ("700********0000", NumberKind::Range700),
            ("700****0000", NumberKind::Masked),
            ("7****7877719557", NumberKind::Masked),
            ("13200000001-****", NumberKind::Masked),
            ("010-12345678", NumberKind::Landline),
            ("01012345678", NumberKind::Landline),
            ("075512345678", NumberKind::Landline),
            ("0013100000000", NumberKind::Other),
            ("95013812345678", NumberKind::Other),
            ("13200000001-12345", NumberKind::Other),
            ("", NumberKind::Other),
            ("１３２０００００００１", NumberKind::Other),
        ] {
            assert_eq!(VirtualNumber::from(text).kind(), kind, "{text}");
        }
    }

    #[test]
    fn a_virtual_number_takes_no_sms_and_ends_a_week_after_its_order() {
        let completed = DateTime::parse_from_rfc3339("2026-01-06T10:00:00+08:00").unwrap();
        for text in ["13200000001-9999", "700507877719557"] {
            let number = VirtualNumber::from(text);
            assert!(!number.can_receive_sms());
            assert_eq!(number.valid_until(completed).unwrap().to_rfc3339(), "2026-01-13T10:00:00+08:00");
        }
        assert!(VirtualNumber::from("13012345678").can_receive_sms());
        assert_eq!(VirtualNumber::from("13012345678").valid_until(completed), None);
    }

    #[test]
    fn a_700_number_is_printed_bare_on_a_waybill() {
        let waybill = VirtualNumber::from("700507877719557").on_waybill("张三", "淘宝城911号");
        assert_eq!(waybill.name.expose(), "张三");
        assert_eq!(waybill.address.expose(), "淘宝城911号");
        assert_eq!(waybill.phone.expose(), "700507877719557");
    }

    #[test]
    fn a_number_comes_back_from_json_as_it_was() {
        for text in ["13200000001-9999", "700507877719557", "170****0000", "未知"] {
            let json = serde_json::to_string(&VirtualNumber::from(text)).unwrap();
            assert_eq!(serde_json::from_str::<VirtualNumber>(&json).unwrap(), VirtualNumber::from(text));
        }
        assert_eq!(serde_json::from_str::<VirtualNumber>("17788889898").unwrap().expose(), "17788889898");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_kept_and_never_panics(text in ".*") {
            let number = VirtualNumber::from(text.as_str());
            proptest::prop_assert_eq!(number.expose(), text.trim());
            let _ = (number.dial().to_string(), number.masked(), number.on_waybill("a", "b"));
            proptest::prop_assert_eq!(format!("{number:?}"), "***");
        }
    }

    #[test]
    fn only_a_700_number_needs_its_callers_reported() {
        assert!(VirtualNumber::from("700507877719557").needs_caller_report());
        assert!(!VirtualNumber::from("13200000001-9999").needs_caller_report());
    }
}
