//! The table of TOP's error codes: what each code means, whether the method ran, what to do.
//!
//! Source: TOP document 101617 (platform codes); the error tables of the API pages; the FAQ on code 7.
//!
//! A code whose meaning depends on the method has a row for that method beside the one for all.
//!
//! The rule for codes that no page lists: the family of the second code decides, if the first code is not listed
//! either, or does not say whether the method ran (10, 15, 50, 500 to 999):
//!
//! | second code | outcome |
//! | --- | --- |
//! | `isp.*` | unknown: the service behind the gateway failed, perhaps after it changed something |
//! | `isv.*conflict*`, `isv.*duplicate*`, `isv.*repeat*`, `isv.*already*` | unknown: the same request may have been executed before, if it was delivered twice |
//! | other `isv.*` | rejected |
//! | `accesscontrol.*` | not executed |
//!
//! Without a second code of these families the number decides. 1 to 99 are rejected, except 15 and 50, since the
//! platform refuses before the method runs. Everything else is unknown. In a normal response with `success: false` the
//! code is the service's own: only the families above and `gxb-*` of the caller groups are known. Everything else, and
//! every number, is unknown.

use std::time::Duration;

use crate::error::Outcome::{NotExecuted, Rejected, Unknown};
use crate::error::Remedy::{
    AskSeller, Backoff, CorrectClock, FixRequest, NextDay, RefreshOaid, RefreshSession, Report, Throttled, TopUp,
};
use crate::error::Scope::{Account, Order, Session};
use crate::error::{Advice, Code, CodeRow, Error, Outcome, ServiceFacts, find, row};
use crate::limit::BanScope;
use crate::send::Fault;

/// This crate's own code for an order whose OAID is not its current one (`matched: false` in TOP's response).
pub const OAID_NOT_MATCHED: &str = "oaid-not-matched";

/// This crate's own code for an order that is missing in TOP's response, or has two different receivers there.
pub const RECEIVER_MISSING: &str = "receiver-missing";

/// This crate's own code for a call that was not sent, because the session provider returned no session: its store is
/// down, or has no session for the shop. The provider's error is the [`source`](std::error::Error::source).
pub const SESSION_UNAVAILABLE: &str = "session-unavailable";

/// What a refused call means. `code` and `sub_code` decide. The message only says how long a ban lasts.
pub(super) fn classify(facts: ServiceFacts, retry_after: Option<Duration>, method: &str) -> Fault {
    let row = known(facts.code.as_str(), facts.sub_code.as_ref().map(Code::as_str), method);
    fault(facts, retry_after, row)
}

/// What a code inside a normal response means. It is the service's own: a number there is not one of the platform's
/// codes.
pub(super) fn classify_refusal(facts: ServiceFacts, method: &str) -> Fault {
    let code = facts.code.as_str();
    let is_number = code.parse::<u64>().is_ok();
    let row = if is_number { None } else { known(code, Some(code), method) };
    fault(facts, None, row)
}

fn fault(facts: ServiceFacts, retry_after: Option<Duration>, row: Option<&CodeRow>) -> Fault {
    let (meaning, outcome, remedy) = row.map_or(("", Unknown, Report), |row| (row.meaning, row.outcome, row.remedy));
    let ban = facts.message.as_ref().and_then(|message| ban_seconds(message.expose()));
    // One second more than the gateway says, since it rounds down.
    let wait = ban.map(|seconds| Duration::from_secs(seconds.saturating_add(1))).or(retry_after);
    Fault::service(facts, meaning, outcome, remedy, wait)
}

/// Whether the session was refused, and another one may be accepted. A refresh does not change an authorisation that
/// does not cover the method, is too old or is a main account's.
pub(super) fn refuses_the_session(error: &Error) -> bool {
    let Some(code) = error.code() else { return false };
    let mut rows = listed(code, error.sub_code(), error.operation().unwrap_or_default());
    error.advice() == Advice::RefreshSession && rows.all(|row| row.is_cured_by_refresh)
}

/// What flow control with this code holds back; `None` if it is about one order alone. If no document says what, it is
/// the method.
pub(super) fn ban_scope(code: &str, sub_code: Option<&str>, method: &str) -> Option<BanScope> {
    match listed(code, sub_code, method).find_map(|row| row.scope) {
        None => Some(BanScope::Operation),
        Some(Order) => None,
        Some(Session) => Some(BanScope::Session),
        Some(Account) => Some(BanScope::Account),
    }
}

