//! Every private value in the sample of each operation is a sentinel.

use std::collections::BTreeSet;

use privacy_number::Format;
use privacy_number::aliyun::HttpMethod;
use privacy_number::sign::Stamp;
use serde_json::Value;

use super::search::Search;
use super::sentinels::Sentinels;
use super::{for_sentinels, settings};
use crate::catalogue::{self, Entry, Kind};
use crate::clients::instant;
use crate::form;
use crate::raw_server::Refusing;
use crate::samples::{Clients, Sample, Values, each_operation};

/// Fields too short for a sentinel: an extension has at most four digits, which any text may contain.
const TOO_SHORT: [(&str, &str); 2] = [("BindAxnExtension", "Extension"), ("BindAxnExtensionFixedLine", "TelXext")];

#[test]
fn every_private_text_of_a_request_is_a_sentinel() {
    for_sentinels(async |run| {
        let refusing = Refusing::new();
        let clients = run.clients(&refusing.aliyun_endpoint(), Format::Json, HttpMethod::Post, settings());
        let missing = each_operation!(async without_sentinel, &clients, &run.s, &run.search).concat();
        assert!(missing.is_empty(), "no value of the sample stands in {}", missing.join(", "));
    });
}

/// The parameters that the request hides, or that the catalogue marks as private, without a sentinel.
async fn without_sentinel<O: Sample>(clients: &Clients, s: &Sentinels, search: &Search) -> Vec<String> {
    let entry = catalogue::entry(O::NAME);
    let marked = entry.parameters.iter().filter(|parameter| parameter.is_sensitive);
    let mut private: BTreeSet<_> = marked.map(|parameter| parameter.path.clone()).collect();
    for request in O::requests(&Values::documented()) {
        let shown = plain(&format!("{request:?}"));
        let texts = texts_sent(entry, clients, &request).await;
        private.extend(texts.into_iter().filter(|(_, text)| !shown.contains(&plain(text))).map(|(path, _)| path));
    }
    let mut filled = BTreeSet::new();
    for request in O::requests(&Values::replaced(&s.texts)) {
        let texts = texts_sent(entry, clients, &request).await;
        filled.extend(texts.into_iter().filter(|(_, text)| !search.found_in(text).is_empty()).map(|(path, _)| path));
    }
    let missing = private.difference(&filled).filter(|path| !TOO_SHORT.contains(&(O::NAME, path.as_str())));
    missing.map(|path| format!("{} of {}", path, O::NAME)).collect()
}

/// A value of an enumeration, as the wire and as `Debug` write it: `AXB_170` and `Axb170`.
fn plain(text: &str) -> String {
    text.replace('_', "").to_lowercase()
}

/// The texts of a request that the user chooses, by the path of their parameter.
async fn texts_sent<O: Sample>(entry: &Entry, clients: &Clients, request: &O) -> Vec<(String, String)> {
    let prepared = clients.prepare(request, &Stamp::new(instant(), "nonce")).await.unwrap();
    let mut texts = Vec::new();
    for (name, value) in form::decode(prepared.form.expose()) {
        let parsed = || serde_json::from_str(&value).unwrap();
        match entry.parameter(&name) {
            _ if entry.wrapper.as_ref() == Some(&name) => add_texts(entry, "", &parsed(), &mut texts),
            Some(parameter) if matches!(parameter.kind, Kind::Json | Kind::Texts) => {
                add_texts(entry, &name, &parsed(), &mut texts);
            }
            _ => add_texts(entry, &name, &Value::String(value), &mut texts),
        }
    }
    texts
}

fn add_texts(entry: &Entry, path: &str, value: &Value, texts: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| add_texts(entry, path, item, texts)),
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                add_texts(entry, &path, member, texts);
            }
        }
        Value::String(text) => match entry.parameter(path) {
            Some(parameter) if parameter.kind == Kind::Json => {
                add_texts(entry, path, &serde_json::from_str(text).unwrap(), texts);
            }
            // `Debug` shows a known value by the name of its variant.
            Some(parameter) if parameter.open_values.contains(text) => {}
            // `Debug` shows a list, not the text with commas.
            Some(parameter) if matches!(parameter.kind, Kind::Names | Kind::List) => {
                texts.extend(text.split(',').map(|text| (path.to_owned(), text.to_owned())));
            }
            // Other values than the documented ones would be refused.
            Some(parameter) if parameter.values.is_empty() && matches!(parameter.kind, Kind::Text | Kind::Texts) => {
                texts.push((path.to_owned(), text.clone()));
            }
            _ => {}
        },
        _ => {}
    }
}
