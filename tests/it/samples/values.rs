//! Where the private texts of a sample come from: the sample itself, or a test that looks for them later.

/// One text of each kind of private text, and the methods of [`Values`] that choose between it and the sample's own.
macro_rules! private_texts {
    ($($(#[$doc:meta])* $name:ident)*) => {
        /// Private texts that take the place of a sample's own.
        #[derive(Debug, Clone)]
        pub(crate) struct PrivateTexts {
            $($(#[$doc])* pub(crate) $name: String,)*
        }

        impl PrivateTexts {
            pub(crate) fn all(&self) -> Vec<&str> {
                vec![$(&self.$name,)*]
            }
        }

        impl Values<'_> {
            $($(#[$doc])* pub(crate) fn $name(&self, documented: &str) -> String {
                self.0.map_or(documented, |texts| &texts.$name).to_owned()
            })*
        }
    };
}

/// Gives a sample its private texts: a sample passes the documented text, and gets that or a replacement.
pub(crate) struct Values<'a>(Option<&'a PrivateTexts>);

impl<'a> Values<'a> {
    /// The texts that the samples pass.
    pub(crate) fn documented() -> Self {
        Self(None)
    }

    /// These texts in their place.
    pub(crate) fn replaced(texts: &'a PrivateTexts) -> Self {
        Self(Some(texts))
    }
}

private_texts! {
    once_token
    oaid
    phone_a
    phone_b
    phone_x
    /// A caller that a shop reports.
    caller
    landline
    /// 11 digits and an extension.
    extension
    range_700
    name
    other_name
    /// The number of an identity card.
    document_number
    /// The path of an uploaded photo.
    photo_path
    address
    town
    /// A text of the user's own: a remark, an id.
    remark
}
