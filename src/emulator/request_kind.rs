//! What is known about a request before a gateway handles it.

use super::aliyun::{photo_upload, recording_file};
use super::answer::{PopFormat, TopFormat};
use super::ledger::Decision;
use super::request::Received;
use super::{aliyun, mns, operations, top};

/// The part of the emulator that answers a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GatewayKind {
    Top,
    Aliyun,
    /// The queues of receipts.
    Mns,
    /// Not a gateway: the store of recordings.
    Recordings,
    /// Not a gateway: the store of photos.
    Uploads,
}

/// The gateway, the operation and the response format of a request.
pub(crate) struct RequestKind {
    pub(crate) gateway: GatewayKind,
    pub(crate) operation: &'static str,
    pub(crate) format: AnswerFormat,
}

#[derive(Clone, Copy)]
pub(crate) enum AnswerFormat {
    Top(TopFormat),
    Aliyun(PopFormat),
    Mns,
}

impl GatewayKind {
    pub(crate) fn from_path(path: &str) -> Option<Self> {
        match path {
            top::PATH => Some(Self::Top),
            aliyun::PATH | "" => Some(Self::Aliyun),
            photo_upload::PATH => Some(Self::Uploads),
            path if mns::queue_of_path(path).is_some() => Some(Self::Mns),
            path if path.starts_with(recording_file::PATH) => Some(Self::Recordings),
            _ => None,
        }
    }

    /// Whether a parameter belongs to the request and not to the operation. Attempts of one call can differ in it.
    pub(crate) fn is_system_parameter(self, name: &str) -> bool {
        match self {
            Self::Top => top::is_system_parameter(name),
            Self::Aliyun => aliyun::is_system_parameter(name),
            Self::Mns | Self::Recordings | Self::Uploads => false,
        }
    }
}

impl RequestKind {
    /// Returns `None` if no gateway has this path.
    pub(crate) fn new(received: &Received<'_>) -> Option<Self> {
        let gateway = GatewayKind::from_path(received.request.uri().path())?;
        let parameters = received.parameters();
        let (name, format) = match gateway {
            GatewayKind::Top => {
                let format = parameters.map_or(TopFormat::Xml, top::response_format);
                (parameters.and_then(|parameters| parameters.get("method")), AnswerFormat::Top(format))
            }
            GatewayKind::Aliyun => {
                let format = parameters.map_or(PopFormat::Json, aliyun::response_format);
                (aliyun::action_name(received), AnswerFormat::Aliyun(format))
            }
            GatewayKind::Uploads => (Some(photo_upload::OPERATION), AnswerFormat::Aliyun(PopFormat::Xml)),
            GatewayKind::Mns => (Some(mns::name_of_request(received)), AnswerFormat::Mns),
            GatewayKind::Recordings => (Some(recording_file::OPERATION), AnswerFormat::Aliyun(PopFormat::Xml)),
        };
        let operation = name.and_then(operations::known).unwrap_or(Decision::UNKNOWN_OPERATION);
        Some(Self { gateway, operation, format })
    }

    /// Whether a name of [`Fault::on`](super::fault::Fault::on) is for this request.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        name == self.operation || (self.gateway == GatewayKind::Mns && name == mns::ALL_OPERATIONS)
    }

    /// Whether a fault applies only if it names the operation.
    pub(crate) fn must_be_named(&self) -> bool {
        matches!(self.gateway, GatewayKind::Mns | GatewayKind::Recordings | GatewayKind::Uploads)
    }
}
