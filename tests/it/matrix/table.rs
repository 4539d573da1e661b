//! What was seen, as tables: fault by safety, and fault by operation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use privacy_number::Safety;

use super::fault_case::Frequency;
use super::seen::Seen;

/// Operations that the documents say the same of.
const COLUMNS: [(&str, Safety, bool); 4] = [
    ("safe", Safety::Safe, false),
    ("idempotent", Safety::Idempotent, false),
    ("idempotent, what it ends is gone", Safety::Idempotent, true),
    ("once", Safety::Once, false),
];

pub(super) fn tables(seen: &[Seen]) -> String {
    let operations: BTreeSet<_> = seen.iter().map(|seen| seen.operation).collect();
    let faults: BTreeSet<_> = seen.iter().map(|seen| seen.row).collect();
    let mut text = format!(
        "{} operations, {} faults that happen once or always, {} cells.\n\n",
        operations.len(),
        faults.len(),
        seen.len()
    );
    by_safety(seen, &mut text);
    text.push_str("\n<details><summary>Every operation</summary>\n\n");
    by_operation(seen, &mut text);
    text.push_str("\n</details>\n");
    text
}

/// A line for a fault and how often it happens; in each cell how many operations behaved how.
fn by_safety(seen: &[Seen], text: &mut String) {
    text.push_str("| | fault | happens |");
    for (name, ..) in COLUMNS {
        write!(text, " {name} |").unwrap();
    }
    text.push_str("\n| --- | --- | --- |");
    text.push_str(&" --- |".repeat(COLUMNS.len()));
    let mut lines: BTreeMap<(usize, Frequency), Vec<&Seen>> = BTreeMap::new();
    for seen in seen {
        lines.entry((seen.row, seen.frequency)).or_default().push(seen);
    }
    for ((row, frequency), cells) in &lines {
        let happens = if *frequency == Frequency::Once { "once" } else { "always" };
        write!(text, "\n| {} | {} | {happens} |", row + 1, cells[0].fault).unwrap();
        for (_, safety, is_gone) in COLUMNS {
            let mut behaviours: BTreeMap<String, usize> = BTreeMap::new();
            for seen in cells.iter().filter(|seen| (seen.safety, seen.refused_when_gone.is_some()) == (safety, is_gone))
            {
                *behaviours.entry(seen.behaviour()).or_default() += 1;
            }
            let behaviours: Vec<_> = behaviours.iter().map(|(told, count)| format!("{count} × {told}")).collect();
            write!(text, " {} |", behaviours.join("<br>")).unwrap();
        }
    }
    text.push('\n');
}

/// A line for an operation, a column for a fault; in each cell a letter for a fault that happens once and one for a fault that lasts.
fn by_operation(seen: &[Seen], text: &mut String) {
    let behaviours: BTreeSet<_> = seen.iter().map(Seen::behaviour).collect();
    let letters: BTreeMap<_, _> = behaviours.iter().zip('a'..='z').collect();
    assert_eq!(letters.len(), behaviours.len(), "more behaviours than letters");
    for (behaviour, letter) in &letters {
        writeln!(text, "- `{letter}` {behaviour}").unwrap();
    }
    let faults = seen.iter().map(|seen| seen.row + 1).max().unwrap_or_default();
    text.push_str("\n| | safety |");
    (1..=faults).for_each(|fault| write!(text, " {fault} |").unwrap());
    text.push_str("\n| --- | --- |");
    text.push_str(&" --- |".repeat(faults));
    let mut lines: BTreeMap<&str, BTreeMap<(usize, Frequency), &Seen>> = BTreeMap::new();
    for seen in seen {
        let former = lines.entry(seen.operation).or_default().insert((seen.row, seen.frequency), seen);
        assert!(former.is_none(), "one cell for {} and {}", seen.operation, seen.fault);
    }
    for (operation, cells) in &lines {
        let safety = cells.values().next().map(|seen| format!("{:?}", seen.safety).to_lowercase());
        write!(text, "\n| {operation} | {} |", safety.unwrap_or_default()).unwrap();
        for row in 0..faults {
            let letter = |frequency| cells.get(&(row, frequency)).map_or('-', |seen| letters[&seen.behaviour()]);
            write!(text, " {}{} |", letter(Frequency::Once), letter(Frequency::Always)).unwrap();
        }
    }
    text.push('\n');
}
