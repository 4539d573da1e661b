//! The contract of both gateways: the same calls have the same results in every format.

use std::collections::HashMap;

use chrono::{TimeDelta, Timelike, Utc};
use privacy_number::aliyun::{
    self, BindAxb, BindAxg, BindAxn, BindAxnExtension, BindingStatus, CreateAxgGroup, DescribePhoneNumberStatus,
    GroupOperateType, HttpMethod, OperateAxgGroup, QueryRecordFileDownloadUrl, QuerySecretNoRemain, QuerySubsId,
    QuerySubscriptionDetail, SecretBind, SignatureVersion, SpecId, SubscriptionUpdate, UnbindSubscription,
    UpdateSubscription,
};
use privacy_number::emulator::Emulator;
use privacy_number::top::{
    self, ClientReceiverQuery, OaidClientDecrypt, OaidDecrypt, OperateType, ReceiverQuery, Scene, SecretGroupQuery,
    SecretGroupUpdate, Shop, SignMethod, WireShape, WorkcardRequestSource, WorkcardVirtualphoneBind,
};
use privacy_number::{Advice, Format, NumberKind, Outcome, PhoneNumber, china};

use crate::clients::plain_http;
use crate::samples::{self, Clients, Sample, each_operation};

const FORMATS: [Format; 2] = [Format::Json, Format::Xml];

#[tokio::test]
async fn every_operation_succeeds_in_both_formats_by_every_method_and_signature() {
    for format in FORMATS {
        for way in [
            (HttpMethod::Post, SignatureVersion::V1_0, SignMethod::Md5),
            (HttpMethod::Get, SignatureVersion::V1_0, SignMethod::HmacMd5),
            (HttpMethod::Post, SignatureVersion::Acs3, SignMethod::HmacSha256),
            (HttpMethod::Get, SignatureVersion::Acs3, SignMethod::HmacSha256),
        ] {
            let failures = each_operation!(async failure, format, way);
            let failures: Vec<_> = failures.into_iter().flatten().collect();
            assert!(failures.is_empty(), "{format:?}, {way:?}:\n{}", failures.join("\n"));
        }
    }
}

/// How the sample of an operation fails, if it does.
async fn failure<O: Sample>(format: Format, way: (HttpMethod, SignatureVersion, SignMethod)) -> Option<String> {
    let (method, version, sign_method) = way;
    let emulator = samples::emulator().start().await.unwrap();
    let settings = emulator.settings().http_client(plain_http());
    let aliyun = emulator.aliyun_builder().format(format).method(method).signature_version(version);
    let aliyun = aliyun.settings(settings.clone()).build().unwrap();
    let top = emulator.top_builder().format(format).sign_method(sign_method).settings(settings).build().unwrap();
    let clients = Clients { aliyun, shop: top.shop(emulator.session()), top };
    let request = O::ready(&clients).await;
    clients.send(&request).await.err().map(|error| error.to_string())
}

#[tokio::test]
async fn top_keeps_its_contract_in_both_formats_by_every_signature_and_wire_shape() {
    for format in FORMATS {
        for method in [SignMethod::Md5, SignMethod::HmacMd5, SignMethod::HmacSha256] {
            for shape in [WireShape::default(), WireShape::Flat] {
                let emulator = Emulator::start().await.unwrap();
                let client = emulator.top_builder().format(format).sign_method(method).build().unwrap();
                let shop = client.shop(emulator.session());
                decryption(&shop).await;
                caller_groups(&shop, shape).await;
                client_decryption(&client).await;
                work_cards(&shop).await;
                top_refusals(&emulator, &client).await;
            }
        }
    }
}

async fn decryption(shop: &Shop) {
    let queries = [("2001", "oaid-2001"), ("2002", "oaid-2002"), ("2003", "oaid-2003"), ("2004", "stale-2004")]
        .map(|(tid, oaid)| ReceiverQuery::builder().tid(tid).oaid(oaid).build());
    let answer = shop.send(&OaidDecrypt::new(queries)).await.unwrap();
    assert!(answer.request_id.is_some());
    let receivers: HashMap<&str, &top::Receiver> =
        answer.receivers.iter().map(|receiver| (receiver.tid.as_deref().unwrap(), receiver)).collect();
    assert_eq!(receivers.len(), 4);
    for (tid, kind, protected) in [
        ("2001", NumberKind::Range700, true),
        ("2002", NumberKind::Extension, true),
        ("2003", NumberKind::Plain, false),
    ] {
        let receiver = receivers[tid];
        assert_eq!(receiver.matched, Some(true));
        assert_eq!(receiver.oaid.as_ref().unwrap().expose(), format!("oaid-{tid}"));
        assert_eq!((receiver.name.as_ref().unwrap().expose(), receiver.privacy_protection), ("张三", Some(protected)));
        assert_eq!(receiver.mobile.as_ref().unwrap().kind(), kind);
        assert_eq!(receiver.secret_no_expire_time.is_some(), protected);
    }
    assert_eq!((receivers["2004"].matched, receivers["2004"].mobile.as_ref()), (Some(false), None));
}

