//! The error of a session or credentials provider.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A provider's own error. Its text may hold a session, so `Debug` does not show it.
#[derive(Clone)]
pub(crate) struct ProviderCause(Arc<dyn std::error::Error + Send + Sync>);

impl From<Box<dyn std::error::Error + Send + Sync>> for ProviderCause {
    fn from(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self(error.into())
    }
}

impl Deref for ProviderCause {
    type Target = dyn std::error::Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for ProviderCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderCause(..)")
    }
}
