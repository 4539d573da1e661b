//! The JSON bodies of control requests. An unknown member is an error, so that a typing mistake is noticed.

use std::time::Duration;

use chrono::DateTime;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::reply::Problem;
use crate::emulator::aliyun::seed::WHITE_GROUP;
use crate::emulator::clock::Clock;
use crate::emulator::gateways::Gateways;
use crate::emulator::seed::{FIRST_SHOP, ShopSeed};
use crate::emulator::store::number_report::ReportReview;

/// Sets the time, then advances the clock, then starts or stops it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockChange {
    /// Such as `2026-01-06T02:00:00Z`.
    set: Option<String>,
    now: Option<bool>,
    /// In seconds.
    advance: Option<u64>,
    run: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewShop {
    shop: String,
    session: Option<String>,
    #[serde(default)]
    callers: Vec<String>,
    #[serde(default)]
    orders: Vec<NewOrder>,
    #[serde(default)]
    client_tokens: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    tid: String,
    oaid: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrders {
    #[serde(default = "first_shop")]
    pub(super) shop: String,
    orders: Vec<NewOrder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionExpiration {
    #[serde(default = "first_shop")]
    pub(super) shop: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionRotation {
    #[serde(default = "first_shop")]
    pub(super) shop: String,
    pub(super) session: String,
}

/// A receipt has either a JSON body or any text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReceipt {
    #[serde(rename = "type")]
    message_type: String,
    body: Option<Value>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QueueSettings {
    /// In seconds.
    visibility_timeout: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Review {
    number: String,
    #[serde(default = "white_group")]
    white_group: i64,
    /// `PASS` or `FAIL`.
    result: String,
    #[serde(default)]
    reasons: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Empty {}

fn white_group() -> i64 {
    WHITE_GROUP
}

fn first_shop() -> String {
    FIRST_SHOP.to_owned()
}

impl NewReceipt {
    /// Publishes the receipt. Returns the name of its queue.
    pub(super) fn publish(&self, gateways: &Gateways) -> Result<String, Problem> {
        let is_published = match (&self.body, &self.text) {
            (Some(body), None) => gateways.publish_receipt(&self.message_type, body),
            (None, Some(text)) => gateways.publish_text(&self.message_type, text),
            _ => return Err(Problem::bad_request("a receipt has either body or text")),
        };
        if is_published {
            Ok(gateways.queue_name(&self.message_type))
        } else {
            Err(Problem::new(StatusCode::NOT_FOUND, "there is no queue for this type"))
        }
    }
}

impl QueueSettings {
    pub(super) fn apply(&self, gateways: &Gateways) -> Result<(), Problem> {
        if !(1..=43_200).contains(&self.visibility_timeout) {
            return Err(Problem::bad_request("visibility_timeout must be between 1 and 43200 seconds"));
        }
        gateways.set_visibility_timeout(Duration::from_secs(self.visibility_timeout));
        Ok(())
    }
}

impl ClockChange {
    pub(super) fn apply(self, clock: &Clock) -> Result<(), Problem> {
        let time = match &self.set {
            None => None,
            Some(text) => {
                let time = DateTime::parse_from_rfc3339(text)
                    .map_err(|_| Problem::bad_request("set must be a time such as 2026-01-06T02:00:00Z"))?;
                Some(time.to_utc())
            }
        };
        match (time, self.now) {
            (Some(_), Some(_)) => return Err(Problem::bad_request("set and now cannot be used together")),
            (_, Some(false)) => return Err(Problem::bad_request("now must be true; use run false to stop the clock")),
            (None, None) if self.advance.is_none() && self.run.is_none() => {
                return Err(Problem::bad_request("the members are set, now, advance and run"));
            }
            (Some(time), None) => clock.set(time),
            (None, Some(true)) => clock.follow_system(),
            (None, None) => {}
        }
        if let Some(seconds) = self.advance {
            clock.advance(Duration::from_secs(seconds));
        }
        match self.run {
            Some(true) => clock.run(),
            Some(false) => clock.stop(),
            None => {}
        }
        Ok(())
    }
}

impl Review {
    /// The white list, the number and the result.
    pub(super) fn into_parts(self) -> Result<(i64, String, ReportReview), Problem> {
        let review = match (self.result.as_str(), self.reasons.is_empty()) {
            ("PASS", true) => ReportReview::Pass,
            ("FAIL", _) => ReportReview::Fail(self.reasons),
            _ => return Err(Problem::bad_request("result must be PASS, or FAIL with reasons")),
        };
        Ok((self.white_group, self.number, review))
    }
}

impl NewShop {
    pub(super) fn into_seed(self) -> ShopSeed {
        let seed = ShopSeed::new(self.shop)
            .callers(self.callers)
            .orders(self.orders.into_iter().map(NewOrder::into_pair))
            .client_tokens(self.client_tokens);
        match self.session {
            Some(session) => seed.session(session),
            None => seed,
        }
    }
}

impl NewOrders {
    pub(super) fn into_pairs(self) -> Vec<(String, String)> {
        self.orders.into_iter().map(NewOrder::into_pair).collect()
    }
}

impl NewOrder {
    fn into_pair(self) -> (String, String) {
        (self.tid, self.oaid)
    }
}
