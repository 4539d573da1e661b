//! The client's signature by ACS3, verified by the emulator.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{BindAxb, Client, Credentials, HttpMethod, QuerySubscriptionDetail, SignatureVersion};
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::sign::Stamp;
use privacy_number::sign::explain::{Cause, Explanation};
use privacy_number::{Advice, Error, Outcome, PreparedRequest, RetryPolicy};

async fn start() -> Emulator {
    Emulator::builder().temporary_access_key("STS.id", "sts secret", "token+/==").start().await.unwrap()
}

fn client(emulator: &Emulator) -> Client {
    emulator.aliyun_builder().signature_version(SignatureVersion::Acs3).build().unwrap()
}

fn bind(emulator: &Emulator) -> BindAxb {
    let bind = BindAxb::builder().pool_key(emulator.pool_key()).phone_no_a("15000000000").phone_no_b("15000000001");
    bind.expiration(emulator.now() + TimeDelta::days(1)).build()
}

fn query(emulator: &Emulator) -> QuerySubscriptionDetail {
    let query = QuerySubscriptionDetail::builder().pool_key(emulator.pool_key()).subs_id("1000000768798832");
    query.phone_no_x("17000000001").build()
}

fn explanation(error: Error) -> Explanation {
    let Error::Service(error) = error else { panic!("{error}") };
    assert_eq!(error.code(), "SignatureDoesNotMatch");
    error.explanation().unwrap().clone()
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_explained() {
    let emulator = start().await;
    for method in [HttpMethod::Post, HttpMethod::Get] {
        let client = emulator.aliyun_builder().signature_version(SignatureVersion::Acs3).method(method);
        let client = client.access_key(emulator.access_key_id(), "another secret").build().unwrap();
        let explanation = explanation(client.send(&bind(&emulator)).await.unwrap_err());
        let difference = explanation.difference().unwrap();
        assert_eq!((difference.cause(), difference.position()), (Cause::Secret, None));
        assert!(explanation.text().expose().starts_with("ACS3-HMAC-SHA256\n"));
        let canonical = explanation.canonical_request().unwrap().expose();
        assert_eq!(canonical.contains("PhoneNoA=15000000000"), method == HttpMethod::Get, "{canonical}");
        let shown = format!("{explanation} {explanation:?}");
        assert!(shown.contains("x-acs-date") && !shown.contains("1500000000"), "{shown}");
    }
}

/// Sends a prepared request by another HTTP client. Returns the code of the answer.
async fn sent(request: &PreparedRequest, change: impl Fn(&str, &str) -> String) -> serde_json::Value {
    let http = reqwest::Client::new();
    let sender = match request.method {
        HttpMethod::Get => http.get(format!("{}?{}", request.url, request.form.expose())),
        _ => http.post(&request.url).body(request.form.expose().to_owned()),
    };
    let headers = request.headers.iter().map(|(name, value)| (*name, change(name, value.expose())));
    let sender = headers.fold(sender, |sender, (name, value)| sender.header(name, value));
    serde_json::from_slice(&sender.send().await.unwrap().bytes().await.unwrap()).unwrap()
}

fn unchanged(_: &str, value: &str) -> String {
    value.to_owned()
}

#[tokio::test]
async fn a_prepared_request_is_accepted_once() {
    let emulator = start().await;
    let temporary = Credentials::new("STS.id", "sts secret").security_token("token+/==");
    for (method, credentials) in
        [(HttpMethod::Post, None), (HttpMethod::Get, None), (HttpMethod::Post, Some(temporary))]
    {
        let builder = emulator.aliyun_builder().signature_version(SignatureVersion::Acs3).method(method);
        let builder = credentials.iter().cloned().fold(builder, |builder, key| builder.credentials(key));
        let stamp = Stamp::new(emulator.now(), format!("{method:?} {}", credentials.is_some()));
        let request = builder.build().unwrap().prepare(&bind(&emulator), &stamp).await.unwrap();
        assert_eq!(sent(&request, unchanged).await["Code"], "OK");
        assert_eq!(sent(&request, unchanged).await["Code"], "SignatureNonceUsed");
    }
}

#[tokio::test]
async fn a_header_that_was_changed_on_the_way_is_refused() {
    let emulator = start().await;
    let prepare = async |nonce: &str| {
        let stamp = Stamp::new(emulator.now(), nonce);
        client(&emulator).prepare(&bind(&emulator), &stamp).await.unwrap()
    };
    for signed in ["x-acs-signature-nonce", "content-type"] {
        let request = prepare(signed).await;
        let code = sent(&request, |name, value| format!("{value}{}", if name == signed { "; x=y" } else { "" })).await;
        assert_eq!(code["Code"], "SignatureDoesNotMatch", "{signed}");
    }
    let request = prepare("accept").await;
    let code = sent(&request, |name, value| if name == "accept" { "*/*".into() } else { value.into() }).await;
    assert_eq!(code["Code"], "OK", "`accept` is not signed");
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_once() {
    for minutes in [-60, 60] {
        let emulator = start().await;
        emulator.inject(Fault::clock_skew(TimeDelta::minutes(minutes)));
        let client = client(&emulator);
        client.send(&bind(&emulator)).await.unwrap();
        assert_eq!((emulator.ledger().count("BindAxb"), emulator.ledger().executed("BindAxb")), (2, 1));
        let refused = emulator.ledger().entries().remove(0);
        assert_eq!(&*refused.code, "InvalidTimeStamp.Expired");
    }
}

#[tokio::test]
async fn a_temporary_key_needs_its_token() {
    let emulator = start().await;
    let builder = || emulator.aliyun_builder().signature_version(SignatureVersion::Acs3);
    let key = || Credentials::new("STS.id", "sts secret");
    builder().credentials(key().security_token("token+/==")).build().unwrap().send(&bind(&emulator)).await.unwrap();
    for (credentials, code) in
        [(key(), "MissingSecurityToken"), (key().security_token("other"), "InvalidSecurityToken.MismatchWithAccessKey")]
    {
        let error = builder().credentials(credentials).build().unwrap().send(&bind(&emulator)).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(code), Outcome::Rejected));
    }
}

#[tokio::test]
async fn a_bind_whose_response_is_lost_is_not_sent_twice_and_a_query_is() {
    let lost = [
        Fault::reset_after_execution(),
        Fault::torn_body(),
        Fault::garbled(),
        Fault::bad_gateway_page(),
        Fault::internal_error(),
    ];
    for fault in lost {
        let emulator = start().await;
        let pause = Duration::from_millis(1);
        let retry = RetryPolicy::new().first_backoff(pause).max_backoff(pause);
        let client = emulator.aliyun_builder().signature_version(SignatureVersion::Acs3);
        let client = client.settings(emulator.settings().retry(retry)).build().unwrap();
        emulator.inject(fault.clone().times(1));
        let error = client.send(&bind(&emulator)).await.unwrap_err();
        assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::Reconcile), "{fault:?}");
        assert_eq!(emulator.ledger().count("BindAxb"), 1, "{fault:?}");

        emulator.inject(fault.clone().times(1));
        let _ = client.send(&query(&emulator)).await;
        assert_eq!(emulator.ledger().count("QuerySubscriptionDetail"), 2, "{fault:?}");
    }
}
