//! Requests and settings that are refused before anything is sent, because of the sentinel itself.

use std::time::Duration;

use chrono::TimeDelta;
use privacy_number::aliyun::{
    AddSecretBlacklist, BindAXBCall, BindAxb700, BindXB, BlackOperateType, ConfigX, ContactInfo, CreateSmsSign,
    SequenceCall, SubsUpdate700,
};
use privacy_number::aliyun::{
    AxgBind, BindAxb, BindAxn, BindAxnExtension, BindBatchAxg, BlackEntry, BuySecretNo, CreateAxgGroup,
    CreatePickUpWaybill, CreatePickUpWaybillPreQuery, Credentials, DescribePhoneNumberStatus, GroupOperateType,
    HttpMethod, OperateAxgGroup, OperateBlackNo, PickUp, QueryCallStatus, QuerySubscriptionDetail, SpecId,
    SubscriptionUpdate, UnbindSubs700, UpdateAxbBindFixedLine, UpdateSubs700, UpdateSubscription,
};
use privacy_number::aliyun::{BindAxnExtensionFixedLine, FixedLineExpiration, FixedLineExtensionX};
use privacy_number::top::{
    ClientReceiverQuery, OaidClientDecrypt, OaidDecrypt, OaidMerge, OperateType, OrderMerge, ReceiverQuery, Scene,
    SecretExtend, SecretGroupQuery, SecretGroupUpdate, SecretNoExtendRequest, SendMessageByOaidRequest, SmsEntry,
    SmsMessageDirectBatchsend, SmsOaidMessageSend, TemplateParams,
};
use privacy_number::{Error, Format, Private, Secret, aliyun, top};

use super::call::{AnyCall, Calls, shown_error};
use super::sentinels::Sentinels;
use super::{for_sentinels, settings};
use crate::clients::instant;
use crate::raw_server::Refusing;
use crate::samples::{Sample, Values};

#[test]
fn nothing_is_shown_of_requests_that_are_refused_before_sending() {
    for_sentinels(async |run| {
        let refusing = Refusing::new();
        let clients = run.clients(&refusing.aliyun_endpoint(), Format::Json, HttpMethod::Post, settings());
        for (field, call) in
            [orders(&run.s), around_orders(&run.s), bindings(&run.s), bindings_700(&run.s), others(&run.s)]
                .into_iter()
                .flatten()
        {
            run.search.assert_clean(&call.shown(), field);
            let error = run.send(&*call, &clients, field).await.unwrap_err();
            let Error::Invalid(error) = &error else { panic!("{field}: {error}") };
            assert_eq!(error.field(), field, "{error}");
        }
    });
}

