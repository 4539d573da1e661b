//! The reason of a ban, as held-back calls report it.

use crate::error::Code;

/// What calls report that a ban holds back: the codes of the refusal that began the ban, and nothing else of that
/// refusal.
#[derive(Debug, Clone)]
pub(crate) struct BanReason {
    pub(crate) code: Code,
    pub(crate) sub_code: Option<Code>,
    /// Empty for a code that no document explains.
    pub(crate) meaning: &'static str,
}

impl BanReason {
    /// A ban whose code is not known.
    pub(super) fn unknown(meaning: &'static str) -> Self {
        Self { code: Code::from(BANNED.to_owned()), sub_code: None, meaning }
    }
}

/// This crate's own code for a call that was not sent because of a ban whose code is not known here. Either another
/// machine of a [`Fleet`](crate::Fleet) got the refusal, or the refusal was an HTTP status without a code.
pub const BANNED: &str = "banned";
