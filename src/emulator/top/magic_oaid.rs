//! Oaids that always have the same refusal, for every order.

use super::refusal::Refusal;

/// The prefix of such an oaid, and its code. If one prefix begins with another, the longer one is first.
const CODES: [(&str, &str); 29] = [
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

/// The ban of each throttling code in seconds. Real responses have had these values.
const BANS: [(&str, u64); 3] = [
    ("accesscontrol.limited-by-api-access-count", 1),
    ("accesscontrol.limited-by-app-access-count", 31062),
    ("accesscontrol.limited-by-app-api-access-count", 41),
];

/// The refusal of a magic oaid. Returns `None` for any other oaid.
pub(super) fn refusal(oaid: &str) -> Option<Refusal> {
    let (_, code) = CODES.iter().find(|(prefix, _)| oaid.starts_with(prefix))?;
    let ban = BANS.iter().find(|(banned, _)| banned == code).map(|(_, seconds)| *seconds);
    Some(Refusal::from_code(code, ban))
}

/// Whether the oaid always has the same refusal.
pub(crate) fn is_magic_oaid(oaid: &str) -> bool {
    CODES.iter().any(|(prefix, _)| oaid.starts_with(prefix))
}
