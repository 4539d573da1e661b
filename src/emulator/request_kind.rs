//! What can be told of a request before either gateway looks into it.

use bytes::Bytes;
use http::Request;

use super::aliyun::recording_file;
use super::answer::{PopFormat, TopFormat};
use super::gateways::TOP_PATH;
use super::ledger::Entry;
use super::operation;
use super::request::Parameters;
use super::top;

/// Who answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GatewayKind {
    Top,
    Aliyun,
    /// No gateway: the store that recordings' URLs lead to.
    Recordings,
}

/// Where a request goes, what it asks for, and in which form.
pub(crate) struct RequestKind {
    pub(crate) gateway: GatewayKind,
    pub(crate) operation: &'static str,
    pub(crate) format: AnswerFormat,
}

#[derive(Clone, Copy)]
pub(crate) enum AnswerFormat {
    Top(TopFormat),
    Aliyun(PopFormat),
}

impl GatewayKind {
    pub(crate) fn of_path(path: &str) -> Option<GatewayKind> {
        match path {
            TOP_PATH => Some(GatewayKind::Top),
            "/" | "" => Some(GatewayKind::Aliyun),
            path if path.starts_with(recording_file::PATH) => Some(GatewayKind::Recordings),
            _ => None,
        }
    }
}

impl RequestKind {
    /// `None` if no gateway answers at this path.
    pub(crate) fn of(request: &Request<Bytes>) -> Option<RequestKind> {
        let gateway = GatewayKind::of_path(request.uri().path())?;
        let parameters = Parameters::read(request).unwrap_or_default();
        let (name, format) = match gateway {
            GatewayKind::Top => ("method", AnswerFormat::Top(top::format_of_answer(&parameters))),
            GatewayKind::Aliyun => ("Action", AnswerFormat::Aliyun(pop_format(&parameters))),
            GatewayKind::Recordings => ("", AnswerFormat::Aliyun(PopFormat::Xml)),
        };
        let operation = match gateway {
            GatewayKind::Recordings => operation::RECORDING,
            _ => parameters.get(name).and_then(operation::known).unwrap_or(Entry::UNKNOWN_OPERATION),
        };
        Some(RequestKind { gateway, operation, format })
    }
}

fn pop_format(parameters: &Parameters) -> PopFormat {
    match parameters.get("Format") {
        Some(format) if format.eq_ignore_ascii_case("XML") => PopFormat::Xml,
        _ => PopFormat::Json,
    }
}
