//! The keys that open the gateways.

/// They do not change while the gateways run.
pub(crate) struct Accounts {
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    /// The permanent one.
    pub(crate) access_key: AccessKey,
    pub(crate) temporary_access_keys: Vec<AccessKey>,
    /// The pool that is always there.
    pub(crate) pool_key: String,
}

/// An access key of Alibaba Cloud; a temporary one has a security token.
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) security_token: Option<String>,
}

impl Accounts {
    pub(crate) fn access_key(&self, id: &str) -> Option<&AccessKey> {
        let mut keys = std::iter::once(&self.access_key).chain(&self.temporary_access_keys);
        keys.find(|key| key.id == id)
    }
}
