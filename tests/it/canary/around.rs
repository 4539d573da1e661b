//! What a prepared request and the error of a refused signature show.

use privacy_number::aliyun::{HttpMethod, ProfileFile, RoleCredentials, SignatureVersion};
use privacy_number::sign::Stamp;
use privacy_number::sign::explain::{explain_pop, explain_top};
use privacy_number::{Error, Format, Params, Settings};
use serde_json::json;

use super::call::{calls, shown};
use super::{for_sentinels, settings};
use crate::clients::instant;
use crate::form;
use crate::raw_server::Refusing;
use crate::server::{Server, ok, response};

const WAYS: [(SignatureVersion, HttpMethod); 4] = [
    (SignatureVersion::V1_0, HttpMethod::Post),
    (SignatureVersion::V1_0, HttpMethod::Get),
    (SignatureVersion::Acs3, HttpMethod::Post),
    (SignatureVersion::Acs3, HttpMethod::Get),
];

#[test]
fn nothing_is_shown_of_a_prepared_request_nor_of_what_explains_its_signature() {
    for_sentinels(async |run| {
        let refusing = Refusing::new();
        let stamp = Stamp::new(instant(), &run.s.session);
        run.assert_shows_nothing(&stamp, "stamp");
        for (version, method) in WAYS {
            let endpoint = refusing.aliyun_endpoint();
            let clients = run.clients_signing(version, &endpoint, Format::Json, method, settings());
            for call in calls(&run.s) {
                let prepared = call.prepare(&clients, &stamp).await.unwrap();
                run.assert_shows_nothing(&prepared, call.name());
                let params: Params = form::decode(prepared.form.expose()).into_iter().collect();
                run.assert_shows_nothing(&params, call.name());
                let everything = run.s.all().join("&");
                for explanation in [explain_pop(method, &params, Some(&everything)), explain_top(&params, Some("a"))] {
                    run.search.assert_clean(&format!("{explanation}\n{}", shown(&explanation)), call.name());
                }
            }
        }
    });
}

#[test]
fn nothing_is_shown_of_a_refused_signature_whose_text_the_gateway_quotes() {
    for_sentinels(async |run| {
        let everything = run.s.all().join(" ");
        let words = everything.clone();
        // The gateway quotes each request, with one of its pairs removed, added or changed.
        let server = Server::start(move |request| {
            if let Some(authorization) = request.headers.get("authorization") {
                let lines = request.headers.iter().map(|(name, value)| format!("{name}:{}\n", value.to_str().unwrap()));
                let names = authorization.to_str().unwrap();
                let (method, lines) = (&request.method, lines.collect::<String>());
                let quoted =
                    format!("{method}\n/\n{words}={words}&{words}\n{lines}{words}:{words}\n\n{names}\n{words}");
                let message = format!("Specified signature does not match. server CanonicalRequest is [{quoted}]");
                let answer = json!({"Code": "SignatureDoesNotMatch", "Message": message, "RequestId": "r"});
                return response(400, &answer.to_string());
            }
            let sent = match request.url.query() {
                Some(query) => query.to_owned(),
                None => crate::server::body(request).to_owned(),
            };
            if sent.contains("sign_method=") {
                return ok(&json!({"error_response": {"code": 25, "msg": sent, "sub_msg": words}}).to_string());
            }
            let mut pairs: Vec<_> = sent.split('&').filter(|pair| !pair.starts_with("Signature=")).collect();
            pairs.sort_unstable();
            let place = fastrand::usize(..pairs.len());
            let other = form::escape(&words);
            let changed = format!("{}={other}", pairs[place].split_once('=').unwrap().0);
            match fastrand::usize(..4) {
                0 => _ = pairs.remove(place),
                1 => pairs.insert(place, &other),
                2 => pairs[place] = &changed,
                _ => {}
            }
            let text = format!("{}&%2F&{}", request.method, form::escape(&pairs.join("&")));
            let message = format!("Specified signature is not matched. server string to sign is:{text}");
            response(400, &json!({"Code": "SignatureDoesNotMatch", "Message": message, "RequestId": "r"}).to_string())
        })
        .await;
        for (version, method) in WAYS {
            let host = format!("{}/", server.aliyun_endpoint());
            let clients = run.clients_signing(version, &host, Format::Json, method, settings());
            for call in calls(&run.s) {
                let error = run.send(&*call, &clients, "signature").await.unwrap_err();
                let Error::Service(error) = error else { panic!("{error}") };
                assert!(error.explanation().is_some() && error.message().is_some(), "{error}");
            }
        }
    });
}

#[test]
fn nothing_is_shown_of_settings_and_sources_of_keys() {
    for_sentinels(async |run| {
        let s = &run.s;
        let refusing = Refusing::new();
        let clients = run.clients(&refusing.aliyun_endpoint(), Format::Json, HttpMethod::Post, settings());
        let role = RoleCredentials::new(clients.aliyun, "acs:ram::1:role/erp", "erp");
        run.assert_shows_nothing(&(role, ProfileFile::new().profile("erp")), "sources");

        // A client that the user supplies may have keys in its settings.
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("x-session", s.app_key.parse().unwrap());
        let proxy = format!("http://{}:{}@127.0.0.1:1/", form::escape(&s.texts.remark), form::escape(&s.session));
        let http = reqwest::Client::builder().proxy(reqwest::Proxy::all(proxy).unwrap()).default_headers(headers);
        let settings = settings().http_client(http.build().unwrap());
        run.assert_shows_nothing(&settings, "settings");
        let clients = run.clients(&refusing.aliyun_endpoint(), Format::Json, HttpMethod::Get, settings);
        for call in calls(s) {
            run.send(&*call, &clients, "proxy").await.unwrap_err();
        }
        run.assert_shows_nothing(&Settings::default(), "settings");
    });
}
