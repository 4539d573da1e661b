use super::{Outcome, Remedy};

/// One line of a gateway's table of codes.
#[derive(Debug)]
pub(crate) struct CodeRow {
    /// The code; one `*` stands for any text.
    pub(crate) code: &'static str,
    /// What the documents say that it means.
    pub(crate) meaning: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) remedy: Remedy,
}

/// Shorthand for the tables.
pub(crate) const fn row(code: &'static str, meaning: &'static str, outcome: Outcome, remedy: Remedy) -> CodeRow {
    CodeRow { code, meaning, outcome, remedy }
}

/// Finds a code: as it is, without regard to case, without its `:detail`, then by the first pattern that fits.
pub(crate) fn find<'a>(rows: &'a [CodeRow], code: &str) -> Option<&'a CodeRow> {
    let plain = code.split_once(':').map_or(code, |(plain, _)| plain);
    rows.iter()
        .find(|row| row.code == code)
        .or_else(|| rows.iter().find(|row| row.code.eq_ignore_ascii_case(code)))
        .or_else(|| rows.iter().find(|row| row.code.eq_ignore_ascii_case(plain)))
        .or_else(|| rows.iter().find(|row| fits(row.code, plain)))
}

fn fits(pattern: &str, code: &str) -> bool {
    pattern.split_once('*').is_some_and(|(head, tail)| {
        code.len() >= head.len().saturating_add(tail.len()) && code.starts_with(head) && code.ends_with(tail)
    })
}
