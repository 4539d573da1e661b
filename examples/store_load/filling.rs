//! Fills a table of the store and the floor's table with the same rows.

use std::error::Error;

use privacy_number::store::{Change, EncryptedStore, NewRow, Query, Row, Store, Table};

use crate::database::Database;
use crate::floor::{Floor, PlainRow};

/// Rows of one transaction.
const BATCH: usize = 1_000;

pub(crate) struct Filling<'a> {
    store: &'a EncryptedStore<Database>,
    floor: &'a Floor,
    table: Table,
    /// A row that the crate itself wrote: the others are like it.
    pub(crate) template: Row,
    rows: u64,
    bytes: [i64; 2],
}

impl<'a> Filling<'a> {
    pub(crate) async fn new(
        store: &'a EncryptedStore<Database>,
        floor: &'a Floor,
        table: Table,
    ) -> Result<Self, Box<dyn Error>> {
        let rows = store.list(table, &Query::new(10)).await?;
        let template = rows.into_iter().find(|row| !row.value.is_empty()).ok_or("the crate wrote no row")?;
        floor.make_table(table).await?;
        Ok(Self { store, floor, table, template, rows: 0, bytes: [0; 2] })
    }

    /// Adds rows until there are so many, with these keys and groups.
    pub(crate) async fn until(
        &mut self,
        rows: u64,
        key_and_group: impl Fn(u64) -> (String, String),
    ) -> Result<(), Box<dyn Error>> {
        let indexes: Vec<_> = (self.rows..rows).collect();
        let plain = |index: &u64| {
            let (key, group) = key_and_group(*index);
            PlainRow::new(&self.template, key, group)
        };
        let before = self.floor.bytes(self.table).await?[0];
        for indexes in indexes.chunks(BATCH) {
            let plain: Vec<_> = indexes.iter().map(plain).collect();
            let changes = plain.iter().map(|row| Change::Insert {
                table: self.table,
                key: &row.key,
                row: NewRow::new(&row.value).state(&row.state).group(&row.group).due(self.template.due),
            });
            present(self.store.write(&changes.collect::<Vec<_>>()).await?.is_done())?;
        }
        let [after, floor_before] = self.floor.bytes(self.table).await?;
        for indexes in indexes.chunks(BATCH) {
            self.floor.fill(self.table, &indexes.iter().map(plain).collect::<Vec<_>>()).await?;
        }
        let floor_after = self.floor.bytes(self.table).await?[1];
        self.bytes = [self.bytes[0] + after - before, self.bytes[1] + floor_after - floor_before];
        self.rows = rows;
        Ok(())
    }

    /// The size of the rows, in words.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap, reason = "sizes need no more digits")]
    pub(crate) fn size(&self) -> String {
        let [store, floor] = self.bytes.map(|bytes| bytes / self.rows as i64);
        let (rows, content) = (self.rows, self.template.value.len());
        format!(
            "{rows} rows take {store} bytes each with their indexes, floor {floor}; the content is {content} bytes."
        )
    }
}

/// A key that is like a hash, always the same for a number.
pub(crate) fn key(number: u64) -> String {
    let mut random = fastrand::Rng::with_seed(number);
    (0..4).map(|_| format!("{:016x}", random.u64(..))).collect()
}

/// What must be true for a figure to count.
pub(crate) fn present(is_true: bool) -> Result<(), Box<dyn Error>> {
    if is_true { Ok(()) } else { Err("the store does not have the row that was written".into()) }
}
