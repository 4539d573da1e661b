//! A bind request as the parameters that are sent, so that it can be stored and sent again by another process.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::RangeFrom;

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::bind_error::BindError;
use super::binding::Binding;
use super::binding_kind::BindingKind;
use super::search::FoundBinding;
use super::terms::{Bind, BindTerms, Exclusive, ReadableTerms, sealed};
use crate::aliyun::binding::{BindAxb, BindAxg, BindAxn, BindAxnExtension, SecretBind};
use crate::aliyun::check::check_expiration;
use crate::aliyun::client::Client;
use crate::aliyun::number700::{BindAxb700, BindGxb700};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::subscription::CallRestrict;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::params::Params;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::parse_china_text;

const EXTENSION: &str = "Extension";

/// A bind request in the form that is sent. Serialized, it has numbers in plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BindForm {
    kind: BindingKind,
    params: BTreeMap<String, Private>,
}

impl BindForm {
    /// Checks a request and takes its parameters.
    pub(crate) fn new<B: Bind>(bind: &B, now: DateTime<Utc>) -> Result<Self, InvalidRequest> {
        bind.validate(now)?;
        let params = Params::from_struct(bind)?;
        let params = params.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        Ok(Self { kind: bind.terms().kind, params })
    }

    pub(crate) fn kind(&self) -> BindingKind {
        self.kind
    }

    pub(crate) fn pool_key(&self) -> &str {
        self.get("PoolKey").unwrap_or_default()
    }

    /// X, if the request names one.
    pub(crate) fn number_x(&self) -> Option<VirtualNumber> {
        self.get(self.x_name()).map(VirtualNumber::from)
    }

    /// When the binding ends.
    pub(crate) fn expiration(&self) -> Result<DateTime<FixedOffset>, InvalidRequest> {
        let expiration = self.get("Expiration").and_then(parse_china_text);
        expiration.ok_or_else(|| missing("Expiration"))
    }

    /// Whether both ask for the same binding. The expiration may differ: a caller that computes it from the current
    /// time sends another one each time.
    pub(crate) fn asks_the_same(&self, other: &Self) -> bool {
        let without_end = |form: &Self| {
            let mut form = form.clone();
            form.params.remove("Expiration");
            form
        };
        without_end(self) == without_end(other)
    }

    /// Whether the request needs an extension that it does not have.
    pub(crate) fn lacks_extension(&self) -> bool {
        self.kind == BindingKind::AxnExtension && self.get(EXTENSION).is_none()
    }

    /// The request with this X, and with this extension if it lacks one.
    pub(crate) fn at(&self, number_x: Option<&VirtualNumber>, extension: Option<&Private>) -> Self {
        let mut form = self.clone();
        if let Some(number_x) = number_x {
            form.params.insert(self.x_name().to_owned(), number_x.expose().into());
        }
        if let Some(extension) = extension {
            form.params.entry(EXTENSION.to_owned()).or_insert_with(|| extension.clone());
        }
        form
    }

    /// Sends the request: [`Client::bind_reconciled`].
    pub(crate) async fn bind(&self, client: &Client) -> Result<Binding, BindError> {
        match self.kind {
            BindingKind::Axb => Box::pin(client.bind_reconciled(&self.stored::<BindAxb>())).await,
            BindingKind::Axn => Box::pin(client.bind_reconciled(&self.stored::<BindAxn>())).await,
            BindingKind::AxnExtension => Box::pin(client.bind_reconciled(&self.stored::<BindAxnExtension>())).await,
            BindingKind::Axg => Box::pin(client.bind_reconciled(&self.stored::<BindAxg>())).await,
            BindingKind::Axb700 => Box::pin(client.bind_reconciled(&self.stored::<BindAxb700>())).await,
            BindingKind::Gxb700 => Box::pin(client.bind_reconciled(&self.stored::<BindGxb700>())).await,
        }
    }

    /// Searches for the binding at X: [`Client::find_binding`].
    pub(crate) async fn find(&self, client: &Client, window: RangeFrom<DateTime<Utc>>) -> Result<FoundBinding, Error> {
        // How it would be sent does not matter for a search.
        Box::pin(client.find_binding(&self.stored::<BindAxb>(), window)).await
    }

    fn stored<B>(&self) -> StoredBind<'_, B> {
        let bool_of = |name| self.get(name).and_then(|text| text.parse().ok());
        let (number_a, number_b) = if self.kind.is_700() { ("TelA", "TelB") } else { ("PhoneNoA", "PhoneNoB") };
        StoredBind {
            form: self,
            phone_no_a: self.get(number_a).unwrap_or_default().into(),
            phone_no_b: self.get(number_b).map(PhoneNumber::from),
            number_x: self.number_x(),
            call_restrict: self.get("CallRestrict").map(CallRestrict::from),
            is_recording_enabled: bool_of("IsRecordingEnabled"),
            asr_status: bool_of("ASRStatus"),
            bind: PhantomData,
        }
    }

    /// The parameter that names X.
    fn x_name(&self) -> &'static str {
        if self.kind.is_700() { "TelX" } else { "PhoneNoX" }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(Private::expose)
    }
}