/// Whether a refusal is about the shop or the application, so that every other order would be refused as well. A code
/// that the tables do not know is not.
pub(super) fn concerns_every_order(error: &Error) -> bool {
    let Some(code) = error.code() else { return false };
    known(code, error.sub_code(), DECRYPTION).is_some_and(|row| match row.remedy {
        RefreshSession | AskSeller | TopUp | NextDay => true,
        Throttled => false,
        _ => row.scope == Some(Account),
    })
}

/// Whether a call was refused because one of its orders is being decrypted at this moment.
pub(super) fn is_concurrent_query(error: &Error) -> bool {
    let sub_code = error.sub_code().and_then(|sub_code| find(SUB_CODES, sub_code, DECRYPTION));
    sub_code.is_some_and(|row| row.code == "isv.concurrent-query")
}

/// The rows of the second code and of the first, each by itself, in this order.
fn listed(code: &str, sub_code: Option<&str>, method: &str) -> impl Iterator<Item = &'static CodeRow> {
    let by_sub_code = sub_code.and_then(|sub_code| find(SUB_CODES, sub_code, method));
    by_sub_code.into_iter().chain(find(CODES, code, method))
}

/// The row that decides, the first of: the second code's; the first code's, if it says whether the method ran; the
/// second code's family; the first code's; that of the number's range.
fn known(code: &str, sub_code: Option<&str>, method: &str) -> Option<&'static CodeRow> {
    let by_code = find(CODES, code, method);
    let by_sub_code = || sub_code.and_then(|sub_code| find(SUB_CODES, sub_code, method));
    let by_family = || sub_code.and_then(|sub_code| find(SUB_CODE_FAMILIES, sub_code, method));
    by_sub_code()
        .or(by_code.filter(|row| row.outcome != Unknown))
        .or_else(by_family)
        .or(by_code)
        .or_else(|| by_number(code.parse().ok()?))
}

/// The meaning of a number that is not listed. 15, 50 and 500 to 999 mean the same.
fn by_number(code: u32) -> Option<&'static CodeRow> {
    match code {
        15 | 50 | 500..=999 => Some(&REMOTE_SERVICE_ERROR),
        1..=99 => Some(&PLATFORM_REFUSAL),
        _ => None,
    }
}

/// The seconds in `This ban will last for 41 more seconds`.
fn ban_seconds(message: &str) -> Option<u64> {
    let message = message.to_ascii_lowercase();
    let (_, rest) = message.split_once("ban will last for ")?;
    let (number, unit) = rest.split_once(' ')?;
    if unit.starts_with("more second") { number.parse().ok() } else { None }
}

const REMOTE_SERVICE_ERROR: CodeRow = row("50", "the service behind the gateway failed", Unknown, Backoff);
const PLATFORM_REFUSAL: CodeRow = row("1 to 99", "refused by the platform before the method ran", Rejected, Report);

const DECRYPTION: &str = "taobao.top.oaid.decrypt";
const DECRYPT: &[&str] = &[DECRYPTION];
const DECRYPTIONS: &[&str] = &[DECRYPTION, "taobao.top.oaid.client.decrypt"];
const GROUP: &[&str] = &["taobao.top.secret.group.update", "taobao.top.secret.group.query"];

