//! The error codes of TOP: `code`, `sub_code` and their messages.

use std::borrow::Cow;

use serde_json::Value;

use crate::emulator::answer::{Members, members};

/// The content of an `error_response`.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) message: Cow<'static, str>,
    pub(super) sub_code: Option<Cow<'static, str>>,
    pub(super) sub_message: Option<Cow<'static, str>>,
}

impl Refusal {
    pub(super) fn new(code: u16, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), sub_code: None, sub_message: None }
    }

    pub(super) fn sub_code(mut self, sub_code: impl Into<Cow<'static, str>>) -> Self {
        self.sub_code = Some(sub_code.into());
        self
    }

    pub(super) fn sub_message(mut self, text: &'static str) -> Self {
        self.sub_message = Some(Cow::Borrowed(text));
        self
    }

    pub(super) fn missing(name: &str) -> Self {
        Self::new(40, format!("Missing required arguments:{name}")).sub_code(format!("isv.missing-parameter:{name}"))
    }

    pub(super) fn invalid(name: &str) -> Self {
        Self::new(41, format!("Invalid arguments:{name}")).sub_code(format!("isv.invalid-parameter:{name}"))
    }

    /// The method itself refuses.
    pub(super) fn from_method(sub_code: &'static str) -> Self {
        Self::new(50, "Remote service error").sub_code(sub_code)
    }

    /// The refusal of a code in one of the forms `27`, `27:session-expired` and `session-expired`. `ban` is in seconds.
    pub(super) fn from_code(code: &str, ban: Option<u64>) -> Self {
        let (number, sub_code) = match code.split_once(':') {
            Some((number, sub_code)) if is_number(number) => (number.parse().ok(), Some(sub_code)),
            _ if is_number(code) => (code.parse().ok(), None),
            _ => (None, Some(code)),
        };
        let number = number.unwrap_or_else(|| number_of(sub_code.unwrap_or_default()));
        Self {
            code: number,
            message: Cow::Borrowed(message(number)),
            sub_code: sub_code.map(|sub_code| Cow::Owned(sub_code.to_owned())),
            sub_message: match ban {
                Some(seconds) => Some(Cow::Owned(format!("This ban will last for {seconds} more seconds"))),
                None => sub_code.and_then(sub_message).map(Cow::Borrowed),
            },
        }
    }

    /// The members of the `error_response`, without `request_id`.
    pub(super) fn members(&self) -> Members {
        let mut answer = members([("code", Value::from(self.code)), ("msg", Value::from(self.message.as_ref()))]);
        if let Some(sub_code) = &self.sub_code {
            answer.insert("sub_code".to_owned(), Value::from(sub_code.as_ref()));
        }
        if let Some(text) = &self.sub_message {
            answer.insert("sub_msg".to_owned(), Value::from(text.as_ref()));
        }
        answer
    }

    /// The most specific code, for the ledger.
    pub(super) fn code(self) -> Cow<'static, str> {
        self.sub_code.unwrap_or_else(|| Cow::Owned(self.code.to_string()))
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The `code` that a `sub_code` belongs to.
fn number_of(sub_code: &str) -> u16 {
    match sub_code {
        "session-expired" | "invalid-sessionkey" | "session-is-blank" | "sessionkey-not-generated-by-server" => 27,
        "isv.appkey-not-exists" => 29,
        _ if sub_code.starts_with("accesscontrol.") => 7,
        _ if sub_code.starts_with("isv.permission-") => 11,
        _ if sub_code.starts_with("isv.missing-parameter") => 40,
        _ if sub_code.starts_with("isv.invalid-parameter") => 41,
        _ => 50,
    }
}

fn message(code: u16) -> &'static str {
    match code {
        4 => "User Call Limited",
        5 => "Session Call Limited",
        6 => "Partner Call Limited",
        7 => "App Call Limited",
        8 => "App Call Exceeds Limited Frequency",
        9 => "Http action not allowed",
        10 => "Service Currently Unavailable",
        11 => "Insufficient isv permissions",
        12 => "Insufficient User Permissions",
        13 => "Insufficient Partner Permissions",
        21 => "Missing method",
        22 => "Invalid method",
        23 => "Invalid format",
        24 => "Missing signature",
        25 => "Invalid signature",
        26 => "Missing session",
        27 => "Invalid session",
        28 => "Missing app Key",
        29 => "Invalid app Key",
        30 => "Missing timestamp",
        31 => "Invalid timestamp",
        32 => "Missing version",
        33 => "Invalid version",
        34 => "Unsupported version",
        40 => "Missing required arguments",
        41 => "Invalid arguments",
        42 => "Insufficient session permissions",
        43 => "Parameter Error",
        44 => "Invalid access token",
        47 => "Invalid encoding",
        53 => "Insufficient security level",
        _ => "Remote service error",
    }
}

fn sub_message(sub_code: &str) -> Option<&'static str> {
    Some(match sub_code {
        "isv.decryption-quota-exceeded" => "当日解密订单数量已超过额度",
        "isv.decryption-disabled-by-seller" | "isv.app-decryption-disabled-by-seller" => "解密功能被商家关闭",
        "isv.no-permission:oaid" => "必须是此交易的买家或卖家才能获取OAID的明文信息",
        "isv.decryption-size-exceeded" => "每次调用,最多支持20笔订单解密。",
        "isv.tid-invalid" => "tid错误",
        "isv.oaid-invalid" => "oaid错误",
        "isv.empty-parameter" => "参数为空",
        "isv.trade-not-exist" => "交易订单不存在",
        "isv.oaid-field-miss" => "oaid必要字段缺失",
        "isv.invalid-parameter" => "非法参数",
        "isv.lack-of-balance" => "余额不足",
        "isv.invalid-argument" => "参数错误",
        "isp.top-remote-connection-timeout" => "调用后端服务超时",
        "isp.top-remote-service-unavailable" => "服务不可用",
        _ => return None,
    })
}
