//! The database without this crate: plain statements on tables of the same columns and indexes, through the same
//! connections, with the same rows in clear.

use privacy_number::store::{Row, Table};
use sqlx::Row as _;

use crate::database::Database;

/// A row in clear.
#[derive(Clone)]
pub(crate) struct PlainRow {
    pub(crate) key: String,
    pub(crate) state: String,
    pub(crate) group: String,
    pub(crate) due: i64,
    pub(crate) value: Vec<u8>,
}

impl PlainRow {
    pub(crate) fn new(row: &Row, key: String, group: String) -> Self {
        let due = row.due.map_or(0, |due| due.timestamp_micros());
        Self { key, state: row.state.clone(), group, due, value: row.value.to_vec() }
    }
}

const COLUMNS: &str = "row_key, version, counted, due, state, row_group, value";

/// Rows of one statement.
const BATCH: usize = 500;

pub(crate) struct Floor {
    database: Database,
    prefix: String,
}

/// Runs the same text with the pool of each database.
macro_rules! with_pool {
    ($self:ident, $pool:ident => $body:expr) => {
        match &$self.database {
            Database::Sqlite(store) => {
                let $pool = store.pool();
                $body
            }
            Database::Mysql(store) => {
                let $pool = store.pool();
                $body
            }
            Database::Postgres(store) => {
                let $pool = store.pool();
                $body
            }
        }
    };
}

/// Binds the values of a new row.
macro_rules! bind_row {
    ($query:expr, $row:expr) => {{
        let row: &PlainRow = $row;
        $query
            .bind(row.key.as_bytes())
            .bind(row.due)
            .bind(row.state.as_bytes())
            .bind(row.group.as_bytes())
            .bind(&row.value)
    }};
}

impl Floor {
    pub(crate) fn new(database: &Database, prefix: &str) -> Self {
        Self { database: database.clone(), prefix: prefix.to_owned() }
    }

    /// The name of the table of plain rows.
    fn table(&self, table: Table) -> String {
        format!("{}floor_{}", self.prefix, table.name())
    }

    /// Makes an empty table like the store's.
    pub(crate) async fn make_table(&self, table: Table) -> Result<(), sqlx::Error> {
        let (own, like) = (self.table(table), format!("{}{}", self.prefix, table.name()));
        let statements = match &self.database {
            Database::Sqlite(store) => {
                let text = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC";
                let found: Vec<String> = sqlx::query_scalar(text).bind(&like).fetch_all(store.pool()).await?;
                found.into_iter().map(|statement| statement.replace(&like, &own)).collect()
            }
            Database::Mysql(_) => vec![format!("CREATE TABLE {own} LIKE {like}")],
            Database::Postgres(_) => vec![format!("CREATE TABLE {own} (LIKE {like} INCLUDING ALL)")],
        };
        for statement in statements {
            self.execute(&statement).await?;
        }
        Ok(())
    }

