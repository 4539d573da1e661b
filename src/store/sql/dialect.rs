use std::fmt;
use std::future::Future;

use sqlx::Database;
use sqlx::error::DatabaseError;

use super::cause::Cause;
use super::statement::Statement;
use crate::store::Row;

/// What differs between the databases. Implemented by SQLx's types of SQLite, MySQL and PostgreSQL; not for others.
pub trait Dialect: Database {
    /// Placeholders are `$1`, `$2` in place of `?`.
    const NUMBERED_PLACEHOLDERS: bool;
    /// The type of a content.
    const CONTENT: &'static str;
    /// Ends an `INSERT` that changes nothing if the key exists. If it is empty, such an `INSERT` fails, and the
    /// transaction goes on.
    const ON_CONFLICT: &'static str;
    /// Begins a transaction that writes.
    const BEGIN: &'static str;
    /// The beginning and the end of a query that waits for locks of numbers, in their order, until the transaction ends.
    /// It locks the keys of rows, also of those that do not exist yet, before a transaction changes several. `None` if
    /// the database finds a deadlock at once.
    const LOCK_NUMBERS: Option<(&'static str, &'static str)>;
    /// Ends a `CREATE TABLE`.
    const TABLE_OPTIONS: &'static str;
    /// `CREATE INDEX` with what makes it succeed if the index exists; without that if the database has none.
    const CREATE_INDEX: &'static str;
    /// The statements of a migration can be rolled back.
    const ROLLS_BACK_SCHEMA: bool;
    /// A query with one placeholder, the name of the lock that only one migration holds.
    const LOCK: Option<&'static str>;
    /// A query with the same placeholder that releases the lock, unless the end of the transaction does.
    const UNLOCK: Option<&'static str>;

    /// A statement with this database's placeholders.
    fn statement<'a>(text: impl Into<String>) -> Statement<'a> {
        Statement::new(text, Self::NUMBERED_PLACEHOLDERS)
    }

    /// The type of a text of at most `length` bytes, compared byte by byte.
    fn bytes(length: usize) -> String;

    /// What an error of the database means.
    fn cause(error: &dyn DatabaseError) -> Cause;

    /// Runs a statement; the number of rows that it changed.
    fn execute(
        connection: &mut Self::Connection,
        statement: Statement<'_>,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Runs a query for whole rows: the columns of [`super::columns::COLUMNS`].
    fn rows(
        connection: &mut Self::Connection,
        statement: Statement<'_>,
    ) -> impl Future<Output = Result<Vec<Row>, sqlx::Error>> + Send;

    /// Runs a query for a name, a number, and perhaps a time.
    fn counts(
        connection: &mut Self::Connection,
        statement: Statement<'_>,
    ) -> impl Future<Output = Result<Vec<Counted>, sqlx::Error>> + Send;
}

/// A row of [`Dialect::counts`].
pub struct Counted {
    pub(super) name: String,
    pub(super) number: i64,
    pub(super) time: Option<i64>,
}

/// Shows no name: it may be a group.
impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counted").field("number", &self.number).field("time", &self.time).finish_non_exhaustive()
    }
}

/// The three functions that run statements. SQLx's own traits make them the same text, with other types.
macro_rules! run_statements {
    ($row:ty) => {
        async fn execute(
            connection: &mut Self::Connection,
            statement: $crate::store::sql::statement::Statement<'_>,
        ) -> Result<u64, sqlx::Error> {
            let done = bound(&statement).execute(connection).await?;
            Ok(done.rows_affected())
        }

        async fn rows(
            connection: &mut Self::Connection,
            statement: $crate::store::sql::statement::Statement<'_>,
        ) -> Result<Vec<$crate::store::Row>, sqlx::Error> {
            let rows: Vec<$row> = bound(&statement).fetch_all(connection).await?;
            rows.iter().map(read_row).collect()
        }

        async fn counts(
            connection: &mut Self::Connection,
            statement: $crate::store::sql::statement::Statement<'_>,
        ) -> Result<Vec<$crate::store::sql::dialect::Counted>, sqlx::Error> {
            let rows: Vec<$row> = bound(&statement).fetch_all(connection).await?;
            rows.iter().map(read_counted).collect()
        }
    };
}
pub(super) use run_statements;

/// The functions that [`run_statements`] calls.
macro_rules! statement_functions {
    ($database:ty, $arguments:ty, $row:ty) => {
        fn bound<'q>(
            statement: &'q $crate::store::sql::statement::Statement<'_>,
        ) -> sqlx::query::Query<'q, $database, $arguments> {
            use $crate::store::sql::statement::Argument;
            statement.arguments.iter().fold(sqlx::query(&statement.text), |query, argument| match *argument {
                Argument::Integer(number) => query.bind(number),
                Argument::Bytes(bytes) => query.bind(bytes),
            })
        }

        fn read_row(row: &$row) -> Result<$crate::store::Row, sqlx::Error> {
            use sqlx::Row;
            $crate::store::sql::columns::row_of(
                [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?],
                [row.try_get(3)?, row.try_get(4)?],
                row.try_get(5)?,
                row.try_get(6)?,
            )
        }

        fn read_counted(row: &$row) -> Result<$crate::store::sql::dialect::Counted, sqlx::Error> {
            use sqlx::Row;
            Ok($crate::store::sql::dialect::Counted {
                name: $crate::store::sql::columns::text(row.try_get(0)?)?,
                number: row.try_get(1)?,
                time: if row.len() > 2 { row.try_get(2)? } else { None },
            })
        }
    };
}
pub(super) use statement_functions;
