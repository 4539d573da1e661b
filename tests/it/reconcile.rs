//! Bindings after lost responses: exactly one is found, or it is proven absent, or it is reported.

mod adopted;
mod among;
mod clocks;
mod found;
mod many;
mod named;
mod number700;
mod time;
mod unnamed;
mod upkeep;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use privacy_number::aliyun::{
    BindAxb, BindAxg, BindAxn, BindAxnExtension, BindError, Binding, Client, CreateAxgGroup, QuerySubsId,
};
use privacy_number::emulator::Emulator;
use privacy_number::{PhoneNumber, RetryPolicy, Settings};

const X: &str = "17000000001";
const A: &str = "15000000000";
const B: &str = "15000000001";
const OUT_ID: &str = "order-4711";
/// The X numbers of the emulator's pool.
const POOL: [&str; 6] = ["17000000001", "17000000002", "17000000003", "17000000004", "17000000005", "17000000006"];

/// The four operations that make one binding.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Axb,
    Axn,
    AxnExtension,
    Axg,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Axb, Self::Axn, Self::AxnExtension, Self::Axg];

    /// Those whose X refuses the same parties a second time.
    const REFUSED_TWICE: [Self; 3] = [Self::Axb, Self::Axn, Self::Axg];

    fn action(self) -> &'static str {
        match self {
            Self::Axb => "BindAxb",
            Self::Axn => "BindAxn",
            Self::AxnExtension => "BindAxnExtension",
            Self::Axg => "BindAxg",
        }
    }
}

/// An emulator, a client with a short backoff, and a G group.
struct Setup {
    emulator: Emulator,
    client: Client,
    group_id: String,
    /// The default expiration of bindings: in a week.
    end: DateTime<Utc>,
}

impl Setup {
    async fn start() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let client = client(&emulator);
        let group = CreateAxgGroup::builder().pool_key(emulator.pool_key()).numbers([PhoneNumber::from(B)]).build();
        let group_id = client.send(&group).await.unwrap().group_id;
        let end = emulator.clock().now().with_nanosecond(0).unwrap() + TimeDelta::days(7);
        Self { emulator, client, group_id, end }
    }

    async fn bind(&self, kind: Kind, number_x: Option<&str>, end: DateTime<Utc>) -> Result<Binding, BindError> {
        match kind {
            Kind::Axb => self.client.bind_reconciled(&self.axb(number_x, end)).await,
            Kind::Axn => self.client.bind_reconciled(&self.axn(number_x, end)).await,
            Kind::AxnExtension => self.client.bind_reconciled(&self.axn_extension(number_x, end)).await,
            Kind::Axg => self.client.bind_reconciled(&self.axg(number_x, end)).await,
        }
    }

    fn axb(&self, number_x: Option<&str>, end: DateTime<Utc>) -> BindAxb {
        let bind = BindAxb::builder().pool_key(self.emulator.pool_key()).phone_no_a(A).phone_no_b(B);
        bind.out_id(OUT_ID).expiration(end).maybe_phone_no_x(number_x).build()
    }

    fn axn(&self, number_x: Option<&str>, end: DateTime<Utc>) -> BindAxn {
        let bind = BindAxn::builder().pool_key(self.emulator.pool_key()).phone_no_a(A);
        bind.out_id(OUT_ID).expiration(end).maybe_phone_no_x(number_x).build()
    }

    fn axn_extension(&self, number_x: Option<&str>, end: DateTime<Utc>) -> BindAxnExtension {
        let bind = BindAxnExtension::builder().pool_key(self.emulator.pool_key()).phone_no_a(A);
        bind.out_id(OUT_ID).expiration(end).maybe_phone_no_x(number_x).build()
    }

    fn axg(&self, number_x: Option<&str>, end: DateTime<Utc>) -> BindAxg {
        let bind = BindAxg::builder().pool_key(self.emulator.pool_key()).phone_no_a(A).group_id(&self.group_id);
        bind.out_id(OUT_ID).expiration(end).maybe_phone_no_x(number_x).build()
    }

    /// Replaces the client.
    fn use_client(&mut self, settings: Settings) {
        self.client = self.emulator.aliyun_builder().settings(settings).build().unwrap();
    }

    /// A bind to [`X`] for a week.
    async fn bind_to_x(&self, kind: Kind) -> Result<Binding, BindError> {
        self.bind(kind, Some(X), self.end).await
    }

    /// The ids of the bindings in force at [`X`].
    async fn live(&self) -> Vec<String> {
        self.live_at(X).await
    }

    async fn live_at(&self, number_x: &str) -> Vec<String> {
        let query = QuerySubsId::builder().pool_key(self.emulator.pool_key()).phone_no_x(number_x).build();
        self.client.send(&query).await.unwrap().subs_ids
    }

    /// The ids of all bindings in force, at any X.
    async fn all_live(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for number_x in POOL {
            ids.extend(self.live_at(number_x).await);
        }
        ids
    }

    /// How often the action was received, and how often it was executed.
    fn arrived(&self, kind: Kind) -> (u64, u64) {
        let ledger = self.emulator.ledger();
        (ledger.count(kind.action()), ledger.executed(kind.action()))
    }
}

fn client(emulator: &Emulator) -> Client {
    emulator.aliyun_builder().settings(settings(emulator)).build().unwrap()
}

fn settings(emulator: &Emulator) -> Settings {
    let pause = Duration::from_millis(1);
    let policy = RetryPolicy::new().max_attempts(5).first_backoff(pause).first_throttled_backoff(pause);
    emulator.settings().retry(policy.max_backoff(pause))
}
