//! The operations around an OAID's life: what they send, what they refuse to send, and what the emulator makes of them.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use privacy_number::emulator::{Clock, Emulator, OrderStatus, PlacedCall};
use privacy_number::top::{
    AuthTokenCreate, AuthTokenRefresh, BillItem, BillQuery, Decimal, Event, ExtendDays, MessageId, OaidDecrypt,
    OaidMerge, OrderMerge, ReceiverQuery, Scene, SecretAppkeyBillDetail, SecretBillDetail, SecretExtend,
    SecretNoExtendRequest, SendMessageByOaidRequest, Shop, SmsEntry, SmsMessageDirectBatchsend, SmsOaidMessageSend,
    TemplateParams, TmcMessagesConfirm, TmcMessagesConsume, TmcUserPermit, TradeFields, TradeFullinfoGet,
    TradesSoldGet, TradesSoldIncrementGet,
};
use privacy_number::{Error, Operation, Params, top};

use crate::clients::{instant, once, plain_http, shop, top_builder};
use crate::fixtures::read_json;
use crate::server::Server;

/// The parameters that the operation itself has in a signature vector.
fn vector_params(name: &str) -> Vec<(String, String)> {
    let file = read_json("top-oaid/signature_vectors.json");
    let vector = file["vectors"].as_array().unwrap().iter().find(|vector| vector["name"] == name).unwrap().clone();
    let system = ["method", "app_key", "timestamp", "format", "v", "sign_method", "session", "simplify"];
    let params = vector["params"].as_object().unwrap().iter();
    let own = params.filter(|(name, _)| !system.contains(&name.as_str()));
    own.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

/// The bytes that are signed are those of the published vectors.
fn assert_params<O: Operation>(operation: &O, vector: &str) {
    let params = Params::from_struct(operation).unwrap();
    let mut params: Vec<_> = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    params.sort();
    let mut expected = vector_params(vector);
    expected.sort();
    assert_eq!(params, expected, "{vector}");
}

const OAID: &str = "oaid-a-1+/=QmFzZTY0LWxpa2UgdGV4dA";
const TID: &str = "3796207345637527441";

#[test]
fn requests_have_the_bytes_of_the_published_vectors() {
    let message = SendMessageByOaidRequest::builder().oaid(OAID).order_id(TID).sms_free_sign_name("测试旗舰店");
    let params = TemplateParams::from([("name", "张先生"), ("content", "您的包裹😀已发出，请留意！&=+%")]);
    let message = message.template_code("SMS_12345").params(params).extend("order-1111").build();
    assert_params(&SmsOaidMessageSend::new(message), "sms_oaid_message_send_md5_chinese_nested");

    let confirm = TmcMessagesConfirm::new([7_104_300_007_405_429_232, 7_104_300_007_405_429_233].map(MessageId::from));
    assert_params(&confirm, "tmc_messages_confirm_md5_no_session");
}

/// The field that is refused before anything is sent.
async fn refused<O: Operation<Gateway = top::Top>>(operation: &O) -> String {
    let server = Server::always("").await;
    let error = shop(server.top_endpoint(), once()).send(operation).await.err().unwrap();
    let Error::Invalid(error) = error else { panic!("{}: {error}", O::NAME) };
    assert!(server.received().await.is_empty());
    error.field().to_owned()
}

fn merge_of(count: usize) -> OaidMerge {
    OaidMerge::new((0..count).map(|tid| OrderMerge::builder().oaid("o").tid(tid.to_string()).build()))
}

fn extend(scene: Scene, days: u32) -> SecretExtend {
    let request = SecretNoExtendRequest::builder().oaid("oaid-2001").order_id("2001").scene(scene);
    SecretExtend::new(request.extend_days(days).build())
}

fn entry(tid: &str, oaid: &str) -> SmsEntry {
    SmsEntry::builder().oaid(oaid).order_id(tid).sign_name("签名").build()
}

fn batch(entries: Vec<SmsEntry>) -> SmsMessageDirectBatchsend {
    SmsMessageDirectBatchsend::builder().sms_template_code("SMS_1").entries(entries).build()
}

#[tokio::test]
async fn what_the_gateway_would_refuse_is_not_sent() {
    assert_eq!(refused(&merge_of(0)).await, "merge_list");
    assert_eq!(refused(&merge_of(101)).await, "merge_list");
    let twice = ["1", "1"].map(|tid| OrderMerge::builder().oaid("o").tid(tid).build());
    assert_eq!(refused(&OaidMerge::new(twice)).await, "merge_list[1].tid");

    assert_eq!(refused(&extend(Scene::StoreShipping, 8)).await, "extend_request.extend_days");
    assert_eq!(refused(&extend(Scene::DropShipping, 365)).await, "extend_request.extend_days");
    assert_eq!(refused(&extend(Scene::AfterSales, 0)).await, "extend_request.extend_days");
    let text = SecretNoExtendRequest::builder().oaid("o").order_id("T-1").scene(Scene::AfterSales);
    assert_eq!(refused(&SecretExtend::new(text.extend_days(7).build())).await, "extend_request.order_id");
    assert_eq!(refused(&TradeFullinfoGet::new("T-1")).await, "tid");
    let bad_name = TradeFullinfoGet::builder().tid("1").fields(TradeFields::new(["a,b"])).build();
    assert_eq!(refused(&bad_name).await, "fields");

    let day = NaiveDate::from_ymd_opt(2026, 1, 6).unwrap();
    let bill = |page, size| SecretBillDetail::from(BillQuery::first_page(day).page(page).page_size(size));
    assert_eq!(refused(&bill(0, 1)).await, "seller_bill_query_request.page_no");
    assert_eq!(refused(&bill(1, 1001)).await, "seller_bill_query_request.page_size");
    assert_eq!(refused(&bill(1, 0)).await, "seller_bill_query_request.page_size");

    let changed = |span| {
        let start = instant();
        TradesSoldIncrementGet::builder().start_modified(start).end_modified(start + span).build()
    };
    assert_eq!(refused(&changed(TimeDelta::zero())).await, "end_modified");
    assert_eq!(refused(&changed(TimeDelta::seconds(86_401))).await, "end_modified");
    assert_eq!(refused(&TradesSoldGet::builder().page_size(101).build()).await, "page_size");

    for quantity in [9, 201] {
        assert_eq!(refused(&TmcMessagesConsume::builder().quantity(quantity).build()).await, "quantity");
    }
    assert_eq!(refused(&TmcMessagesConfirm::new([])).await, "s_message_ids");
    // TOP would take no topic as all topics.
    assert_eq!(refused(&TmcUserPermit::only([""; 0])).await, "topics");
    assert_eq!(refused(&TmcUserPermit::only(["a,b"])).await, "topics[0]");

    let brackets = SendMessageByOaidRequest::builder().oaid("o").order_id("1").sms_free_sign_name("【签名】");
    let brackets = SmsOaidMessageSend::new(brackets.template_code("SMS_1").build());
    assert_eq!(refused(&brackets).await, "param_send_message_by_o_a_i_d_request.sms_free_sign_name");
    assert_eq!(refused(&batch(vec![])).await, "entries");
    assert_eq!(refused(&batch((0..51).map(|tid| entry(&tid.to_string(), "o")).collect())).await, "entries");
    let mut with_content = entry("2", "o");
    with_content.content = Some(TemplateParams::from([("a", "b")]));
    assert_eq!(refused(&batch(vec![entry("1", "o"), with_content])).await, "entries[1].content");
    let mut with_number = entry("2", "o");
    with_number.extend_num = Some("1".to_owned());
    assert_eq!(refused(&batch(vec![with_number, entry("1", "o")])).await, "entries[1].extend_num");
    let mut other_sign = entry("1", "o");
    other_sign.sign_name = "另一个".to_owned();
    assert_eq!(refused(&batch(vec![entry("1", "o"), other_sign])).await, "entries[1].order_id");
    assert_eq!(batch(vec![entry("1", "o"), entry("1", "o")]).entries.len(), 1, "an equal entry is sent once");
}

#[tokio::test]
async fn other_scenes_than_shipping_take_any_days() {
    let server = Server::always(r#"{"result":{"secret_no":"700507877719557"}}"#).await;
    let shop = shop(server.top_endpoint(), once());
    assert!(shop.send(&extend(Scene::AfterSales, 8)).await.is_ok());
}

#[tokio::test]
async fn a_session_is_sent_where_the_operation_needs_one_and_nowhere_else() {
    let server = Server::always("").await;
    let client = top_builder(server.top_endpoint()).build().unwrap();
    let error = client.send(&TmcUserPermit::all_topics()).await.unwrap_err();
    let Error::Invalid(error) = error else { panic!("{error}") };
    assert_eq!(error.field(), "session");
    assert!(server.received().await.is_empty());

    let shop = client.shop("test-session");
    let _ = shop.send(&TmcMessagesConsume::default()).await;
    let _ = shop.send(&AuthTokenRefresh::new("token")).await;
    let _ = shop.send(&SecretAppkeyBillDetail::new(NaiveDate::MIN)).await;
    let has_session = |request: &wiremock::Request| String::from_utf8_lossy(&request.body).contains("session=");
    let sent: Vec<_> = server.received().await.iter().map(has_session).collect();
    assert_eq!(sent, [false, false, true]);
}

#[test]
fn more_ids_than_one_call_takes_are_split() {
    let calls = TmcMessagesConfirm::batches((1..=201).map(MessageId::from));
    assert_eq!(calls.iter().map(|call| call.s_message_ids.len()).collect::<Vec<_>>(), [200, 1]);
}

#[tokio::test]
async fn the_five_ingredients_of_an_oaid_are_always_asked_for() {
    for fields in [TradeFields::new(["status"]), TradeFields::new::<&str>([])] {
        let text = fields.to_string();
        let named: Vec<_> = text.split(',').collect();
        for name in ["receiver_name", "receiver_address", "created", "receiver_mobile", "receiver_phone", "oaid"] {
            assert!(named.contains(&name), "{name}");
        }
    }
}

async fn emulator() -> Emulator {
    let orders = [("3001", "oaid-a"), ("3002", "oaid-b"), ("3003", "oaid-c")];
    Emulator::builder().clock(Clock::stopped_at(instant())).orders(orders).start().await.unwrap()
}

fn shop_of(emulator: &Emulator) -> Shop {
    let top = emulator.top_builder().settings(emulator.settings().http_client(plain_http())).build().unwrap();
    top.shop(emulator.session())
}

async fn decrypt(shop: &Shop, tid: &str, oaid: &str) -> top::Receiver {
    let query = ReceiverQuery::builder().tid(tid).oaid(oaid).secret_no_days(15).build();
    shop.send(&OaidDecrypt::new([query])).await.unwrap().receivers.remove(0)
}

#[tokio::test]
async fn a_changed_address_leads_from_the_message_to_the_new_receiver() {
    let emulator = emulator().await;
    let shop = shop_of(&emulator);
    shop.send(&TmcUserPermit::all_topics()).await.unwrap();
    let first = decrypt(&shop, "3001", "oaid-a").await;
    emulator.clock().advance(Duration::from_secs(60));
    let moved = emulator.gateways().change_address("3001").unwrap();
    assert_eq!(decrypt(&shop, "3001", "oaid-a").await.matched, Some(false));

    let messages = shop.send(&TmcMessagesConsume::default()).await.unwrap().messages;
    let [message] = messages.as_slice() else { panic!("one message") };
    let Event::AddressChanged(changed) = message.event() else { panic!("another event") };
    let get = TradeFullinfoGet::new(changed.tid);
    let trade = shop.send(&get).await.unwrap().trade.unwrap();
    assert!(trade.address_was_changed() && trade.modified > trade.created);
    assert_eq!(trade.oaid.as_ref().unwrap().expose(), moved);
    let second = decrypt(&shop, "3001", &moved).await;
    assert_eq!(second.matched, Some(true));
    assert_ne!(second.mobile, first.mobile);

    // Not confirmed: it comes again after a while.
    assert!(shop.send(&TmcMessagesConsume::default()).await.unwrap().messages.is_empty());
    emulator.clock().advance(Duration::from_secs(5 * 60));
    let again = shop.send(&TmcMessagesConsume::default()).await.unwrap().messages;
    assert_eq!(again[0].id, message.id);
    shop.send(&TmcMessagesConfirm::new([message.id])).await.unwrap();
    emulator.clock().advance(Duration::from_secs(3600));
    assert!(shop.send(&TmcMessagesConsume::default()).await.unwrap().messages.is_empty());
}

#[tokio::test]
async fn a_second_permit_replaces_the_topics_of_the_first() {
    let emulator = emulator().await;
    let (shop, gateways) = (shop_of(&emulator), emulator.gateways());
    let topics = async || {
        let messages = shop.send(&TmcMessagesConsume::default()).await.unwrap().messages;
        shop.send(&TmcMessagesConfirm::new(messages.iter().map(|message| message.id))).await.ok();
        messages.into_iter().map(|message| message.topic).collect::<Vec<_>>()
    };
    gateways.change_address("3001");
    assert!(topics().await.is_empty(), "no message arrives without a permit");
    let (success, close) = ("taobao_trade_TradeSuccess", "taobao_trade_TradeClose");
    shop.send(&TmcUserPermit::only([success, close])).await.unwrap();
    gateways.set_order_status("3001", OrderStatus::Succeeded);
    gateways.set_order_status("3002", OrderStatus::Closed);
    gateways.change_address("3003");
    assert_eq!(topics().await, [success, close]);
    shop.send(&TmcUserPermit::only([close])).await.unwrap();
    gateways.set_order_status("3001", OrderStatus::Succeeded);
    gateways.set_order_status("3002", OrderStatus::Closed);
    assert_eq!(topics().await, [close]);
}

#[tokio::test]
async fn an_extension_moves_the_end_and_both_bills_agree_with_what_was_used() {
    let emulator = emulator().await;
    let shop = shop_of(&emulator);
    // Once decrypted, twice asked: one rent.
    for _ in 0..2 {
        let receiver = decrypt(&shop, "2002", "oaid-2002").await;
        assert_eq!(receiver.secret_no_expire_time.unwrap(), instant() + TimeDelta::days(15));
    }
    let request = SecretNoExtendRequest::builder().oaid("oaid-2002").order_id("2002").scene(Scene::StoreShipping);
    let extend = SecretExtend::new(request.extend_days(ExtendDays::Seven).build());
    let extended = shop.send(&extend).await.unwrap().result;
    assert_eq!(extended.expires().unwrap(), instant() + TimeDelta::days(22));
    let receiver = decrypt(&shop, "2002", "oaid-2002").await;
    assert_eq!(receiver.secret_no_expire_time, extended.expires());
    let number = receiver.mobile.unwrap();
    assert_eq!(number, extended.secret_no);

    let call = PlacedCall::new("13100000000", number.expose()).talks_for(Duration::from_secs(61));
    emulator.place_call(&call).result.unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 1, 6).unwrap();
    let rows = shop.send(&SecretBillDetail::new(day)).await.unwrap().data;
    assert_eq!(rows.len(), 2, "the call has not ended");
    emulator.clock().advance(Duration::from_secs(600));

    let page = |page| SecretBillDetail::from(BillQuery::first_page(day).page(page).page_size(2));
    let mut rows = Vec::new();
    for number in 1..=2 {
        let answer = shop.send(&page(number)).await.unwrap();
        assert_eq!(answer.total_num, Some(3));
        rows.extend(answer.data);
    }
    let items: Vec<_> = rows.iter().map(|row| (row.bill_item.clone().unwrap(), row.bill_duration.unwrap())).collect();
    assert_eq!(items, [(BillItem::Rent, 15), (BillItem::Rent, 7), (BillItem::Calls, 2)]);
    assert!(rows.iter().all(|row| row.order_id.as_ref().unwrap().as_str() == "2002"));
    let of_app = shop.send(&SecretAppkeyBillDetail::new(day)).await.unwrap().data;
    assert_eq!(of_app.iter().map(|row| row.bill_duration.unwrap()).collect::<Vec<_>>(), [22, 2]);
    let total = |costs: Vec<Option<Decimal>>| Decimal::sum(costs.into_iter().flatten()).unwrap();
    let cost = total(rows.iter().map(|row| row.cost).collect());
    assert_eq!(cost, total(of_app.iter().map(|row| row.cost).collect()));
    assert_eq!(cost.to_string(), "0.86");
    let other_day = SecretBillDetail::new(day.succ_opt().unwrap());
    assert!(shop.send(&other_day).await.unwrap().data.is_empty());
}

#[tokio::test]
async fn a_number_ends_a_week_after_its_order_and_a_closed_order_is_masked() {
    let emulator = emulator().await;
    let shop = shop_of(&emulator);
    emulator.gateways().set_order_status("2001", OrderStatus::Succeeded);
    let receiver = decrypt(&shop, "2001", "oaid-2001").await;
    assert_eq!(receiver.secret_no_expire_time.unwrap(), instant() + TimeDelta::days(7));
    emulator.gateways().set_order_status("2002", OrderStatus::Closed);
    let receiver = decrypt(&shop, "2002", "oaid-2002").await;
    assert!(receiver.mobile.unwrap().is_masked());
    assert_eq!(receiver.name.unwrap().expose(), "张****");
}

#[tokio::test]
async fn orders_are_merged_by_their_receiver_until_one_moves() {
    let emulator = emulator().await;
    let shop = shop_of(&emulator);
    assert!(emulator.gateways().share_receiver(["3001", "3003"]));
    assert!(!emulator.gateways().share_receiver(["3001", "9999"]));
    let merge = |third: &str| {
        let orders = [("3001", "oaid-a"), ("3002", "oaid-b"), ("3003", third)];
        OaidMerge::new(orders.map(|(tid, oaid)| OrderMerge::builder().tid(tid).oaid(oaid).build()))
    };
    let parcels = async |merge: OaidMerge| {
        let answer = shop.send(&merge).await.unwrap();
        merge.parcels(&answer).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(parcels(merge("oaid-c")).await, ["3001,3003", "3002"]);
    let moved = emulator.gateways().change_address("3003").unwrap();
    assert_eq!(parcels(merge(&moved)).await, ["3001", "3002", "3003"]);
}

#[tokio::test]
async fn a_batch_of_text_messages_is_sent_whole_or_not_at_all() {
    let emulator = emulator().await;
    let shop = shop_of(&emulator);
    let sent = || emulator.gateways().text_messages().as_array().unwrap().len();
    let task = |entries: Vec<SmsEntry>| {
        let batch = SmsMessageDirectBatchsend::builder().sms_template_code("SMS_1").task_sign("task-1");
        batch.entries(entries).build()
    };
    let error = shop.send(&task(vec![entry("3001", "oaid-a"), entry("3002", "wrong-b")])).await.unwrap_err();
    assert_eq!((error.sub_code(), sent()), (Some("isv.oaid-invalid"), 0));
    emulator.gateways().share_receiver(["3001", "3003"]);
    let all = vec![entry("3001", "oaid-a"), entry("3002", "oaid-b"), entry("3003", "oaid-c")];
    shop.send(&task(all.clone())).await.unwrap();
    assert_eq!(sent(), 2, "one receiver has two of the orders");
    shop.send(&batch(all)).await.unwrap();
    assert_eq!(sent(), 5, "another sending has another task");
}

#[tokio::test]
async fn orders_are_listed_by_creation_and_by_change() {
    let emulator = emulator().await;
    let shop = shop_of(&emulator);
    let all = shop.send(&TradesSoldGet::builder().page_size(100).build()).await.unwrap();
    assert_eq!(all.total_results, Some(8));
    emulator.clock().advance(Duration::from_secs(3600));
    emulator.gateways().change_address("3002");
    let now = instant() + TimeDelta::hours(1);
    let changed = TradesSoldIncrementGet::builder().start_modified(now - TimeDelta::minutes(30)).end_modified(now);
    let changed = shop.send(&changed.use_has_next(true).build()).await.unwrap();
    let tids: Vec<_> = changed.trades.iter().map(|trade| trade.tid.as_ref().unwrap().as_str()).collect();
    assert_eq!((tids, changed.has_next), (vec!["3002"], Some(false)));
    let pages = |page| TradesSoldGet::builder().page_no(page).page_size(5).use_has_next(true).build();
    let [first, second] = [shop.send(&pages(1)).await.unwrap(), shop.send(&pages(2)).await.unwrap()];
    assert_eq!(
        (first.trades.len(), first.has_next, second.trades.len(), second.has_next),
        (5, Some(true), 3, Some(false))
    );
}

#[tokio::test]
async fn a_refresh_token_works_once_and_the_former_session_ends() {
    let emulator = emulator().await;
    let top = emulator.top().unwrap();
    let code = emulator.gateways().authorise("first-shop").unwrap();
    let first = top.send(&AuthTokenCreate::new(code.as_str())).await.unwrap().token_result;
    assert_eq!(top.send(&AuthTokenCreate::new(code)).await.unwrap_err().sub_code(), Some("isv.invalid-parameter:code"));
    let refresh = AuthTokenRefresh::new(first.refresh_token.clone().unwrap());
    let second = top.send(&refresh).await.unwrap().token_result;
    assert_ne!(second.refresh_token, first.refresh_token);
    let error = top.send(&refresh).await.unwrap_err();
    assert_eq!(error.sub_code(), Some("isv.invalid-parameter:refresh_token"));
    let get = TradeFullinfoGet::new("2001");
    let refused = top.shop(first.access_token).send(&get).await.unwrap_err();
    assert_eq!(refused.sub_code(), Some("session-expired"));
    assert!(top.shop(second.access_token).send(&get).await.unwrap().trade.is_some());
}
