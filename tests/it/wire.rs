//! The bytes on the wire: what a gateway receives, for every operation.

mod aliyun;
mod envelope;
mod top;

use std::collections::BTreeMap;

use wiremock::Request;

use crate::form;
use crate::server::body;

/// Checks what every POST has in common. Returns its parameters.
fn params_of_post(request: &Request, path: &str) -> BTreeMap<String, String> {
    assert_eq!((request.method.as_str(), request.url.path()), ("POST", path));
    assert_eq!(request.url.query(), None, "no number, session, token or signature in a URL");
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded;charset=utf-8");
    assert!(request.headers["accept-encoding"].to_str().unwrap().contains("gzip"));
    form::decode(body(request))
}

/// Removes parameters that must have these values.
fn remove(params: &mut BTreeMap<String, String>, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(params.remove(*name).as_deref(), Some(*value), "{name}");
    }
}
