//! What every error can be asked for, whatever its kind.

use privacy_number::top::{OaidDecrypt, ReceiverQuery, SecretGroupQuery};
use privacy_number::{Error, InvalidRequest, aliyun};

use crate::clients::{aliyun, once, shop};
use crate::raw_server::{RawServer, Reply};
use crate::server::Server;

#[tokio::test]
async fn an_error_tells_what_its_code_means_and_what_the_request_adds() {
    let answer = r#"{"error_response":{"code":40,"msg":"Missing required arguments","request_id":"r"}}"#;
    let server = Server::always(answer.to_owned()).await;
    let query = SecretGroupQuery::builder().oaid("oaid-a").build();
    let error = shop(server.top_endpoint(), once()).send(&query).await.unwrap_err();
    assert_eq!(error.meaning(), Some("a required argument is missing"));
    assert!(error.hint().unwrap().contains("WireShape::Flat"), "{error}");
    assert!(error.explanation().is_none());
}

#[tokio::test]
async fn a_refused_signature_is_explained() {
    let answer = r#"{"error_response":{"code":25,"msg":"Invalid signature","request_id":"r"}}"#;
    let server = Server::always(answer.to_owned()).await;
    let decrypt = OaidDecrypt::new([ReceiverQuery::builder().tid("2001").oaid("oaid-a").build()]);
    let error = shop(server.top_endpoint(), once()).send(&decrypt).await.unwrap_err();
    let explanation = error.explanation().unwrap();
    assert!(explanation.revealed().contains("methodtaobao.top.oaid.decrypt"));
}

#[tokio::test]
async fn errors_without_a_code_have_no_meaning() {
    let server = RawServer::start([Reply::Close]).await;
    let query = aliyun::QuerySubsId::builder().pool_key("FC1").phone_no_x("17000000001").build();
    let transport = aliyun(server.aliyun_endpoint(), once()).send(&query).await.unwrap_err();
    let invalid = Error::from(InvalidRequest::new("field", "must be something"));
    for error in [transport, invalid] {
        assert_eq!((error.meaning(), error.hint()), (None, None), "{error}");
        assert!(error.explanation().is_none() && error.code().is_none());
    }
}
