//! What became of a call when it was placed.

use std::fmt;

/// A call that was placed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct DialledCall {
    /// The id of the call, as in its receipts.
    pub id: String,
    /// Who was rung, or why nobody was.
    pub result: Result<Rung, CallRefusal>,
}

/// The phone that was rung. `Debug` does not show the numbers.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rung {
    /// The number of the phone.
    pub number: String,
    /// The number that it shows.
    pub shown: String,
}

/// The reason why nobody was rung.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CallRefusal {
    /// No pool and no order has the number. Such a call has no receipts.
    UnknownNumber,
    /// The X number is locked.
    NumberLocked,
    /// No binding in force connects the caller through this number.
    NoBinding,
    /// No binding in force has this extension, or none was dialled.
    WrongExtension,
    /// A calls X, but the binding has no B.
    NoCalledNumber,
    /// The `CallRestrict` of the binding forbids the call.
    Restricted,
    /// A blacklist of the pool forbids the call.
    Blacklisted,
    /// The number is a 700 number, and the caller is not reported for it.
    CallerNotReported,
}

impl CallRefusal {
    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownNumber => "unknown_number",
            Self::NumberLocked => "number_locked",
            Self::NoBinding => "no_binding",
            Self::WrongExtension => "wrong_extension",
            Self::NoCalledNumber => "no_called_number",
            Self::Restricted => "restricted",
            Self::Blacklisted => "blacklisted",
            Self::CallerNotReported => "caller_not_reported",
        }
    }

    /// `unconnected_cause` of the receipts: 1 blacklist, 2 no binding, 3 restricted, 4 other.
    pub(super) fn unconnected_cause(self) -> u8 {
        match self {
            Self::Blacklisted => 1,
            Self::NoBinding | Self::WrongExtension => 2,
            Self::Restricted => 3,
            Self::UnknownNumber | Self::NumberLocked | Self::NoCalledNumber | Self::CallerNotReported => 4,
        }
    }

    /// `control_msg` of the receipts. The documents name the value of a missing binding only.
    pub(super) fn control_msg(self) -> Option<&'static str> {
        matches!(self, Self::NoBinding | Self::WrongExtension).then_some("NO_SUBS_EXIST")
    }
}

impl fmt::Display for CallRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Rung {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rung").finish_non_exhaustive()
    }
}
