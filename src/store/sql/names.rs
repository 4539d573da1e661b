use crate::invalid::InvalidRequest;
use crate::store::Table;

const MAX_PREFIX: usize = 24;

/// The names of the tables of one store.
pub(super) struct Names {
    prefix: String,
    schema: String,
    tables: [String; Table::ALL.len()],
}

impl Names {
    pub(super) fn new(prefix: &str) -> Result<Self, InvalidRequest> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let starts_well = prefix.bytes().next().is_none_or(|first| first.is_ascii_lowercase());
        if prefix.len() > MAX_PREFIX || !starts_well || !prefix.bytes().all(is_plain) {
            let rule = "must have at most 24 lower-case letters, digits and `_`, the first one a letter";
            return Err(InvalidRequest::new("prefix", rule));
        }
        let named = |name: &str| format!("{prefix}{name}");
        Ok(Self {
            prefix: prefix.to_owned(),
            schema: named("schema"),
            tables: Table::ALL.map(|table| named(table.name())),
        })
    }

    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The table that holds the version of the schema.
    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    pub(super) fn table(&self, table: Table) -> &str {
        let position = Table::ALL.iter().position(|other| *other == table);
        position.and_then(|position| self.tables.get(position)).map_or("", String::as_str)
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(String::as_str)
    }
}
