//! Answers in the place of the gateways' own.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use super::Throttle;
use crate::emulator::answer::{Answer, PopFormat, members};
use crate::emulator::context::RequestContext;
use crate::emulator::ledger::Decision;
use crate::emulator::request_kind::{AnswerFormat, RequestKind};
use crate::emulator::top;

const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

#[derive(Clone, Debug)]
pub(crate) enum Instead {
    Throttled { throttle: Throttle, ban: Duration },
    Quota,
    Code(String),
    Status(StatusCode),
    HtmlPage,
}

impl Instead {
    pub(crate) fn answer(&self, kind: &RequestKind, context: &RequestContext<'_>) -> Answer {
        match self {
            Self::Status(status) => bare(*status, "text/plain", "", kind),
            Self::HtmlPage => bare(StatusCode::BAD_GATEWAY, "text/html", PAGE, kind),
            _ => match kind.format {
                AnswerFormat::Top(format) => {
                    let (code, ban) = self.top_code();
                    let request_id = context.top_request_id();
                    top::refusal(&code, ban, kind.operation, format, request_id)
                }
                AnswerFormat::Aliyun(format) => {
                    pop_refusal(self.aliyun_code(), kind.operation, format, context.pop_request_id())
                }
            },
        }
    }

    /// When to come again, where a header says it.
    pub(crate) fn retry_after(&self, kind: &RequestKind) -> Option<Duration> {
        match (self, kind.format) {
            (Self::Throttled { throttle, ban }, AnswerFormat::Aliyun(_)) => {
                (*throttle != Throttle::Product && !ban.is_zero()).then_some(*ban)
            }
            _ => None,
        }
    }

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
                // The text has whole seconds: a part of one counts as one.
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
}

fn bare(status: StatusCode, content_type: &'static str, body: &'static str, kind: &RequestKind) -> Answer {
    Answer {
        status,
        content_type,
        body: body.into(),
        decision: Decision::refused(kind.operation, status.as_str().to_owned()),
    }
}

fn pop_refusal(code: &str, operation: &'static str, format: PopFormat, request_id: String) -> Answer {
    let status = pop_status(code);
    let decision = Decision::refused(operation, code.to_owned()).with_request_id(&request_id);
    let mut answer = members([("RequestId", Value::from(request_id)), ("Code", Value::from(code))]);
    let root = if status == StatusCode::OK {
        answer.extend(members([("Message", Value::from(pop_message(code)))]));
        format!("{operation}Response")
    } else {
        let host = if operation == "DescribePhoneNumberStatus" { "dytnsapi" } else { "dyplsapi" };
        let recommend = format!("https://error-center.aliyun.com/status/search?Keyword={code}&source=PopGw");
        answer.extend(members([
            ("HostId", Value::from(format!("{host}.aliyuncs.com"))),
            ("Message", Value::from(pop_message(code))),
            ("Recommend", Value::from(recommend)),
        ]));
        "Error".to_owned()
    };
    Answer { status, content_type: format.content_type(), body: format.write(&root, answer).into(), decision }
}

/// 200 for a code of the product, which comes in the operation's own answer.
fn pop_status(code: &str) -> StatusCode {
    match code {
        "ServiceUnavailable" => StatusCode::SERVICE_UNAVAILABLE,
        "InternalError" | "UnknownError" => StatusCode::INTERNAL_SERVER_ERROR,
        "POOLKEY_NOT_EXIST" | "OperatorLimit" => StatusCode::OK,
        "NoPermission" => StatusCode::FORBIDDEN,
        _ if code.starts_with("isv.") || code.starts_with("isp.") => StatusCode::OK,
        _ if code.starts_with("Forbidden") => StatusCode::FORBIDDEN,
        _ if code.ends_with(".NotFound") => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn pop_message(code: &str) -> &'static str {
    match code {
        "Throttling.User" => "Request was denied due to user flow control.",
        "Throttling.Api" => "Request was denied due to api flow control.",
        "Throttling" | "System.LimitControl" => "Request was denied due to request throttling.",
        "SignatureNonceUsed" => "Specified signature nonce was used already.",
        "ServiceUnavailable" => "The request has failed due to a temporary failure of the server.",
        "InternalError" => "The request processing has failed due to some unknown error.",
        "isv.FLOW_LIMIT" => "业务流控",
        _ => "a fault of the emulator",
    }
}
