/// The tables of a store. Each one holds rows of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Table {
    /// Which encryption keys the rows of the store were written with.
    Keys,
    /// Who does a piece of work now: [`Lease`](super::Lease).
    Leases,
    /// Decrypted receivers.
    Receivers,
    /// Calls that were counted.
    Quota,
    /// Bindings of virtual numbers.
    Bindings,
    /// The ids of the gateway's bindings, each with the key that has it.
    Numbers,
    /// Call receipts that were handled.
    Receipts,
    /// Sessions of shops.
    Sessions,
    /// Work that is put off.
    Parked,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 9] = [
        Self::Keys,
        Self::Leases,
        Self::Receivers,
        Self::Quota,
        Self::Bindings,
        Self::Numbers,
        Self::Receipts,
        Self::Sessions,
        Self::Parked,
    ];

    /// The name of the table: lower-case letters. In a database it follows the prefix.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Leases => "leases",
            Self::Receivers => "receivers",
            Self::Quota => "quota",
            Self::Bindings => "bindings",
            Self::Numbers => "numbers",
            Self::Receipts => "receipts",
            Self::Sessions => "sessions",
            Self::Parked => "parked",
        }
    }
}