    /// Adds rows, many in one statement.
    pub(crate) async fn fill(&self, table: Table, rows: &[PlainRow]) -> Result<(), sqlx::Error> {
        for rows in rows.chunks(BATCH) {
            let values = vec!["(?, 1, 0, ?, ?, ?, ?)"; rows.len()].join(", ");
            let text = self.text(&format!("INSERT INTO {} ({COLUMNS}) VALUES {values}", self.table(table)));
            with_pool!(self, pool => {
                let query = rows.iter().fold(sqlx::query(&text), |query, row| bind_row!(query, row));
                query.execute(pool).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// Reads rows; how many there are.
    pub(crate) async fn read(&self, table: Table, keys: &[&str]) -> Result<usize, sqlx::Error> {
        let places = vec!["?"; keys.len()].join(", ");
        let text = format!("SELECT {COLUMNS} FROM {} WHERE row_key IN ({places})", self.table(table));
        let text = self.text(&text);
        with_pool!(self, pool => {
            let query = keys.iter().fold(sqlx::query(&text), |query, key| query.bind(key.as_bytes()));
            let rows = query.fetch_all(pool).await?;
            let read = rows.iter().map(|row| -> Result<PlainRow, sqlx::Error> {
                let text = |index: usize| Ok::<_, sqlx::Error>(String::from_utf8_lossy(&row.try_get::<Vec<u8>, _>(index)?).into_owned());
                Ok(PlainRow { key: text(0)?, due: row.try_get(3)?, state: text(4)?, group: text(5)?, value: row.try_get(6)? })
            });
            Ok(read.collect::<Result<Vec<_>, _>>()?.len())
        })
    }

    /// The statements of one bind: read the key, write the intent, then the result and the id in one transaction.
    pub(crate) async fn bind(&self, row: &PlainRow) -> Result<(), sqlx::Error> {
        let (bindings, numbers) = (self.table(Table::Bindings), self.table(Table::Numbers));
        let insert = |table: &str| self.text(&format!("INSERT INTO {table} ({COLUMNS}) VALUES (?, 1, 0, ?, ?, ?, ?)"));
        let (intent, id) = (insert(&bindings), insert(&numbers));
        let update = format!(
            "UPDATE {bindings} SET version = version + 1, state = ?, row_group = ?, due = ?, value = ? WHERE row_key = ? \
             AND version = 1"
        );
        let update = self.text(&update);
        self.read(Table::Bindings, &[&row.key]).await?;
        with_pool!(self, pool => {
            bind_row!(sqlx::query(&intent), row).execute(pool).await?;
            let mut transaction = pool.begin().await?;
            let query = sqlx::query(&update).bind(row.state.as_bytes()).bind(row.group.as_bytes()).bind(row.due);
            query.bind(&row.value).bind(row.key.as_bytes()).execute(&mut *transaction).await?;
            bind_row!(sqlx::query(&id), row).execute(&mut *transaction).await?;
            transaction.commit().await
        })
    }

    /// The bytes of a table of the store with its indexes, and those of the table of plain rows. For SQLite twice the
    /// used bytes of the file.
    pub(crate) async fn bytes(&self, table: Table) -> Result<[i64; 2], sqlx::Error> {
        let mut bytes = [0; 2];
        for (bytes, table) in bytes.iter_mut().zip([format!("{}{}", self.prefix, table.name()), self.table(table)]) {
            *bytes = match &self.database {
                Database::Sqlite(store) => {
                    let text = "SELECT page_size * (page_count - freelist_count) FROM pragma_page_size, \
                                pragma_page_count, pragma_freelist_count";
                    sqlx::query_scalar(text).fetch_one(store.pool()).await?
                }
                Database::Mysql(store) => {
                    self.execute(&format!("ANALYZE TABLE {table}")).await?;
                    let text = "SELECT CAST(data_length + index_length AS SIGNED) FROM information_schema.tables WHERE \
                                table_schema = DATABASE() AND table_name = ?";
                    sqlx::query_scalar(text).bind(table).fetch_one(store.pool()).await?
                }
                Database::Postgres(store) => {
                    let text = "SELECT pg_total_relation_size($1::regclass)";
                    sqlx::query_scalar(&text.replace("$1", &format!("'{table}'"))).fetch_one(store.pool()).await?
                }
            };
        }
        Ok(bytes)
    }

    /// Drops all tables of this run.
    pub(crate) async fn drop_tables(&self) -> Result<(), sqlx::Error> {
        let tables = Table::ALL.map(|table| [self.table(table), format!("{}{}", self.prefix, table.name())]);
        for table in tables.into_iter().flatten().chain([format!("{}schema", self.prefix)]) {
            self.execute(&format!("DROP TABLE IF EXISTS {table}")).await?;
        }
        Ok(())
    }

    async fn execute(&self, statement: &str) -> Result<(), sqlx::Error> {
        with_pool!(self, pool => sqlx::query(statement).execute(pool).await.map(drop))
    }

    /// A statement with the placeholders of the database.
    fn text(&self, statement: &str) -> String {
        if !matches!(self.database, Database::Postgres(_)) {
            return statement.to_owned();
        }
        let mut parts = statement.split('?');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.zip(1..).fold(first, |text, (part, number)| format!("{text}${number}{part}"))
    }
}
