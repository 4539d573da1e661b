//! Tables of error codes.

use super::advice::{Outcome, Remedy};

/// One row of a gateway's table of codes.
#[derive(Debug)]
pub(crate) struct CodeRow {
    /// The code. Each `*` matches any text: such a row is a family of codes.
    pub(crate) code: &'static str,
    /// What it means according to the documents.
    pub(crate) meaning: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) remedy: Remedy,
    /// What the code is about, if it is about more or less than one operation.
    pub(crate) scope: Option<Scope>,
    /// Whether a refreshed session may be accepted, for a refused session.
    pub(crate) is_cured_by_refresh: bool,
    /// The operations that the row applies to; empty for all.
    operations: &'static [&'static str],
}

/// What a code is about. Flow control with the code holds it back; another refusal would meet all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One order alone.
    Order,
    /// One session.
    Session,
    /// The application or the account: every call of it.
    Account,
}

/// Shorthand for the tables: a row for all operations.
pub(crate) const fn row(code: &'static str, meaning: &'static str, outcome: Outcome, remedy: Remedy) -> CodeRow {
    CodeRow { code, meaning, outcome, remedy, scope: None, is_cured_by_refresh: true, operations: &[] }
}

impl CodeRow {
    /// The same row for these operations alone. It has precedence over a row for all operations.
    pub(crate) const fn only_for(mut self, operations: &'static [&'static str]) -> Self {
        self.operations = operations;
        self
    }

    /// The same row with what the code is about.
    pub(crate) const fn about(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// The same row for a refused session that no refresh cures.
    pub(crate) const fn not_cured_by_refresh(mut self) -> Self {
        self.is_cured_by_refresh = false;
        self
    }

    pub(crate) fn is_family(&self) -> bool {
        self.code.contains('*')
    }

    fn applies_to(&self, operation: &str) -> bool {
        self.operations.is_empty() || self.operations.contains(&operation)
    }
}

/// Finds the row of a code of an operation: first by the exact code, then ignoring case, then without its `:detail`,
/// then by the first family that matches.
pub(crate) fn find<'a>(rows: &'a [CodeRow], code: &str, operation: &str) -> Option<&'a CodeRow> {
    let plain = code.split_once(':').map_or(code, |(plain, _)| plain);
    let first = |fits: &dyn Fn(&CodeRow) -> bool| {
        let mut fitting = rows.iter().filter(|row| row.applies_to(operation) && fits(row));
        let first = fitting.next()?;
        if first.operations.is_empty() {
            fitting.find(|row| !row.operations.is_empty()).or(Some(first))
        } else {
            Some(first)
        }
    };
    first(&|row| row.code == code)
        .or_else(|| first(&|row| row.code.eq_ignore_ascii_case(code)))
        .or_else(|| first(&|row| row.code.eq_ignore_ascii_case(plain)))
        .or_else(|| {
            let plain = plain.to_ascii_lowercase();
            first(&|row| row.is_family() && matches(&plain, &row.code.to_ascii_lowercase()))
        })
}

/// Whether a code matches a pattern with `*`.
fn matches(code: &str, pattern: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return code == pattern };
    let Some(rest) = code.strip_prefix(head) else { return false };
    let mut rests = rest.char_indices().filter_map(|(index, _)| rest.get(index..)).chain([""]);
    tail.is_empty() || rests.any(|rest| matches(rest, tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{NotExecuted, Rejected, Unknown};
    use Remedy::{Backoff, FixRequest};

    #[test]
    fn a_row_for_one_operation_comes_before_the_row_for_all_wherever_it_stands() {
        let general = || row("A", "general", Unknown, Backoff);
        let special = || row("A", "special", NotExecuted, Backoff).only_for(&["One", "Two"]);
        for rows in [[general(), special()], [special(), general()]] {
            let meaning = |operation| find(&rows, "A", operation).unwrap().meaning;
            assert_eq!([meaning("One"), meaning("Two"), meaning("Three")], ["special", "special", "general"]);
        }
        let rows = [special(), row("*", "family", Unknown, Backoff)];
        assert_eq!(find(&rows, "A", "Three").unwrap().meaning, "family");
    }

    #[test]
    fn a_star_stands_for_any_text_at_any_place() {
        let rows = [row("isv.*CONFLICT*", "", Rejected, FixRequest), row("*NotFound", "", Rejected, FixRequest)];
        for code in
            ["isv.CONFLICT", "isv.A_CONFLICT", "isv.A_CONFLICT_B", "isv.号CONFLICT", "NotFound", "Pool.NotFound:x"]
        {
            assert!(find(&rows, code, "").is_some(), "{code}");
        }
        for code in ["isv.CONFLIC", "isp.CONFLICT", "NotFoundAtAll", ""] {
            assert!(find(&rows, code, "").is_none(), "{code}");
        }
    }
}
