//! The members that every response has beside its content.

/// Defines an answer: the given fields, and the three that all answers have.
macro_rules! response {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Deserialize)]
        #[serde(rename_all = "PascalCase")]
        #[non_exhaustive]
        pub struct $name {
            /// Always `OK`: anything else is an [`Error`](crate::Error).
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

pub(super) use response;