fn missing(field: &'static str) -> InvalidRequest {
    InvalidRequest::new(field, "is missing in the stored request")
}

/// A stored request, sent as `B` is.
struct StoredBind<'a, B> {
    form: &'a BindForm,
    phone_no_a: PhoneNumber,
    phone_no_b: Option<PhoneNumber>,
    number_x: Option<VirtualNumber>,
    call_restrict: Option<CallRestrict>,
    is_recording_enabled: Option<bool>,
    asr_status: Option<bool>,
    bind: PhantomData<fn() -> B>,
}

impl<B> Serialize for StoredBind<'_, B> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.form.params.serialize(serializer)
    }
}

impl<B: Bind> Operation for StoredBind<'_, B> {
    type Gateway = Dyplsapi;
    type Output = B::Output;
    const NAME: &'static str = B::NAME;
    const SAFETY: Safety = B::SAFETY;
    const QPS: Option<u32> = B::QPS;
    const SUCCESS_CODES: &'static [&'static str] = B::SUCCESS_CODES;
    const DATA_SUCCESS_CODES: &'static [&'static str] = B::DATA_SUCCESS_CODES;

    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_expiration(self.form.expiration()?, now)
    }
}

impl<B: Bind> sealed::Bind for StoredBind<'_, B> {}

impl<B: Bind> Bind for StoredBind<'_, B> {
    fn terms(&self) -> BindTerms<'_> {
        let exclusive = match self.form.kind {
            BindingKind::Axb => Some(Exclusive::Parties),
            BindingKind::Axn | BindingKind::Axg => Some(Exclusive::Number),
            BindingKind::AxnExtension => Some(Exclusive::Extension),
            BindingKind::Axb700 | BindingKind::Gxb700 => None,
        };
        BindTerms {
            kind: self.form.kind,
            pool_key: self.form.pool_key(),
            phone_no_x: self.number_x.as_ref(),
            order_id: self.form.get("OrderId"),
            industrial_id: self.form.get("IndustrialId"),
            out_id: self.form.params.get("OutId"),
            // A request without a time does not pass `validate`.
            expiration: self.form.expiration().unwrap_or(DateTime::<Utc>::MIN_UTC.into()),
            readable: exclusive.map(|exclusive| ReadableTerms {
                exclusive,
                phone_no_a: &self.phone_no_a,
                phone_no_b: self.phone_no_b.as_ref(),
                group_id: self.form.get("GroupId"),
                extension: self.form.params.get(EXTENSION),
                is_recording_enabled: self.is_recording_enabled,
                asr_status: self.asr_status,
                asr_model_id: self.form.get("ASRModelId"),
                call_restrict: self.call_restrict.as_ref(),
            }),
        }
    }

    fn secret_bind(answer: Self::Output) -> SecretBind {
        B::secret_bind(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::at;

    fn bind() -> BindAxnExtension {
        BindAxnExtension::builder()
            .pool_key("FC123456")
            .phone_no_a("15000000000")
            .phone_no_b("15000000001")
            .call_restrict(CallRestrict::B)
            .is_recording_enabled(true)
            .asr_status(false)
            .out_id("order-1")
            .expiration(at("2026-01-07 10:00:00"))
            .build()
    }

    #[test]
    fn a_stored_request_is_sent_as_the_first_one_and_compared_by_the_same_terms() {
        let now = at("2026-01-06 10:00:00").to_utc();
        let form = BindForm::new(&bind(), now).unwrap();
        let json = serde_json::to_string(&form).unwrap();
        let read: BindForm = serde_json::from_str(&json).unwrap();
        assert_eq!(read, form);
        let mut named = bind();
        (named.phone_no_x, named.extension) = (Some("17000000001".into()), Some("130".into()));
        let read = read.at(Some(&"17000000001".into()), Some(&"130".into()));
        let stored = read.stored::<BindAxnExtension>();
        let (sent, expected) = (Params::from_struct(&stored).unwrap(), Params::from_struct(&named).unwrap());
        assert_eq!(sent.sorted(), expected.sorted());
        assert_eq!(format!("{:?}", stored.terms()), format!("{:?}", named.terms()));
        assert!(!format!("{form:?}").contains("15000000000"));
        stored.validate(now).unwrap();
        assert!(stored.validate(at("2026-01-07 09:59:30").to_utc()).is_err());
    }

    #[test]
    fn only_the_expiration_may_differ_between_two_requests_for_the_same() {
        let now = at("2026-01-06 10:00:00").to_utc();
        let form = |change: fn(&mut BindAxnExtension)| {
            let mut bind = bind();
            change(&mut bind);
            BindForm::new(&bind, now).unwrap()
        };
        let first = form(|_| {});
        assert!(first.asks_the_same(&form(|bind| bind.expiration = at("2026-01-08 10:00:00"))));
        assert!(!first.asks_the_same(&form(|bind| bind.phone_no_a = "15000000002".into())));
        assert!(!first.asks_the_same(&form(|bind| bind.out_id = None)));
    }
}