/// Codes of the gateway, and codes of services inside a normal response. Below 100, except for 15, 40, 41 and 50, the
/// method did not run.
#[rustfmt::skip]
const CODES: &[CodeRow] = &[
    row("3", "file upload failed", Rejected, FixRequest),
    row("4", "call limit of the user", NotExecuted, Throttled).about(Account),
    row("5", "call limit of the session", NotExecuted, Throttled).about(Session),
    row("6", "call limit of the partner", NotExecuted, Throttled).about(Account),
    row("7", "flow control", NotExecuted, Throttled),
    row("8", "frequency limit", NotExecuted, Throttled).about(Account),
    row("9", "HTTP method not allowed", Rejected, FixRequest).about(Account),
    row("10", "unknown fault of the platform, often a malformed parameter", Unknown, Backoff),
    row("11", "the application may not call this method", Rejected, FixRequest).about(Account),
    row("12", "the authorising user may not use this method", Rejected, AskSeller),
    row("13", "the partner may not use this method", Rejected, Report).about(Account),
    row("21", "no method given", Rejected, FixRequest).about(Account),
    row("22", "no such method, or the wrong environment", Rejected, FixRequest).about(Account),
    row("23", "format is neither json nor xml", Rejected, FixRequest).about(Account),
    row("24", "no signature given", Rejected, FixRequest).about(Account),
    row("25", "the signature does not match: wrong secret, or parameters changed after signing", Rejected, FixRequest).about(Account),
    row("26", "the method needs a session", Rejected, RefreshSession),
    row("27", "the session is wrong, expired, revoked or another application's", Rejected, RefreshSession),
    row("28", "no app key given", Rejected, FixRequest).about(Account),
    row("29", "unknown app key, or the wrong environment", Rejected, FixRequest).about(Account),
    row("30", "no timestamp given", Rejected, FixRequest).about(Account),
    row("31", "the timestamp is more than 10 minutes off", NotExecuted, CorrectClock),
    row("32", "no version given", Rejected, FixRequest).about(Account),
    row("33", "malformed version", Rejected, FixRequest).about(Account),
    row("34", "unsupported version", Rejected, FixRequest).about(Account),
    row("40", "a required argument is missing", Rejected, FixRequest),
    row("41", "an argument has the wrong type, format or range", Rejected, FixRequest),
    row("42", "the session's authorisation does not cover this method", Rejected, RefreshSession).not_cured_by_refresh(),
    row("43", "illegal parameter", Rejected, FixRequest),
    row("44", "the access token is another protocol's or environment's", Rejected, RefreshSession),
    row("47", "the request is not in UTF-8", Rejected, FixRequest).about(Account),
    row("53", "security level too low, or the authorisation is too old", Rejected, RefreshSession).not_cured_by_refresh(),
    row("gxb-group-update-failed", "the callers could not be changed: is it a 700 number, is the oaid current, would there be more than 80", Rejected, FixRequest),
    row("gxb-group-query-error", "the callers could not be read: is it a 700 number, is the oaid current", Rejected, RefreshOaid),
    row("gxb-*", "refused by the service of the caller groups", Rejected, FixRequest).only_for(GROUP),
    row(OAID_NOT_MATCHED, "the oaid is not the order's current one", Rejected, RefreshOaid),
    row(SESSION_UNAVAILABLE, "the session provider gave no session", NotExecuted, Backoff),
    row(RECEIVER_MISSING, "the answer leaves this order out, or has two different receivers for it", Outcome::Executed, Report),
];

