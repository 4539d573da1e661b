//! A created binding, in memory or in its stored form.

use bon::Builder;
use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::binding_kind::BindingKind;
use crate::number::{NumberKind, VirtualNumber};
use crate::redact::Private;

/// A created binding, with all values that are needed to renew and remove it.
///
/// To store it, serialize the value of [`exposed`](Self::exposed): only that form has X and the extension in plain
/// text. `Binding` itself is not `Serialize`, so that no log and no response contains them by accident. `Deserialize`
/// reads it back. You can also build it from the columns of a database row:
///
/// ```
/// use privacy_number::aliyun::{Binding, BindingKind};
///
/// let binding = Binding::builder()
///     .kind(BindingKind::Axb)
///     .pool_key("FC123456")
///     .subs_id("1000000768300000000")
///     .secret_no("17000000001")
///     .expiration(chrono::DateTime::parse_from_rfc3339("2026-01-13T10:00:00+08:00")?)
///     .build();
/// let json = serde_json::to_string(&binding.exposed())?;
/// assert!(json.contains("17000000001") && !format!("{binding:?}").contains("17000000001"));
/// assert_eq!(serde_json::from_str::<Binding>(&json)?, binding);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Builder)]
#[serde(try_from = "Stored")]
#[builder(on(String, into), on(VirtualNumber, into), on(Private, into))]
#[non_exhaustive]
pub struct Binding {
    /// The kind of binding, by which renewing and removing choose their operation.
    pub kind: BindingKind,
    /// The number pool's key.
    pub pool_key: String,
    /// The binding's id.
    pub subs_id: String,
    /// X, the virtual number.
    pub secret_no: VirtualNumber,
    /// The extension of an AXN extension binding.
    pub extension: Option<Private>,
    /// The order of a binding of a 700 number: this or `industrial_id` is needed to renew and remove it.
    pub order_id: Option<String>,
    /// The identifier of the industrial internet of a binding of a 700 number.
    pub industrial_id: Option<String>,
    /// When the binding ends.
    #[builder(into)]
    pub expiration: DateTime<FixedOffset>,
}

impl Binding {
    /// Whether the binding ends within this time and should be renewed.
    #[must_use]
    pub fn ends_within(&self, reserve: TimeDelta, now: DateTime<Utc>) -> bool {
        self.expiration.signed_duration_since(now) <= reserve
    }

    /// The binding to serialize, with X and the extension in plain text: `kind`, `pool_key`, `subs_id`, `secret_no`,
    /// `extension`, `order_id` and `industrial_id` (omitted if there is none) and `expiration` in RFC 3339.
    #[must_use]
    pub fn exposed(&self) -> ExposedBinding<'_> {
        ExposedBinding(self)
    }

    /// The same for a field of your own struct: `#[serde(serialize_with = "Binding::serialize_exposed")]`.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize_exposed<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.exposed().serialize(serializer)
    }
}

/// A [`Binding`] whose numbers are serialized in plain text: [`Binding::exposed`]. `Debug` does not show them.
#[derive(Debug, Clone, Copy)]
pub struct ExposedBinding<'a>(&'a Binding);

impl Serialize for ExposedBinding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Binding { kind, pool_key, subs_id, secret_no, extension, order_id, industrial_id, expiration } = self.0;
        let stored = Stored {
            kind: *kind,
            pool_key: pool_key.clone(),
            subs_id: subs_id.clone(),
            secret_no: secret_no.expose().to_owned(),
            extension: extension.as_ref().map(|extension| extension.expose().to_owned()),
            order_id: order_id.clone(),
            industrial_id: industrial_id.clone(),
            expiration: expiration.to_rfc3339_opts(SecondsFormat::AutoSi, false),
        };
        stored.serialize(serializer)
    }
}

/// The stored form of a binding.
#[derive(Serialize, Deserialize)]
struct Stored {
    kind: BindingKind,
    pool_key: String,
    subs_id: String,
    secret_no: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extension: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    industrial_id: Option<String>,
    expiration: String,
}

