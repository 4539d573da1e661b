//! The kinds of bindings, by which the workflows choose their operations.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kind of a [`Binding`](crate::aliyun::Binding). As JSON, and by [`as_str`](Self::as_str) and `parse`, it is
/// `axb`, `axn`, `axn_extension`, `axg`, `axb_700` or `gxb_700`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
#[non_exhaustive]
pub enum BindingKind {
    /// Made by [`BindAxb`](crate::aliyun::BindAxb).
    Axb,
    /// Made by [`BindAxn`](crate::aliyun::BindAxn).
    Axn,
    /// Made by [`BindAxnExtension`](crate::aliyun::BindAxnExtension).
    AxnExtension,
    /// Made by [`BindAxg`](crate::aliyun::BindAxg).
    Axg,
    /// Made by [`BindAxb700`](crate::aliyun::BindAxb700).
    Axb700,
    /// Made by [`BindGxb700`](crate::aliyun::BindGxb700).
    Gxb700,
}

impl BindingKind {
    const ALL: [Self; 6] = [Self::Axb, Self::Axn, Self::AxnExtension, Self::Axg, Self::Axb700, Self::Gxb700];

    /// The name to store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Axb => "axb",
            Self::Axn => "axn",
            Self::AxnExtension => "axn_extension",
            Self::Axg => "axg",
            Self::Axb700 => "axb_700",
            Self::Gxb700 => "gxb_700",
        }
    }

    /// Whether X is a 700 number. Such bindings have operations of their own, and none that reads them.
    #[must_use]
    pub fn is_700(self) -> bool {
        matches!(self, Self::Axb700 | Self::Gxb700)
    }
}

impl From<BindingKind> for &'static str {
    fn from(kind: BindingKind) -> Self {
        kind.as_str()
    }
}

/// A text that is the name of no [`BindingKind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no known kind of binding")]
#[non_exhaustive]
pub struct UnknownBindingKind;

impl FromStr for BindingKind {
    type Err = UnknownBindingKind;

    fn from_str(text: &str) -> Result<Self, UnknownBindingKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownBindingKind)
    }
}

impl TryFrom<String> for BindingKind {
    type Error = UnknownBindingKind;

    fn try_from(text: String) -> Result<Self, UnknownBindingKind> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_stored_by_its_name() {
        for kind in BindingKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(serde_json::from_value::<BindingKind>(kind.as_str().into()).unwrap(), kind);
        }
        assert!("AXB".parse::<BindingKind>().is_err());
        let error = serde_json::from_str::<BindingKind>(r#""axb_800""#).unwrap_err();
        assert!(error.to_string().contains("kind of binding"), "{error}");
    }
}
