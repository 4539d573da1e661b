//! The bodies and the queries of control requests. An unknown member or parameter is an error, so that a typing mistake
//! is noticed.

use bytes::Bytes;
use http::Request;
use http::header::HOST;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::endpoint::{Endpoint, QueryParameter};
use super::reply::Problem;
use super::view::{redacted, whole};
use crate::emulator::aliyun::seed::POOL_KEY;
use crate::emulator::json_body;
use crate::emulator::request::Parameters;
use crate::emulator::seed::FIRST_SHOP;

/// Whether an answer has whole phone numbers.
pub(super) const NUMBERS: QueryParameter = QueryParameter {
    name: "numbers",
    about: "`whole` for whole phone numbers. They are masked by default.",
    schema: r#"{"type": "string", "enum": ["masked", "whole"]}"#,
};

pub(super) fn body<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Problem> {
    json_body::parse(request.body()).map_err(Problem::bad_request)
}

/// The same, if no body stands for `{}`.
pub(super) fn optional_body<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Problem> {
    let bytes: &[u8] = if request.body().is_empty() { b"{}" } else { request.body() };
    json_body::parse(bytes).map_err(Problem::bad_request)
}

/// Checks that the endpoint has all parameters of the query.
pub(super) fn check_query(request: &Request<Bytes>, endpoint: &Endpoint) -> Result<(), Problem> {
    let query = query(request)?;
    let is_known = |name: &str| endpoint.query.iter().any(|parameter| parameter.name == name);
    match query.iter().find(|(name, _)| !is_known(name)) {
        None => Ok(()),
        Some(_) if endpoint.query.is_empty() => Err(Problem::bad_request("the endpoint has no query parameters")),
        Some(_) => {
            let names: Vec<_> = endpoint.query.iter().map(|parameter| parameter.name).collect();
            Err(Problem::bad_request(format!("the query parameters are {}", names.join(", "))))
        }
    }
}

/// The value of a query parameter.
pub(super) fn parameter(request: &Request<Bytes>, name: &str) -> Result<Option<String>, Problem> {
    let query = query(request)?;
    Ok(query.iter().find(|(candidate, _)| *candidate == name).map(|(_, value)| value.to_owned()))
}

/// Whether [`NUMBERS`] asks for whole numbers.
pub(super) fn wants_whole_numbers(request: &Request<Bytes>) -> Result<bool, Problem> {
    match parameter(request, NUMBERS.name)?.as_deref() {
        None | Some("masked") => Ok(false),
        Some("whole") => Ok(true),
        Some(_) => Err(Problem::bad_request("numbers must be masked or whole")),
    }
}

/// What writes the numbers as [`NUMBERS`] asks for it.
pub(super) fn shown_numbers(request: &Request<Bytes>) -> Result<fn(&str) -> String, Problem> {
    Ok(if wants_whole_numbers(request)? { whole } else { redacted })
}

/// Checks that a phone number has only digits.
pub(super) fn check_number(number: &str) -> Result<(), Problem> {
    let is_number = (3..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(()) } else { Err(Problem::bad_request("a number must have 3 to 20 digits and nothing else")) }
}

/// Checks that a text is not empty.
pub(super) fn check_not_empty(name: &str, text: &str) -> Result<(), Problem> {
    if text.is_empty() { Err(Problem::bad_request(format!("{name} must not be empty"))) } else { Ok(()) }
}

/// For a member that can be `null`: `None` if it is left out, and `Some(None)` if it is `null`.
pub(super) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

pub(super) fn first_shop() -> String {
    FIRST_SHOP.to_owned()
}

pub(super) fn default_pool() -> String {
    POOL_KEY.to_owned()
}

/// The host name by which the client addresses the server.
pub(super) fn host(request: &Request<Bytes>) -> &str {
    request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1")
}

fn query(request: &Request<Bytes>) -> Result<Parameters, Problem> {
    Parameters::of_query(request).map_err(|_| Problem::bad_request("the query is malformed or repeats a parameter"))
}
