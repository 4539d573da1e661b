//! The signature ACS3-HMAC-SHA256 of the client: the bytes on the wire.

use std::collections::BTreeSet;

use privacy_number::aliyun::{
    BindAxb, Client, ClientBuilder, Credentials, HttpMethod, QuerySubscriptionDetail, SignatureVersion,
};
use privacy_number::sign::Stamp;
use privacy_number::{Error, Format, Operation, PreparedRequest};
use wiremock::Request;

use crate::clients::{
    ACCESS_KEY_ID, ACCESS_KEY_SECRET, aliyun_builder, fast_retries, instant, plain_http, shop, top_builder,
};
use crate::own_process::run_test;
use crate::raw_server::{RawServer, Reply};
use crate::samples::{Clients, Sample, each_operation, expiration, is_top};
use crate::server::{Server, body, response};
use crate::{form, signatures};

fn builder(server: &Server) -> ClientBuilder {
    aliyun_builder(server.aliyun_endpoint()).signature_version(SignatureVersion::Acs3)
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn query() -> QuerySubscriptionDetail {
    QuerySubscriptionDetail::builder().pool_key("FC123456").subs_id("1").phone_no_x("17000000000").build()
}

fn assert_signed(request: &Request, secret: &str) {
    let signature = header(request, "authorization").split_once("Signature=").unwrap().1;
    assert_eq!(signature, signatures::acs3(request, secret));
}

/// Sends the sample of an operation of Aliyun by this method, and checks what the server received.
async fn check<O: Sample>(method: HttpMethod) {
    if is_top::<O>() {
        return;
    }
    let server = Server::always("").await;
    let settings = crate::clients::once().http_client(plain_http());
    let aliyun = builder(&server).method(method).settings(settings.clone()).build().unwrap();
    let top = top_builder(server.top_endpoint()).build().unwrap();
    let clients = Clients { aliyun, top, shop: shop(server.top_endpoint(), settings) };
    for request in O::requests(&crate::samples::Values::documented()) {
        let _ = clients.send(&request).await;
    }
    let stamp = Stamp::new(instant(), "a nonce");
    let older = aliyun_builder(server.aliyun_endpoint()).method(method).build().unwrap();
    let older = Clients { aliyun: older, ..clients };
    for (request, sent) in O::requests(&crate::samples::Values::documented()).iter().zip(server.received().await) {
        let is_get = method == HttpMethod::Get && !O::POST_ONLY;
        let (content_type, params) = if is_get {
            assert!(sent.body.is_empty());
            ("", sent.url.query().unwrap())
        } else {
            assert_eq!(sent.url.query(), None, "{}: no number is in a URL", O::NAME);
            ("application/x-www-form-urlencoded", body(&sent))
        };
        assert_eq!((header(&sent, "content-type"), header(&sent, "accept")), (content_type, "application/json"));
        assert_eq!((sent.method.as_str() == "GET", header(&sent, "x-acs-action")), (is_get, O::NAME));
        assert_eq!(header(&sent, "x-acs-date"), "2026-01-06T02:00:00Z");
        assert_signed(&sent, ACCESS_KEY_SECRET);

        // The parameters are those of signature 1.0, without the ones of its envelope.
        let mut expected = form::decode(older.prepare(request, &stamp).await.unwrap().form.expose());
        for name in ["AccessKeyId", "Action", "Format", "RegionId", "Timestamp", "Version"] {
            expected.remove(name).unwrap();
        }
        expected.retain(|name, _| !name.starts_with("Signature"));
        assert_eq!(form::decode(params), expected, "{}", O::NAME);
    }
    assert!(!server.received().await.is_empty());
}

#[tokio::test]
async fn every_operation_of_aliyun_is_signed_in_its_headers() {
    for method in [HttpMethod::Post, HttpMethod::Get] {
        each_operation!(async check, method);
    }
}

async fn prepared<O: Operation<Gateway: privacy_number::aliyun::Product>>(
    client: &Client,
    operation: &O,
) -> PreparedRequest {
    client.prepare(operation, &Stamp::new(instant(), "3ee8c1b883d344afa94f4e0ad82fd6cf")).await.unwrap()
}

/// The method, the URL, the headers and the form of a request.
fn wire(request: &PreparedRequest) -> String {
    let PreparedRequest { method, url, form, headers, .. } = request;
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {}\n", value.expose())).collect();
    format!("{method:?} {url}\n{headers}\n{}", form.expose())
}

/// The signature is that of OpenSSL: `printf 'ACS3-HMAC-SHA256\n%s' "$(printf %s "$canonical" | sha256sum | cut -c-64)"
/// | openssl dgst -sha256 -hmac testSecret`.
#[tokio::test]
async fn a_binding_is_sent_as_it_was() {
    let client = Client::builder().access_key(ACCESS_KEY_ID, ACCESS_KEY_SECRET);
    let client = client.signature_version(SignatureVersion::Acs3).build().unwrap();
    let bind = BindAxb::builder().pool_key("FC123456").phone_no_a("15000000000").phone_no_b("15000000001");
    let bind = bind.expiration(expiration()).out_id("a b*c~张三").build();
    let expected = [
        "Post https://dyplsapi.aliyuncs.com/",
        "accept: application/json",
        "x-acs-action: BindAxb",
        "x-acs-content-sha256: 4aa9ce84a06adc0dbc6692e71fa5417dbc4b2fa915f085c91ae075a53e82c387",
        "x-acs-date: 2026-01-06T02:00:00Z",
        "x-acs-signature-nonce: 3ee8c1b883d344afa94f4e0ad82fd6cf",
        "x-acs-version: 2017-05-25",
        "content-type: application/x-www-form-urlencoded",
        "authorization: ACS3-HMAC-SHA256 Credential=testId,SignedHeaders=content-type;host;x-acs-action;\
         x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,\
         Signature=33e8817137438a5365f85773c04f1986306869ccc037c383a63ac90dbe2fb545",
        "",
        "Expiration=2026-09-05%2012%3A00%3A00&OutId=a%20b%2Ac~%E5%BC%A0%E4%B8%89&PhoneNoA=15000000000\
         &PhoneNoB=15000000001&PoolKey=FC123456",
    ];
    assert_eq!(wire(&prepared(&client, &bind).await).lines().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn the_token_of_a_temporary_key_is_a_signed_header() {
    let server = Server::always("").await;
    let credentials = Credentials::new("STS.id", "sts secret").security_token("token+/==");
    let client = builder(&server).credentials(credentials).build().unwrap();
    let _ = client.send(&query()).await;
    let request = server.received_one().await;
    assert_eq!(header(&request, "x-acs-security-token"), "token+/==");
    let authorization = header(&request, "authorization");
    assert!(
        authorization.starts_with("ACS3-HMAC-SHA256 Credential=STS.id,SignedHeaders=content-type;host;x-acs-action;")
    );
    assert!(authorization.contains(";x-acs-security-token;"), "{authorization}");
    assert_signed(&request, "sts secret");
}

#[tokio::test]
async fn every_attempt_has_a_new_nonce_and_signature() {
    let busy = r#"{"Code":"ServiceUnavailable","Message":"busy","RequestId":"r"}"#;
    let server = Server::start(move |_| response(503, busy)).await;
    let client = builder(&server).settings(fast_retries(4)).build().unwrap();
    assert_eq!(client.send(&query()).await.unwrap_err().attempts(), 4);
    let requests = server.received().await;
    let distinct = |name| requests.iter().map(|request| header(request, name)).collect::<BTreeSet<_>>().len();
    assert_eq!((requests.len(), distinct("x-acs-signature-nonce"), distinct("authorization")), (4, 4, 4));
    requests.iter().for_each(|request| assert_signed(request, ACCESS_KEY_SECRET));
}

#[tokio::test]
async fn an_expired_date_corrects_the_clock_once() {
    let date = ("Date", "Tue, 06 Jan 2026 03:00:00 GMT");
    let expired = r#"{"RequestId":"r","Code":"InvalidTimeStamp.Expired"}"#;
    let good = r#"{"Code":"OK","Message":"OK","RequestId":"r","SecretBindDetailDTO":{"SubsId":"1"}}"#;
    let server = RawServer::start([Reply::http("400 Bad Request", &[date], expired), Reply::ok(good)]).await;
    let client = aliyun_builder(server.aliyun_endpoint()).signature_version(SignatureVersion::Acs3);
    let client = client.settings(fast_retries(3)).build().unwrap();
    let _ = client.send(&query()).await;
    let requests = server.requests();
    let dates = requests.iter().flat_map(|request| request.lines().filter(|line| line.starts_with("x-acs-date")));
    assert_eq!(dates.collect::<Vec<_>>(), ["x-acs-date: 2026-01-06T02:00:00Z", "x-acs-date: 2026-01-06T03:00:00Z"]);
}

#[tokio::test]
async fn the_format_xml_asks_for_json_and_reads_both() {
    for answer in [
        r#"{"Code":"OK","Message":"OK","RequestId":"r-1"}"#,
        "<UnbindSubscriptionResponse><Code>OK</Code><Message>OK</Message><RequestId>r-1</RequestId>\
         </UnbindSubscriptionResponse>",
    ] {
        let server = Server::always(answer).await;
        let client = builder(&server).format(Format::Xml).build().unwrap();
        let unbind = privacy_number::aliyun::UnbindSubscription::builder().subs_id("1").secret_no("17000000000");
        assert_eq!(client.send(&unbind.pool_key("FC1").build()).await.unwrap().request_id.as_deref(), Some("r-1"));
        assert_eq!(header(&server.received_one().await, "accept"), "application/json");
    }
}

#[test]
fn a_key_that_no_header_can_hold_is_refused_before_anything_is_sent() {
    for (credentials, field) in [
        (Credentials::new("id\r\nx: y", "secret"), "access_key_id"),
        (Credentials::new("id ", "secret"), "access_key_id"),
        (Credentials::new("id", "secret").security_token("钥匙"), "security_token"),
    ] {
        let error = Client::builder().credentials(credentials).build().unwrap_err();
        assert!(matches!(&error, Error::Invalid(error) if error.field() == field), "{error}");
    }
}

/// The environment belongs to the whole process, so the test runs in another process with its own.
#[test]
fn the_signature_version_comes_from_the_environment() {
    for version in ["", "1.0", "ACS3-HMAC-SHA256", "acs3-hmac-sha256", "2.0"] {
        run_test("acs3::in_a_process_of_its_own", |test| {
            test.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")
                .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret")
                .env("ALIYUN_SIGNATURE_VERSION", version);
        });
    }
}

#[tokio::test]
#[ignore = "started by `the_signature_version_comes_from_the_environment`"]
async fn in_a_process_of_its_own() {
    let version = std::env::var("ALIYUN_SIGNATURE_VERSION").unwrap_or_default();
    let result = Client::from_env();
    if version == "2.0" {
        return assert!(result.unwrap_err().to_string().contains("ALIYUN_SIGNATURE_VERSION"));
    }
    let is_acs3 = !prepared(&result.unwrap(), &query()).await.headers.is_empty();
    assert_eq!(is_acs3, version.to_uppercase().starts_with("ACS3"), "{version}");
}
