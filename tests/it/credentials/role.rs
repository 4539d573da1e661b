//! The temporary keys of a RAM role.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use privacy_number::Format;
use privacy_number::aliyun::{CREDENTIALS_UNAVAILABLE, RoleCredentials};

use super::{FOUND, TestClock, builder, key_of, send};
use crate::clients::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, aliyun_builder, instant};
use crate::server::{Server, body, ok, response};
use crate::{form, signatures};

const ROLE: &str = "acs:ram::123456789012:role/privacy-number";

fn json(number: usize, end: DateTime<Utc>) -> String {
    let end = end.format("%Y-%m-%dT%H:%M:%SZ");
    format!(
        r#"{{"RequestId":"r","AssumedRoleUser":{{"Arn":"{ROLE}/erp","AssumedRoleId":"1:erp"}},"Credentials":{{
            "AccessKeyId":"STS.{number}","AccessKeySecret":"secret","SecurityToken":"token-{number}",
            "Expiration":"{end}"}}}}"#
    )
}

const XML: &str = "<?xml version='1.0' encoding='UTF-8'?><AssumeRoleResponse><RequestId>r</RequestId><AssumedRoleUser>\
    <Arn>acs:ram::123456789012:role/privacy-number/erp</Arn><AssumedRoleId>1:erp</AssumedRoleId></AssumedRoleUser>\
    <Credentials><AccessKeyId>STS.1</AccessKeyId><AccessKeySecret>secret</AccessKeySecret>\
    <SecurityToken>token-1</SecurityToken><Expiration>2026-01-06T03:00:00Z</Expiration></Credentials>\
    </AssumeRoleResponse>";

fn role(sts: &Server) -> RoleCredentials {
    let user = aliyun_builder("http://127.0.0.1:1").sts_endpoint(sts.aliyun_endpoint()).build().unwrap();
    RoleCredentials::new(user, ROLE, "erp")
}

#[tokio::test]
async fn a_role_is_assumed_by_a_signed_request_and_its_key_and_token_are_used() {
    let sts = Server::always(json(1, instant() + TimeDelta::hours(1))).await;
    let server = Server::always(FOUND).await;
    let role = role(&sts).duration(Duration::from_secs(1800));
    send(&builder(&server).credentials_provider(role).build().unwrap()).await.unwrap();

    let params = form::decode(body(&sts.received_one().await));
    for (name, value) in [
        ("Action", "AssumeRole"),
        ("Version", "2015-04-01"),
        ("RoleArn", ROLE),
        ("RoleSessionName", "erp"),
        ("DurationSeconds", "1800"),
        ("AccessKeyId", ACCESS_KEY_ID),
        ("Format", "JSON"),
    ] {
        assert_eq!(params[name], value, "{name}");
    }
    assert!(!params.contains_key("SecurityToken"));
    assert_eq!(params["Signature"], signatures::aliyun("POST", &params, ACCESS_KEY_SECRET));

    let request = server.received_one().await;
    assert_eq!(key_of(&request), ("STS.1".to_owned(), Some("token-1".to_owned())));
    let params = form::decode(body(&request));
    assert_eq!(params["Signature"], signatures::aliyun("POST", &params, "secret"), "signed with the role's secret");
}

#[tokio::test]
async fn assume_role_is_read_from_xml_and_sends_no_duration_unless_set() {
    let sts = Server::always(XML).await;
    let server = Server::always(FOUND).await;
    let user = aliyun_builder("http://127.0.0.1:1").sts_endpoint(sts.aliyun_endpoint()).format(Format::Xml);
    let role = RoleCredentials::new(user.build().unwrap(), ROLE, "erp");
    send(&builder(&server).credentials_provider(role).build().unwrap()).await.unwrap();
    let params = form::decode(body(&sts.received_one().await));
    assert_eq!(params["Format"], "XML");
    assert!(!params.contains_key("DurationSeconds"));
    assert_eq!(key_of(&server.received_one().await), ("STS.1".to_owned(), Some("token-1".to_owned())));
}

#[tokio::test]
async fn a_key_of_a_role_is_used_until_three_minutes_before_it_expires() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let sts = Server::start(move |_| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        ok(&json(number, instant() + TimeDelta::hours(number as i64)))
    })
    .await;
    let server = Server::always(FOUND).await;
    let clock = TestClock::new();
    let client = builder(&server).credentials_provider(role(&sts)).settings(clock.settings()).build().unwrap();
    for seconds in [0, 1, 56 * 60] {
        clock.advance(seconds);
        send(&client).await.unwrap();
    }
    assert_eq!(sts.received().await.len(), 1);
    clock.advance(60);
    send(&client).await.unwrap();
    while sts.received().await.len() < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // The response of `AssumeRole` is being sent to the client.
    tokio::time::sleep(Duration::from_millis(200)).await;
    send(&client).await.unwrap();
    assert_eq!(super::keys(&server).await, ["STS.1", "STS.1", "STS.1", "STS.1", "STS.2"]);
}

#[tokio::test]
async fn a_failed_assume_role_sends_nothing_to_the_product() {
    let refusal = r#"{"RequestId":"r","HostId":"sts","Code":"NoPermission","Message":"not authorized to do action"}"#;
    let sts = Server::start(move |_| response(403, refusal)).await;
    let user = || aliyun_builder("http://127.0.0.1:1").sts_endpoint(sts.aliyun_endpoint()).build().unwrap();
    for (role, requests) in [
        (RoleCredentials::new(user(), ROLE, "erp"), 1),
        (RoleCredentials::new(user(), ROLE, "name with spaces"), 1),
        (RoleCredentials::new(user(), ROLE, "erp").duration(Duration::from_secs(60)), 1),
    ] {
        let server = Server::always(FOUND).await;
        let error = send(&builder(&server).credentials_provider(role).build().unwrap()).await.unwrap_err();
        assert_eq!(error.code(), Some(CREDENTIALS_UNAVAILABLE));
        assert!(server.received().await.is_empty());
        assert_eq!(sts.received().await.len(), requests, "only the first was sent at all");
    }
}
