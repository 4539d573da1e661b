//! The file of orders: CSV with a header line, or JSON lines.

use std::collections::BTreeMap;
use std::path::Path;

use privacy_number::emulator::{EmulatorBuilder, ShopSeed};
use serde::Deserialize;

use crate::problem::Problem;

/// The shop of an order that names none.
const FIRST_SHOP: &str = "first-shop";
const BYTE_ORDER_MARK: char = '\u{feff}';
const REMEDY: &str = "correct the file: CSV with the header tid,oaid or tid,oaid,shop, or a JSON object in each line";

/// The orders of a file by shop, as pairs of tid and oaid.
pub(crate) struct Orders(BTreeMap<String, Vec<(String, String)>>);

/// One order, in CSV and in JSON.
#[derive(Deserialize)]
struct Row {
    tid: Text,
    oaid: Text,
    #[serde(default)]
    shop: Option<Text>,
}

/// A text, or a number in JSON: a tid is written in both ways.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Number(u64),
    Text(String),
}

impl Orders {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Problem> {
        let bytes = std::fs::read(path).map_err(|error| Problem::of_file(path, &error))?;
        let text =
            String::from_utf8(bytes).map_err(|_| Problem::of_text(path, "it is not UTF-8", "save it as UTF-8"))?;
        Self::parse(&text).map_err(|(line, reason)| Problem::of_line(path, line, reason, REMEDY))
    }

    /// Adds the orders to their shops. Shops that do not exist are added.
    pub(crate) fn add_to(self, mut builder: EmulatorBuilder) -> EmulatorBuilder {
        for (shop, orders) in self.0 {
            builder = if shop == FIRST_SHOP {
                builder.orders(orders)
            } else {
                builder.shop(ShopSeed::new(shop).orders(orders))
            };
        }
        builder
    }

    /// The error is the number of a line, and what is wrong with it. It shows no value.
    fn parse(text: &str) -> Result<Self, (u64, String)> {
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let mut orders = Self(BTreeMap::new());
        if text.trim_start().starts_with('{') {
            for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
                let row = serde_json::from_str(text).map_err(|error| (line, json_reason(&error)))?;
                orders.add(row).map_err(|reason| (line, reason))?;
            }
        } else {
            orders.add_csv(text)?;
        }
        Ok(orders)
    }

    fn add_csv(&mut self, text: &str) -> Result<(), (u64, String)> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let line_of = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
        let header = reader.headers().map_err(|error| (line_of(&error), "it is not CSV".to_owned()))?.clone();
        for name in ["tid", "oaid"] {
            if !header.iter().any(|column| column == name) {
                return Err((1, format!("the header has no column {name}")));
            }
        }
        for record in reader.into_records() {
            let record =
                record.map_err(|error| (line_of(&error), "another number of columns than the header".into()))?;
            let line = record.position().map_or(1, csv::Position::line);
            let row = record.deserialize(Some(&header)).map_err(|_| (line, "it is not an order".to_owned()))?;
            self.add(row).map_err(|reason| (line, reason))?;
        }
        Ok(())
    }

    fn add(&mut self, row: Row) -> Result<(), String> {
        let (tid, oaid) = (row.tid.into_string(), row.oaid.into_string());
        for (name, value) in [("tid", &tid), ("oaid", &oaid)] {
            if value.is_empty() {
                return Err(format!("{name} is empty"));
            }
        }
        let shop = row.shop.map(Text::into_string).filter(|shop| !shop.is_empty());
        self.0.entry(shop.unwrap_or_else(|| FIRST_SHOP.to_owned())).or_default().push((tid, oaid));
        Ok(())
    }
}

impl Text {
    fn into_string(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text,
        }
    }
}

fn json_reason(error: &serde_json::Error) -> String {
    if error.is_data() {
        return "an order is an object with the texts tid and oaid, and shop if it is not of the first shop".to_owned();
    }
    format!("it is not JSON from column {}", error.column())
}
