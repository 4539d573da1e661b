//! Why a signature by ACS3 was refused.

use percent_encoding::percent_decode_str;

use super::{Cause, Difference, Explanation, different_pair, first_difference, pairs};
use crate::redact::Private;
use crate::sign::acs3::{ALGORITHM, CanonicalRequest, payload_hash, sorted, string_to_sign};
use crate::sign::pop::HttpMethod;

/// Explains a signature by ACS3. `gateway_text` is what the gateway computed: its string to sign, its canonical request,
/// or the whole error message that contains one of them or both.
///
/// If there is only the string to sign, which contains nothing but a hash, the likely changes of a request on its way
/// are tried: another method, a host without its port, a query that is encoded differently, a lost body.
///
/// ```
/// use privacy_number::sign::acs3::{CanonicalRequest, payload_hash};
/// use privacy_number::sign::explain::{Cause, explain_acs3};
/// use privacy_number::sign::pop::HttpMethod;
///
/// let hash = payload_hash(b"");
/// let headers = [("host", "127.0.0.1:8700"), ("x-acs-action", "BindAxb")];
/// let ours = CanonicalRequest { method: HttpMethod::Post, query: "", headers: &headers, payload_hash: &hash };
/// let headers = [("host", "127.0.0.1"), ("x-acs-action", "BindAxb")];
/// let theirs = CanonicalRequest { headers: &headers, ..ours };
///
/// let message = format!("server StringToSign is [{}]", theirs.string_to_sign());
/// let explanation = explain_acs3(&ours, Some(&message));
/// let difference = explanation.difference().unwrap();
/// assert_eq!((difference.parameter(), difference.cause()), (Some("host"), Cause::Value));
/// ```
#[must_use]
pub fn explain_acs3(request: &CanonicalRequest<'_>, gateway_text: Option<&str>) -> Explanation {
    let canonical = request.text();
    let text = string_to_sign(&canonical);
    let difference = gateway_text.and_then(|gateway| compare(request, &canonical, &text, gateway));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let query = pairs(request.query).into_iter().map(|(name, value)| (decoded(name), Private::from(decoded(value))));
    let headers = sorted(request.headers).into_iter().map(|(name, value)| (name.into_owned(), value.into()));
    Explanation {
        parameters: query.chain(headers).collect(),
        canonical_request: Some(canonical.into()),
        text: text.into(),
        difference,
    }
}

/// `None` if the gateway's text contains neither a hash nor a canonical request.
fn compare(request: &CanonicalRequest<'_>, canonical: &str, text: &str, gateway: &str) -> Option<Difference> {
    let their_canonical = quoted_canonical_request(gateway);
    let their_text = quoted_string_to_sign(gateway).or_else(|| their_canonical.map(string_to_sign))?;
    let position = first_difference(text, &their_text);
    let (parameter, cause) = match their_canonical {
        _ if position.is_none() => (None, Cause::Secret),
        Some(theirs) => first_different_part(canonical, theirs),
        None => likely_change(request, &their_text),
    };
    Some(Difference { position, parameter, cause })
}

/// The algorithm and a hash, wherever the message quotes them.
fn quoted_string_to_sign(message: &str) -> Option<String> {
    const HASH: usize = 64;
    message.split(ALGORITHM).skip(1).find_map(|rest| {
        let hash = rest.trim_start().get(..HASH)?;
        hash.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| format!("{ALGORITHM}\n{hash}"))
    })
}

/// What a message quotes in `server CanonicalRequest is [..]`, or a text that begins as a canonical request does.
fn quoted_canonical_request(message: &str) -> Option<&str> {
    if let Some((_, quoted)) = message.split_once("CanonicalRequest is [") {
        // The host of an address in IPv6 has brackets too.
        let quoted = quoted.split_once("] server ").map_or(quoted, |(quoted, _)| quoted);
        return Some(quoted.trim_end().trim_end_matches(']'));
    }
    ["POST\n", "GET\n"].iter().any(|method| message.starts_with(method)).then(|| message.trim_end())
}

