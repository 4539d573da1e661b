use std::collections::BTreeMap;

use privacy_number::top::{
    ClientReceiverQuery, OaidClientDecrypt, OaidDecrypt, OperateType, ReceiverQuery, Scene, SecretGroupQuery,
    SecretGroupUpdate, SignMethod, WireShape, WorkcardRequestSource, WorkcardVirtualphoneBind,
};
use privacy_number::{Format, Operation, top};
use wiremock::Request;

use super::{params_of_post, remove};
use crate::clients::{APP_SECRET, SESSION, top_builder};
use crate::server::{Server, body};
use crate::{form, signatures};

/// Sends an operation with a session and returns the received request. The response does not matter here.
async fn sent<O: Operation<Gateway = top::Top>>(operation: &O) -> Request {
    let server = Server::always("").await;
    let client = top_builder(server.top_endpoint()).build().unwrap();
    let _ = client.shop(SESSION).send(operation).await;
    server.received_one().await
}

/// Checks the envelope and the signature. Returns the parameters of the method.
fn own_params(request: &Request, method: &str) -> BTreeMap<String, String> {
    let mut params = params_of_post(request, "/router/rest");
    assert!(params.values().all(|value| !value.is_empty()), "TOP is never sent an empty value");
    assert_eq!(params["sign"], signatures::top(&params, APP_SECRET));
    let envelope = [
        ("app_key", "12345678"),
        ("format", "json"),
        ("method", method),
        ("sign_method", "hmac-sha256"),
        ("timestamp", "2026-01-06 10:00:00"),
        ("v", "2.0"),
    ];
    remove(&mut params, &envelope);
    params.remove("sign");
    params
}

#[tokio::test]
async fn oaid_decrypt_sends_its_queries_as_one_json_array() {
    let full = ReceiverQuery::builder().oaid("oaid+/=&~*").tid("12345678").scene(Scene::StoreShipping);
    let short = ReceiverQuery::builder().oaid("号 码").tid("2002").build();
    let request = sent(&OaidDecrypt::new([full.secret_no_days(15).build(), short])).await;
    assert_eq!(
        form::pairs(&own_params(&request, "taobao.top.oaid.decrypt")),
        [
            (
                "query_list",
                r#"[{"oaid":"oaid+/=&~*","tid":"12345678","scene":"1005","secret_no_days":15},{"oaid":"号 码","tid":"2002"}]"#
            ),
            ("session", "test-session"),
        ]
    );
}

#[tokio::test]
async fn every_scene_has_its_documented_number() {
    let scenes = [
        (Scene::SfWaybill, "1001"),
        (Scene::ExpressWaybill, "1002"),
        (Scene::EmsWaybill, "1003"),
        (Scene::OtherWaybill, "1004"),
        (Scene::StoreShipping, "1005"),
        (Scene::ManualWaybill, "1006"),
        (Scene::DropShipping, "1007"),
        (Scene::AddressChange, "1008"),
        (Scene::NameView, "1009"),
        (Scene::AfterSales, "2001"),
        (Scene::CustomerCare, "2002"),
        (Scene::Qimen, "3001"),
        (Scene::Other("4001".to_owned()), "4001"),
    ];
    let queries = scenes.iter().map(|(scene, number)| {
        ReceiverQuery::builder().oaid("oaid-a").tid(format!("20{number}")).scene(scene.clone()).build()
    });
    let request = sent(&OaidDecrypt::new(queries)).await;
    let params = own_params(&request, "taobao.top.oaid.decrypt");
    let sent: Vec<BTreeMap<String, String>> = serde_json::from_str(&params["query_list"]).unwrap();
    for ((_, number), query) in scenes.iter().zip(&sent) {
        assert_eq!(query["scene"], *number);
    }
}

