//! Courier pick-ups (上门寄件): asking for slots and a price, ordering, cancelling.

mod address;
mod cancel;
mod create;
mod pre_query;

pub use address::*;
pub use cancel::*;
pub use create::*;
pub use pre_query::*;

use serde::Deserializer;

use crate::answer::lenient;
use crate::error::Refusal;
use crate::redact::Private;

/// What the three answers have in common, as far as it tells success from failure.
struct Verdict<'a> {
    /// `None` where the answer has no such field.
    http_status_code: Option<Option<u16>>,
    success: bool,
    /// In the order of preference.
    codes: [Option<&'a String>; 2],
    /// In the order of preference.
    messages: [Option<&'a Private>; 3],
    request_id: Option<&'a String>,
}

impl Verdict<'_> {
    /// Success is what says so; everything else is a refusal, with the answer's own code if it has one.
    fn refusal(self) -> Option<Refusal> {
        let status_is_good = self.http_status_code.is_none_or(|status| status == Some(200));
        if status_is_good && self.success {
            return None;
        }
        let code = match (self.codes.into_iter().flatten().next(), self.http_status_code.flatten()) {
            (Some(code), _) => code.clone(),
            (None, Some(status)) if status != 200 => format!("HttpStatusCode:{status}"),
            (None, _) => "Data.Success:false".to_owned(),
        };
        let message = self.messages.into_iter().flatten().next().cloned();
        Some(Refusal::new(code).message(message).request_id(self.request_id.cloned()))
    }
}

/// A text, or nothing where the platform writes 无.
fn optional_but_none<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text: Option<String> = lenient::optional(deserializer)?;
    Ok(text.filter(|text| text.trim() != "无").map(T::from))
}

/// `true` only if it says so.
fn yes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    lenient::optional_boolean(deserializer).map(Option::unwrap_or_default)
}
