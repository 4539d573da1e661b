//! Text that must not leak: [`Secret`] for keys and sessions, [`Private`] for personal data.
//!
//! Redaction is by type and cannot be switched off: no feature, environment variable or log level shows the text. Only
//! `expose()` returns it, so that a search for `expose` finds every place that reads a secret.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::scalar;

/// The traits of a text that must not leak, made by `From<String>` and read by `expose()`. `$read` deserializes it.
macro_rules! redacted_text {
    ($type:ident, $read:path) => {
        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                text.to_owned().into()
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("***")
            }
        }

        impl serde::Serialize for $type {
            /// Writes the text in plain: it may be a request parameter.
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.expose())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $read(deserializer).map(Self::from)
            }
        }
    };
}
pub(crate) use redacted_text;

/// A key, token or session. Wiped from memory when dropped; `Debug` shows `***`; there is no `Display`.
///
/// ```
/// use privacy_number::Secret;
///
/// let secret = Secret::from("helloworld");
/// assert_eq!(format!("{secret:?}"), "***");
/// assert_eq!(secret.expose(), "helloworld");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text in plain. Never pass it to a log or an error.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

redacted_text!(Secret, String::deserialize);

/// Its only field implements it.
impl ZeroizeOnDrop for Secret {}

/// Personal text: a name, an address, an OAID, a number of unknown kind. Wiped from memory when dropped; `Debug` shows
/// `***`; there is no `Display`.
///
/// ```
/// use privacy_number::Private;
///
/// let name = Private::from("张三");
/// assert_eq!(format!("{name:?}"), "***");
/// assert_eq!(name.masked(), "张**");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Private(String);

impl Private {
    /// The text in plain. Never pass it to a log or an error.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text in plain, by value. Never pass it to a log or an error.
    #[must_use]
    pub fn into_exposed(mut self) -> String {
        std::mem::take(&mut self.0)
    }

    /// The first character and two stars, to show to people; empty for an empty text.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.chars().next().map_or_else(String::new, |first| format!("{first}**"))
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// It does so by hand: `Zeroizing` has no order and no hash.
impl ZeroizeOnDrop for Private {}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self(text)
    }
}

redacted_text!(Private, scalar::text);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_wiped_by_its_only_field() {
        fn is_wiped(_: &impl ZeroizeOnDrop) {}
        let Secret(text) = Secret::from("secret");
        is_wiped(&text);
    }
}
