//! Responses that replace the gateways' own.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::emulator::answer::GatewayResponse;
use crate::emulator::context::RequestContext;
use crate::emulator::ledger::Decision;
use crate::emulator::request_kind::{AnswerFormat, RequestKind};
use crate::emulator::{aliyun, mns, top};

const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// What the gateway throttles. Each gateway has its own codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Throttle {
    /// The operation, over all clients: `accesscontrol.limited-by-api-access-count`, `Throttling.Api`.
    Api,
    /// The application or account: `accesscontrol.limited-by-app-access-count`, `Throttling.User`.
    App,
    /// The operation of this application: `accesscontrol.limited-by-app-api-access-count`, `Throttling`.
    AppApi,
    /// Anything, by a dynamic limit: `accesscontrol.limited-by-dynamic-access-count`, `System.LimitControl`.
    Dynamic,
    /// The product behind the gateway, which sends no duration: `isp.call-limited`, `isv.FLOW_LIMIT`.
    Product,
}

/// A response that replaces the gateway's own.
#[derive(Clone, Debug)]
pub(super) enum SubstituteResponse {
    Throttled { throttle: Throttle, ban: Duration },
    QuotaExceeded,
    Code(String),
    Status(StatusCode),
    HtmlPage,
}

impl SubstituteResponse {
    /// An empty response, which is not delivered.
    pub(super) fn none(kind: &RequestKind) -> GatewayResponse {
        GatewayResponse {
            status: StatusCode::OK,
            content_type: "text/plain",
            body: Bytes::new(),
            decision: Decision::refused(kind.operation, Decision::NO_CODE),
        }
    }

    pub(super) fn response(&self, kind: &RequestKind, context: &RequestContext<'_>) -> GatewayResponse {
        match self {
            Self::Status(status) => without_code(*status, "text/plain", "", kind),
            Self::HtmlPage => without_code(StatusCode::BAD_GATEWAY, "text/html", PAGE, kind),
            _ => match kind.format {
                AnswerFormat::Top(format) => {
                    let (code, ban) = self.top_code();
                    top::refusal_response(&code, ban, kind.operation, format, context.top_request_id())
                }
                AnswerFormat::Aliyun(format) => {
                    aliyun::refusal_response(self.aliyun_code(), kind.operation, format, context.pop_request_id())
                }
                AnswerFormat::Mns => mns::refusal_response(self.mns_code(), kind.operation, &context.pop_request_id()),
            },
        }
    }

    /// The ban, if a header contains it.
    pub(super) fn retry_after(&self, kind: &RequestKind) -> Option<Duration> {
        match (self, kind.format) {
            (Self::Throttled { throttle, ban }, AnswerFormat::Aliyun(_)) => {
                (*throttle != Throttle::Product && !ban.is_zero()).then_some(*ban)
            }
            _ => None,
        }
    }

    /// The code and the seconds of the ban.
    fn top_code(&self) -> (String, Option<u64>) {
        match self {
            Self::Throttled { throttle, ban } => {
                let code = match throttle {
                    Throttle::Api => "accesscontrol.limited-by-api-access-count",
                    Throttle::App => "accesscontrol.limited-by-app-access-count",
                    Throttle::AppApi => "accesscontrol.limited-by-app-api-access-count",
                    Throttle::Dynamic => "accesscontrol.limited-by-dynamic-access-count",
                    Throttle::Product => return ("isp.call-limited".to_owned(), None),
                };
                // The text has whole seconds, rounded up.
                let seconds = ban.as_secs().saturating_add(u64::from(ban.subsec_nanos() > 0));
                (code.to_owned(), (seconds > 0).then_some(seconds))
            }
            Self::Code(code) => (code.clone(), None),
            _ => ("isv.decryption-quota-exceeded".to_owned(), None),
        }
    }

    fn aliyun_code(&self) -> &str {
        match self {
            Self::Throttled { throttle, .. } => match throttle {
                Throttle::Api => "Throttling.Api",
                Throttle::App => "Throttling.User",
                Throttle::AppApi => "Throttling",
                Throttle::Dynamic => "System.LimitControl",
                Throttle::Product => "isv.FLOW_LIMIT",
            },
            Self::Code(code) => code,
            _ => "isv.BUY_NUM_OVER_LIMIT",
        }
    }

    /// The message service limits the cluster and the queue, and has no other quota.
    fn mns_code(&self) -> &str {
        match self {
            Self::Throttled { throttle: Throttle::Product, .. } | Self::QuotaExceeded => "QpsLimitExceeded",
            Self::Code(code) => code,
            _ => "TooManyRequests",
        }
    }
}

fn without_code(
    status: StatusCode,
    content_type: &'static str,
    body: &'static str,
    kind: &RequestKind,
) -> GatewayResponse {
    GatewayResponse {
        status,
        content_type,
        body: body.into(),
        decision: Decision::refused(kind.operation, status.as_str().to_owned()),
    }
}
