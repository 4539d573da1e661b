//! All faults. A fault is a constructor, a row in [`KINDS`], and an effect. Its documentation has a row in
//! `testing.md`.

use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use http::header::{CONTENT_ENCODING, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use super::members::Members;
use super::random::Sampling;
use super::substitute::{SubstituteResponse, Throttle};
use crate::emulator::answer::GatewayResponse;
use crate::emulator::context::RequestContext;
use crate::emulator::delivery::Delivery;
use crate::emulator::request_kind::{GatewayKind, RequestKind};

const RETRY_AFTER: HeaderName = HeaderName::from_static("x-acs-retry-after");

/// A fault that a test injects.
///
/// By default a fault applies to every request to both gateways. [`on`](Fault::on), [`after`](Fault::after),
/// [`times`](Fault::times) and [`probability`](Fault::probability) limit it, in the same way on every run. At most one
/// fault applies to a request: the first one, in the order of injection, that matches. A fault applies before the
/// gateway checks anything except the name of the operation, so it also applies to requests that the gateway would
/// refuse.
///
/// ```
/// use std::time::Duration;
/// use privacy_number::emulator::{Emulator, Fault, Throttle};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let emulator = Emulator::start().await?;
/// emulator.inject(Fault::throttled(Throttle::Api, Duration::from_secs(1)).on("BindAxb").times(2));
/// emulator.inject(Fault::reset_after_execution().on("BindAxb").times(1));
/// // The third BindAxb is executed, and its response is lost.
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault has no effect until it is injected"]
pub struct Fault {
    pub(super) name: &'static str,
    effect: Effect,
    /// Whether the operation is executed although the gateway's response is replaced.
    pub(super) executed: bool,
    pub(super) gateway: Option<GatewayKind>,
    pub(super) operation: Option<String>,
    pub(super) skip: u64,
    pub(super) times: Option<u64>,
    pub(super) sampling: Option<Sampling>,
}

impl Fault {
    /// The gateway throttles the request and bans further ones for `ban`. The request is not executed. If `ban` is
    /// zero, the response does not contain a duration.
    ///
    /// TOP: code 7 and `This ban will last for N more seconds`. Alibaba Cloud: the header `x-acs-retry-after`, in
    /// milliseconds. The fault does not measure the ban: [`times`](Fault::times) sets how many requests it applies to.
    pub fn throttled(throttle: Throttle, ban: Duration) -> Self {
        Self::new("throttled", Effect::Substitute(SubstituteResponse::Throttled { throttle, ban }))
    }

    /// The quota is used up, and the request is not executed: `isv.decryption-quota-exceeded`,
    /// `isv.BUY_NUM_OVER_LIMIT`.
    pub fn quota_exceeded() -> Self {
        Self::new("quota_exceeded", Effect::Substitute(SubstituteResponse::QuotaExceeded))
    }

    /// The gateway refuses the request with this code, in its own format and with the HTTP status of the code.
    ///
    /// At TOP a number is the `code` (`27`, or `27:session-expired` with its `sub_code`). Any other text is a
    /// `sub_code`. `gxb-…` is the `errorCode` of a normal response with `success: false`. At Alibaba Cloud `isv.…` and
    /// `isp.…` are in the response of the operation with HTTP 200. Any other code is an error of the gateway.
    pub fn error(code: impl Into<String>) -> Self {
        Self::new("error", Effect::Substitute(SubstituteResponse::Code(code.into())))
    }

    /// The response is HTTP 500 without a body.
    pub fn internal_error() -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new("internal_error", Effect::Substitute(SubstituteResponse::Status(status)))
    }

    /// The response is HTTP 503 without a body.
    pub fn unavailable() -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::new("unavailable", Effect::Substitute(SubstituteResponse::Status(status)))
    }

    /// The response is HTTP 502 with an HTML page, as from a proxy.
    pub fn bad_gateway_page() -> Self {
        Self::new("bad_gateway_page", Effect::Substitute(SubstituteResponse::HtmlPage))
    }

    /// Alibaba Cloud answers `SignatureNonceUsed`, although the nonce is new. The fault does not apply to TOP, which
    /// has no nonces.
    pub fn nonce_used() -> Self {
        let nonce_used = SubstituteResponse::Code("SignatureNonceUsed".to_owned());
        Self { gateway: Some(GatewayKind::Aliyun), ..Self::new("nonce_used", Effect::Substitute(nonce_used)) }
    }

    /// The request waits before it is executed. If the client disconnects in this time, it is not executed.
    pub fn delay_before(delay: Duration) -> Self {
        Self::new("delay_before", Effect::DelayBefore(delay))
    }

    /// The request is executed, and its response is delayed.
    pub fn delay_after(delay: Duration) -> Self {
        Self::new("delay_after", Effect::DelayAfter(delay))
    }

    /// The server refuses new connections for `duration`, or until the faults are cleared. Open connections are closed
    /// after the response to their current request.
    ///
    /// The gateways do not see these requests, so they are not counted and not in the ledger, and the methods that
    /// limit a fault have no effect. The duration is measured by the system clock. The fault needs a server:
    /// [`Gateways`](crate::emulator::Gateways) without one ignore it.
    ///
    /// A client with an idle connection needs a moment to see that the server has closed it. If it sends a request at
    /// once, the request fails on that connection instead of being refused.
    pub fn connection_refused(duration: Duration) -> Self {
        Self::new("connection_refused", Effect::RefuseConnections(duration))
    }

    /// The server resets the connection when it has the request. The request is not executed.
    pub fn reset_before_execution() -> Self {
        Self::new("reset_before_execution", Effect::Reset)
    }

    /// The request is executed. Then the server resets the connection instead of sending the response.
    pub fn reset_after_execution() -> Self {
        Self { executed: true, ..Self::new("reset_after_execution", Effect::Reset) }
    }

    /// The server sends the head and half of the declared body. Then it resets the connection.
    pub fn torn_body() -> Self {
        Self::new("torn_body", Effect::TornBody)
    }

    /// The server sends half of the text, as a complete HTTP body.
    pub fn torn_json() -> Self {
        Self::new("torn_json", Effect::TornJson)
    }

    /// Every eighth byte of the body is wrong, so that the body is not UTF-8.
    pub fn garbled() -> Self {
        Self::new("garbled", Effect::Garbled)
    }

    /// The response has `Content-Encoding: gzip`, but its body is not compressed.
    pub fn wrong_gzip() -> Self {
        Self::new("wrong_gzip", Effect::WrongGzip)
    }

    /// White space follows the body until it has `length` bytes.
    pub fn oversized(length: u64) -> Self {
        Self::new("oversized", Effect::Oversized(length))
    }

    /// The server sends the body byte by byte, with this pause between two bytes.
    pub fn slow_drip(pause: Duration) -> Self {
        Self::new("slow_drip", Effect::SlowDrip(pause))
    }

    /// The gateway's clock is ahead by this much, or behind if it is negative. The gateway checks the timestamp against
    /// that clock, and sends its time as `Date`.
    pub fn clock_skew(ahead: TimeDelta) -> Self {
        Self::new("clock_skew", Effect::ClockSkew(ahead))
    }

    fn new(name: &'static str, effect: Effect) -> Self {
        Self { name, effect, executed: false, gateway: None, operation: None, skip: 0, times: None, sampling: None }
    }
}

