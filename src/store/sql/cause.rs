/// What an error of a database means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// A row with this key exists.
    Exists,
    /// The transaction was rolled back because of another one.
    Conflict,
    /// The server is stopping, starting or has too many connections.
    Unavailable,
    /// The disk, the file or the quota is full.
    Full,
    /// The file or a page of it is damaged.
    Corrupt,
    /// A table is missing.
    NoTable,
    /// The index exists.
    IndexExists,
    /// Anything else.
    Refused,
}
