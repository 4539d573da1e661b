//! Faults on demand: what goes wrong, for which requests, how often.

mod from_json;
mod refusal;
mod schedule;

use std::time::Duration;

use chrono::TimeDelta;
use http::StatusCode;

use super::request_kind::GatewayKind;
pub(crate) use from_json::read as from_json;
pub(crate) use refusal::Instead;
pub(crate) use schedule::{Due, Faults};

/// Something that goes wrong on demand.
///
/// Without further calls a fault strikes every request to either gateway. [`on`](Fault::on), [`after`](Fault::after),
/// [`times`](Fault::times) and [`probability`](Fault::probability) narrow that down, the same on every run. A request
/// meets at most one fault: the first, in the order of injection, that strikes it. Faults strike before the gateway
/// looks at anything but the operation's name, so a request that it would refuse meets them too.
///
/// ```
/// use std::time::Duration;
/// use privacy_number::emulator::{Emulator, Fault, Throttle};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let emulator = Emulator::start().await?;
/// emulator.inject(Fault::throttled(Throttle::Api, Duration::from_secs(1)).on("BindAxb").times(2));
/// emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
/// // The third BindAxb is carried out, and its answer is lost.
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is injected"]
pub struct Fault {
    name: &'static str,
    effect: Effect,
    /// Whether the operation is carried out although the answer says otherwise.
    executed: bool,
    gateway: Option<GatewayKind>,
    operation: Option<String>,
    skip: u64,
    times: Option<u64>,
    chance: Option<Chance>,
}

/// What flow control limits. Each gateway has its own words for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Throttle {
    /// The operation, over all callers: `accesscontrol.limited-by-api-access-count`, `Throttling.Api`.
    Api,
    /// The application or account: `accesscontrol.limited-by-app-access-count`, `Throttling.User`.
    App,
    /// The application at this operation: `accesscontrol.limited-by-app-api-access-count`, `Throttling`.
    AppApi,
    /// Whatever the gateway thinks fit: `accesscontrol.limited-by-dynamic-access-count`, `System.LimitControl`.
    Dynamic,
    /// The product behind the gateway, which says no time: `isp.call-limited`, `isv.FLOW_LIMIT`.
    Product,
}

#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// Another answer in the place of the gateway's.
    Instead(Instead),
    Reset,
    DelayBefore(Duration),
    DelayAfter(Duration),
    TornBody,
    TornJson,
    Garbled,
    WrongGzip,
    Oversized(u64),
    SlowDrip(Duration),
    ClockSkew(TimeDelta),
    ConnectionRefused(Duration),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance {
    probability: f64,
    seed: u64,
}

impl Fault {
    /// Refused by flow control for `ban`, not executed. No time is told if `ban` is zero.
    ///
    /// TOP: code 7 and `This ban will last for N more seconds`. Alibaba Cloud: the header `x-acs-retry-after`, in
    /// milliseconds. The fault does not keep the time: how many requests it strikes is for [`times`](Fault::times).
    pub fn throttled(throttle: Throttle, ban: Duration) -> Self {
        Self::new("throttled", Effect::Instead(Instead::Throttled { throttle, ban }))
    }

    /// Refused for want of quota, not executed: `isv.decryption-quota-exceeded`, `isv.BUY_NUM_OVER_LIMIT`.
    pub fn quota_exceeded() -> Self {
        Self::new("quota_exceeded", Effect::Instead(Instead::Quota))
    }

    /// Refused with this code, in the gateway's own form and with the HTTP status that goes with it.
    ///
    /// At TOP a number is the code itself (`27`, or `27:session-expired` with its `sub_code`); any other text is a
    /// `sub_code`, and `gxb-…` is the `errorCode` of a normal answer with `success: false`. At Alibaba Cloud `isv.…`
    /// and `isp.…` come as the operation's own answer with HTTP 200, everything else as an error of the gateway.
    pub fn error(code: impl Into<String>) -> Self {
        Self::new("error", Effect::Instead(Instead::Code(code.into())))
    }

    /// HTTP 500 without a body.
    pub fn internal_error() -> Self {
        Self::new("internal_error", Effect::Instead(Instead::Status(StatusCode::INTERNAL_SERVER_ERROR)))
    }

    /// HTTP 503 without a body.
    pub fn unavailable() -> Self {
        Self::new("unavailable", Effect::Instead(Instead::Status(StatusCode::SERVICE_UNAVAILABLE)))
    }