/// A fault in JSON: its name, and the function that reads its members.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) from_json: fn(&Members) -> Result<Fault, String>,
}

pub(super) static KINDS: [Kind; 19] = [
    Kind::new("throttled", |json| Ok(Fault::throttled(json.throttle(), json.optional_duration()?.unwrap_or_default()))),
    Kind::new("quota_exceeded", |_| Ok(Fault::quota_exceeded())),
    Kind::new("error", |json| Ok(Fault::error(json.code()?))),
    Kind::new("internal_error", |_| Ok(Fault::internal_error())),
    Kind::new("unavailable", |_| Ok(Fault::unavailable())),
    Kind::new("bad_gateway_page", |_| Ok(Fault::bad_gateway_page())),
    Kind::new("nonce_used", |_| Ok(Fault::nonce_used())),
    Kind::new("delay_before", |json| Ok(Fault::delay_before(json.duration()?))),
    Kind::new("delay_after", |json| Ok(Fault::delay_after(json.duration()?))),
    Kind::new("connection_refused", |json| Ok(Fault::connection_refused(json.duration()?))),
    Kind::new("reset_before_execution", |_| Ok(Fault::reset_before_execution())),
    Kind::new("reset_after_execution", |_| Ok(Fault::reset_after_execution())),
    Kind::new("torn_body", |_| Ok(Fault::torn_body())),
    Kind::new("torn_json", |_| Ok(Fault::torn_json())),
    Kind::new("garbled", |_| Ok(Fault::garbled())),
    Kind::new("wrong_gzip", |_| Ok(Fault::wrong_gzip())),
    Kind::new("oversized", |json| Ok(Fault::oversized(json.bytes()?))),
    Kind::new("slow_drip", |json| Ok(Fault::slow_drip(json.duration()?))),
    Kind::new("clock_skew", |json| Ok(Fault::clock_skew(json.clock_skew()?))),
];

