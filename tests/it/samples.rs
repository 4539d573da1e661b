//! What the tests know of an operation beside the catalogue: one sample of each, by family. All tests that go over
//! every operation take the operations from the crate's own list, and the requests from here.
#![cfg_attr(not(feature = "emulator"), allow(dead_code, reason = "only the emulator refuses and prepares"))]

mod answers;
mod auth;
mod billing;
mod binding;
mod blacklist;
mod calls;
#[cfg(feature = "emulator")]
mod emulator;
mod fixed_line;
mod gateways;
mod group;
mod number700;
mod oaid;
mod orders;
mod queue_token;
mod report;
mod secret_group;
mod secret_no;
mod subscription;
mod text_messages;
mod tmc;
mod tracking;
mod values;
mod waybill;
mod work_number;

use std::fmt::Debug;
use std::future::Future;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use privacy_number::{Operation, china};

pub(crate) use answers::{AnswerField, FieldType, Found, answer_fields, rest_of};
#[cfg(feature = "emulator")]
pub(crate) use emulator::emulator;
pub(crate) use gateways::{Clients, TestGateway, needs_no_session};
pub(crate) use values::{PrivateTexts, Values};

/// The one sample of an operation. The fields of its answer are listed beside it, with [`answer_fields!`].
pub(crate) trait Sample:
    Operation<Gateway: TestGateway, Output: AnswerField + Debug + PartialEq> + Debug + Sized + 'static
{
    /// Requests that together set every parameter. Each private text comes from `values`.
    fn requests(values: &Values) -> Vec<Self>;

    /// The first of the requests, with the documented values.
    fn request() -> Self {
        Self::requests(&Values::documented()).swap_remove(0)
    }

    /// A request that the emulator executes. First creates what the request names, if the emulator does not have it.
    fn ready(clients: &Clients) -> impl Future<Output = Self> {
        let _ = clients;
        std::future::ready(Self::request())
    }

    /// The code that refuses a second run, where the first run ends what the request names.
    const REFUSED_WHEN_GONE: Option<&'static str> = None;

    /// Whether that refusal of a retry is a success. If not, the program that made the call decides.
    const GONE_IS_SUCCESS: bool = false;
}

/// Calls a generic function for each operation of the one list, and collects what it returns; with `async`, awaits it.
/// The arguments follow the function: `each_operation!(async check, &server)`.
macro_rules! each_operation {
    (async $check:path $(, $argument:expr)* $(,)?) => {{
        use $check as check;
        privacy_number::operations!(crate::samples::await_each, ($($argument),*))
    }};
    ($check:path $(, $argument:expr)* $(,)?) => {{
        use $check as check;
        privacy_number::operations!(crate::samples::call_each, ($($argument),*))
    }};
}
pub(crate) use each_operation;

macro_rules! call_each {
    (($arguments:tt) $($gateway:ident $family:literal { $($operation:ident $does:literal,)* })*) => {
        vec![$($(check::<privacy_number::$gateway::$operation> $arguments,)*)*]
    };
}
pub(crate) use call_each;

macro_rules! await_each {
    (($arguments:tt) $($gateway:ident $family:literal { $($operation:ident $does:literal,)* })*) => {
        vec![$($(check::<privacy_number::$gateway::$operation> $arguments.await,)*)*]
    };
}
pub(crate) use await_each;

/// The names of all operations on the wire, in the order of the one list.
pub(crate) fn names() -> Vec<&'static str> {
    each_operation!(name)
}

fn name<O: Operation>() -> &'static str {
    O::NAME
}

pub(crate) fn is_top<O: Operation>() -> bool {
    is_top_name(O::NAME)
}

/// Whether the name is that of a method of TOP.
pub(crate) fn is_top_name(operation: &str) -> bool {
    operation.contains('.')
}

/// The times that samples name, in UTC and as the wire writes them in China time.
pub(crate) const TIMES: [(&str, &str); 5] = [
    ("2026-09-05T04:00:00Z", "2026-09-05 12:00:00"),
    ("2025-12-31T16:30:05Z", "2026-01-01 00:30:05"),
    ("2026-01-07T02:00:00Z", "2026-01-07 10:00:00"),
    ("2026-01-07T04:00:00Z", "2026-01-07 12:00:00"),
    ("2026-01-05T16:00:00Z", "2026-01-06 00:00:00"),
];

fn time(index: usize) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(TIMES[index].0).unwrap().to_utc()
}

pub(crate) fn expiration() -> DateTime<Utc> {
    time(0)
}

fn call_time() -> DateTime<Utc> {
    time(1)
}

fn appointment() -> (DateTime<FixedOffset>, DateTime<FixedOffset>) {
    (time(2).fixed_offset(), time(3).fixed_offset())
}

/// The day of a bill, whose midnight is on the wire.
fn bill_day() -> NaiveDate {
    time(4).with_timezone(&china()).date_naive()
}
