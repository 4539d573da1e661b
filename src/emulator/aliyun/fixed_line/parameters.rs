//! Parameters that several actions of the family have.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::emulator::aliyun::call::{Call, Refusal, check_phone_number};
use crate::emulator::answer::{Members, members};
use crate::emulator::store::fixed_line::{FixedLineKind, Terms};

const LONGEST_REMARK: usize = 100;

/// The parameters that every action of the family requires.
pub(super) struct Common<'a> {
    pub(super) app_id: &'a str,
    pub(super) order_id: &'a str,
}

impl<'a> Common<'a> {
    pub(super) fn read(call: &Call<'a>) -> Result<Self, Refusal> {
        let app_id = call.required("AppId")?;
        let order_id = call.required("OrderId")?;
        let is_time = is_digit_time(call.required("Ts")?, &[MILLISECONDS]);
        if !is_time {
            return Err(Refusal::invalid("Ts"));
        }
        Ok(Self { app_id, order_id })
    }

    /// Checks the number pool. Missing parameters are refused before.
    pub(super) fn check_pool(&self, call: &Call<'_>) -> Result<(), Refusal> {
        call.check_pool(self.app_id)
    }
}

const SECONDS: usize = 14;
const MILLISECONDS: usize = 17;

/// `Subts`, described with 14 digits; one vendor sample has 17.
pub(super) fn subts(text: &str) -> Result<String, Refusal> {
    if is_digit_time(text, &[SECONDS, MILLISECONDS]) { Ok(text.to_owned()) } else { Err(Refusal::invalid("Subts")) }
}

/// Whether a text is `yyyyMMddHHmmss`, with milliseconds if its length says so.
fn is_digit_time(text: &str, lengths: &[usize]) -> bool {
    let is_time = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").is_ok();
    lengths.contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.get(..SECONDS).is_some_and(is_time)
}

/// Seconds, and when a binding ends that lasts so long from now; `None` if it never ends.
pub(super) fn expiration(text: &str, now: DateTime<Utc>) -> Result<(u64, Option<DateTime<Utc>>), Refusal> {
    let seconds: u64 = text.parse().map_err(|_| Refusal::illegal_argument("Expiration is not whole seconds"))?;
    if seconds == 0 {
        return Ok((0, None));
    }
    let ends = i64::try_from(seconds).ok().and_then(TimeDelta::try_seconds);
    let ends = ends.and_then(|time| now.checked_add_signed(time));
    ends.map(|ends| (seconds, Some(ends))).ok_or_else(|| Refusal::illegal_argument("Expiration is too long"))
}

/// An optional number, which must be a phone number.
pub(super) fn number(call: &Call<'_>, name: &'static str) -> Result<Option<String>, Refusal> {
    let number = call.optional(name);
    number.map_or(Ok(()), check_phone_number)?;
    Ok(number.map(str::to_owned))
}

/// The name of the parameter with the options.
pub(super) fn extra_name(kind: FixedLineKind) -> &'static str {
    if kind == FixedLineKind::AxnExtension { "Extraaxx" } else { "Extra" }
}

pub(super) fn terms(call: &Call<'_>, kind: FixedLineKind) -> Result<Terms, Refusal> {
    let codes = |name, count| match call.optional(name) {
        Some(text) if text.split(',').count() != count || text.split(',').any(|code| code.trim().is_empty()) => {
            Err(Refusal::illegal_argument("the number of announcement codes is wrong"))
        }
        text => Ok(text.map(str::to_owned)),
    };
    let remark = call.optional("Remark");
    if remark.is_some_and(|text| text.chars().count() > LONGEST_REMARK) {
        return Err(Refusal::illegal_argument("Remark is too long"));
    }
    let extra = extra(call, kind)?;
    let option = |name, values: &[&str]| match extra.get(name).and_then(Value::as_str) {
        None if extra.contains_key(name) => Err(Refusal::invalid(extra_name(kind))),
        Some(value) if !values.contains(&value) => Err(Refusal::illegal_argument("an option has an unknown value")),
        value => Ok(value.map(str::to_owned)),
    };
    let callbacks: &[&str] = match kind {
        FixedLineKind::Axb => &[],
        FixedLineKind::Axn => &["0", "1", "2"],
        FixedLineKind::AxnExtension => &["0", "1"],
    };
    Ok(Terms {
        anucode: codes("Anucode", 3)?,
        anucodecalled: codes("Anucodecalled", 2)?,
        t_anucode_connect: codes("TAnucodeConnect", 2)?,
        remark: remark.map(str::to_owned),
        callback: option("Callback", callbacks)?,
        callrecording: option("Callrecording", &["0", "1"])?,
    })
}

fn extra(call: &Call<'_>, kind: FixedLineKind) -> Result<Members, Refusal> {
    let name = extra_name(kind);
    match call.optional(name).map(serde_json::from_str) {
        None => Ok(Members::new()),
        Some(Ok(Value::Object(extra))) => Ok(extra),
        Some(_) => Err(Refusal::invalid(name)),
    }
}

/// An answer with this content.
pub(super) fn answer(data: Value) -> Members {
    members([("Data", data)])
}