type Refused = Vec<(&'static str, Box<dyn AnyCall>)>;

fn orders(s: &Sentinels) -> Refused {
    let too_long = || s.texts.oaid.repeat(6);
    let query = |oaid: String, tid: &str| ReceiverQuery::builder().oaid(oaid).tid(tid).build();
    let client_query = || ClientReceiverQuery::builder().oaid(&*s.texts.oaid).tid("1").scene(Scene::AfterSales).build();
    let mut two = OaidClientDecrypt::new(&*s.texts.once_token, client_query());
    two.query_list.push(client_query());
    let update = |oaid: String, callers: &[&str]| {
        let update = SecretGroupUpdate::builder().oaid(oaid).operate_type(OperateType::Delete);
        Box::new(update.mobile_list(callers.iter().copied()).build())
    };
    let callers: Vec<_> = (0..21).map(|index| format!("{}{index:02}", &s.texts.caller[..9])).collect();
    let callers: Vec<_> = callers.iter().map(String::as_str).collect();
    vec![
        ("query_list", Box::new(OaidDecrypt::new((0..21).map(|_| query(s.texts.oaid.clone(), "1"))))),
        ("query_list[0].oaid", Box::new(OaidDecrypt::new([query(too_long(), "1")]))),
        (
            "query_list[1].tid",
            Box::new(OaidDecrypt::new([query(s.texts.oaid.clone(), "1"), query(s.texts.oaid.clone(), "")])),
        ),
        ("query_list", Box::new(two)),
        ("sec_once_token", Box::new(OaidClientDecrypt::new("", client_query()))),
        ("oaid", Box::new(SecretGroupQuery::builder().oaid(too_long()).build())),
        ("oaid", update(too_long(), &[&s.texts.caller])),
        ("mobile_list", update(s.texts.oaid.clone(), &callers)),
        ("mobile_list[1]", update(s.texts.oaid.clone(), &[&s.texts.caller, &s.texts.extension])),
    ]
}

fn around_orders(s: &Sentinels) -> Refused {
    let too_long = || s.texts.oaid.repeat(10);
    let merge = OaidMerge::new([OrderMerge::builder().oaid(too_long()).tid("1").build()]);
    let extend = SecretNoExtendRequest::builder().oaid(&*s.texts.oaid).order_id("T-1");
    let extend = SecretExtend::new(extend.scene(Scene::AfterSales).extend_days(7).build());
    let entry = |tid: &str, content: Option<TemplateParams>| {
        SmsEntry::builder().oaid(&*s.texts.oaid).order_id(tid).sign_name("签名").maybe_content(content).build()
    };
    let content = TemplateParams::from([("name", &*s.texts.name)]);
    let batch = SmsMessageDirectBatchsend::builder().sms_template_code("SMS_1");
    let batch = batch.entries([entry("1", Some(content)), entry("2", None)]).build();
    let message = SendMessageByOaidRequest::builder().oaid(too_long()).order_id("1").sms_free_sign_name("签名");
    let message = SmsOaidMessageSend::new(message.template_code("SMS_1").extend(&*s.texts.remark).build());
    vec![
        ("merge_list[0].oaid", Box::new(merge)),
        ("extend_request.order_id", Box::new(extend)),
        ("entries[1].content", Box::new(batch)),
        ("param_send_message_by_o_a_i_d_request.oaid", Box::new(message)),
    ]
}

fn bindings(s: &Sentinels) -> Refused {
    let later = instant() + TimeDelta::days(7);
    let bind = |a: &str, b: &str, end| {
        let bind = BindAxb::builder().pool_key("FC123456").phone_no_a(a).phone_no_b(b).phone_no_x(&*s.texts.phone_x);
        Box::new(bind.out_id(&*s.texts.remark).expiration(end).build())
    };
    let foreign = format!("+86{}", s.texts.phone_a);
    let axn = BindAxn::builder().pool_key("").phone_no_a(&*s.texts.phone_a).expiration(later).build();
    let extension = |extension: &str| {
        let bind = BindAxnExtension::builder().pool_key("FC123456").phone_no_a(&*s.texts.phone_a).expiration(later);
        bind.extension(extension).build()
    };
    let row = AxgBind::builder()
        .phone_no_a(&*s.texts.phone_a)
        .phone_no_b(&*s.texts.extension)
        .group_id("1")
        .expiration(later);
    let update = |change| {
        let update = UpdateSubscription::builder().pool_key("FC123456").subs_id("1").phone_no_x(&*s.texts.phone_x);
        Box::new(update.update(change).build())
    };
    let line = UpdateAxbBindFixedLine::builder().app_id("FC123456").sub_id("1").subts(instant());
    let line = line.tel_a(&*s.texts.phone_a).tel_b(&*s.texts.phone_b).build();
    let tel_x = FixedLineExtensionX::given(&*s.texts.phone_x, &*s.texts.phone_b);
    let lines = BindAxnExtensionFixedLine::builder().app_id("FC123456").tel_a(&*s.texts.phone_a).tel_x(tel_x);
    let lines = lines.expiration(FixedLineExpiration::Never).anucode("1,2,1").remark(&*s.texts.remark).build();
    let detail = QuerySubscriptionDetail::builder().subs_id("1").phone_no_x(&*s.texts.phone_x).build();
    vec![
        ("phone_no_a", bind(&s.texts.extension, &s.texts.phone_b, later)),
        ("phone_no_a", bind(&foreign, &s.texts.phone_b, later)),
        ("phone_no_b", bind(&s.texts.phone_a, &format!("00{}", s.texts.phone_b), later)),
        ("phone_no_b", bind(&s.texts.phone_a, &format!("{}12345", s.texts.phone_b), later)),
        ("expiration", bind(&s.texts.phone_a, &s.texts.phone_b, instant())),
        ("pool_key", Box::new(axn)),
        ("extension", Box::new(extension(&s.texts.phone_b))),
        ("phone_no_x", Box::new(extension("130"))),
        (
            "axg_bind_list[0].phone_no_b",
            Box::new(BindBatchAxg::builder().pool_key("FC123456").axg_bind_list([row.build()]).build()),
        ),
        ("phone_no_a", update(SubscriptionUpdate::PhoneNoA(foreign.as_str().into()))),
        ("phone_no_b", update(SubscriptionUpdate::PhoneNoB(s.texts.extension.as_str().into()))),
        ("pool_key", Box::new(detail)),
        ("tel_b", Box::new(line)),
        ("tel_xext", Box::new(lines)),
    ]
}

fn bindings_700(s: &Sentinels) -> Refused {
    let bind = |a: &str, b: &str, x: &str| {
        let bind = BindAxb700::builder().pool_key("FC123456").tel_a(a).tel_b(b).tel_x(x).out_id(&*s.texts.remark);
        bind.order_id("order-1").expiration(instant() + TimeDelta::days(7)).build()
    };
    let good = || bind(&s.texts.phone_a, &s.texts.phone_b, &s.texts.range_700);
    let (mut without_order, mut of_two_orders, mut with_space) = (good(), good(), good());
    without_order.order_id = None;
    of_two_orders.industrial_id = Some("700.100.1/1".to_owned());
    with_space.order_id = Some("order 1".to_owned());
    let unbind = |id: &str| {
        let unbind = UnbindSubs700::builder().pool_key("FC123456").subs_id(id).tel_x(&*s.texts.range_700);
        unbind.order_id("order-1").build()
    };
    let update = |change| {
        let update = UpdateSubs700::builder().pool_key("FC123456").subs_id("1").tel_x(&*s.texts.range_700);
        Box::new(update.order_id("order-1").update(change).build())
    };
    vec![
        ("tel_a", Box::new(bind(&s.texts.extension, &s.texts.phone_b, &s.texts.range_700))),
        ("tel_b", Box::new(bind(&s.texts.phone_a, &s.texts.name, &s.texts.range_700))),
        ("tel_x", Box::new(bind(&s.texts.phone_a, &s.texts.phone_b, &s.texts.phone_x))),
        ("order_id", Box::new(without_order)),
        ("industrial_id", Box::new(of_two_orders)),
        ("order_id", Box::new(with_space)),
        ("subs_id", Box::new(unbind("no-number"))),
        ("default_a", update(SubsUpdate700::DefaultA(s.texts.extension.as_str().into()))),
    ]
}

fn others(s: &Sentinels) -> Refused {
    let bad = &*s.texts.extension;
    let create = CreateAxgGroup::builder().pool_key("FC123456").name(s.texts.name.repeat(100)).build();
    let group = OperateAxgGroup::builder().pool_key("FC123456").group_id("1");
    let group = group.operate_type(GroupOperateType::DeleteNumbers).numbers([&*s.texts.phone_a, bad]).build();
    let black = OperateBlackNo::builder().pool_key("FC123456").black_no(bad).operate_type(BlackOperateType::Add);
    let entry = AddSecretBlacklist::builder().pool_key("FC123456").entry(BlackEntry::Pool(bad.into()));
    let status = QueryCallStatus::builder().pool_key("FC123456").subs_id("1").call_no(bad).build();
    let buy = BuySecretNo::builder().city("hangzhou").pool_key("FC123456").spec_id(SpecId::Carrier);
    let order = || CreatePickUpWaybill::requests(&Values::replaced(&s.texts)).swap_remove(0);
    let mut unreachable = order();
    (unreachable.send_mobile, unreachable.send_phone) = (None, None);
    let mut misdirected = order();
    misdirected.consignee_mobile = Some(bad.into());
    let mut backwards = order();
    backwards.pick_up = Some(PickUp::Appointment { start: instant().into(), end: instant().into() });
    let contact = || ContactInfo::builder().name(&*s.texts.name).mobile(&*s.texts.phone_a).build();
    let slots = CreatePickUpWaybillPreQuery::builder().sender_info(contact()).consignee_info(contact());
    let slots = slots.order_channels("with_underscore").build();
    let ring = ConfigX::builder().customer_pool_key("FC123456").tel_x(&*s.texts.phone_x);
    let ring = ring.sequence_calls([SequenceCall::builder().sequence_called_no(bad).build()]);
    let bind = BindXB::builder().customer_pool_key("FC123456").tel_x(&*s.texts.phone_x).tel_b(bad);
    let call = BindAXBCall::builder().customer_pool_key("FC123456").auth_id("1").tel_a(&*s.texts.phone_a);
    let sign = CreateSmsSign::builder().customer_pool_key("FC123456").calling_no(&*s.texts.phone_b).called_no(bad);
    let refused: Vec<(&'static str, Calls)> = vec![
        ("sequence_calls[0].sequence_called_no", vec![Box::new(ring.build())]),
        ("tel_b", vec![Box::new(bind.user_data(&*s.texts.remark).build())]),
        ("expiration", vec![Box::new(call.expiration(Duration::ZERO).build())]),
        ("called_no", vec![Box::new(sign.build())]),
        ("name", vec![Box::new(create)]),
        ("numbers[1]", vec![Box::new(group)]),
        ("black_no", vec![Box::new(black.tips(&*s.texts.remark).build())]),
        ("entry", vec![Box::new(entry.remark(&*s.texts.remark).build())]),
        ("call_no", vec![Box::new(status)]),
        ("phone_number", vec![Box::new(DescribePhoneNumberStatus::builder().phone_number(&*s.texts.landline).build())]),
        ("secret_no", vec![Box::new(buy.secret_no(s.texts.phone_x.repeat(2)).build())]),
        ("send_mobile", vec![Box::new(unreachable)]),
        ("consignee_mobile", vec![Box::new(misdirected)]),
        ("pick_up.end", vec![Box::new(backwards)]),
        ("order_channels", vec![Box::new(slots)]),
    ];
    refused.into_iter().flat_map(|(field, calls)| calls.into_iter().map(move |call| (field, call))).collect()
}

#[test]
fn nothing_is_shown_of_settings_that_are_refused() {
    for_sentinels(async |run| {
        let s = &run.s;
        let clean = |error: Error| {
            assert!(matches!(error, Error::Invalid(_)), "{error}");
            run.search.assert_clean(&shown_error(&error), "setting");
        };
        let (user, password) = (crate::form::escape(&s.texts.name), crate::form::escape(&s.session));
        for url in [
            format!("http://{user}:{password}@127.0.0.1/"),
            format!("https://{user}@host/"),
            format!("https://host/{password}"),
            format!("https://host/?session={password}"),
            format!("https://host/#{password}"),
            format!("ftp://host/{password}"),
            format!("{password} {user}"),
        ] {
            clean(top::Client::builder().app(&*s.app_key, &*s.app_secret).endpoint(&*url).build().unwrap_err());
            let aliyun = || aliyun::Client::builder().access_key(&*s.access_key_id, &*s.access_key_secret);
            for builder in [aliyun().endpoint(&*url), aliyun().dytns_endpoint(&*url), aliyun().sts_endpoint(&*url)] {
                run.assert_shows_nothing(&builder, "builder");
                clean(builder.build().unwrap_err());
            }
        }
        clean(top::Client::builder().app("", &*s.app_secret).build().unwrap_err());
        clean(top::Client::builder().app(&*s.app_key, "").build().unwrap_err());
        for credentials in [
            Credentials::new("", &*s.access_key_secret),
            Credentials::new(&*s.access_key_id, ""),
            Credentials::new(Private::from(&*s.access_key_id), Secret::from(&*s.access_key_secret)).security_token(""),
        ] {
            run.assert_shows_nothing(&credentials, "credentials");
            clean(aliyun::Client::builder().credentials(credentials).build().unwrap_err());
        }
    });
}
