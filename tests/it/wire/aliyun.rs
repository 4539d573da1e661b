use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use privacy_number::aliyun::{
    AxbRingConfig, AxgRingConfig, AxnRingConfig, BindAxb, CallRestrict, Credentials, DtmfConfig, Dyplsapi, HttpMethod,
    ProductType, QuerySubscriptionDetail, RingConfig, SubscriptionUpdate, UnbindSubscription, UpdateSubscription,
};
use privacy_number::{Format, Operation};
use wiremock::Request;

use super::{params_of_post, remove};
use crate::clients::{ACCESS_KEY_SECRET, aliyun_builder, once};
use crate::server::{Server, body};
use crate::{form, signatures};

async fn sent<O: Operation<Gateway = Dyplsapi>>(operation: &O) -> Request {
    let server = Server::always("").await;
    let _ = aliyun_builder(server.aliyun_endpoint()).build().unwrap().send(operation).await;
    server.received_one().await
}

/// Checks the envelope and the signature of a POST. Returns the parameters of the action.
fn own_params(request: &Request, action: &str) -> BTreeMap<String, String> {
    without_envelope(params_of_post(request, "/"), "POST", action)
}

fn without_envelope(mut params: BTreeMap<String, String>, method: &str, action: &str) -> BTreeMap<String, String> {
    assert_eq!(params["Signature"], signatures::aliyun(method, &params, ACCESS_KEY_SECRET));
    let envelope = [
        ("AccessKeyId", "testId"),
        ("Action", action),
        ("Format", "JSON"),
        ("RegionId", "cn-hangzhou"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("Timestamp", "2026-01-06T02:00:00Z"),
        ("Version", "2017-05-25"),
    ];
    remove(&mut params, &envelope);
    assert!(params.remove("SignatureNonce").unwrap().len() >= 32, "a nonce has at least 128 bits");
    params.remove("Signature");
    params
}

fn midnight_in_berlin() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-02-01T00:00:00+01:00").unwrap()
}

#[tokio::test]
async fn bind_axb_sends_what_is_set_and_nothing_else() {
    let bind = BindAxb::builder().pool_key("FC123456").phone_no_a("15000000000").phone_no_b("01012345678");
    let request = sent(&bind.expiration(midnight_in_berlin()).build()).await;
    assert_eq!(
        form::pairs(&own_params(&request, "BindAxb")),
        [
            ("Expiration", "2026-02-01 07:00:00"),
            ("PhoneNoA", "15000000000"),
            ("PhoneNoB", "01012345678"),
            ("PoolKey", "FC123456"),
        ]
    );
}

#[tokio::test]
async fn bind_axb_sends_every_parameter_under_its_own_name() {
    let dtmf = DtmfConfig::builder()
        .end_call_ivr_phone_no("A")
        .waiting_dtmf_time(30)
        .max_loop(5)
        .step1_file("one.wav")
        .step2_file("two.wav")
        .valid_key("1,2")
        .waiting_end_call(10)
        .build();
    let rings = AxbRingConfig::builder()
        .axb_ring_a("10000001")
        .axb_ring_b("10000002")
        .axb_ring_a_pickup("10000003")
        .axb_ring_b_pickup("10000004")
        .build();
    let bind = BindAxb::builder()
        .pool_key("FC123456")
        .phone_no_a("15000000000")
        .phone_no_b("15000000001")
        .phone_no_x("17000000000")
        .expiration(midnight_in_berlin())
        .expect_city("北京")
        .is_recording_enabled(true)
        .out_id("a b&c=*~")
        .out_order_id("abcdef")
        .call_restrict(CallRestrict::A)
        .call_display_type(1)
        .ring_config(rings)
        .asr_status(false)
        .asr_model_id("980abddb908f48e8b987cb2cd303****")
        .call_timeout(20)
        .dtmf_config(dtmf)
        .build();
    assert_eq!(
        form::pairs(&own_params(&sent(&bind).await, "BindAxb")),
        [
            ("ASRModelId", "980abddb908f48e8b987cb2cd303****"),
            ("ASRStatus", "false"),
            ("CallDisplayType", "1"),
            ("CallRestrict", "CONTROL_AX_DISABLE"),
            ("CallTimeout", "20"),
            (
                "DtmfConfig",
                r#"{"endCallIvrPhoneNo":"A","waitingDtmfTime":30,"maxLoop":5,"step1File":"one.wav","step2File":"two.wav","validKey":"1,2","waitingEndCall":10}"#
            ),
            ("ExpectCity", "北京"),
            ("Expiration", "2026-02-01 07:00:00"),
            ("IsRecordingEnabled", "true"),
            ("OutId", "a b&c=*~"),
            ("OutOrderId", "abcdef"),
            ("PhoneNoA", "15000000000"),
            ("PhoneNoB", "15000000001"),
            ("PhoneNoX", "17000000000"),
            ("PoolKey", "FC123456"),
            (
                "RingConfig",
                r#"{"AXBRing_A":"10000001","AXBRing_B":"10000002","AXBRing_A_PICKUP":"10000003","AXBRing_B_PICKUP":"10000004"}"#
            ),
        ]
    );
}

