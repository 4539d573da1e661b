//! The credentials that the emulated gateways accept.

/// All credentials. They do not change while the emulator runs.
pub(crate) struct Accounts {
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    /// The permanent access key.
    pub(crate) access_key: AccessKey,
    pub(crate) temporary_access_keys: Vec<AccessKey>,
    /// The key of the default number pool.
    pub(crate) pool_key: String,
    /// What programs send to use the control endpoints. `None` if programs on this machine need nothing.
    pub(crate) control_token: Option<String>,
}

/// An access key of Alibaba Cloud. A temporary key has a security token.
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
