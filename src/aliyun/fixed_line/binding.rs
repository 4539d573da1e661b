//! A binding of the fixed-line platform, as the queries give it.

use super::terms::{AreaCode, AxbFixedLineExtra, AxnFixedLineExtra, FixedLineExpiration};
use crate::answer::lenient;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

/// Defines a binding: the fields that all three kinds have, and those that only this one has. A new optional field of
/// all three is one line here.
macro_rules! binding {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty, $reader:literal;)* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
        #[serde(rename_all = "PascalCase")]
        #[non_exhaustive]
        pub struct $name {
            /// The binding's id. Requests call it `sub_id`.
            #[serde(deserialize_with = "lenient::text")]
            pub subid: String,
            /// A's real number.
            #[serde(default, deserialize_with = "lenient::optional")]
            pub tel_a: Option<PhoneNumber>,
            $(
                $(#[$field_meta])*
                #[serde(default, deserialize_with = $reader)]
                pub $field: Option<$type>,
            )*
            /// X.
            pub tel_x: VirtualNumber,
            /// The area of X.
            #[serde(default, deserialize_with = "lenient::optional")]
            pub areacode: Option<AreaCode>,
            /// How long the binding lasts; presumably as in the call that bound it.
            #[serde(default, deserialize_with = "lenient::optional")]
            pub expiration: Option<FixedLineExpiration>,
            /// The time of binding, in China time.
            #[serde(default, deserialize_with = "super::digit_time::optional")]
            pub subts: Option<chrono::DateTime<chrono::FixedOffset>>,
            /// Three announcement codes, joined by commas: for calls of B to X, of A to X, of anybody else to X.
            #[serde(default, deserialize_with = "lenient::optional")]
            pub anucode: Option<String>,
            /// Two announcement codes, joined by commas, that the called hears after pick-up: if A is called, if
            /// another is called.
            #[serde(default, deserialize_with = "lenient::optional")]
            pub anucodecalled: Option<String>,
            /// Two announcement codes, joined by commas, that the caller hears after pick-up: if A is called, if
            /// another is called.
            #[serde(default, deserialize_with = "lenient::optional")]
            pub t_anucode_connect: Option<String>,
            /// The text of your own.
            #[serde(default, deserialize_with = "lenient::optional")]
            pub remark: Option<Private>,
        }

        impl lenient::ListItem for $name {
            const WRAPPER: &'static str = "Data";
        }
    };
}

binding! {
    /// An AXB binding of the fixed-line platform.
    AxbFixedLineBinding {
        /// B's real number.
        tel_b: PhoneNumber, "lenient::optional";
        /// Options.
        extra: AxbFixedLineExtra, "lenient::optional_object";
    }
}

binding! {
    /// An AXN binding of the fixed-line platform.
    AxnFixedLineBinding {
        /// The number that A reaches by calling X.
        tel_b: PhoneNumber, "lenient::optional";
        /// Options.
        extra: AxnFixedLineExtra, "lenient::optional_object";
    }
}

binding! {
    /// An AXN extension binding of the fixed-line platform.
    AxnExtensionFixedLineBinding {
        /// The extension of X, 4 digits.
        tel_xext: Private, "lenient::optional";
        /// Options.
        extraaxx: AxnFixedLineExtra, "lenient::optional_object";
    }
}
