//! What the tests know of an operation beside the catalogue: requests that set every parameter, and which public field
//! of the answer holds what stands under a path of the catalogue.

use std::future::Future;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};
use privacy_number::aliyun::{Dyplsapi, Dytnsapi};
use privacy_number::sign::Stamp;
use privacy_number::top::Top;
use privacy_number::{Error, Gateway, Operation, PhoneNumber, PreparedRequest, Private, VirtualNumber, aliyun, top};

pub(crate) trait Sample: Operation<Gateway: Reach, Output: PartialEq> + Sized {
    /// Requests that between them set every parameter.
    fn requests() -> Vec<Self>;

    /// The texts that the answer holds under a path of the catalogue, list elements in order; `None` for a path that
    /// no public field stands for.
    fn texts(answer: &Self::Output, path: &str) -> Option<Vec<String>>;
}

/// Runs a check of each operation of the one list, and gives the reports.
macro_rules! each_operation {
    ($check:path) => {{
        use $check as check;
        privacy_number::operations!(crate::conformance::sample::run_checks)
    }};
}
pub(crate) use each_operation;

macro_rules! run_checks {
    (() $($gateway:ident $family:literal { $($operation:ident $does:literal,)* })*) => {{
        use privacy_number::{aliyun, top};
        vec![$($(check::<$gateway::$operation>().await,)*)*]
    }};
}
pub(crate) use run_checks;

/// Clients of both gateways, all of one server.
pub(crate) struct Clients {
    pub(crate) aliyun: aliyun::Client,
    pub(crate) top: top::Client,
    pub(crate) shop: top::Shop,
}

/// How an operation of a gateway is sent.
pub(crate) trait Reach: Gateway + Sized {
    fn send<O: Operation<Gateway = Self>>(
        clients: &Clients,
        operation: &O,
    ) -> impl Future<Output = Result<O::Output, Error>>;

    fn prepare<O: Operation<Gateway = Self>>(
        clients: &Clients,
        operation: &O,
        stamp: &Stamp,
    ) -> impl Future<Output = Result<PreparedRequest, Error>>;
}

impl Reach for Dyplsapi {
    async fn send<O: Operation<Gateway = Self>>(clients: &Clients, operation: &O) -> Result<O::Output, Error> {
        clients.aliyun.send(operation).await
    }

    async fn prepare<O: Operation<Gateway = Self>>(
        clients: &Clients,
        operation: &O,
        stamp: &Stamp,
    ) -> Result<PreparedRequest, Error> {
        clients.aliyun.prepare(operation, stamp).await
    }
}

impl Reach for Dytnsapi {
    async fn send<O: Operation<Gateway = Self>>(clients: &Clients, operation: &O) -> Result<O::Output, Error> {
        clients.aliyun.send(operation).await
    }

    async fn prepare<O: Operation<Gateway = Self>>(
        clients: &Clients,
        operation: &O,
        stamp: &Stamp,
    ) -> Result<PreparedRequest, Error> {
        clients.aliyun.prepare(operation, stamp).await
    }
}

/// The one method that the documents call without a session.
fn is_without_session<O: Operation>() -> bool {
    O::NAME == "taobao.top.oaid.client.decrypt"
}

impl Reach for Top {
    async fn send<O: Operation<Gateway = Self>>(clients: &Clients, operation: &O) -> Result<O::Output, Error> {
        if is_without_session::<O>() { clients.top.send(operation).await } else { clients.shop.send(operation).await }
    }

    async fn prepare<O: Operation<Gateway = Self>>(
        clients: &Clients,
        operation: &O,
        stamp: &Stamp,
    ) -> Result<PreparedRequest, Error> {
        if is_without_session::<O>() {
            clients.top.prepare(operation, stamp)
        } else {
            clients.shop.prepare(operation, stamp).await
        }
    }
}

/// The texts of a public field: none for an absent one, several for a list.
pub(crate) trait Texts {
    fn texts(&self) -> Vec<String>;
}

macro_rules! one_text {
    ($($type:ty: |$value:ident| $text:expr),* $(,)?) => {
        $(impl Texts for $type {
            fn texts(&self) -> Vec<String> {
                let $value = self;
                vec![$text]
            }
        })*
    };
}

one_text! {
    String: |text| text.clone(),
    Private: |text| text.expose().to_owned(),
    PhoneNumber: |number| number.expose().to_owned(),
    VirtualNumber: |number| number.expose().to_owned(),
    bool: |flag| flag.to_string(),
    u16: |number| number.to_string(),
    u64: |number| number.to_string(),
    i32: |number| number.to_string(),
    i64: |number| number.to_string(),
    f64: |number| number.to_string(),
    DateTime<FixedOffset>: |time| time.format("%Y-%m-%d %H:%M:%S").to_string(),
    NaiveDate: |day| day.format("%Y-%m-%d").to_string(),
    NaiveTime: |time| time.format("%H:%M:%S").to_string(),
    aliyun::BindingStatus: |value| value.to_string(),
    aliyun::CallRestrict: |value| value.to_string(),
    aliyun::CallStatus: |value| value.to_string(),
    aliyun::CertifyStatus: |value| value.to_string(),
    aliyun::NumberStatus: |value| value.to_string(),
    aliyun::SecretStatus: |value| value.to_string(),
    aliyun::Vendor: |value| value.to_string(),
}

impl<T: Texts> Texts for Option<T> {
    fn texts(&self) -> Vec<String> {
        self.iter().flat_map(Texts::texts).collect()
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn texts(&self) -> Vec<String> {
        self.iter().flat_map(Texts::texts).collect()
    }
}

/// The texts of a field of each element.
pub(crate) fn each<'a, E: 'a, F: Texts + 'a>(
    elements: impl IntoIterator<Item = &'a E>,
    field: impl Fn(&'a E) -> &'a F,
) -> Vec<String> {
    elements.into_iter().flat_map(|element| field(element).texts()).collect()
}

/// The fields that an answer has beside `Code`, `Message` and `RequestId`.
macro_rules! answer_fields {
    ($answer:ident, $path:ident $(, $name:literal => $field:expr)* $(,)?) => {
        match $path {
            "Code" => Some($answer.code.texts()),
            "Message" => Some($answer.message.texts()),
            "RequestId" => Some($answer.request_id.texts()),
            $($name => Some($field.texts()),)*
            _ => None,
        }
    };
}
pub(crate) use answer_fields;

/// The moments that samples name, in another zone than the wire's, and how the wire writes them.
pub(crate) const TIMES: [(&str, &str); 4] = [
    ("2026-09-05T04:00:00Z", "2026-09-05 12:00:00"),
    ("2025-12-31T16:30:05Z", "2026-01-01 00:30:05"),
    ("2026-01-07T02:00:00Z", "2026-01-07 10:00:00"),
    ("2026-01-07T04:00:00Z", "2026-01-07 12:00:00"),
];

fn time(index: usize) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(TIMES[index].0).unwrap().to_utc()
}

pub(crate) fn expiration() -> DateTime<Utc> {
    time(0)
}

pub(crate) fn call_time() -> DateTime<Utc> {
    time(1)
}

pub(crate) fn appointment() -> (DateTime<FixedOffset>, DateTime<FixedOffset>) {
    (time(2).fixed_offset(), time(3).fixed_offset())
}