/// Second codes. They are more precise than the first.
#[rustfmt::skip]
const SUB_CODES: &[CodeRow] = &[
    row("session-expired", "the session has expired", Rejected, RefreshSession),
    row("invalid-sessionkey", "the session is wrong or expired", Rejected, RefreshSession),
    row("session-is-blank", "the session is empty", Rejected, RefreshSession),
    row("sessionkey-not-generated-by-server", "the session is another application's", Rejected, RefreshSession),
    row("accesscontrol.limited-by-app-access-count", "the application's daily quota is used up", NotExecuted, Throttled).about(Account),
    row("accesscontrol.limited-by-api-access-count", "the method's limit over all applications", NotExecuted, Throttled),
    row("accesscontrol.limited-by-app-api-access-count", "the application's limit on this method", NotExecuted, Throttled),
    row("accesscontrol.limited-by-dynamic-access-count", "a dynamic limit", NotExecuted, Throttled),
    row("isv.permission-api-package-empty", "the application lacks the permission package", Rejected, FixRequest).about(Account),
    row("isv.permission-api-package-not-allowed", "the application lacks the permission package", Rejected, FixRequest).about(Account),
    row("isv.permission-api-package-limit", "the application lacks the permission package", Rejected, FixRequest).about(Account),
    row("isv.permission-ip-whitelist-limit", "this server's address is not on the application's list", Rejected, FixRequest).about(Account),
    row("isv.appkey-not-exists", "unknown app key, or the wrong environment", Rejected, FixRequest).about(Account),
    row("isv.missing-parameter", "a required parameter is missing", Rejected, FixRequest),
    row("isv.invalid-parameter", "a parameter is wrong", Rejected, FixRequest),
    row("isv.no-permission", "the session's seller is no party of the order: use the shop that owns it", Rejected, FixRequest).only_for(DECRYPTIONS),
    row("isv.no-permission", "not permitted", Rejected, FixRequest),
    row("isv.decryption-size-exceeded", "more than 20 orders in one call", Rejected, FixRequest),
    row("isv.oaid-invalid", "the oaid is not valid for this application and shop", Rejected, RefreshOaid),
    row("isv.tid-invalid", "the tid is no order number of the platform", Rejected, FixRequest),
    row("isv.tid-error", "the tid is wrong", Rejected, FixRequest),
    row("isv.trade-not-exist", "this shop has no such order, or it is older than what can be read", Rejected, FixRequest),
    row("isv.oaid-field-miss", "the order has no complete receiver, so no oaid", Rejected, FixRequest),
    row("isv.empty-parameter", "no orders in the call", Rejected, FixRequest).only_for(DECRYPTIONS),
    row("isv.empty-parameter", "a parameter is empty", Rejected, FixRequest),
    row("isv.invalid-argument", "an argument is wrong: field lengths, scene", Rejected, FixRequest).only_for(DECRYPTIONS),
    row("isv.invalid-argument", "an argument is wrong", Rejected, FixRequest),
    row("isv.decryption-quota-exceeded", "the shop's quota of decrypted orders is used up for today", Rejected, NextDay),
    row("isv.app-decryption-disabled-by-seller", "the seller switched decryption off for this application", Rejected, AskSeller),
    row("isv.decryption-disabled-by-seller", "the seller switched decryption off", Rejected, AskSeller),
    row("isv.decryption-scene-invalid", "the scene is not allowed for this application", Rejected, FixRequest),
    row("isv.prohibit-application", "this application may not decrypt", Rejected, Report).about(Account),
    row("isv.prohibit-application-user", "this application may not decrypt for this user", Rejected, AskSeller),
    row("isv.prohibit-masteraccount", "main accounts may not decrypt here: use another session", Rejected, RefreshSession).not_cured_by_refresh(),
    row("isv.prohibit-subaccount", "sub-accounts may not decrypt here without the right to", Rejected, AskSeller),
    row("isv.concurrent-query", "the same order is being decrypted at this moment", NotExecuted, Throttled).only_for(DECRYPT).about(Order),
    row("isv.concurrent-query", "the same is being done at this moment, perhaps by an earlier copy of this request", Unknown, Backoff).about(Order),
    row("isv.lack-of-balance", "the account of the privacy-number service is empty", Rejected, TopUp),
    row("isp.call-limited", "flow control of the service behind the gateway", NotExecuted, Throttled),
    row("isp.sys.error", "fault of the platform", Unknown, Backoff),
    row("isp.service-error", "fault of the service behind the gateway", Unknown, Backoff),
    row("isp.remote-service-error*", "fault of the service behind the gateway", Unknown, Backoff),
    row("isp.remote-connection-error*", "no connection to the service behind the gateway", Unknown, Backoff),
    row("isp.top-remote-connection-error*", "no connection to the service behind the gateway", Unknown, Backoff),
    row("isp.top-remote-connection-control-error*", "no connection to the service behind the gateway", Unknown, Backoff),
    row("isp.unknown-error*", "unknown fault of the platform", Unknown, Backoff),
    row("isp.top-remote-unknown-error*", "unknown fault of the service behind the gateway", Unknown, Backoff),
    row("isp.remote-service-timeout*", "the service behind the gateway gave no answer in time", Unknown, Backoff),
    row("isp.top-remote-connection-timeout*", "the service behind the gateway gave no answer in time", Unknown, Backoff),
    row("isp.top-mapping-parse-error*", "a parameter has the wrong format", Rejected, FixRequest),
    row("isp.top-parse-error*", "a parameter has the wrong format", Rejected, FixRequest),
    row("isp.*-service-unavailable", "the service behind the gateway is not available", Unknown, Backoff),
    row("isp.*-service-unavailable-tmall", "the service behind the gateway is not available", Unknown, Backoff),
];

/// Families of second codes: they count if neither code is listed, or the first does not say whether the method ran.
#[rustfmt::skip]
const SUB_CODE_FAMILIES: &[CodeRow] = &[
    row("isv.*conflict*", "something like it is there already, perhaps by an earlier copy of this request", Unknown, Report),
    row("isv.*duplicate*", "something like it is there already, perhaps by an earlier copy of this request", Unknown, Report),
    row("isv.*repeat*", "something like it is there already, perhaps by an earlier copy of this request", Unknown, Report),
    row("isv.*already*", "something like it is there already, perhaps by an earlier copy of this request", Unknown, Report),
    row("isv.*", "refused: the request is wrong", Rejected, FixRequest),
    row("isp.*", "fault of the platform", Unknown, Backoff),
    row("accesscontrol.*", "flow control", NotExecuted, Throttled),
];

/// The fault with one of this crate's own codes: nothing was sent, or a successful answer lacks something.
pub(super) fn own_fault(code: &'static str, method: &str, request_id: Option<&str>) -> Fault {
    classify(ServiceFacts::own(code, request_id), None, method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seconds_of_a_ban_are_read_from_the_message() {
        for (message, seconds) in [
            ("This ban will last for 1 more seconds", Some(1)),
            ("this BAN will last for 31062 more seconds", Some(31062)),
            ("Ban will last for 1 more second", Some(1)),
            ("This ban will last for many more seconds", None),
            ("no ban", None),
        ] {
            assert_eq!(ban_seconds(message), seconds, "{message}");
        }
    }
}
