use crate::error::Advice;

/// Why an item waits, or what it ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParkReason {
    /// It was added, and not tried yet.
    New,
    /// The failure was temporary: [`Advice::Retry`].
    Retry,
    /// Flow control or a used-up quota: [`Advice::WaitFor`], [`Advice::WaitUntil`].
    Wait,
    /// The session must be refreshed: [`Advice::RefreshSession`].
    RefreshSession,
    /// The order must be read again: [`Advice::RefreshOaid`].
    RefreshOaid,
    /// The seller must do something: [`Advice::AskSeller`].
    AskSeller,
    /// The account needs balance or numbers: [`Advice::TopUp`].
    TopUp,
    /// A worker has it.
    AtWork,
    /// It is in the list for people.
    Failed,
}

impl ParkReason {
    pub(super) const ALL: [Self; 9] = [
        Self::New,
        Self::Retry,
        Self::Wait,
        Self::RefreshSession,
        Self::RefreshOaid,
        Self::AskSeller,
        Self::TopUp,
        Self::AtWork,
        Self::Failed,
    ];

    /// What the advice asks to wait for. [`Failed`](Self::Failed) if waiting does not help.
    pub(super) fn of(advice: Advice) -> Self {
        match advice {
            Advice::Retry => Self::Retry,
            Advice::WaitFor(_) | Advice::WaitUntil(_) => Self::Wait,
            Advice::RefreshSession => Self::RefreshSession,
            Advice::RefreshOaid => Self::RefreshOaid,
            Advice::AskSeller => Self::AskSeller,
            Advice::TopUp => Self::TopUp,
            Advice::FixRequest | Advice::Reconcile | Advice::Report => Self::Failed,
        }
    }

    /// The word in the state of a row.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Retry => "retry",
            Self::Wait => "wait",
            Self::RefreshSession => "session",
            Self::RefreshOaid => "oaid",
            Self::AskSeller => "seller",
            Self::TopUp => "top-up",
            Self::AtWork => "work",
            Self::Failed => "failed",
        }
    }
}