#[tokio::test]
async fn oaid_client_decrypt_sends_its_token_and_one_query_without_a_session() {
    let server = Server::always("").await;
    let query = ClientReceiverQuery::builder().oaid("oaid-a").tid("2001").scene(Scene::AfterSales).secret_no_days(30);
    let client = top_builder(server.top_endpoint()).build().unwrap();
    let _ = client.send(&OaidClientDecrypt::new("abc123", query.build())).await;
    assert_eq!(
        form::pairs(&own_params(&server.received_one().await, "taobao.top.oaid.client.decrypt")),
        [
            ("query_list", r#"[{"oaid":"oaid-a","tid":"2001","scene":"2001","secret_no_days":30}]"#),
            ("sec_once_token", "abc123"),
        ]
    );
}

#[tokio::test]
async fn secret_group_update_is_wrapped_in_one_parameter_unless_told_otherwise() {
    let update = SecretGroupUpdate::builder().oaid("oaid-a").operate_type(OperateType::Add);
    let request = sent(&update.mobile_list(["01012345678", "13100000000"]).build()).await;
    assert_eq!(
        form::pairs(&own_params(&request, "taobao.top.secret.group.update")),
        [
            (
                "secret_order_g_group_update_external_request",
                r#"{"mobile_list":["01012345678","13100000000"],"operate_type":"ADD_GXB_GROUP","oaid":"oaid-a"}"#
            ),
            ("session", "test-session"),
        ]
    );
}

#[tokio::test]
async fn a_flat_secret_group_update_has_its_callers_in_one_text_with_commas() {
    let update = SecretGroupUpdate::builder().oaid("oaid-a").operate_type(OperateType::Delete);
    let update = update.mobile_list(["01012345678", "13100000000"]).wire_shape(WireShape::Flat).build();
    assert_eq!(
        form::pairs(&own_params(&sent(&update).await, "taobao.top.secret.group.update")),
        [
            ("mobile_list", "01012345678,13100000000"),
            ("oaid", "oaid-a"),
            ("operate_type", "DELETE_GXB_GROUP"),
            ("session", "test-session"),
        ]
    );
}

#[tokio::test]
async fn secret_group_query_is_wrapped_in_one_parameter_unless_told_otherwise() {
    let wrapped = sent(&SecretGroupQuery::builder().oaid("oaid-a").build()).await;
    assert_eq!(
        form::pairs(&own_params(&wrapped, "taobao.top.secret.group.query")),
        [("secret_order_g_group_query_external_request", r#"{"oaid":"oaid-a"}"#), ("session", "test-session")]
    );
    let flat = sent(&SecretGroupQuery::builder().oaid("oaid-a").wire_shape(WireShape::Flat).build()).await;
    assert_eq!(
        form::pairs(&own_params(&flat, "taobao.top.secret.group.query")),
        [("oaid", "oaid-a"), ("session", "test-session")]
    );
}

#[tokio::test]
async fn a_work_card_is_bound_by_its_number_as_a_json_number() {
    let source = WorkcardRequestSource::builder().real_tp_nick("天猫服务商XXX").service_store_code("FWS1122").build();
    let request = sent(&WorkcardVirtualphoneBind::new(11_111_222, source)).await;
    assert_eq!(
        own_params(&request, "tmall.servicecenter.workcard.virtualphone.bind")["workcard_request"],
        r#"{"request_source":{"real_tp_nick":"天猫服务商XXX","service_store_code":"FWS1122"},"workcard_id":11111222}"#
    );
}

#[tokio::test]
async fn a_work_cards_empty_source_is_sent_and_its_number_keeps_every_digit() {
    let bind = WorkcardVirtualphoneBind::new(u64::MAX, WorkcardRequestSource::default());
    let request = sent(&bind).await;
    assert_eq!(
        own_params(&request, "tmall.servicecenter.workcard.virtualphone.bind")["workcard_request"],
        r#"{"request_source":{},"workcard_id":18446744073709551615}"#
    );
}

#[tokio::test]
async fn each_digest_signs_what_is_sent() {
    for (method, name, length) in
        [(SignMethod::Md5, "md5", 32), (SignMethod::HmacMd5, "hmac", 32), (SignMethod::HmacSha256, "hmac-sha256", 64)]
    {
        let server = Server::always("").await;
        let client = top_builder(server.top_endpoint()).sign_method(method).build().unwrap();
        let _ = client.shop(SESSION).send(&SecretGroupQuery::builder().oaid("号 码+~*").build()).await;
        let params = form::decode(body(&server.received_one().await));
        assert_eq!(params["sign_method"], name);
        assert_eq!(params["sign"].len(), length);
        assert_eq!(params["sign"], signatures::top(&params, APP_SECRET));
    }
}

#[tokio::test]
async fn an_empty_session_is_not_sent() {
    let server = Server::always("").await;
    let client = top_builder(server.top_endpoint()).build().unwrap();
    let _ = client.shop("").send(&SecretGroupQuery::builder().oaid("oaid-a").build()).await;
    let params = own_params(&server.received_one().await, "taobao.top.secret.group.query");
    assert_eq!(params.get("session"), None);
}

#[tokio::test]
async fn xml_is_asked_for_by_its_name() {
    let server = Server::always("").await;
    let client = top_builder(server.top_endpoint()).format(Format::Xml).build().unwrap();
    let _ = client.shop(SESSION).send(&SecretGroupQuery::builder().oaid("oaid-a").build()).await;
    let params = form::decode(body(&server.received_one().await));
    assert_eq!(params["format"], "xml");
    assert_eq!(params["sign"], signatures::top(&params, APP_SECRET));
}
