//! What was seen, as tables: fault by safety, and fault by operation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use privacy_number::Safety;

use super::blow::Strike;
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
        "{} operations, {} faults that strike once or always, {} cells.\n\n",
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

/// A line for a fault and how often it strikes; in each cell how many operations behaved how.
fn by_safety(seen: &[Seen], text: &mut String) {
    text.push_str("| | fault | strikes |");
    for (name, ..) in COLUMNS {
        write!(text, " {name} |").unwrap();
    }
    text.push_str("\n| --- | --- | --- |");
    text.push_str(&" --- |".repeat(COLUMNS.len()));
    let mut lines: BTreeMap<(usize, Strike), Vec<&Seen>> = BTreeMap::new();
    for seen in seen {
        lines.entry((seen.row, seen.strike)).or_default().push(seen);
    }
    for ((row, strike), cells) in &lines {
        let strikes = if *strike == Strike::Once { "once" } else { "always" };
        write!(text, "\n| {} | {} | {strikes} |", row + 1, cells[0].blow).unwrap();
        for (_, safety, is_gone) in COLUMNS {
            let mut behaviours: BTreeMap<String, usize> = BTreeMap::new();
            for seen in cells.iter().filter(|seen| (seen.safety, seen.gone.is_some()) == (safety, is_gone)) {
                *behaviours.entry(seen.behaviour()).or_default() += 1;
            }
            let behaviours: Vec<_> = behaviours.iter().map(|(told, count)| format!("{count} × {told}")).collect();
            write!(text, " {} |", behaviours.join("<br>")).unwrap();
        }
    }
    text.push('\n');
}

/// A line for an operation, a column for a fault; in each cell a letter for one strike and one for lasting ones.
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
    let mut lines: BTreeMap<&str, BTreeMap<(usize, Strike), &Seen>> = BTreeMap::new();
    for seen in seen {
        let former = lines.entry(seen.operation).or_default().insert((seen.row, seen.strike), seen);
        assert!(former.is_none(), "one cell for {} and {}", seen.operation, seen.blow);
    }
    for (operation, cells) in &lines {
        let safety = cells.values().next().map(|seen| format!("{:?}", seen.safety).to_lowercase());
        write!(text, "\n| {operation} | {} |", safety.unwrap_or_default()).unwrap();
        for row in 0..faults {
            let letter = |strike| cells.get(&(row, strike)).map_or('-', |seen| letters[&seen.behaviour()]);
            write!(text, " {}{} |", letter(Strike::Once), letter(Strike::Always)).unwrap();
        }
    }
    text.push('\n');
}