/// A canonical request, taken apart.
struct Parts<'a> {
    method: &'a str,
    path: &'a str,
    query: Vec<(&'a str, &'a str)>,
    headers: Vec<(&'a str, &'a str)>,
    payload_hash: &'a str,
}

impl<'a> Parts<'a> {
    fn of(canonical: &'a str) -> Self {
        let mut lines = canonical.split('\n').map(|line| line.trim_end_matches('\r'));
        let mut next = || lines.next().unwrap_or_default();
        let (method, path, query) = (next(), next(), next());
        let headers = lines.by_ref().take_while(|line| !line.is_empty());
        let headers = headers.map(|line| line.split_once(':').unwrap_or((line, ""))).collect();
        Self { method, path, query: pairs(query), headers, payload_hash: lines.next_back().unwrap_or_default() }
    }
}

fn first_different_part(ours: &str, theirs: &str) -> (Option<String>, Cause) {
    let (ours, theirs) = (Parts::of(ours), Parts::of(theirs));
    if ours.method != theirs.method {
        return (None, Cause::Method);
    }
    if ours.path != theirs.path {
        return (None, Cause::Path);
    }
    let pair = different_pair(&ours.query, &theirs.query).or_else(|| different_pair(&ours.headers, &theirs.headers));
    match pair {
        Some((name, cause)) => (name.map(str::to_owned), cause),
        None if ours.payload_hash != theirs.payload_hash => (None, Cause::Body),
        None => (None, Cause::Request),
    }
}

/// The change after which the gateway would compute its hash, if it is one of the likely ones.
fn likely_change(request: &CanonicalRequest<'_>, their_text: &str) -> (Option<String>, Cause) {
    let is_theirs = |changed: CanonicalRequest<'_>| changed.string_to_sign() == their_text;
    let other_method = if request.method == HttpMethod::Post { HttpMethod::Get } else { HttpMethod::Post };
    if is_theirs(CanonicalRequest { method: other_method, ..*request }) {
        return (None, Cause::Method);
    }
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| (*name, without_port(name, value))).collect();
    if is_theirs(CanonicalRequest { headers: &headers, ..*request }) {
        return (Some("host".to_owned()), Cause::Value);
    }
    let as_form = request.query.replace("%20", "+");
    let raw_star = request.query.replace("%2A", "*");
    let both = as_form.replace("%2A", "*");
    let escaped_tilde = request.query.replace('~', "%7E");
    if [as_form, raw_star, both, escaped_tilde].iter().any(|query| is_theirs(CanonicalRequest { query, ..*request })) {
        return (None, Cause::Encoding);
    }
    if is_theirs(CanonicalRequest { payload_hash: &payload_hash(b""), ..*request }) {
        return (None, Cause::Body);
    }
    (None, Cause::Request)
}

