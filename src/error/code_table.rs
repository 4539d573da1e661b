use super::advice::{Outcome, Remedy};

/// One line of a gateway's table of codes.
#[derive(Debug)]
pub(crate) struct CodeRow {
    /// The code. Each `*` stands for any text: such a row is a family of codes.
    pub(crate) code: &'static str,
    /// What the documents say that it means.
    pub(crate) meaning: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) remedy: Remedy,
    /// What the code is about, if it is about more or less than one operation.
    pub(crate) scope: Option<Scope>,
    /// Whether a refreshed session may be accepted, for a refused session.
    pub(crate) is_cured_by_refresh: bool,
    /// The operations that the row is about; all, if none is named.
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
    /// The same row for these operations alone. It comes before a row for all operations.
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

    fn is_about(&self, operation: &str) -> bool {
        self.operations.is_empty() || self.operations.contains(&operation)
    }
}

/// Finds what a code of an operation means: the code as it is, without regard to case, without its `:detail`, then the
/// first family that it belongs to.
pub(crate) fn find<'a>(rows: &'a [CodeRow], code: &str, operation: &str) -> Option<&'a CodeRow> {
    let plain = code.split_once(':').map_or(code, |(plain, _)| plain);
    let first = |fits: &dyn Fn(&CodeRow) -> bool| {
        let mut fitting = rows.iter().filter(|row| row.is_about(operation) && fits(row));
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
            first(&|row| row.is_family() && belongs(&plain, &row.code.to_ascii_lowercase()))
        })
}

/// Whether a code is what a pattern with `*` stands for.
fn belongs(code: &str, pattern: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return code == pattern };
    let Some(rest) = code.strip_prefix(head) else { return false };
    let mut rests = rest.char_indices().filter_map(|(index, _)| rest.get(index..)).chain([""]);
    tail.is_empty() || rests.any(|rest| belongs(rest, tail))
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
