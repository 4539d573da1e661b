//! Numbers in the format of the documents that hides their middle.

/// `170****0001`.
pub(crate) fn number(number: &str) -> String {
    match (number.get(..3), number.len().checked_sub(4).and_then(|end| number.get(end..))) {
        (Some(prefix), Some(end)) if number.len() > 7 => format!("{prefix}****{end}"),
        _ => "****".to_owned(),
    }
}
