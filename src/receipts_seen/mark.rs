//! The mark of one receipt: its key and its states.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::aliyun::receipt::Receipt;

/// The work was done. The time is when the mark may be removed.
pub(super) const HANDLED: &str = "handled";

/// The work has begun. The time is the end of the lease.
pub(super) const HANDLING: &str = "handling";

/// The key of a receipt's mark.
pub(super) fn key(receipt: &Receipt) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(receipt.key().as_str()))
}
