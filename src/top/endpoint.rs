use std::fmt;

/// The URL that a client sends its requests to. `Debug` does not print a custom URL, which may hold a password by
/// mistake.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Endpoint {
    /// `https://gw.api.taobao.com/router/rest`
    #[default]
    Production,
    /// `https://api.taobao.com/router/rest`, for clients in Europe and America.
    Overseas,
    /// `https://gw.api.tbsandbox.com/router/rest`, the platform's own test environment. Old documents name it; whether
    /// the OAID methods exist there is not known.
    #[doc(alias = "沙箱")]
    Sandbox,
    /// Another URL, its path `/router/rest` included: a proxy, the emulator.
    Custom(String),
}

impl Endpoint {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Production => "https://gw.api.taobao.com/router/rest",
            Self::Overseas => "https://api.taobao.com/router/rest",
            Self::Sandbox => "https://gw.api.tbsandbox.com/router/rest",
            Self::Custom(url) => url,
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Production => "Production",
            Self::Overseas => "Overseas",
            Self::Sandbox => "Sandbox",
            Self::Custom(_) => "Custom(..)",
        })
    }
}

impl From<&str> for Endpoint {
    fn from(url: &str) -> Self {
        Self::Custom(url.to_owned())
    }
}

impl From<String> for Endpoint {
    fn from(url: String) -> Self {
        Self::Custom(url)
    }
}
