//! Checks endpoints: HTTPS except for this machine, and nothing in the URL but scheme, host, port and path.

use reqwest::Url;

use crate::invalid::InvalidRequest;

/// Checks an endpoint. `path` is the only path it may have.
pub(super) fn parse(text: &str, path: &str, plain_http_allowed: bool) -> Result<Url, InvalidRequest> {
    let refuse = |reason: &'static str| Err(InvalidRequest::new("endpoint", reason));
    // Refuses what a URL parser drops or rewrites silently, and letters that only look like the gateway's.
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return refuse("must be plain ASCII without spaces or backslashes");
    }
    let Ok(url) = Url::parse(text) else { return refuse("must be a URL such as https://host/") };
    match url.scheme() {
        "https" => {}
        "http" if plain_http_allowed || is_loopback(&url) => {}
        "http" => return refuse("must use https: plain http is for this machine only, or by `allow_plain_http`"),
        _ => return refuse("must use https"),
    }
    if !url.has_host() {
        return refuse("must name a host");
    }
    // All other places for an `@` are refused below.
    if text.contains('@') {
        return refuse("must not hold a user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("must not hold a query or fragment");
    }
    if url.path() != path {
        return refuse("must have the gateway's own path, `/router/rest` for TOP and `/` for Aliyun");
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_endpoints_without_extras_are_taken() {
        for good in [
            "https://dyplsapi.aliyuncs.com",
            "https://h:8443/",
            "http://127.0.0.1:80",
            "http://[::1]:1/",
            "http://localhost/",
        ] {
            assert!(parse(good, "/", false).is_ok(), "{good}");
        }
        for bad in [
            "http://dyplsapi.aliyuncs.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "ftp://127.0.0.1",
            "https://user@host/",
            "https://user:password@host/",
            "https://host/path",
            "https://host/?query=1",
            "https://host/#fragment",
            "host",
            "",
        ] {
            let error = parse(bad, "/", false).unwrap_err();
            assert_eq!(error.field(), "endpoint", "{bad}");
        }
        assert!(parse("http://gateway.internal/", "/", true).is_ok());
        assert!(parse("https://gw.api.taobao.com/router/rest", "/router/rest", false).is_ok());
    }
}