async fn caller_groups(shop: &Shop, shape: WireShape) {
    let update = |operate_type: OperateType, callers: &[&str]| {
        let update = SecretGroupUpdate::builder().oaid("oaid-2001").operate_type(operate_type).wire_shape(shape);
        update.mobile_list(callers.iter().copied()).build()
    };
    let query = SecretGroupQuery::builder().oaid("oaid-2001").wire_shape(shape).build();
    assert!(shop.send(&query).await.unwrap().call_mobile.is_empty());
    for (change, there) in [
        (update(OperateType::Add, &["01012345678", "13100000000"]), vec!["01012345678", "13100000000"]),
        (update(OperateType::Add, &["4001234567"]), vec!["01012345678", "13100000000", "4001234567"]),
        (update(OperateType::Delete, &["01012345678", "4001234567"]), vec!["13100000000"]),
    ] {
        assert!(shop.send(&change).await.unwrap().success);
        let answer = shop.send(&query).await.unwrap();
        assert_eq!(answer.call_mobile.iter().map(|caller| caller.expose()).collect::<Vec<_>>(), there);
        assert!(answer.success && answer.request_id.is_some());
    }
    let of_11_and_4 = SecretGroupUpdate::builder()
        .oaid("oaid-2002")
        .operate_type(OperateType::Add)
        .wire_shape(shape)
        .mobile_list(["13100000000"])
        .build();
    let error = shop.send(&of_11_and_4).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some("gxb-group-update-failed"), Outcome::Rejected));
}

async fn client_decryption(client: &top::Client) {
    let query = ClientReceiverQuery::builder().oaid("oaid-2001").tid("2001").scene(Scene::AfterSales).build();
    let decrypt = OaidClientDecrypt::new("once-1", query);
    let receiver = client.send(&decrypt).await.unwrap().receivers.remove(0);
    assert_eq!((receiver.order_id.as_deref(), receiver.tid, receiver.name), (Some("2001"), None, None));
    assert_eq!(receiver.mobile.unwrap().kind(), NumberKind::Range700);
    client.send(&decrypt).await.expect_err("a token is good once");
}

async fn work_cards(shop: &Shop) {
    let bind = |id| WorkcardVirtualphoneBind::new(id, WorkcardRequestSource::default());
    let answer = shop.send(&bind(1)).await.unwrap();
    assert!(answer.result.success && answer.result.result_data.is_some());
    let error = shop.send(&bind(0)).await.unwrap_err();
    assert_eq!(error.code(), Some("223343"));
}

async fn top_refusals(emulator: &Emulator, client: &top::Client) {
    let query = |tid, oaid| OaidDecrypt::new([ReceiverQuery::builder().tid(tid).oaid(oaid).build()]);
    let shop = client.shop(emulator.session());
    for (decrypt, sub_code, advice) in [
        (query("2005", "wrong-2005"), "isv.oaid-invalid", Advice::RefreshOaid),
        (query("2006", "oaid-2006"), "isv.no-permission:oaid", Advice::FixRequest),
        (query("no-such-tid", "oaid-2001"), "isv.tid-invalid", Advice::FixRequest),
    ] {
        let error = shop.send(&decrypt).await.unwrap_err();
        assert_eq!((error.sub_code(), error.advice()), (Some(sub_code), advice));
        assert!(error.request_id().is_some());
    }
    let error = client.shop("no-such-session").send(&query("2001", "oaid-2001")).await.unwrap_err();
    assert_eq!((error.code(), error.advice()), (Some("27"), Advice::RefreshSession));
}

#[tokio::test]
async fn aliyun_keeps_its_contract_in_both_formats_by_post_and_by_get() {
    for format in FORMATS {
        for method in [HttpMethod::Post, HttpMethod::Get] {
            let emulator = Emulator::start().await.unwrap();
            let client = emulator.aliyun_builder().format(format).method(method).build().unwrap();
            let pool_key = emulator.pool_key();
            bindings(&client, pool_key).await;
            groups(&client, pool_key).await;
            other_products(&client, pool_key).await;
            aliyun_refusals(&client, pool_key).await;
        }
    }
}

async fn bindings(client: &aliyun::Client, pool_key: &str) {
    let end = (Utc::now() + TimeDelta::days(7)).with_nanosecond(0).unwrap();
    macro_rules! bind {
        ($builder:expr, $number_x:literal) => {{
            let bind = $builder.pool_key(pool_key).phone_no_a("15000000000").phone_no_x($number_x).expiration(end);
            client.send(&bind.build()).await.unwrap().secret_bind
        }};
    }
    let axb = bind!(BindAxb::builder().phone_no_b("01012345678").is_recording_enabled(true), "17000000001");
    let axn = bind!(BindAxn::builder(), "17000000002");
    let extension = bind!(BindAxnExtension::builder().extension("007"), "17000000003");
    assert_eq!(extension.extension.as_ref().unwrap().expose(), "007");
    for (bound, number_b, recorded) in [(axb, Some("01012345678"), true), (axn, None, false), (extension, None, false)]
    {
        let detail = detail(client, pool_key, &bound).await.unwrap();
        assert_eq!((detail.status, detail.subs_id.as_str()), (BindingStatus::InForce, bound.subs_id.as_str()));
        assert_eq!(detail.phone_no_a, Some(PhoneNumber::from("15000000000")));
        assert_eq!(detail.phone_no_b, number_b.map(PhoneNumber::from), "a leading zero is kept");
        assert_eq!((detail.phone_no_x.as_ref(), detail.need_record), (Some(&bound.secret_no), Some(recorded)));
        assert_eq!(detail.expire_date, Some(end.with_timezone(&china())));
        change_and_remove(client, pool_key, &bound).await;
    }
}

