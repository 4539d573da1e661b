//! Bindings that survive a cut line: exactly one, found again or proven absent, or a person is told.

mod many;
mod named;
mod unnamed;
mod upkeep;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use privacy_number::aliyun::{
    BindAxb, BindAxg, BindAxn, BindAxnExtension, BindError, Binding, Client, CreateAxgGroup, QuerySubsId,
};
use privacy_number::emulator::Emulator;
use privacy_number::{PhoneNumber, RetryPolicy};

const X: &str = "17000000001";
const A: &str = "15000000000";
const B: &str = "15000000001";
const OUT_ID: &str = "order-4711";

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

    /// Those of which X refuses the same parties a second time.
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

/// An emulator, a client that repeats without noticeable pauses, and a G group.
struct Scene {
    emulator: Emulator,
    client: Client,
    group_id: String,
    /// When bindings end that say nothing else, in a week.
    end: DateTime<Utc>,
}

impl Scene {
    async fn start() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let client = client(&emulator);
        let group = CreateAxgGroup::builder().pool_key(emulator.pool_key()).numbers([PhoneNumber::from(B)]).build();
        let group_id = client.send(&group).await.unwrap().group_id;
        let end = emulator.clock().now().with_nanosecond(0).unwrap() + TimeDelta::days(7);
        Self { emulator, client, group_id, end }
    }

    async fn bind(&self, kind: Kind, number_x: Option<&str>, end: DateTime<Utc>) -> Result<Binding, BindError> {
        let pool_key = self.emulator.pool_key();
        macro_rules! bind {
            ($builder:expr) => {{
                let builder = $builder.pool_key(pool_key).phone_no_a(A).out_id(OUT_ID).expiration(end);
                self.client.bind_reconciled(&builder.maybe_phone_no_x(number_x).build()).await
            }};
        }
        match kind {
            Kind::Axb => bind!(BindAxb::builder().phone_no_b(B)),
            Kind::Axn => bind!(BindAxn::builder()),
            Kind::AxnExtension => bind!(BindAxnExtension::builder()),
            Kind::Axg => bind!(BindAxg::builder().group_id(&self.group_id)),
        }
    }

    /// A bind to the usual X for a week.
    async fn bind_to_x(&self, kind: Kind) -> Result<Binding, BindError> {
        self.bind(kind, Some(X), self.end).await
    }

    /// The ids of the bindings in force at the usual X.
    async fn live(&self) -> Vec<String> {
        let query = QuerySubsId::builder().pool_key(self.emulator.pool_key()).phone_no_x(X).build();
        self.client.send(&query).await.unwrap().subs_ids
    }

    /// How often the action arrived, and how often it was carried out.
    fn arrived(&self, kind: Kind) -> (u64, u64) {
        let ledger = self.emulator.ledger();
        (ledger.count(kind.action()), ledger.executed(kind.action()))
    }
}

fn client(emulator: &Emulator) -> Client {
    let pause = Duration::from_millis(1);
    let policy = RetryPolicy::new().max_attempts(5).first_backoff(pause).first_throttled_backoff(pause);
    let settings = emulator.settings().retry(policy.max_backoff(pause));
    emulator.aliyun_builder().settings(settings).build().unwrap()
}
