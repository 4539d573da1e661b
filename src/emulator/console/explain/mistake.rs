//! What clients get wrong when they sign.

/// A mistake that explains a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mistake {
    /// The secret of another account of the emulator.
    OtherSecret,
    /// Another algorithm than `sign_method` says.
    OtherAlgorithm,
    /// Hexadecimal digits in lower case.
    LowerCase,
    /// The secret only before the text, not after it too.
    SecretOnce,
    /// The secret without the `&` after it.
    NoAmpersand,
    /// Empty parameters are signed.
    EmptyParameters,
    /// In the order of sending.
    Unsorted,
    /// Sorted without regard to upper and lower case.
    CaseInsensitiveOrder,
    /// The values are percent-encoded before they are signed.
    EncodedValues,
    /// `+` for a space, and `*` and `~` as forms have them.
    FormEncoding,
    /// The query is not encoded again in the string to sign.
    EncodedOnce,
    /// The parameters of the body are not signed.
    QueryOnly,
    /// `GET` in the text of a POST, or the other way round.
    OtherHttpMethod,
    /// The hash is not that of the body.
    HashOfBody,
    /// A header that must be signed is not.
    UnsignedHeader,
}

impl Mistake {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 15] = [
        Self::OtherSecret,
        Self::OtherAlgorithm,
        Self::LowerCase,
        Self::SecretOnce,
        Self::NoAmpersand,
        Self::EmptyParameters,
        Self::Unsorted,
        Self::CaseInsensitiveOrder,
        Self::EncodedValues,
        Self::FormEncoding,
        Self::EncodedOnce,
        Self::QueryOnly,
        Self::OtherHttpMethod,
        Self::HashOfBody,
        Self::UnsignedHeader,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::OtherSecret => "other_secret",
            Self::OtherAlgorithm => "other_algorithm",
            Self::LowerCase => "lower_case",
            Self::SecretOnce => "secret_once",
            Self::NoAmpersand => "no_ampersand",
            Self::EmptyParameters => "empty_parameters",
            Self::Unsorted => "unsorted",
            Self::CaseInsensitiveOrder => "case_insensitive_order",
            Self::EncodedValues => "encoded_values",
            Self::FormEncoding => "form_encoding",
            Self::EncodedOnce => "encoded_once",
            Self::QueryOnly => "query_only",
            Self::OtherHttpMethod => "other_http_method",
            Self::HashOfBody => "hash_of_body",
            Self::UnsignedHeader => "unsigned_header",
        }
    }
}
