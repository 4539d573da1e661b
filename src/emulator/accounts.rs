//! Who may call.

/// It does not change while the gateways run.
pub(crate) struct Accounts {
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    /// The first shop's.
    pub(crate) session: String,
    /// The permanent one.
    pub(crate) access_key: AccessKey,
    pub(crate) temporary_access_keys: Vec<AccessKey>,
    pub(crate) pool_key: String,
    /// The first shop's orders that can be decrypted, in the order of their seeding.
    pub(crate) tids: Vec<String>,
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
