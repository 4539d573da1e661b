//! Operations that users define, sent through the same clients.

use privacy_number::aliyun::{Dyplsapi, Dytnsapi};
use privacy_number::{
    Advice, Error, Operation, Outcome, Params, PhoneNumber, Private, Refusal, RetryPolicy, Safety, Secret,
    ServiceError, Settings, VirtualNumber, aliyun, top,
};
use serde::{Deserialize, Serialize};

use crate::clients::{ACCESS_KEY_SECRET, APP_SECRET, SESSION, aliyun_builder, fast_retries, once, shop};
use crate::raw_server::{RawServer, Reply};
use crate::server::{Server, body};
use crate::{form, signatures};

/// `taobao.trade.fullinfo.get`, as far as the current OAID of an order needs it.
#[derive(Debug, Serialize)]
struct TradeFullinfoGet {
    tid: u64,
    fields: String,
    include_memo: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct TradeFullinfoGetResponse {
    trade: Trade,
    request_id: String,
}

#[derive(Debug, Deserialize)]
struct Trade {
    oaid: Private,
}

impl Operation for TradeFullinfoGet {
    type Gateway = top::Top;
    type Output = TradeFullinfoGetResponse;
    const NAME: &'static str = "taobao.trade.fullinfo.get";
    const SAFETY: Safety = Safety::Safe;
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct BuySecretNo {
    pool_key: String,
    spec_id: u32,
    city: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BuySecretNoResponse {
    #[serde(rename = "SecretBuyInfoDTO")]
    bought: Bought,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Bought {
    secret_no: VirtualNumber,
}

impl Operation for BuySecretNo {
    type Gateway = Dyplsapi;
    type Output = BuySecretNoResponse;
    const NAME: &'static str = "BuySecretNo";
    const SAFETY: Safety = Safety::Once;

    fn validate(&self, _: chrono::DateTime<chrono::Utc>) -> Result<(), privacy_number::InvalidRequest> {
        if (1..=3).contains(&self.spec_id) {
            Ok(())
        } else {
            Err(privacy_number::InvalidRequest::new("spec_id", "must be 1, 2 or 3"))
        }
    }

    fn hint(&self, error: &ServiceError) -> Option<&'static str> {
        (error.code() == "isv.NO_AVAILABLE_NUMBER").then_some("try another city")
    }
}

fn buy(spec_id: u32) -> BuySecretNo {
    BuySecretNo { pool_key: "FC123456".into(), spec_id, city: None }
}

/// A response without `Code`: the operation's own rule decides.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreatePickUpWaybillPreQuery {
    cp_code: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PreQueryResponse {
    data: PreQueryData,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PreQueryData {
    success: bool,
    error_code: Option<String>,
}

impl Operation for CreatePickUpWaybillPreQuery {
    type Gateway = Dyplsapi;
    type Output = PreQueryResponse;
    const NAME: &'static str = "CreatePickUpWaybillPreQuery";
    const SAFETY: Safety = Safety::Safe;
    const SUCCESS_CODES: &'static [&'static str] = &[];

    fn refusal(answer: &Self::Output) -> Option<Refusal> {
        (!answer.data.success).then(|| Refusal::new(answer.data.error_code.clone().unwrap_or_default()))
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribePhoneNumberStatus {
    phone_number: PhoneNumber,
}

#[derive(Debug, Deserialize)]
struct Anything {}

impl Operation for DescribePhoneNumberStatus {
    type Gateway = Dytnsapi;
    type Output = Anything;
    const NAME: &'static str = "DescribePhoneNumberStatus";
    const SAFETY: Safety = Safety::Once;
    const CHARGED: bool = true;
}

/// An action of a newer family, which reports success with a code of its own.
#[derive(Debug, Serialize)]
struct QueryNewerFamily {}

impl Operation for QueryNewerFamily {
    type Gateway = Dyplsapi;
    type Output = Anything;
    const NAME: &'static str = "QueryNewerFamily";
    const SAFETY: Safety = Safety::Safe;
    const SUCCESS_CODES: &'static [&'static str] = &["0000"];
}

/// An action whose success codes look like errors, or are numbers.
#[derive(Debug, Serialize)]
struct QueryOddFamily {}

impl Operation for QueryOddFamily {
    type Gateway = Dyplsapi;
    type Output = Anything;
    const NAME: &'static str = "QueryOddFamily";
    const SAFETY: Safety = Safety::Safe;
    const SUCCESS_CODES: &'static [&'static str] = &["200", "0", "DONE"];
}

/// An action that reports its result twice: beside `Data` and inside it.
#[derive(Debug, Serialize)]
struct ChangeTwice {}

impl Operation for ChangeTwice {
    type Gateway = Dyplsapi;
    type Output = Anything;
    const NAME: &'static str = "ChangeTwice";
    const SAFETY: Safety = Safety::Once;
    const SUCCESS_CODES: &'static [&'static str] = &["OK", "0"];
    const DATA_SUCCESS_CODES: &'static [&'static str] = &["0"];
}

#[tokio::test]
async fn a_users_own_top_method_is_sent_signed_and_read() {
    let server = Server::always(
        r#"{"trade_fullinfo_get_response":{"trade":{"oaid":"oaid-new","tid":1},"request_id":"15r6mock0001"}}"#,
    )
    .await;
    let request = TradeFullinfoGet { tid: 2_000_000_000_000_000_001, fields: "tid,oaid".into(), include_memo: None };
    let answer = shop(server.top_endpoint(), once()).send(&request).await.unwrap();
    assert_eq!((answer.trade.oaid.expose(), answer.request_id.as_str()), ("oaid-new", "15r6mock0001"));
    let params = form::decode(body(&server.received_one().await));
    assert_eq!((params["method"].as_str(), params["session"].as_str()), ("taobao.trade.fullinfo.get", SESSION));
    assert_eq!((params["tid"].as_str(), params["fields"].as_str()), ("2000000000000000001", "tid,oaid"));
    assert!(!params.contains_key("include_memo"));
    assert_eq!(params["sign"], signatures::top(&params, APP_SECRET));
}

#[tokio::test]
async fn a_users_own_aliyun_action_is_sent_signed_and_read() {
    let server = Server::always(crate::fixtures::read("aliyun/BuySecretNo.json")).await;
    let client = aliyun_builder(server.aliyun_endpoint()).build().unwrap();
    let answer = client.send(&buy(1)).await.unwrap();
    assert!(!answer.bought.secret_no.expose().is_empty());
    let params = form::decode(body(&server.received_one().await));
    assert_eq!((params["Action"].as_str(), params["SpecId"].as_str()), ("BuySecretNo", "1"));
    assert!(!params.contains_key("City"));
    assert_eq!(params["Signature"], signatures::aliyun("POST", &params, ACCESS_KEY_SECRET));
}

#[tokio::test]
async fn the_other_product_has_its_own_endpoint_and_version() {
    let (dyplsapi, dytnsapi) = (Server::always("").await, Server::always(r#"{"Code":"OK"}"#).await);
    let client = aliyun_builder(dyplsapi.aliyun_endpoint()).dytns_endpoint(dytnsapi.aliyun_endpoint()).build().unwrap();
    client.send(&DescribePhoneNumberStatus { phone_number: "13900001234".into() }).await.unwrap();
    assert!(dyplsapi.received().await.is_empty());
    let params = form::decode(body(&dytnsapi.received_one().await));
    assert_eq!((params["Version"].as_str(), params["PhoneNumber"].as_str()), ("2020-02-17", "13900001234"));

    let dytnsapi = Server::always(r#"{"Code":"OK"}"#).await;
    let client = aliyun_builder(dyplsapi.aliyun_endpoint()).endpoint_of::<Dytnsapi>(dytnsapi.aliyun_endpoint());
    client.build().unwrap().send(&DescribePhoneNumberStatus { phone_number: "13900001234".into() }).await.unwrap();
    assert_eq!(form::decode(body(&dytnsapi.received_one().await))["Version"], "2020-02-17");
    assert!(dyplsapi.received().await.is_empty());
}

#[tokio::test]
async fn a_users_own_operation_has_its_safety_checks_and_hints_respected() {
    let server = RawServer::start([Reply::Reset]).await;
    let client = crate::clients::aliyun(server.aliyun_endpoint(), fast_retries(3));
    let error = client.send(&buy(4)).await.unwrap_err();
    assert!(matches!(&error, Error::Invalid(error) if error.field() == "spec_id"));
    assert!(server.requests().is_empty());
    let error = client.send(&buy(1)).await.unwrap_err();
    assert_eq!((error.advice(), error.attempts()), (Advice::Reconcile, 1), "bought perhaps: never twice");
    let request = TradeFullinfoGet { tid: 1, fields: "oaid".into(), include_memo: Some(true) };
    let error = shop(server.top_endpoint(), fast_retries(3)).send(&request).await.unwrap_err();
    assert_eq!((error.advice(), error.attempts()), (Advice::Retry, 3));

    let server = Server::always(r#"{"Code":"isv.NO_AVAILABLE_NUMBER","RequestId":"r"}"#).await;
    let error = aliyun_builder(server.aliyun_endpoint()).build().unwrap().send(&buy(1)).await.unwrap_err();
    assert!(error.to_string().contains("try another city"), "{error}");
}

#[tokio::test]
async fn an_action_without_code_succeeds_and_fails_by_its_own_rule() {
    let request = CreatePickUpWaybillPreQuery { cp_code: "SF".into() };
    let server = Server::always(r#"{"HttpStatusCode":200,"Data":{"Success":true}}"#).await;
    let client = aliyun_builder(server.aliyun_endpoint()).build().unwrap();
    assert!(client.send(&request).await.unwrap().data.success);
    let server = Server::always(r#"{"Data":{"Success":false,"ErrorCode":"Brand.New"}}"#).await;
    let client = aliyun_builder(server.aliyun_endpoint()).build().unwrap();
    let error = client.send(&request).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some("Brand.New"), Outcome::Unknown));
}

#[test]
fn clients_and_errors_are_send_and_sync() {
    fn is_send_and_sync<T: Send + Sync + Clone + 'static>() {}
    is_send_and_sync::<top::Client>();
    is_send_and_sync::<top::Shop>();
    is_send_and_sync::<top::ClientBuilder>();
    is_send_and_sync::<aliyun::Client>();
    is_send_and_sync::<aliyun::ClientBuilder>();
    is_send_and_sync::<aliyun::Credentials>();
    is_send_and_sync::<aliyun::BindAxb>();
    is_send_and_sync::<aliyun::BindAxbResponse>();
    is_send_and_sync::<top::OaidDecrypt>();
    is_send_and_sync::<top::OaidDecryptResponse>();
    is_send_and_sync::<top::Decrypted>();
    is_send_and_sync::<Error>();
    is_send_and_sync::<Settings>();
    is_send_and_sync::<RetryPolicy>();
    is_send_and_sync::<Params>();
    is_send_and_sync::<(Secret, Private, PhoneNumber, VirtualNumber)>();
}

#[test]
fn calls_can_be_spawned() {
    fn can_be_spawned<T: Send + 'static>(_: T) {}
    let top = crate::clients::top_builder("http://127.0.0.1:1/router/rest").build().unwrap();
    let aliyun = aliyun_builder("http://127.0.0.1:1/").build().unwrap();
    can_be_spawned(top.shop(SESSION).decrypt_all(Vec::new()));
    can_be_spawned(async move { aliyun.send(&buy(1)).await });
    can_be_spawned(async move {
        let request = TradeFullinfoGet { tid: 1, fields: "oaid".into(), include_memo: None };
        top.shop(SESSION).send(&request).await
    });
}

/// The result of a response: `Ok`, or the code of the error, if it has one.
async fn outcome_of<O: Operation<Gateway = Dyplsapi, Output = Anything>>(
    operation: &O,
    answer: &str,
) -> Result<(), Option<String>> {
    let server = Server::always(answer).await;
    let client = crate::clients::aliyun(server.aliyun_endpoint(), once());
    match client.send(operation).await {
        Ok(Anything {}) => Ok(()),
        Err(error) => Err(error.code().map(ToOwned::to_owned)),
    }
}

#[tokio::test]
async fn only_the_operations_own_success_codes_are_a_success() {
    let refused = |code: &str| Err(Some(code.to_owned()));
    for (answer, expected) in [
        (r#"{"Code":"0000","RequestId":"r"}"#, Ok(())),
        ("<QueryNewerFamilyResponse><Code>0000</Code></QueryNewerFamilyResponse>", Ok(())),
        (r#"{"Code":"0"}"#, refused("0")),
        (r#"{"Code":0}"#, refused("0")),
        (r#"{"Code":"OK"}"#, refused("OK")),
        (r#"{"Code":"200"}"#, refused("200")),
        (r#"{"Code":"00000"}"#, refused("00000")),
        (r#"{"Code":"0000 "}"#, refused("0000 ")),
        (r#"{"Code":"isv.FLOW_LIMIT"}"#, refused("isv.FLOW_LIMIT")),
        (r#"{"Code":"0000","ErrorCode":"E1"}"#, refused("E1")),
        (r#"{"Code":"0000","Success":false}"#, Err(None)),
        (r#"{"RequestId":"r"}"#, Err(None)),
        (r#"{"Code":"","RequestId":"r"}"#, Err(None)),
    ] {
        assert_eq!(outcome_of(&QueryNewerFamily {}, answer).await, expected, "{answer}");
    }
}

#[tokio::test]
async fn a_success_code_is_compared_as_text_whatever_it_means_elsewhere() {
    let refused = |code: &str| Err(Some(code.to_owned()));
    for (answer, expected) in [
        (r#"{"Code":200}"#, Ok(())),
        (r#"{"Code":0}"#, Ok(())),
        (r#"{"Code":"DONE"}"#, Ok(())),
        (r#"{"Code":"OK"}"#, refused("OK")),
        (r#"{"Code":"DONE","SubCode":"E1"}"#, refused("E1")),
        (r#"{"Code":"DONE","ErrorCode":"E1"}"#, Err(None)),
        (r#"{"Code":"DONE","code":"0"}"#, Err(None)),
        (r#"{"ErrorCode":"DONE","RequestId":"r"}"#, Err(None)),
    ] {
        assert_eq!(outcome_of(&QueryOddFamily {}, answer).await, expected, "{answer}");
    }
}

#[tokio::test]
async fn a_result_inside_data_must_be_a_success_too() {
    let refused = |code: &str| Err(Some(code.to_owned()));
    for (answer, expected) in [
        (r#"{"Code":"OK","Data":{"Code":"0","Success":true,"Message":"OK"}}"#, Ok(())),
        (r#"{"Code":"0","Data":{"Code":0,"Success":"True"},"Success":true}"#, Ok(())),
        (
            "<ChangeTwiceResponse><Code>OK</Code><Data><Code>0</Code><Success>true</Success></Data></ChangeTwiceResponse>",
            Ok(()),
        ),
        // The inner code has its own list, and is compared as text.
        (r#"{"Code":"OK","Data":{"Code":"OK","Success":true}}"#, refused("OK")),
        (r#"{"Code":"OK","Data":{"Code":"0000","Success":true}}"#, refused("0000")),
        (r#"{"Code":"OK","Data":{"Code":"isv.NO_SUCH","Success":false}}"#, refused("isv.NO_SUCH")),
        (r#"{"Code":"OK","Data":{"Code":"0","Success":false}}"#, Err(None)),
        (r#"{"Code":"OK","Success":false,"Data":{"Code":"0","Success":true}}"#, Err(None)),
        (r#"{"Code":"OK","Data":{"Code":"0","Success":true},"More":{"Code":"200","Success":true}}"#, Err(None)),
        // Half a result is no proof.
        (r#"{"Code":"OK","Data":{"Code":"0"}}"#, Err(None)),
        (r#"{"Code":"OK","Data":{"Success":true}}"#, Err(None)),
        (r#"{"Code":"OK","Data":{}}"#, Err(None)),
        (r#"{"Code":"OK","Data":null}"#, Err(None)),
        (r#"{"Code":"OK"}"#, Err(None)),
        ("<ChangeTwiceResponse><Code>OK</Code><Data/></ChangeTwiceResponse>", Err(None)),
    ] {
        assert_eq!(outcome_of(&ChangeTwice {}, answer).await, expected, "{answer}");
    }
}

#[tokio::test]
async fn a_write_without_the_result_inside_data_is_of_unknown_outcome() {
    let server = Server::always(r#"{"Code":"OK","RequestId":"r"}"#).await;
    let error = crate::clients::aliyun(server.aliyun_endpoint(), once()).send(&ChangeTwice {}).await.unwrap_err();
    assert_eq!(
        (error.outcome(), error.advice()),
        (privacy_number::Outcome::Unknown, privacy_number::Advice::Reconcile)
    );
}
