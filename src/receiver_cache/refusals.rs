//! Shares a refusal with those that were waiting for it. It is no cache of errors: who asks after it was written does
//! not see it.

use std::collections::HashMap;

use chrono::{TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ServiceError};
use crate::store::{EncryptedStore, NewRow, Query, Row, Store, StoreError, Table};
use crate::top::{OaidDecrypt, ReceiverQuery, Shop};

/// How long a refusal is there for those that wait, who look several times a second.
const KEPT: TimeDelta = TimeDelta::seconds(30);

const STATE: &str = "refusal";

/// How many old refusals are removed when a new one is written.
const SWEPT: u32 = 20;

/// The refusals that were there when a caller began to wait. Later ones are from calls that ended while it waited.
pub(super) struct Waiting(HashMap<String, u64>);

/// A refusal as TOP's own error response, so that it is read as the response was. Without TOP's message, which may
/// quote the request.
#[derive(Serialize, Deserialize)]
struct Response {
    error_response: Codes,
    #[serde(default)]
    http_status: Option<u16>,
}

#[derive(Serialize, Deserialize)]
struct Codes {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

fn name(key: &str) -> String {
    format!("refusal/{key}")
}

impl Waiting {
    /// Starts to wait for the receivers with these keys.
    pub(super) async fn start<S: Store>(store: &EncryptedStore<S>, keys: &[&str]) -> Result<Self, StoreError> {
        let rows = read(store, keys).await?;
        Ok(Self(keys.iter().zip(rows).filter_map(|(key, row)| Some(((*key).to_owned(), row?.version))).collect()))
    }

    /// The refusals since the wait began.
    pub(super) async fn look<S: Store>(
        &self,
        store: &EncryptedStore<S>,
        shop: &Shop,
        keys: &[&str],
    ) -> Result<HashMap<String, Error>, StoreError> {
        let rows = read(store, keys).await?;
        let later = keys.iter().zip(rows).filter_map(|(key, row)| {
            let row = row.filter(|row| self.0.get(*key) != Some(&row.version))?;
            Some(((*key).to_owned(), error_in(shop, &row.value)?))
        });
        Ok(later.collect())
    }
}

async fn read<S: Store>(store: &EncryptedStore<S>, keys: &[&str]) -> Result<Vec<Option<Row>>, StoreError> {
    let names: Vec<_> = keys.iter().map(|key| name(key)).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    store.get_many(Table::Receivers, &names).await
}

/// Tells those that wait for an order why it was refused. Only what they would read as the same error is shared.
pub(super) async fn share<S: Store>(
    store: &EncryptedStore<S>,
    shop: &Shop,
    key: &str,
    error: &Error,
) -> Result<(), StoreError> {
    // An order that was not sent alone is not known to be at fault.
    let Error::Service(refusal) = error else { return Ok(()) };
    if refusal.hint().is_some() || refusal.is_throttled() || refusal.is_held_back() {
        return Ok(());
    }
    let Some(value) = written(refusal) else { return Ok(()) };
    let is_same = |read: &Error| {
        (read.code(), read.sub_code(), read.outcome(), read.advice())
            == (error.code(), error.sub_code(), error.outcome(), error.advice())
    };
    if !error_in(shop, &value).is_some_and(|read| is_same(&read)) {
        return Ok(());
    }
    let (name, now) = (name(key), Utc::now());
    let row = NewRow::new(&value).state(STATE).due(now.checked_add_signed(KEPT));
    match store.get(Table::Receivers, &name).await? {
        Some(old) => store.update(Table::Receivers, &name, old.version, row).await?,
        // A version of its own: a row that was swept must not be taken for the later one.
        None => store.insert(Table::Receivers, &name, row.first_version(fastrand::u64(1..1 << 60))).await?,
    };
    let old = Query::new(SWEPT).state(STATE).due_until(now);
    for row in store.list(Table::Receivers, &old).await? {
        store.delete(Table::Receivers, &row.key, Some(row.version)).await?;
    }
    Ok(())
}

fn written(refusal: &ServiceError) -> Option<Vec<u8>> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let codes = Codes {
        code: refusal.code().to_owned(),
        sub_code: owned(refusal.sub_code()),
        request_id: owned(refusal.request_id()),
    };
    serde_json::to_vec(&Response { error_response: codes, http_status: refusal.http_status() }).ok()
}

/// The error that the client reads in a refusal; `None` if it reads none.
fn error_in(shop: &Shop, value: &[u8]) -> Option<Error> {
    let Response { error_response, http_status } = serde_json::from_slice(value).ok()?;
    let body = serde_json::to_vec(&serde_json::json!({ "error_response": error_response })).ok()?;
    let any = OaidDecrypt::new([ReceiverQuery::builder().oaid("-").tid("-").build()]);
    let error = shop.read(&any, http_status.unwrap_or(200), body).err()?;
    matches!(error, Error::Service(_)).then_some(error)
}