fn without_port<'a>(name: &str, value: &'a str) -> &'a str {
    let host = value.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    host.filter(|_| name.eq_ignore_ascii_case("host")).map_or(value, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: [(&str, &str); 3] =
        [("host", "127.0.0.1:8700"), ("x-acs-action", "BindAxb"), ("x-acs-date", "2026-01-15T06:07:08Z")];
    const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    const OURS: CanonicalRequest<'_> = CanonicalRequest {
        method: HttpMethod::Post,
        query: "OutId=a%20b%2Ac&PhoneNoA=15000000000",
        headers: &HEADERS,
        payload_hash: "another",
    };

    fn difference(gateway: &str) -> Option<(Option<String>, Cause)> {
        let explanation = explain_acs3(&OURS, Some(gateway));
        assert_eq!(explanation.text().expose(), OURS.string_to_sign());
        assert_eq!(explanation.canonical_request().unwrap().expose(), OURS.text());
        let difference = explanation.difference()?;
        assert_eq!(difference.position().is_none(), difference.cause() == Cause::Secret);
        Some((difference.parameter().map(str::to_owned), difference.cause()))
    }

    fn name(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn each_cause_is_found_from_the_gateways_canonical_request() {
        let canonical = OURS.text();
        for (ours, theirs, expected) in [
            ("", "", (None, Cause::Secret)),
            ("POST", "PUT", (None, Cause::Method)),
            ("\n/\n", "\n/api/\n", (None, Cause::Path)),
            ("a%20b", "a+b", (name("OutId"), Cause::Encoding)),
            ("15000000000", "15000000001", (name("PhoneNoA"), Cause::Value)),
            ("OutId=a%20b%2Ac&", "", (name("OutId"), Cause::Lost)),
            (OURS.query, "", (name("OutId"), Cause::Lost)),
            ("&PhoneNoA", "&Other=1&PhoneNoA", (name("Other"), Cause::Added)),
            ("&PhoneNoA", "&P15000000001=1&PhoneNoA", (None, Cause::Added)),
            (":8700", "", (name("host"), Cause::Value)),
            ("x-acs-action:BindAxb\n", "", (name("x-acs-action"), Cause::Lost)),
            ("host:", "content-type:text/plain\nhost:", (name("content-type"), Cause::Added)),
            ("T06:", "T07:", (name("x-acs-date"), Cause::Clock)),
            ("another", HASH, (None, Cause::Body)),
        ] {
            let theirs = canonical.replacen(ours, theirs, 1);
            let text = string_to_sign(&theirs);
            for message in [
                theirs.clone(),
                format!("server CanonicalRequest is [{theirs}]"),
                format!("Mismatch. server StringToSign is [{text}] server CanonicalRequest is [{theirs}]"),
                format!("Mismatch. server CanonicalRequest is [{theirs}] server StringToSign is [{text}]"),
            ] {
                if theirs.starts_with("PUT") && message == theirs {
                    continue;
                }
                assert_eq!(difference(&message), Some(expected.clone()), "{message}");
            }
        }
    }

    #[test]
    fn the_likely_changes_are_found_from_the_hash_alone() {
        let host = [("host", "127.0.0.1"), HEADERS[1], HEADERS[2]];
        let lost = [HEADERS[0], HEADERS[1]];
        for (theirs, expected) in [
            (OURS, (None, Cause::Secret)),
            (CanonicalRequest { method: HttpMethod::Get, ..OURS }, (None, Cause::Method)),
            (CanonicalRequest { headers: &host, ..OURS }, (name("host"), Cause::Value)),
            (CanonicalRequest { query: "OutId=a+b*c&PhoneNoA=15000000000", ..OURS }, (None, Cause::Encoding)),
            (CanonicalRequest { payload_hash: HASH, ..OURS }, (None, Cause::Body)),
            (CanonicalRequest { headers: &lost, ..OURS }, (None, Cause::Request)),
        ] {
            let text = theirs.string_to_sign();
            let message =
                format!("Specified signature does not match our calculation. server StringToSign is [{text}]");
            assert_eq!(difference(&text), Some(expected.clone()));
            assert_eq!(difference(&message), Some(expected));
        }
    }

    #[test]
    fn a_message_without_a_text_gives_no_difference() {
        for message in
            ["", "x-acs-content-sha256 is not the hash of the body.", "ACS3-HMAC-SHA256", "ACS3-HMAC-SHA256 é"]
        {
            assert_eq!(difference(message), None, "{message}");
        }
    }

    #[test]
    fn values_are_shown_only_on_request() {
        let headers = [("x-acs-security-token", "sentinel-token"), HEADERS[0]];
        let request = CanonicalRequest { headers: &headers, ..OURS };
        let theirs = request.text().replace("15000000000", "13100000000");
        let explanation = explain_acs3(&request, Some(&theirs));
        let shown = format!("{explanation} {explanation:?} {explanation:#?}");
        assert!(!["sentinel", "150000", "131000", "127.0"].iter().any(|text| shown.contains(text)), "{shown}");
        assert!(explanation.to_string().starts_with("signed OutId, PhoneNoA, host, x-acs-security-token; "));
        let revealed = explanation.revealed();
        assert!(
            revealed.contains("OutId = a b*c\n") && revealed.contains("canonical request: POST\n/\n"),
            "{revealed}"
        );
    }
}