impl Kind {
    const fn new(name: &'static str, from_json: fn(&Members) -> Result<Fault, String>) -> Self {
        Self { name, from_json }
    }
}

/// What a fault does.
#[derive(Clone, Debug)]
enum Effect {
    /// Replaces the gateway's response.
    Substitute(SubstituteResponse),
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
    RefuseConnections(Duration),
}

impl Fault {
    /// How long the server refuses connections, if that is the effect.
    pub(crate) fn refuses_connections(&self) -> Option<Duration> {
        match self.effect {
            Effect::RefuseConnections(duration) => Some(duration),
            _ => None,
        }
    }

    /// The delay before the execution.
    pub(crate) fn delay_before_execution(&self) -> Option<Duration> {
        match self.effect {
            Effect::DelayBefore(delay) => Some(delay),
            _ => None,
        }
    }

    /// How much the gateway's clock is ahead.
    pub(crate) fn clock_ahead(&self) -> TimeDelta {
        match self.effect {
            Effect::ClockSkew(ahead) => ahead,
            _ => TimeDelta::zero(),
        }
    }

    /// The response that replaces the gateway's, if there is one.
    pub(crate) fn substitute(&self, kind: &RequestKind, context: &RequestContext<'_>) -> Option<GatewayResponse> {
        match &self.effect {
            Effect::Substitute(substitute) => Some(substitute.response(kind, context)),
            Effect::Reset if !self.executed => Some(SubstituteResponse::none(kind)),
            _ => None,
        }
    }

    /// Whether the operation is not executed, whatever the gateway would do.
    pub(crate) fn prevents_execution(&self) -> bool {
        !self.executed && matches!(self.effect, Effect::Substitute(_) | Effect::Reset)
    }

    /// Whether the operation is executed although its response is replaced.
    pub(crate) fn is_executed(&self) -> bool {
        self.executed
    }

    /// Applies the fault to the response. Returns how to deliver it.
    pub(crate) fn apply(&self, response: &mut Response<Bytes>, kind: &RequestKind) -> Delivery {
        let half = response.body().len() >> 1;
        match &self.effect {
            Effect::Substitute(answer) => {
                if let Some(ban) = answer.retry_after(kind) {
                    let milliseconds = u64::try_from(ban.as_millis()).unwrap_or(u64::MAX);
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(milliseconds));
                }
                Delivery::Whole
            }
            Effect::ClockSkew(_) | Effect::RefuseConnections(_) => Delivery::Whole,
            Effect::Reset => Delivery::Reset,
            Effect::DelayBefore(delay) | Effect::DelayAfter(delay) => Delivery::Delayed { delay: *delay },
            Effect::TornBody => Delivery::Torn { bytes: half },
            Effect::TornJson => {
                response.body_mut().truncate(half);
                Delivery::Whole
            }
            Effect::Garbled => {
                let garble = |(index, byte): (usize, &u8)| if index.is_multiple_of(8) { byte ^ 0xFF } else { *byte };
                *response.body_mut() = response.body().iter().enumerate().map(garble).collect();
                Delivery::Whole
            }
            Effect::WrongGzip => {
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                Delivery::Whole
            }
            Effect::Oversized(length) => Delivery::Padded { length: *length },
            Effect::SlowDrip(pause) => Delivery::Dripped { pause: *pause },
        }
    }
}