#[derive(Debug, thiserror::Error)]
enum StoredError {
    #[error("`secret_no` is masked: it cannot be used in a call. Store `Binding::exposed()`")]
    Masked,
    #[error("`order_id` or `industrial_id` is needed for a binding of a 700 number")]
    Order,
    #[error("`expiration` is no time in RFC 3339")]
    Expiration,
}

impl TryFrom<Stored> for Binding {
    type Error = StoredError;

    fn try_from(stored: Stored) -> Result<Self, StoredError> {
        let secret_no = VirtualNumber::from(stored.secret_no);
        if secret_no.kind() == NumberKind::Masked {
            return Err(StoredError::Masked);
        }
        if stored.kind.is_700() && stored.order_id.is_none() && stored.industrial_id.is_none() {
            return Err(StoredError::Order);
        }
        Ok(Self {
            kind: stored.kind,
            pool_key: stored.pool_key,
            subs_id: stored.subs_id,
            secret_no,
            extension: stored.extension.map(Private::from),
            order_id: stored.order_id,
            industrial_id: stored.industrial_id,
            expiration: DateTime::parse_from_rfc3339(&stored.expiration).map_err(|_| StoredError::Expiration)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding() -> Binding {
        Binding::builder()
            .kind(BindingKind::AxnExtension)
            .pool_key("FC123456")
            .subs_id("1000000768300000000")
            .secret_no("17000000001")
            .extension("130")
            .expiration(DateTime::parse_from_rfc3339("2026-01-13T10:00:00+08:00").unwrap())
            .build()
    }

    #[test]
    fn a_stored_binding_comes_back_as_it_was() {
        let json = serde_json::to_string(&binding().exposed()).unwrap();
        assert_eq!(
            json,
            r#"{"kind":"axn_extension","pool_key":"FC123456","subs_id":"1000000768300000000","secret_no":"17000000001","extension":"130","expiration":"2026-01-13T10:00:00+08:00"}"#
        );
        assert_eq!(serde_json::from_str::<Binding>(&json).unwrap(), binding());
        let mut without = binding();
        without.extension = None;
        let json = serde_json::to_string(&without.exposed()).unwrap();
        assert_eq!(serde_json::from_str::<Binding>(&json).unwrap(), without);
    }

    #[test]
    fn a_binding_of_a_700_number_is_stored_with_its_order() {
        let mut binding = binding();
        (binding.kind, binding.secret_no, binding.extension) = (BindingKind::Gxb700, "700000000000001".into(), None);
        let stored = |binding: &Binding| serde_json::to_string(&binding.exposed()).unwrap();
        let error = serde_json::from_str::<Binding>(&stored(&binding)).unwrap_err().to_string();
        assert!(error.contains("`order_id`"), "{error}");
        for ids in [(Some("o-1".to_owned()), None), (None, Some("700.100.1/1".to_owned()))] {
            (binding.order_id, binding.industrial_id) = ids;
            assert_eq!(serde_json::from_str::<Binding>(&stored(&binding)).unwrap(), binding);
        }
    }

    #[test]
    fn a_binding_may_be_a_field_of_a_stored_struct() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Row {
            order: u64,
            #[serde(serialize_with = "Binding::serialize_exposed")]
            binding: Binding,
        }

        let row = Row { order: 4711, binding: binding() };
        let json = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<Row>(&json).unwrap(), row);
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_being_shown() {
        let json = serde_json::to_string(&binding().exposed()).unwrap();
        let masked = json.replace("17000000001", "170****0001");
        let error = serde_json::from_str::<Binding>(&masked).unwrap_err().to_string();
        assert!(error.contains("masked") && !error.contains("170"), "{error}");
        let error = serde_json::from_str::<Binding>(&json.replace("2026-01-13T", "13.1.2026 ")).unwrap_err();
        assert!(error.to_string().contains("`expiration`"), "{error}");
    }

    #[test]
    fn nothing_but_the_stored_form_shows_the_number() {
        let binding = binding();
        let shown = format!("{binding:?} {:?}", binding.exposed());
        assert!(!shown.contains("17000000001") && !shown.contains("130"), "{shown}");
    }
}
