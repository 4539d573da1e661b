//! Responses that contradict themselves: none of them is a success.

use std::sync::atomic::{AtomicBool, Ordering};

use privacy_number::aliyun::{
    BindBatchAxg, CancelPickUpWaybill, CreatePickUpWaybill, LockSecretNo, UnbindSubscription,
};
use privacy_number::top::{
    OaidDecrypt, OperateType, ReceiverQuery, SecretGroupUpdate, WorkcardRequestSource, WorkcardVirtualphoneBind,
};
use privacy_number::{Advice, Error, Operation, Outcome, aliyun, top};

use crate::clients::{aliyun, fast_retries, once, shop};
use crate::samples::Sample;
use crate::server::{Server, response};

async fn top<O: Operation<Gateway = top::Top>>(request: &O, body: &str) -> Result<O::Output, Error> {
    let server = Server::always(body).await;
    shop(server.top_endpoint(), once()).send(request).await
}

async fn pop<O: Operation<Gateway = aliyun::Dyplsapi>>(request: &O, body: &str) -> Result<O::Output, Error> {
    let server = Server::always(body).await;
    aliyun(server.aliyun_endpoint(), once()).send(request).await
}

fn decrypt() -> OaidDecrypt {
    OaidDecrypt::new([ReceiverQuery::builder().oaid("oaid-a").tid("2001").build()])
}

fn update() -> SecretGroupUpdate {
    let update = SecretGroupUpdate::builder().oaid("oaid-a").operate_type(OperateType::Add);
    update.mobile_list(["13100000000"]).build()
}

/// Asserts an error with this code, or a decode error, whose outcome is unknown.
fn assert_doubted<T>(result: Result<T, Error>, code: Option<&str>, body: &str) {
    let Err(error) = result else { panic!("a contradiction is a success: {body}") };
    assert_eq!((error.code(), error.outcome()), (code, Outcome::Unknown), "{body}");
    assert_eq!(matches!(error, Error::Decode(_)), code.is_none(), "{body}");
    assert!(!error.is_throttled(), "{body}");
}

const RECEIVERS: &str = r#""receiver_list":{"receiver":[{"tid":"2001","mobile":"700507877719557"}]}"#;

