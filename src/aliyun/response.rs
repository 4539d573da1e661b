//! The members that every response has beside its content.

use serde::Deserialize;

use crate::answer::lenient;
use crate::redact::Private;

/// The result that some answers tell a second time, inside `Data`. It is always a success: anything else is an
/// [`Error`](crate::Error).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DataResult {
    /// The code of success: `0000` or `0`, by the family of the operation.
    #[serde(deserialize_with = "lenient::text")]
    pub code: String,
    /// The gateway's message.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub message: Option<Private>,
    /// Always `true`.
    #[serde(deserialize_with = "lenient::boolean")]
    pub success: bool,
}

/// Defines an answer: the given fields, and the three that all answers have.
macro_rules! response {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Deserialize)]
        #[serde(rename_all = "PascalCase")]
        #[non_exhaustive]
        pub struct $name {
            /// The code of success, mostly `OK`: anything else is an [`Error`](crate::Error).
            #[serde(deserialize_with = "crate::answer::lenient::text")]
            pub code: String,
            /// The gateway's message, usually `OK`.
            #[serde(default, deserialize_with = "crate::answer::lenient::optional")]
            pub message: Option<crate::Private>,
            /// The gateway's id of the request.
            #[serde(default, deserialize_with = "crate::answer::lenient::optional")]
            pub request_id: Option<String>,
            $($(#[$field_meta])* pub $field: $type,)*
        }
    };
}

/// Defines an answer of a newer operation: the given fields, and the five that all those answers have.
macro_rules! newer_response {
    ($(#[$meta:meta])* $name:ident { $($fields:tt)* }) => {
        $crate::aliyun::response::response! {
            $(#[$meta])*
            $name {
                /// Never `Some(false)`: that is an [`Error`](crate::Error).
                #[serde(default, deserialize_with = "crate::answer::lenient::optional_boolean")]
                success: Option<bool>,
                /// Why access was denied, as the gateway sends it: a text, a number, or the JSON text of an object. In
                /// a success it has no documented meaning.
                #[serde(default, deserialize_with = "crate::answer::lenient::optional_raw")]
                access_denied_detail: Option<crate::Private>,
                $($fields)*
            }
        }
    };
}

pub(super) use {newer_response, response};
