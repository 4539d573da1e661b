//! Every code of both catalogues, served over HTTP: outcome and advice agree with the columns `executed` and `retry`.

mod aliyun;
mod top;

use privacy_number::{Advice, Error, Outcome};

/// What the two columns of a catalogue say about a code.
#[derive(Debug, Clone, Copy, PartialEq)]
enum CodeMeaning {
    /// Refused, and the same request is refused again.
    Rejected,
    /// Refused because the session is not valid.
    Session,
    /// Flow control: nothing was executed, and waiting helps.
    Throttled,
    /// It may have been executed.
    Unknown,
    /// Our clock is wrong.
    Clock,
}

/// Checks an error of an operation that may be retried.
fn assert_repeatable(error: &Error, meaning: CodeMeaning, code: &str) {
    let (outcome, advice) = (error.outcome(), error.advice());
    match meaning {
        CodeMeaning::Rejected => {
            assert_eq!(outcome, Outcome::Rejected, "{code}");
            let hopeful = matches!(advice, Advice::Retry | Advice::WaitFor(_) | Advice::Reconcile);
            assert!(!hopeful, "{code}: {advice:?} would send the same request again");
        }
        CodeMeaning::Session => assert_eq!((outcome, advice), (Outcome::Rejected, Advice::RefreshSession), "{code}"),
        CodeMeaning::Throttled => {
            assert_eq!(outcome, Outcome::NotExecuted, "{code}");
            assert!(matches!(advice, Advice::WaitFor(pause) if pause.as_secs() >= 1), "{code}: {advice:?}");
        }
        CodeMeaning::Unknown => assert_eq!((outcome, advice), (Outcome::Unknown, Advice::Retry), "{code}"),
        CodeMeaning::Clock => assert_eq!((outcome, advice), (Outcome::NotExecuted, Advice::FixRequest), "{code}"),
    }
    assert_eq!(error.is_throttled(), meaning == CodeMeaning::Throttled, "{code}");
}

/// Checks the same code for an operation that must not be executed twice: only an unknown outcome changes the advice.
fn assert_once(error: &Error, meaning: CodeMeaning, code: &str) {
    if meaning == CodeMeaning::Unknown {
        assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::Reconcile), "{code}");
    } else {
        assert_repeatable(error, meaning, code);
    }
}