#[tokio::test]
async fn an_error_without_its_wrapper_is_that_error() {
    let body = r#"{"code":50,"msg":"Remote service error","sub_code":"isp.x","sub_msg":"s","request_id":"15r6"}"#;
    for body in [body.to_owned(), format!(r#"{{"top_oaid_decrypt_response":{body}}}"#)] {
        let Err(Error::Service(error)) = top(&decrypt(), &body).await else { panic!("{body}") };
        assert_eq!((error.code(), error.sub_code()), ("50", Some("isp.x")), "{body}");
        assert_eq!(error.message().unwrap().expose(), "Remote service error; s");
        assert_eq!(error.request_id(), Some("15r6"));
    }
    let error = top(&decrypt(), r#"{"code":"27","msg":"Invalid session","sub_code":"invalid-sessionkey"}"#).await;
    let error = error.unwrap_err();
    assert_eq!((error.advice(), error.outcome()), (Advice::RefreshSession, Outcome::Rejected));
}

#[tokio::test]
async fn a_decryption_that_reports_a_failure_has_no_receivers() {
    for body in [
        r#"{"success":false,"msg":"no"}"#.to_owned(),
        format!(r#"{{"success":false,{RECEIVERS}}}"#),
        format!(r#"{{"top_oaid_decrypt_response":{{"success":"FALSE",{RECEIVERS}}}}}"#),
        format!(r#"{{"top_oaid_decrypt_response":{{{RECEIVERS},"Success":false}}}}"#),
        format!(r#"{{"top_oaid_decrypt_response":{{{RECEIVERS},"result":{{"success":false}}}}}}"#),
        format!(r#"{{"top_oaid_decrypt_response":{{{RECEIVERS}}},"success":false}}"#),
        "<top_oaid_decrypt_response><receiver_list><receiver><tid>2001</tid></receiver></receiver_list>\
         <success>false</success></top_oaid_decrypt_response>"
            .to_owned(),
    ] {
        let Err(Error::Service(error)) = top(&decrypt(), &body).await else { panic!("{body}") };
        assert_eq!(error.code(), "success=false", "{body}");
    }
}

#[tokio::test]
async fn receivers_beside_an_error_are_not_returned() {
    for (error, code) in [
        (r#""code":50,"sub_code":"isp.x""#, "50"),
        (r#""code":"isv.x""#, "isv.x"),
        (r#""sub_code":"isv.x""#, "isv.x"),
        (r#""errorCode":"isv.x""#, "isv.x"),
        (r#""error_code":7"#, "7"),
        (r#""err_code":"isv.x","success":true"#, "isv.x"),
        (r#""result":{"error_code":"isv.x"}"#, "isv.x"),
        (r#""result":{"success":true,"code":"isv.x"}"#, "isv.x"),
    ] {
        for body in [
            format!(r#"{{{RECEIVERS},{error}}}"#),
            format!(r#"{{"top_oaid_decrypt_response":{{{RECEIVERS},{error}}}}}"#),
            format!(r#"{{"top_oaid_decrypt_response":{{{error},{RECEIVERS}}}}}"#),
        ] {
            assert_doubted(top(&decrypt(), &body).await, Some(code), &body);
        }
    }
    for body in [
        format!(r#"{{"top_oaid_decrypt_response":{{{RECEIVERS}}},"error_response":{{"code":50}}}}"#),
        format!(r#"{{"error_response":{{"code":50}},"top_oaid_decrypt_response":{{{RECEIVERS}}}}}"#),
        format!(r#"{{"top_oaid_decrypt_response":{{{RECEIVERS}}},"code":50}}"#),
        "<top_oaid_decrypt_response><code>50</code><receiver_list><receiver><tid>2001</tid></receiver></receiver_list>\
         </top_oaid_decrypt_response>"
            .to_owned(),
    ] {
        assert_doubted(top(&decrypt(), &body).await, Some("50"), &body);
    }
}

#[tokio::test]
async fn a_code_of_success_is_not_an_error() {
    for code in ["null", r#""""#, "0", r#""0""#, r#""0000""#, "200", r#""OK""#, r#""SUCCESS""#, r#""success""#] {
        let body = format!(
            r#"{{"top_oaid_decrypt_response":{{"code":{code},"error_code":{code},"sub_code":{code},{RECEIVERS}}}}}"#
        );
        assert_eq!(top(&decrypt(), &body).await.unwrap().receivers.len(), 1, "{body}");
        let body = format!(r#"{{"Code":"OK","code":{code},"ErrorCode":{code}}}"#);
        let lock = LockSecretNo::builder().pool_key("FC1").secret_no("17000000000").build();
        assert!(pop(&lock, &body).await.is_ok(), "{body}");
    }
    let body = format!(r#"{{"top_oaid_decrypt_response":{{{RECEIVERS}}},"error_response":null}}"#);
    assert!(top(&decrypt(), &body).await.is_ok());
}

#[tokio::test]
async fn an_update_succeeds_only_if_nothing_in_the_response_contradicts_it() {
    for (said, code) in [
        (r#""success":true,"errorCode":"isv.x""#, Some("isv.x")),
        (r#""error_code":"isv.x","success":true"#, Some("isv.x")),
        (r#""success":true,"err_code":"isv.x""#, Some("isv.x")),
        (r#""success":true,"code":50"#, Some("50")),
        (r#""success":true,"result":{"success":false}"#, None),
        (r#""success":true,"result":{"success":false,"error_code":"isv.x"}"#, Some("isv.x")),
        (r#""result":{"success":true},"success":false"#, None),
        (r#""result":{"success":true,"code":"isv.x"}"#, Some("isv.x")),
        (r#""success":true,"success":true"#, None),
        (r#""success":true,"success":false"#, None),
        (r#""success":true,"Success":true"#, None),
        (r#""success":true,"Success":false"#, None),
        (r#""success":true,"is_success":"perhaps""#, None),
        (r#""success":true,"error_code":["isv.x"]"#, None),
    ] {
        for body in
            [format!("{{{said}}}"), format!(r#"{{"top_secret_group_update_response":{{{said},"request_id":"1"}}}}"#)]
        {
            assert_doubted(top(&update(), &body).await, code, &body);
        }
    }
    for (said, code) in [
        ("<success>true</success><errorCode>isv.x</errorCode>", Some("isv.x")),
        ("<success>true</success><success>false</success>", None),
        ("<success>true</success><success>true</success>", None),
        ("<success>true</success><result><success>false</success></result>", None),
    ] {
        let body = format!("<top_secret_group_update_response>{said}</top_secret_group_update_response>");
        assert_doubted(top(&update(), &body).await, code, &body);
    }
    let agreed = r#"{"top_secret_group_update_response":{"success":true,"result":{"success":true,"errorCode":""}}}"#;
    assert!(top(&update(), agreed).await.unwrap().success);
}

#[tokio::test]
async fn a_contradiction_is_not_retried() {
    let server = Server::always(r#"{"success":true,"errorCode":"gxb-group-update-failed","code":7}"#).await;
    let error = shop(server.top_endpoint(), fast_retries(3)).send(&update()).await.unwrap_err();
    assert_eq!((error.attempts(), error.advice()), (1, Advice::Report));
    assert_eq!(server.received().await.len(), 1);
}

#[tokio::test]
async fn a_work_card_is_bound_only_if_nothing_but_its_message_has_a_code() {
    let bind = WorkcardVirtualphoneBind::new(11_111_222, WorkcardRequestSource::default());
    let body = |result: &str, beside: &str| {
        let root = "tmall_servicecenter_workcard_virtualphone_bind_response";
        format!(r#"{{"{root}":{{"result":{{"result_data":"17788889898",{result}}}{beside}}}}}"#)
    };
    assert!(top(&bind, &body(r#""success":true,"msg_code":"223343","msg_info":"m""#, "")).await.is_ok());
    for (result, beside, code) in [
        (r#""success":true"#, r#","success":false"#, None),
        (r#""success":true,"msg_code":"223343""#, r#","success":false"#, Some("223343")),
        (r#""success":true"#, r#","code":50"#, Some("50")),
        (r#""success":true,"error_code":"E1""#, "", Some("E1")),
        (r#""success":true,"code":"E1""#, "", Some("E1")),
        (r#""success":true,"Success":false"#, "", None),
    ] {
        let body = body(result, beside);
        let answer = top(&bind, &body).await;
        assert_eq!(answer.as_ref().unwrap_err().advice(), Advice::Reconcile, "{body}");
        assert_doubted(answer, code, &body);
    }
}

fn unbind() -> UnbindSubscription {
    UnbindSubscription::builder().pool_key("FC1").subs_id("1").secret_no("17000000000").build()
}

#[tokio::test]
async fn ok_beside_another_code_is_no_success() {
    for (body, code) in [
        (r#"{"Code":"OK","code":"isv.SUBS_NOT_EXIST"}"#, Some("isv.SUBS_NOT_EXIST")),
        (r#"{"code":"Throttling.User","Code":"OK"}"#, Some("Throttling.User")),
        (r#"{"Code":"OK","Code":"isv.SUBS_NOT_EXIST"}"#, Some("isv.SUBS_NOT_EXIST")),
        (r#"{"Code":"isv.SUBS_NOT_EXIST","Code":"OK"}"#, Some("isv.SUBS_NOT_EXIST")),
        (r#"{"Code":"OK","ErrorCode":"E1"}"#, Some("E1")),
        (r#"{"Code":"OK","SubCode":"E1"}"#, Some("E1")),
        (r#"{"Code":"isv.SUBS_NOT_EXIST","Success":true}"#, Some("isv.SUBS_NOT_EXIST")),
        (r#"{"Code":"isv.A","code":"isv.B"}"#, Some("isv.A")),
        (r#"{"Code":"OK","Code":"OK"}"#, None),
        (r#"{"Code":"OK","Success":false}"#, None),
        (r#"{"Code":"OK","Success":"maybe"}"#, None),
        (r#"{"Code":"OK","success":"False"}"#, None),
        (r#"{"Code":"OK","Data":{"Success":false}}"#, None),
        (r#"{"Code":"OK","Data":{"Success":true,"Code":"E1"}}"#, Some("E1")),
        (r#"{"Code":["OK"]}"#, None),
    ] {
        assert_doubted(pop(&unbind(), body).await, code, body);
    }
    for (said, code) in [
        ("<Code>OK</Code><code>isv.X</code>", Some("isv.X")),
        ("<Code>OK</Code><Code>isv.X</Code>", None),
        ("<Code>OK</Code><Success>false</Success>", None),
    ] {
        let body = format!("<UnbindSubscriptionResponse>{said}</UnbindSubscriptionResponse>");
        assert_doubted(pop(&unbind(), &body).await, code, &body);
    }
    // The same code under two spellings of its name is one code.
    let body = r#"{"Code":"isv.SUBS_NOT_EXIST","code":"isv.SUBS_NOT_EXIST","Success":false}"#;
    assert_eq!(pop(&unbind(), body).await.unwrap_err().outcome(), Outcome::Rejected);
}

#[tokio::test]
async fn a_contradiction_does_not_prove_that_the_attempt_before_did_the_work() {
    let twice = |body: &'static str| async move {
        let is_first = AtomicBool::new(true);
        let first = move || is_first.swap(false, Ordering::Relaxed);
        let server = Server::start(move |_| if first() { response(500, "") } else { response(200, body) }).await;
        aliyun(server.aliyun_endpoint(), fast_retries(2)).send(&unbind()).await
    };
    assert!(twice(r#"{"Code":"isv.SUBS_NOT_EXIST"}"#).await.is_ok());
    let body = r#"{"Code":"OK","code":"isv.SUBS_NOT_EXIST"}"#;
    assert_doubted(twice(body).await, Some("isv.SUBS_NOT_EXIST"), body);
}

#[tokio::test]
async fn the_root_of_an_error_is_never_a_success() {
    for said in ["<Code>OK</Code>", "<Code>200</Code>", "<Success>true</Success>", "", "<Code>OK</Code><Code>OK</Code>"]
    {
        let body = format!("<Error>{said}<RequestId>1</RequestId></Error>");
        let error = pop(&unbind(), &body).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{body}");
        let create = &CreatePickUpWaybill::request();
        let body = format!(
            "<Error>{said}<HttpStatusCode>200</HttpStatusCode>\
             <Data><Success>true</Success><MailNo>1</MailNo></Data></Error>"
        );
        assert_eq!(pop(create, &body).await.unwrap_err().advice(), Advice::Reconcile, "{body}");
    }
    let body = "<error_response><code>0</code></error_response>";
    assert!(top(&decrypt(), body).await.is_err());
}

#[tokio::test]
async fn a_pick_up_is_ordered_or_cancelled_only_without_a_code_inside() {
    let create = &CreatePickUpWaybill::request();
    for (body, code) in [
        (r#"{"HttpStatusCode":200,"Data":{"Success":"true","MailNo":"1","ErrorCode":"E1"}}"#, Some("E1")),
        (r#"{"HttpStatusCode":200,"Success":false,"Data":{"Success":"true","MailNo":"1"}}"#, None),
        (r#"{"HttpStatusCode":200,"ErrorCode":"E1","Data":{"Success":"true","MailNo":"1"}}"#, Some("E1")),
    ] {
        let answer = pop(create, body).await;
        assert_eq!(answer.as_ref().unwrap_err().advice(), Advice::Reconcile, "{body}");
        assert_doubted(answer, code, body);
    }
    let cancel = CancelPickUpWaybill::builder().outer_order_code("1").cancel_desc("d").build();
    let body =
        r#"{"Code":"OK","RequestId":"r","Message":"OK","Data":{"Success":true,"ErrorCode":"E1","ErrorMsg":"m"}}"#;
    assert_doubted(pop(&cancel, body).await, Some("E1"), body);
    let Err(Error::Service(error)) = pop(&cancel, body).await else { panic!("{body}") };
    assert_eq!((error.message().unwrap().expose(), error.request_id()), ("m", Some("r")));
    // This operation refuses by its inner object alone.
    let body = r#"{"Code":"OK","Data":{"Success":false,"ErrorCode":"E1","ErrorMsg":"m"}}"#;
    assert_eq!(pop(&cancel, body).await.unwrap_err().code(), Some("E1"));
}

#[tokio::test]
async fn an_object_without_a_known_member_is_an_error() {
    for (body, path) in [
        (r#"{"top_oaid_decrypt_response":{}}"#, ""),
        (r#"{"top_oaid_decrypt_response":{"receivers":[]}}"#, ""),
        (r#"{"top_oaid_decrypt_response":{"receiver_list":[{"tid":"1"},{}]}}"#, "receiver_list[1]"),
        (r#"{"top_oaid_decrypt_response":{"receiver_list":{"receiver":[{"x":1}]}}}"#, "receiver_list.receiver[0]"),
        (r#"{"top_oaid_decrypt_response":{"receiver_list":{"receiver":{"x":1}}}}"#, "receiver_list.receiver"),
        (r#"{"top_oaid_decrypt_response":{"receiver_list":{"x":1}}}"#, "receiver_list"),
        ("<top_oaid_decrypt_response/>", ""),
    ] {
        let Err(Error::Decode(error)) = top(&decrypt(), body).await else { panic!("{body}") };
        assert_eq!(error.path(), path, "{body}");
        assert_eq!(Error::Decode(error).outcome(), Outcome::Executed, "{body}");
    }
    // Without its root, the object may come from another service.
    assert_doubted(top(&decrypt(), r#"{"message":"not found"}"#).await, None, "another service's object");
    let query = aliyun::QuerySecretNoRemain::request();
    let body = r#"{"Code":"OK","SecretRemainDTO":{"Number":1}}"#;
    let Err(Error::Decode(error)) = pop(&query, body).await else { panic!("{body}") };
    assert_eq!(error.path(), "SecretRemainDTO");
}

#[tokio::test]
async fn bindings_of_a_batch_are_found_beside_what_is_new() {
    let batch = BindBatchAxg::request();
    let row = |id: u32| format!(r#"{{"Code":"OK","SecretNo":"1700000000{id}","SubsId":"{id}"}}"#);
    let rows = format!("[{},{}]", row(1), row(2));
    for list in [
        format!(r#"{{"SecretBind":{rows}}}"#),
        format!(r#"{{"Total":2,"SecretBind":{rows}}}"#),
        format!(r#"{{"SecretBind":{rows},"Total":2}}"#),
        format!(r#"{{"Code":"OK","Failed":[],"SecretBind":{rows},"Page":{{"Size":2}}}}"#),
        format!(r#"{{"item":{rows}}}"#),
        format!(r#"{{"Total":2,"item":{rows},"Warnings":["w"]}}"#),
        rows.clone(),
    ] {
        let body = format!(r#"{{"Code":"OK","SecretBindList":{list}}}"#);
        let answer = pop(&batch, &body).await.unwrap_or_else(|error| panic!("{body}: {error}"));
        let ids: Vec<_> = answer.rows.iter().map(|row| row.result().unwrap().subs_id.as_str()).collect();
        assert_eq!(ids, ["1", "2"], "{body}");
    }
    // It is ambiguous which of the two is the list.
    let body = format!(r#"{{"Code":"OK","SecretBindList":{{"a":{rows},"b":{rows}}}}}"#);
    assert_eq!(pop(&batch, &body).await.unwrap_err().advice(), Advice::Reconcile);
}
