//! What the responses about pick-ups have in common.

use serde::Deserializer;

use crate::answer::lenient;
use crate::error::Refusal;
use crate::redact::Private;

/// Defines a response that has an HTTP status in place of a code: the type of its `data` and that field's docs.
macro_rules! response_without_code {
    ($(#[$meta:meta])* $name:ident { $(#[$data_meta:meta])* data: $data:ty, }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
        #[serde(rename_all = "PascalCase")]
        #[non_exhaustive]
        pub struct $name {
            /// Always 200: anything else is an [`Error`](crate::Error).
            #[serde(default, deserialize_with = "crate::answer::lenient::optional_number")]
            pub http_status_code: Option<u16>,
            /// The gateway's message, usually `OK`.
            #[serde(default, deserialize_with = "crate::answer::lenient::optional")]
            pub message: Option<crate::Private>,
            /// The gateway's id of the request.
            #[serde(default, deserialize_with = "crate::answer::lenient::optional")]
            pub request_id: Option<String>,
            $(#[$data_meta])*
            #[serde(default, deserialize_with = "crate::answer::lenient::object")]
            pub data: $data,
        }
    };
}

pub(super) use response_without_code;

/// The members of a response that tell success from failure.
pub(super) struct ResultMembers<'a> {
    /// `None` where the response has no such member.
    pub(super) http_status_code: Option<Option<u16>>,
    pub(super) success: bool,
    /// In the order of preference.
    pub(super) codes: [Option<&'a String>; 2],
    /// In the order of preference.
    pub(super) messages: [Option<&'a Private>; 3],
    pub(super) request_id: Option<&'a String>,
}

impl ResultMembers<'_> {
    /// A refusal unless every member reports success. It has the response's own code, if there is one.
    pub(super) fn refusal(self) -> Option<Refusal> {
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

/// A text; `None` where the platform writes 无.
pub(super) fn text_unless_none<'de, D: Deserializer<'de>, T: From<String>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text: Option<String> = lenient::optional(deserializer)?;
    Ok(text.filter(|text| text.trim() != "无").map(T::from))
}

/// A boolean; `false` where it is absent.
pub(super) fn boolean_or_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    lenient::optional_boolean(deserializer).map(Option::unwrap_or_default)
}
