//! What can be told of a request before either gateway looks into it.

use super::aliyun::{acs3, recording_file};
use super::answer::{PopFormat, TopFormat};
use super::ledger::Decision;
use super::operation;
use super::request::{Parameters, Received};
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
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        match path {
            top::PATH => Some(Self::Top),
            "/" | "" => Some(Self::Aliyun),
            path if path.starts_with(recording_file::PATH) => Some(Self::Recordings),
            _ => None,
        }
    }

    /// Whether a parameter is about the request and not about what it asks for. It may differ between two attempts of
    /// one call.
    pub(crate) fn is_system_parameter(self, name: &str) -> bool {
        match self {
            Self::Top => matches!(
                name,
                "app_key"
                    | "format"
                    | "partner_id"
                    | "session"
                    | "sign"
                    | "sign_method"
                    | "simplify"
                    | "target_app_key"
                    | "timestamp"
                    | "v"
            ),
            Self::Aliyun => matches!(
                name,
                "AccessKeyId"
                    | "Format"
                    | "SecurityToken"
                    | "Signature"
                    | "SignatureMethod"
                    | "SignatureNonce"
                    | "SignatureType"
                    | "SignatureVersion"
                    | "Timestamp"
                    | "Version"
            ),
            Self::Recordings => false,
        }
    }
}

impl RequestKind {
    /// `None` if no gateway answers at this path.
    pub(crate) fn of(received: &Received<'_>) -> Option<Self> {
        let gateway = GatewayKind::of_path(received.request.uri().path())?;
        let parameter = |name| received.parameters().and_then(|parameters| parameters.get(name));
        let (name, format) = match gateway {
            GatewayKind::Top => {
                let format = received.parameters().map_or(TopFormat::Xml, top::format_of_answer);
                (parameter("method"), AnswerFormat::Top(format))
            }
            GatewayKind::Aliyun => {
                let format = received.parameters().map_or(PopFormat::Json, pop_format);
                let action = parameter("Action").or_else(|| acs3::action(received.request.headers()));
                (action, AnswerFormat::Aliyun(format))
            }
            GatewayKind::Recordings => (Some(operation::RECORDING), AnswerFormat::Aliyun(PopFormat::Xml)),
        };
        let operation = name.and_then(operation::known).unwrap_or(Decision::UNKNOWN_OPERATION);
        Some(Self { gateway, operation, format })
    }
}

fn pop_format(parameters: &Parameters) -> PopFormat {
    match parameters.get("Format") {
        Some(format) if format.eq_ignore_ascii_case("XML") => PopFormat::Xml,
        _ => PopFormat::Json,
    }
}
