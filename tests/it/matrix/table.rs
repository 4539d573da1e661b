//! The results as tables: fault by safety, and fault by operation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use privacy_number::Safety;

use super::cell_result::CellResult;
use super::fault_case::Frequency;

/// Groups of operations with the same documented behaviour.
const COLUMNS: [(&str, Safety, bool); 4] = [
    ("safe", Safety::Safe, false),
    ("idempotent", Safety::Idempotent, false),
    ("idempotent, what it ends is gone", Safety::Idempotent, true),
    ("once", Safety::Once, false),
];

pub(super) fn tables(results: &[CellResult]) -> String {
    let operations: BTreeSet<_> = results.iter().map(|result| result.operation).collect();
    let faults: BTreeSet<_> = results.iter().map(|result| result.row).collect();
    let mut text = format!(
        "{} operations, {} faults that happen once or always, {} cells.\n\n",
        operations.len(),
        faults.len(),
        results.len()
    );
    by_safety(results, &mut text);
    by_answer_when_gone(results, &mut text);
    text.push_str("\n<details><summary>Every operation</summary>\n\n");
    by_operation(results, &mut text);
    text.push_str("\n</details>\n");
    text
}

/// A row for each fault and frequency. A cell counts the operations by their result.
fn by_safety(results: &[CellResult], text: &mut String) {
    text.push_str("| | fault | happens |");
    for (name, ..) in COLUMNS {
        write!(text, " {name} |").unwrap();
    }
    text.push_str("\n| --- | --- | --- |");
    text.push_str(&" --- |".repeat(COLUMNS.len()));
    let mut lines: BTreeMap<(usize, Frequency), Vec<&CellResult>> = BTreeMap::new();
    for result in results {
        lines.entry((result.row, result.frequency)).or_default().push(result);
    }
    for ((row, frequency), cells) in &lines {
        let happens = if *frequency == Frequency::Once { "once" } else { "always" };
        write!(text, "\n| {} | {} | {happens} |", row + 1, cells[0].fault).unwrap();
        for (_, safety, is_gone) in COLUMNS {
            let mut summaries: BTreeMap<String, usize> = BTreeMap::new();
            for result in
                cells.iter().filter(|result| (result.safety, result.refused_when_gone.is_some()) == (safety, is_gone))
            {
                *summaries.entry(result.summary()).or_default() += 1;
            }
            let summaries: Vec<_> = summaries.iter().map(|(summary, count)| format!("{count} × {summary}")).collect();
            write!(text, " {} |", summaries.join("<br>")).unwrap();
        }
    }
    text.push('\n');
}

/// The operations whose retry finds that what they end is gone, by what the call is then.
fn by_answer_when_gone(results: &[CellResult], text: &mut String) {
    text.push_str("\nA retry that finds gone what the operation ends:\n\n");
    for (is_success, call_is) in [(true, "a success"), (false, "an error with an unknown outcome")] {
        let with_answer =
            results.iter().filter(|result| result.refused_when_gone.is_some() && result.gone_is_success == is_success);
        let operations: BTreeSet<_> = with_answer.map(|result| format!("`{}`", result.operation)).collect();
        let operations: Vec<_> = operations.into_iter().collect();
        writeln!(text, "- {call_is}: {}", operations.join(", ")).unwrap();
    }
}

/// A row for each operation, a column for each fault. A cell has one letter for a fault that happens once, and one for
/// a fault that always happens.
fn by_operation(results: &[CellResult], text: &mut String) {
    let summaries: BTreeSet<_> = results.iter().map(CellResult::summary).collect();
    let letters: BTreeMap<_, _> = summaries.iter().zip('a'..='z').collect();
    assert_eq!(letters.len(), summaries.len(), "more summaries than letters");
    for (summary, letter) in &letters {
        writeln!(text, "- `{letter}` {summary}").unwrap();
    }
    let faults = results.iter().map(|result| result.row + 1).max().unwrap_or_default();
    text.push_str("\n| | safety |");
    (1..=faults).for_each(|fault| write!(text, " {fault} |").unwrap());
    text.push_str("\n| --- | --- |");
    text.push_str(&" --- |".repeat(faults));
    let mut lines: BTreeMap<&str, BTreeMap<(usize, Frequency), &CellResult>> = BTreeMap::new();
    for result in results {
        let former = lines.entry(result.operation).or_default().insert((result.row, result.frequency), result);
        assert!(former.is_none(), "one cell for {} and {}", result.operation, result.fault);
    }
    for (operation, cells) in &lines {
        let safety = cells.values().next().map(|result| format!("{:?}", result.safety).to_lowercase());
        write!(text, "\n| {operation} | {} |", safety.unwrap_or_default()).unwrap();
        for row in 0..faults {
            let letter = |frequency| cells.get(&(row, frequency)).map_or('-', |result| letters[&result.summary()]);
            write!(text, " {}{} |", letter(Frequency::Once), letter(Frequency::Always)).unwrap();
        }
    }
    text.push('\n');
}
