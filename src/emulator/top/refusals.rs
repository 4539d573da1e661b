//! The refusals that go with TOP's codes, for the magic values and for faults.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::Value;

use super::call::Refusal;
use crate::emulator::answer::{Answer, TOP_ERROR, TopFormat, members};
use crate::emulator::ledger::Decision;

/// An oaid that begins so is refused with this code, whatever its order. Longer beginnings come before those they
/// begin with.
const MAGIC_OAIDS: [(&str, &str); 29] = [
    ("quota-", "isv.decryption-quota-exceeded"),
    ("disabled-", "isv.decryption-disabled-by-seller"),
    ("app-disabled-", "isv.app-decryption-disabled-by-seller"),
    ("no-permission-", "isv.no-permission:oaid"),
    ("size-", "isv.decryption-size-exceeded"),
    ("tid-invalid-", "isv.tid-invalid"),
    ("tid-error-", "isv.tid-error"),
    ("empty-", "isv.empty-parameter"),
    ("argument-", "isv.invalid-argument"),
    ("scene-", "isv.decryption-scene-invalid"),
    ("prohibit-app-user-", "isv.prohibit-application-user"),
    ("prohibit-app-", "isv.prohibit-application"),
    ("prohibit-main-", "isv.prohibit-masteraccount"),
    ("prohibit-sub-", "isv.prohibit-subaccount"),
    ("concurrent-", "isv.concurrent-query"),
    ("balance-", "isv.lack-of-balance"),
    ("sys-error-", "isp.sys.error"),
    ("call-limited-", "isp.call-limited"),
    ("timeout-", "15:isp.top-remote-connection-timeout"),
    ("remote-unavailable-", "isp.top-remote-service-unavailable"),
    ("api-limited-", "accesscontrol.limited-by-api-access-count"),
    ("app-limited-", "accesscontrol.limited-by-app-access-count"),
    ("app-api-limited-", "accesscontrol.limited-by-app-api-access-count"),
    ("unavailable-", "10"),
    ("package-", "isv.permission-api-package-limit"),
    ("ip-whitelist-", "isv.permission-ip-whitelist-limit"),
    ("session-expired-", "session-expired"),
    ("session-level-", "53"),
    ("token-", "44"),
];

/// How long a magic value's ban lasts, in seconds, as seen in the wild.
const BANS: [(&str, u64); 3] = [
    ("accesscontrol.limited-by-api-access-count", 1),
    ("accesscontrol.limited-by-app-access-count", 31062),
    ("accesscontrol.limited-by-app-api-access-count", 41),
];

/// The refusal that this oaid stands for, if it is a magic one.
pub(super) fn of_magic_oaid(oaid: &str) -> Option<Refusal> {
    let (_, code) = MAGIC_OAIDS.iter().find(|(beginning, _)| oaid.starts_with(beginning))?;
    let ban = BANS.iter().find(|(banned, _)| banned == code).map(|(_, seconds)| *seconds);
    Some(by_code(code, ban))
}

/// Whether the oaid always gives the same error.
pub(crate) fn is_magic_oaid(oaid: &str) -> bool {
    MAGIC_OAIDS.iter().any(|(beginning, _)| oaid.starts_with(beginning))
}

/// The whole answer for a code, made without a call.
pub(crate) fn refusal(
    code: &str,
    ban: Option<u64>,
    operation: &'static str,
    format: TopFormat,
    request_id: String,
) -> Answer {
    let business = code.starts_with("gxb-");
    let (root, mut answer, verdict) = if business {
        let members = members([
            ("success", Value::from(false)),
            ("errorCode", Value::from(code)),
            (
                "errorMsg",
                Value::from(if code == "gxb-group-query-error" {
                    "G组号池查询失败"
                } else {
                    "G组号池更新失败"
                }),
            ),
        ]);
        (super::root_of(operation), members, Cow::Owned(code.to_owned()))
    } else {
        let refusal = by_code(code, ban);
        (TOP_ERROR.to_owned(), refusal.members(), refusal.verdict())
    };
    let decision = Decision::refused(operation, verdict).with_request_id(&request_id);
    answer.insert("request_id".to_owned(), Value::String(request_id));
    Answer {
        status: StatusCode::OK,
        content_type: format.content_type(),
        body: format.write(&root, answer).into(),
        decision,
    }
}

/// `27`, `27:session-expired` or `session-expired`.
pub(super) fn by_code(code: &str, ban: Option<u64>) -> Refusal {
    let (number, sub_code) = match code.split_once(':') {
        Some((number, sub_code)) if is_number(number) => (number.parse().ok(), Some(sub_code)),
        _ if is_number(code) => (code.parse().ok(), None),
        _ => (None, Some(code)),
    };
    let number = number.unwrap_or_else(|| number_of(sub_code.unwrap_or_default()));
    Refusal {
        code: number,
        message: Cow::Borrowed(message(number)),
        sub_code: sub_code.map(|sub_code| Cow::Owned(sub_code.to_owned())),
        sub_message: match ban {
            Some(seconds) => Some(Cow::Owned(format!("This ban will last for {seconds} more seconds"))),
            None => sub_code.and_then(sub_message).map(Cow::Borrowed),
        },
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The code that a `sub_code` comes under.
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
        "isv.invalid-argument" => "参数错误",
        "isp.top-remote-connection-timeout" => "调用后端服务超时",
        "isp.top-remote-service-unavailable" => "服务不可用",
        _ => return None,
    })
}
