//! The public fields of answers, found by the paths of the catalogue.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};
use privacy_number::{PhoneNumber, Private, Secret, VirtualNumber, aliyun, top};

/// The value of the field under a path.
pub(crate) struct Found {
    /// Its texts in all given values: none for an absent field, several for a list.
    pub(crate) texts: Vec<String>,
    pub(crate) field_type: FieldType,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum FieldType {
    /// `Debug` shows the value.
    Shown,
    /// `Debug` hides the value.
    Private,
    PhoneNumber,
    VirtualNumber,
}

/// A field of an answer, or the answer itself.
pub(crate) trait AnswerField {
    /// What the public field under a path holds in each of these values; `None` if there is no such field.
    fn find(values: &[&Self], path: &str) -> Option<Found>;

    /// The texts under a path of the catalogue, list elements in order.
    fn texts(&self, path: &str) -> Option<Vec<String>> {
        Self::find(&[self], &path.replace("[]", "")).map(|found| found.texts)
    }

    /// The type of the field under a path of the catalogue.
    fn field_type(path: &str) -> Option<FieldType> {
        Self::find(&[], &path.replace("[]", "")).map(|found| found.field_type)
    }
}

/// Lists the fields of answers. A field has the name that the wire gives it, whatever the case and the underscores, or
/// else it says what its name is: `secret_bind: "SecretBindDTO"`. The members of the field after `..` are beside it on
/// the wire.
macro_rules! answer_fields {
    ($($answer:ty { $($field:ident $(: $wire:literal)?),* $(; ..$flattened:ident)? })*) => {$(
        impl crate::samples::AnswerField for $answer {
            fn find(values: &[&Self], path: &str) -> Option<crate::samples::Found> {
                $(if let Some(rest) = crate::samples::rest_of(path, &[$($wire,)? stringify!($field)]) {
                    let fields: Vec<_> = values.iter().map(|answer| &answer.$field).collect();
                    return crate::samples::AnswerField::find(&fields, rest);
                })*
                $(if true {
                    let fields: Vec<_> = values.iter().map(|answer| &answer.$flattened).collect();
                    return crate::samples::AnswerField::find(&fields, path);
                })?
                None
            }
        }
    )*};
}
pub(crate) use answer_fields;

/// What of a path stands below a field; `names` are the field's name on the wire, if it has one of its own, and in
/// Rust.
pub(crate) fn rest_of<'p>(path: &'p str, names: &[&str]) -> Option<&'p str> {
    names.iter().find_map(|name| rest_of_one(path, name))
}

fn rest_of_one<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    let mut rest = path;
    for segment in name.split('.') {
        let (first, below) = rest.split_once('.').unwrap_or((rest, ""));
        if plain(first) != plain(segment) {
            return None;
        }
        rest = below;
    }
    Some(rest)
}

fn plain(name: &str) -> String {
    name.trim_start_matches("r#").replace('_', "").to_lowercase()
}

macro_rules! leaves {
    ($($type:ty, $field_type:ident: |$value:ident| $text:expr;)*) => {
        $(impl AnswerField for $type {
            fn find(values: &[&Self], path: &str) -> Option<Found> {
                let texts = values.iter().map(|$value| $text).collect();
                path.is_empty().then_some(Found { texts, field_type: FieldType::$field_type })
            }
        })*
    };
}

leaves! {
    String, Shown: |text| text.to_string();
    Private, Private: |text| text.expose().to_owned();
    Secret, Private: |text| text.expose().to_owned();
    PhoneNumber, PhoneNumber: |number| number.expose().to_owned();
    VirtualNumber, VirtualNumber: |number| number.expose().to_owned();
    bool, Shown: |flag| flag.to_string();
    u16, Shown: |number| number.to_string();
    u64, Shown: |number| number.to_string();
    i32, Shown: |number| number.to_string();
    i64, Shown: |number| number.to_string();
    f64, Shown: |number| number.to_string();
    DateTime<FixedOffset>, Shown: |time| time.format("%Y-%m-%d %H:%M:%S").to_string();
    // The gateways write such a time in seconds since 1970.
    DateTime<Utc>, Shown: |time| time.timestamp().to_string();
    NaiveDate, Shown: |day| day.format("%Y-%m-%d").to_string();
    NaiveTime, Shown: |time| time.format("%H:%M:%S").to_string();
    top::AddressChange, Shown: |value| value.to_string();
    top::BillItem, Shown: |value| value.to_string();
    top::Decimal, Shown: |number| number.to_string();
    top::MergeGroup, Shown: |group| group.to_string();
    top::MessageId, Shown: |id| id.to_string();
    top::OrderId, Shown: |id| id.to_string();
    top::TradeStatus, Shown: |value| value.to_string();
    aliyun::AreaCode, Shown: |code| code.to_string();
    aliyun::BindingStatus, Shown: |value| value.to_string();
    aliyun::CallRestrict, Shown: |value| value.to_string();
    aliyun::CallStatus, Shown: |value| value.to_string();
    aliyun::CertifyStatus, Shown: |value| value.to_string();
    aliyun::FixedLineCallback, Shown: |value| value.to_string();
    aliyun::FixedLineExpiration, Shown: |seconds| seconds.to_string();
    aliyun::FixedLineRecording, Shown: |value| value.to_string();
    aliyun::FailType, Shown: |value| value.to_string();
    aliyun::NumberStatus, Shown: |value| value.to_string();
    aliyun::ReportStatus, Shown: |value| value.to_string();
    aliyun::ReportedNoType, Shown: |value| value.to_string();
    aliyun::SecretStatus, Shown: |value| value.to_string();
    aliyun::Vendor, Shown: |value| value.to_string();
    aliyun::Ability, Shown: |value| value.to_string();
    aliyun::GnFlag, Shown: |value| value.to_string();
    aliyun::ReachCallDir, Shown: |value| value.to_string();
    aliyun::ReachCallStatus, Shown: |value| value.to_string();
    aliyun::ReachReceiveDir, Shown: |value| value.to_string();
    aliyun::ReachRuleType, Shown: |value| value.to_string();
    aliyun::SmsStatus, Shown: |value| value.to_string();
    aliyun::XTelephoneStatus, Shown: |value| value.to_string();
}

impl<T: AnswerField> AnswerField for Option<T> {
    fn find(values: &[&Self], path: &str) -> Option<Found> {
        T::find(&values.iter().copied().flatten().collect::<Vec<_>>(), path)
    }
}

impl<T: AnswerField> AnswerField for Vec<T> {
    fn find(values: &[&Self], path: &str) -> Option<Found> {
        T::find(&values.iter().copied().flatten().collect::<Vec<_>>(), path)
    }
}

answer_fields! {
    aliyun::DataResult { code, message, success }
}
