//! What a ban is known by.

use crate::error::Code;

/// What calls report that a ban holds back: the codes of the refusal that began it, and nothing else of that call.
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

/// This crate's own code for a call that was not sent because of a ban whose code is not known here: another machine of
/// a [`Fleet`](crate::Fleet) was told of it, or it came with an HTTP status alone.
pub const BANNED: &str = "banned";
