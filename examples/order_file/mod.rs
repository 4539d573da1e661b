//! Reads orders from a CSV file, as ERP systems and Excel write it. The names in the first line identify the columns.
//! If a name is missing, that is an error: a wrong column would send an OAID as an order number.
#![allow(clippy::arithmetic_side_effects)]

mod text;

use std::error::Error;
use std::path::Path;

use privacy_number::top::ReceiverQuery;

use crate::command_line::Problem;

/// The names of the columns, in lower case.
const TID: [&str; 4] = ["tid", "订单号", "订单编号", "主订单编号"];
const OAID: [&str; 3] = ["oaid", "收件人oaid", "收货人oaid"];
/// At most this many wrong lines are shown.
const MOST_SHOWN: usize = 5;

/// Reads all orders. An error names the file, line and column of each problem.
pub(crate) fn read(path: &Path) -> Result<Vec<ReceiverQuery>, Box<dyn Error>> {
    let file = path.display();
    let bytes = std::fs::read(path).map_err(|error| Problem::of_file(path, &error))?;
    let text = text::decode(&bytes).map_err(|(what, remedy)| Problem::new(format_args!("{file} {what}"), remedy))?;
    if text.trim().is_empty() {
        return Err(without_orders(path).into());
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let (tid, oaid) = (column(path, &header, &TID)?, column(path, &header, &OAID)?);

    let (mut orders, mut wrong) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record?;
        let line = || line_of(&text, &record);
        if record.iter().all(str::is_empty) {
            continue;
        }
        let cell = |index: usize| plain(record.get(index).unwrap_or_default());
        let name = |index: usize| header.get(index).unwrap_or_default();
        if let Some(reason) = not_a_tid(cell(tid)) {
            wrong.push(format!("{file}, line {}, column `{}`: {reason}", line(), name(tid)));
        }
        let order = ReceiverQuery::builder().tid(cell(tid)).oaid(cell(oaid)).build();
        match order.validate() {
            Err(error) if error.field().ends_with("oaid") => {
                wrong.push(format!("{file}, line {}, column `{}`: {}", line(), name(oaid), error.reason()));
            }
            _ => orders.push(order),
        }
    }
    if !wrong.is_empty() {
        let more = wrong.len().saturating_sub(MOST_SHOWN);
        wrong.truncate(MOST_SHOWN);
        if more > 0 {
            wrong.push(format!("and {more} more"));
        }
        return Err(Problem::new(wrong.join("\n"), "correct these lines; nothing was sent").into());
    }
    if orders.is_empty() {
        return Err(without_orders(path).into());
    }
    Ok(orders)
}

fn without_orders(path: &Path) -> Problem {
    let what = format!("{} holds no orders", path.display());
    Problem::new(what, "put one order in each line below a header with `tid` and `oaid`; nothing was sent")
}

/// The number of the line in which a record begins. The position of a record is the end of the previous record.
fn line_of(text: &str, record: &csv::StringRecord) -> usize {
    let end = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
    let (before, rest) = text.split_at_checked(end).unwrap_or_default();
    let empty = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let empty_lines = rest.get(..empty).unwrap_or_default();
    1 + before.matches('\n').count() + empty_lines.matches('\n').count()
}

/// A cell without the characters that prevent Excel from rounding it: `="4200260101000001117"`, `'4200260101000001117`.
fn plain(cell: &str) -> &str {
    let quoted = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    quoted.unwrap_or(cell).trim_start_matches('\'')
}

/// Excel separates cells by commas; by tabs in "Unicode text"; by semicolons in some countries.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    [b',', b'\t', b';'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

fn column(path: &Path, header: &csv::StringRecord, names: &[&str]) -> Result<usize, Problem> {
    let is_named = |cell: &str| names.contains(&cell.to_lowercase().as_str());
    let mut found = header.iter().enumerate().filter(|(_, cell)| is_named(cell)).map(|(index, _)| index);
    match (found.next(), found.next()) {
        (Some(index), None) => Ok(index),
        (Some(_), Some(_)) => Err(Problem::new(
            format_args!("{}, line 1: two columns are called {}", path.display(), names.join(" or ")),
            "rename or remove one of them; nothing was sent",
        )),
        (None, _) => Err(Problem::new(
            format_args!(
                "{}, line 1: no column is called {}; the columns found are {}",
                path.display(),
                names.join(" or "),
                header.iter().map(shown).collect::<Vec<_>>().join(", ")
            ),
            "give the first line the names of the columns, `tid` and `oaid`; nothing was sent",
        )),
    }
}

/// The name of a column. A name that looks like data is not shown.
fn shown(name: &str) -> String {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_data = digits >= 7 || name.chars().count() > 24;
    if is_data { "(not a name)".to_owned() } else { format!("`{name}`") }
}

fn not_a_tid(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("is empty");
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let of_number = |byte: u8| byte.is_ascii_digit() || b".+eE".contains(&byte);
    Some(if text.bytes().all(of_number) {
        "is a number that Excel has rounded: make the column text before the order numbers are put in"
    } else {
        "must be digits only"
    })
}