async fn detail(
    client: &aliyun::Client,
    pool_key: &str,
    bound: &SecretBind,
) -> Result<aliyun::SecretBindDetail, privacy_number::Error> {
    let query = QuerySubscriptionDetail::builder()
        .pool_key(pool_key)
        .subs_id(&bound.subs_id)
        .phone_no_x(bound.secret_no.clone())
        .build();
    Ok(client.send(&query).await?.secret_bind_detail)
}

async fn change_and_remove(client: &aliyun::Client, pool_key: &str, bound: &SecretBind) {
    let later = (Utc::now() + TimeDelta::days(30)).with_nanosecond(0).unwrap();
    for update in [
        SubscriptionUpdate::Expiration(later.with_timezone(&china())),
        SubscriptionUpdate::PhoneNoA("15000000007".into()),
    ] {
        let update = UpdateSubscription::builder()
            .pool_key(pool_key)
            .subs_id(&bound.subs_id)
            .phone_no_x(bound.secret_no.clone())
            .update(update)
            .build();
        client.send(&update).await.unwrap();
    }
    let changed = detail(client, pool_key, bound).await.unwrap();
    assert_eq!(changed.expire_date, Some(later.with_timezone(&china())));
    assert_eq!(changed.phone_no_a, Some(PhoneNumber::from("15000000007")));

    let ids = QuerySubsId::builder().pool_key(pool_key).phone_no_x(bound.secret_no.clone()).build();
    assert_eq!(client.send(&ids).await.unwrap().subs_ids, [bound.subs_id.as_str()]);
    let unbind = UnbindSubscription::builder().pool_key(pool_key).subs_id(&bound.subs_id);
    let unbind = unbind.secret_no(bound.secret_no.clone()).build();
    client.send(&unbind).await.unwrap();
    assert!(client.send(&ids).await.unwrap().subs_ids.is_empty());
    assert_eq!(client.send(&unbind).await.unwrap_err().code(), Some("isv.SUBS_NOT_EXIST"));
}

async fn groups(client: &aliyun::Client, pool_key: &str) {
    let numbers = |texts: &[&str]| texts.iter().copied().map(PhoneNumber::from).collect::<Vec<_>>();
    let create =
        CreateAxgGroup::builder().pool_key(pool_key).name("售后 & 客服").numbers(numbers(&["15000000001"])).build();
    let group_id = client.send(&create).await.unwrap().group_id;
    let add = OperateAxgGroup::builder()
        .pool_key(pool_key)
        .group_id(&group_id)
        .operate_type(GroupOperateType::AddNumbers)
        .numbers(numbers(&["15000000002", "15000000003"]))
        .build();
    client.send(&add).await.unwrap();
    let bind = BindAxg::builder()
        .pool_key(pool_key)
        .phone_no_a("15000000000")
        .group_id(&group_id)
        .expiration(Utc::now() + TimeDelta::days(1))
        .build();
    let bound = client.send(&bind).await.unwrap().secret_bind;
    assert_eq!(detail(client, pool_key, &bound).await.unwrap().group_id, Some(group_id));
}

async fn other_products(client: &aliyun::Client, pool_key: &str) {
    let remain = QuerySecretNoRemain::builder().spec_id(SpecId::VirtualOperator).secret_no("170").city("武汉").build();
    client.send(&remain).await.unwrap();
    let link = QueryRecordFileDownloadUrl::builder()
        .pool_key(pool_key)
        .call_id("call-1")
        .call_time(Utc::now() - TimeDelta::hours(1));
    let link = client.send(&link.build()).await.unwrap().download_url;
    assert!(link.expose().contains("Signature="));
    let status = DescribePhoneNumberStatus::builder().phone_number("13900001234").build();
    client.send(&status).await.unwrap();
}

async fn aliyun_refusals(client: &aliyun::Client, pool_key: &str) {
    let bind = |pool_key: &str, number_x: &str| {
        let bind = BindAxn::builder().pool_key(pool_key).phone_no_a("15000000000").phone_no_x(number_x);
        bind.expiration(Utc::now() + TimeDelta::days(1)).build()
    };
    client.send(&bind(pool_key, "17000000006")).await.unwrap();
    for (request, code) in [
        (bind(pool_key, "17000000006"), "isv.BIND_CONFLICT"),
        (bind(pool_key, "17999999999"), "isv.NO_NOT_EXIST"),
        (bind("FC999999", "17000000006"), "isv.POOLKEY_NOT_EXISTS"),
    ] {
        let error = client.send(&request).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(code), Outcome::Rejected));
        assert!(error.request_id().is_some());
    }
}