#[tokio::test]
async fn each_change_sends_its_operate_type_and_the_parameter_that_goes_with_it() {
    use SubscriptionUpdate as Change;
    type Sent<'a> = &'a [(&'a str, &'a str)];
    let changes: [(Change, &str, Sent); 13] = [
        (Change::PhoneNoA("15000000002".into()), "updateNoA", &[("PhoneNoA", "15000000002")]),
        (Change::PhoneNoB("01012345678".into()), "updateNoB", &[("PhoneNoB", "01012345678")]),
        (Change::Expiration(midnight_in_berlin()), "updateExpire", &[("Expiration", "2026-02-01 07:00:00")]),
        (Change::GroupId("2000000130001".into()), "updateAxgGroup", &[("GroupId", "2000000130001")]),
        (Change::CallRestrict(CallRestrict::A), "updateCallRestrict", &[("CallRestrict", "CONTROL_AX_DISABLE")]),
        (Change::CallRestrict(CallRestrict::B), "updateCallRestrict", &[("CallRestrict", "CONTROL_BX_DISABLE")]),
        (Change::CallRestrict(CallRestrict::Clear), "updateCallRestrict", &[("CallRestrict", "CONTROL_CLEAR_DISABLE")]),
        (Change::CallDisplayType(1), "updateCallDisplayType", &[("CallDisplayType", "1")]),
        (Change::OutId("abcdef".into()), "updateOutId", &[("OutId", "abcdef")]),
        (Change::IsRecordingEnabled(true), "updateIsRecordingEnabled", &[("IsRecordingEnabled", "true")]),
        (Change::IsRecordingEnabled(false), "updateIsRecordingEnabled", &[("IsRecordingEnabled", "false")]),
        (Change::Asr { status: false, model_id: None }, "updateAsr", &[("ASRStatus", "false")]),
        (
            Change::Asr { status: true, model_id: Some("980a".into()) },
            "updateAsr",
            &[("ASRModelId", "980a"), ("ASRStatus", "true")],
        ),
    ];
    for (update, operate_type, params) in changes {
        let change =
            UpdateSubscription::builder().pool_key("FC123456").subs_id("1000000768798832").phone_no_x("17000000000");
        let request = sent(&change.update(update).build()).await;
        let mut expected: BTreeMap<&str, &str> = params.iter().copied().collect();
        expected.insert("OperateType", operate_type);
        expected.insert("PhoneNoX", "17000000000");
        expected.insert("PoolKey", "FC123456");
        expected.insert("SubsId", "1000000768798832");
        let received = own_params(&request, "UpdateSubscription");
        assert_eq!(form::pairs(&received), expected.into_iter().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn ring_tones_are_named_after_the_kind_of_binding() {
    let axb = AxbRingConfig::builder().axb_ring_a("1").build();
    let axn = AxnRingConfig::builder()
        .axn_ring_ab("1")
        .axn_ring_a("2")
        .axn_ring_n("3")
        .axn_ring_a_pickup("4")
        .axn_ring_n_pickup("5")
        .build();
    let axg = AxgRingConfig::builder().axg_ring_ab("1").axg_ring_a("2").axg_ring_g("3").build();
    let kinds: [(RingConfig, &str); 3] = [
        (axb.into(), r#"{"AXBRing_A":"1"}"#),
        (
            axn.into(),
            r#"{"AXNRing_AB":"1","AXNRing_A":"2","AXNRing_N":"3","AXNRing_A_PICKUP":"4","AXNRing_N_PICKUP":"5"}"#,
        ),
        (axg.into(), r#"{"AXGRing_AB":"1","AXGRing_A":"2","AXGRing_G":"3"}"#),
    ];
    for (rings, text) in kinds {
        let change =
            UpdateSubscription::builder().product_type(ProductType::Axb170).subs_id("1").phone_no_x("17000000000");
        let change = change.update(SubscriptionUpdate::OutId("a".into())).ring_config(rings).build();
        let params = own_params(&sent(&change).await, "UpdateSubscription");
        assert_eq!((params["RingConfig"].as_str(), params["ProductType"].as_str()), (text, "AXB_170"));
    }
}

#[tokio::test]
async fn unbinding_and_reading_name_the_same_x_differently() {
    let unbind =
        UnbindSubscription::builder().pool_key("FC123456").subs_id("1000000768798832").secret_no("17000000000");
    assert_eq!(
        form::pairs(&own_params(&sent(&unbind.build()).await, "UnbindSubscription")),
        [("PoolKey", "FC123456"), ("SecretNo", "17000000000"), ("SubsId", "1000000768798832")]
    );
    let read = QuerySubscriptionDetail::builder().product_type(ProductType::AxnExtensionReuse).subs_id("1");
    assert_eq!(
        form::pairs(&own_params(&sent(&read.phone_no_x("17000000000").build()).await, "QuerySubscriptionDetail")),
        [("PhoneNoX", "17000000000"), ("ProductType", "AXN_EXTENSION_REUSE"), ("SubsId", "1")]
    );
}

fn read() -> QuerySubscriptionDetail {
    QuerySubscriptionDetail::builder().pool_key("FC 1*~+号").subs_id("1").phone_no_x("17000000000").build()
}

#[tokio::test]
async fn with_get_everything_is_in_the_query_and_nothing_in_the_body() {
    let server = Server::always("").await;
    let client = aliyun_builder(server.aliyun_endpoint()).method(HttpMethod::Get).build().unwrap();
    let _ = client.send(&read()).await;
    let request = server.received_one().await;
    assert_eq!((request.method.as_str(), request.url.path(), request.body.len()), ("GET", "/", 0));
    let params = form::decode(request.url.query().unwrap());
    assert_eq!(
        form::pairs(&without_envelope(params, "GET", "QuerySubscriptionDetail")),
        [("PhoneNoX", "17000000000"), ("PoolKey", "FC 1*~+号"), ("SubsId", "1")]
    );
}

#[tokio::test]
async fn the_token_of_a_temporary_key_is_sent_and_signed() {
    let server = Server::always("").await;
    let credentials = Credentials::new("STS.id", "sts secret").security_token("token+/==");
    let client = aliyun_builder(server.aliyun_endpoint()).credentials(credentials).build().unwrap();
    let _ = client.send(&read()).await;
    let params = form::decode(body(&server.received_one().await));
    assert_eq!((params["AccessKeyId"].as_str(), params["SecurityToken"].as_str()), ("STS.id", "token+/=="));
    assert_eq!(params["Signature"], signatures::aliyun("POST", &params, "sts secret"));
}

#[tokio::test]
async fn xml_is_asked_for_by_its_name() {
    let server = Server::always("").await;
    let client = aliyun_builder(server.aliyun_endpoint()).format(Format::Xml).settings(once()).build().unwrap();
    let _ = client.send(&read()).await;
    let params = form::decode(body(&server.received_one().await));
    assert_eq!(params["Format"], "XML");
    assert_eq!(params["Signature"], signatures::aliyun("POST", &params, ACCESS_KEY_SECRET));
}
