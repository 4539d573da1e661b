//! The orders to decrypt, from a CSV file.

use std::error::Error;
use std::path::Path;

use privacy_number::top::ReceiverQuery;
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    tid: String,
    oaid: String,
}

pub(crate) fn read(path: &Path) -> Result<Vec<ReceiverQuery>, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let rows = reader.deserialize().collect::<Result<Vec<Row>, _>>()?;
    Ok(rows.into_iter().map(|row| ReceiverQuery::builder().tid(row.tid).oaid(row.oaid).build()).collect())
}