    /// HTTP 502 with a page of HTML, as a proxy in between answers.
    pub fn bad_gateway_page() -> Self {
        Self::new("bad_gateway_page", Effect::Instead(Instead::HtmlPage))
    }

    /// Alibaba Cloud's `SignatureNonceUsed`, for a nonce that was not used. TOP knows no nonces: its requests pass.
    pub fn nonce_used() -> Self {
        let fault = Self::new("nonce_used", Effect::Instead(Instead::Code("SignatureNonceUsed".to_owned())));
        Self { gateway: Some(GatewayKind::Aliyun), ..fault }
    }

    /// The request waits before it is carried out. A caller that hangs up meanwhile leaves nothing done.
    pub fn delay_before(pause: Duration) -> Self {
        Self::new("delay_before", Effect::DelayBefore(pause))
    }

    /// The request is carried out, and its answer waits.
    pub fn delay_after(pause: Duration) -> Self {
        Self::new("delay_after", Effect::DelayAfter(pause))
    }

    /// New connections are really refused for so long, at most until the faults are cleared; open ones are closed
    /// once their current call is answered.
    ///
    /// The gateways never see such a call, so it is neither counted nor in the ledger, and the narrowing methods
    /// mean nothing to this fault. Time is the system's. It needs a server: [`Gateways`](super::Gateways) alone
    /// ignore it.
    ///
    /// A client that keeps an idle connection must have had a moment to see it closed. One that sends its next call
    /// at once sends it there, and its connection breaks instead of being refused.
    pub fn connection_refused(lasting: Duration) -> Self {
        Self::new("connection_refused", Effect::ConnectionRefused(lasting))
    }

    /// The connection is reset when the request is there: nothing is done, nothing answered.
    pub fn reset_before_execution() -> Self {
        Self::new("reset_before_execution", Effect::Reset)
    }

    /// The request is carried out, and the connection is reset in the place of an answer.
    pub fn reset_after_execution() -> Self {
        Self { executed: true, ..Self::new("reset_after_execution", Effect::Reset) }
    }

    /// The answer's head and half of the body it promises, then a reset.
    pub fn torn_body() -> Self {
        Self::new("torn_body", Effect::TornBody)
    }

    /// Half of the answer's text, in a body that is whole for HTTP.
    pub fn torn_json() -> Self {
        Self::new("torn_json", Effect::TornJson)
    }

    /// An answer in which every eighth byte is wrong, and no UTF-8.
    pub fn garbled() -> Self {
        Self::new("garbled", Effect::Garbled)
    }

    /// An answer that says it is compressed, and is not.
    pub fn wrong_gzip() -> Self {
        Self::new("wrong_gzip", Effect::WrongGzip)
    }

    /// The answer, followed by white space until it has so many bytes.
    pub fn oversized(length: u64) -> Self {
        Self::new("oversized", Effect::Oversized(length))
    }

    /// The answer byte by byte, with this pause between two of them.
    pub fn slow_drip(pause: Duration) -> Self {
        Self::new("slow_drip", Effect::SlowDrip(pause))
    }

    /// The gateway takes its clock to be this much ahead (or behind): it judges the timestamp by that and sends that
    /// time as `Date`.
    pub fn clock_skew(ahead: TimeDelta) -> Self {
        Self::new("clock_skew", Effect::ClockSkew(ahead))
    }

    /// Only requests for this operation: the method of TOP, the action of Alibaba Cloud, or `recording` for the
    /// download of one, which no other fault strikes.
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Lets the first `requests` of those it could strike pass.
    pub fn after(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }

    /// Strikes so often, then is gone.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Strikes only some of the requests, at random: the same ones for the same seed.
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.chance = Some(Chance { probability, seed });
        self
    }

    /// For an answer in the place of the gateway's: the operation is carried out all the same.
    pub fn executed(mut self) -> Self {
        self.executed = true;
        self
    }

    /// The name that the ledger and the control endpoints know it by.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How long connections are refused, if that is what it does.
    pub(crate) fn refuses_connections(&self) -> Option<Duration> {
        match self.effect {
            Effect::ConnectionRefused(lasting) => Some(lasting),
            _ => None,
        }
    }

    fn new(name: &'static str, effect: Effect) -> Self {
        Self { name, effect, executed: false, gateway: None, operation: None, skip: 0, times: None, chance: None }
    }
}
