//! The bounds of the emulator's memory.

use chrono::{DateTime, TimeDelta, Utc};

use super::{gateways, start_time, top};
use crate::emulator::CallRecord;
use crate::emulator::answer::Members;
use crate::emulator::store::State;
use crate::emulator::store::auth_token::AuthTokens;
use crate::emulator::store::bill::{BillRow, BilledItem, Bills};
use crate::emulator::store::binding::{Binding, BindingKind};
use crate::emulator::store::call_record::{CallRecords, Content};
use crate::emulator::store::client_token::ClientTokens;
use crate::emulator::store::fixed_line::{FixedLineBinding, FixedLineKind, FixedLines, Terms};
use crate::emulator::store::nonce::Nonces;
use crate::emulator::store::number_report::NumberReports;
use crate::emulator::store::number700::{Binding700, Bindings700, Order, Parties};
use crate::emulator::store::order::{NumberKind, OaidState};
use crate::emulator::store::queue::{Queues, queue_name};
use crate::emulator::store::req_id::{FirstRequest, ReqIds};
use crate::emulator::store::sec_token::SecTokens;
use crate::emulator::store::shop::{SessionState, ShopId, Shops};
use crate::emulator::store::waybill::Waybills;
use crate::emulator::store::work_number::{CallBinding, WorkNumbers};

/// A number after `start_time` in seconds.
fn after(seconds: u32) -> DateTime<Utc> {
    start_time() + TimeDelta::seconds(i64::from(seconds))
}

fn shop() -> (Shops, ShopId) {
    let mut shops = Shops::default();
    let id = shops.add_or_extend("shop", "session", &[]);
    (shops, id)
}

#[test]
fn a_nonce_is_remembered_for_fifteen_minutes() {
    let mut nonces = Nonces::default();
    assert!(nonces.take("a", start_time()));
    assert!(!nonces.take("a", start_time() + TimeDelta::minutes(15)));
    assert!(nonces.take("a", start_time() + TimeDelta::minutes(15) + TimeDelta::seconds(1)));
}

#[test]
fn the_number_of_kept_nonces_is_bounded() {
    let mut nonces = Nonces::default();
    for number in 0..1_000_000_u32 {
        assert!(nonces.take(&format!("nonce-{number}"), start_time()));
    }
    assert_eq!(nonces.count(), 200_000);
    assert!(!nonces.take("nonce-999999", start_time()));
    assert!(nonces.take("nonce-0", start_time()), "the oldest nonces are removed");
}

#[test]
fn old_nonces_are_removed_even_if_the_clock_is_set_back() {
    let mut nonces = Nonces::default();
    assert!(nonces.take("later", start_time() + TimeDelta::hours(1)));
    for number in 0..300_000_u32 {
        assert!(nonces.take(&number.to_string(), start_time()));
    }
    assert_eq!(nonces.count(), 200_000);
}

#[test]
fn attempts_are_counted_while_one_of_them_is_in_the_ledger() {
    let gateways = gateways();
    let query = |oaid: String| top("taobao.top.secret.group.query").with("oaid", oaid).with("app_key", "1").request();
    let send = |oaid: String| {
        let _ = gateways.respond(query(oaid));
    };
    let attempt = || gateways.ledger().entries().last().unwrap().attempt;
    let flood = || (0..9_999).for_each(|number| send(format!("o{number}")));
    send("x".into());
    flood();
    send("x".into());
    assert_eq!(attempt(), 2);
    flood();
    send("y".into());
    send("x".into());
    assert_eq!(attempt(), 1);
    assert_eq!(gateways.ledger().entries().len(), 10_000);
}

#[test]
fn the_number_of_kept_req_ids_is_bounded() {
    let mut req_ids = ReqIds::default();
    let request = || FirstRequest { parameters: Vec::new(), answer: Members::new() };
    for number in 0..20_000_u32 {
        req_ids.remember(&number.to_string(), request());
    }
    let kept = (0..20_000_u32).filter(|number| req_ids.first(&number.to_string()).is_some());
    assert!(kept.eq(10_000..20_000), "the oldest ones are removed");
}

fn binding(number: u32) -> Binding {
    Binding {
        kind: BindingKind::AxnExtension,
        pool_key: "pool".to_owned(),
        number_x: "17000000001".to_owned(),
        number_a: "15000000000".to_owned(),
        number_b: None,
        extension: Some(number.to_string()),
        group_id: None,
        created: start_time(),
        expires: after(number + 1),
        call_restrict: None,
        out_id: None,
        recording: false,
        asr: false,
        asr_model_id: None,
    }
}

#[test]
fn the_number_of_kept_ended_bindings_is_bounded_and_bindings_in_force_stay() {
    let mut state = State::default();
    let lasting = Binding { expires: after(1_000_000), ..binding(0) };
    let lasting = state.bind(lasting, start_time());
    state.track_nos.add("waybill", &lasting);
    let mut most = 0;
    for number in 1..=45_000 {
        let id = state.bind(binding(number), after(number));
        state.track_nos.add(&format!("waybill-{number}"), &id);
        most = most.max(state.bindings.iter().count());
    }
    assert!((10_000..=20_002).contains(&most), "{most}");
    assert!(state.bindings.get(&lasting).is_some());
    assert_eq!(state.track_nos.binding_ids("waybill"), [lasting]);
    let kept = |number: u32| !state.track_nos.binding_ids(&format!("waybill-{number}")).is_empty();
    assert!(!kept(1) && (35_002..=45_000).all(kept), "the latest ones stay, and waybill numbers go with the rest");
    assert_eq!((1..=45_000).filter(|number| kept(*number)).count() + 1, state.bindings.iter().count());
}

#[test]
fn bindings_in_force_are_never_removed() {
    let mut state = State::default();
    for number in 0..50_000 {
        state.bind(Binding { expires: after(1), ..binding(number) }, start_time());
    }
    assert_eq!(state.bindings.iter().count(), 50_000);
}

#[test]
fn the_number_of_kept_bindings_of_the_other_platforms_is_bounded() {
    let (mut of_700, mut lines, mut numbers) = (Bindings700::default(), FixedLines::default(), WorkNumbers::default());
    for number in 0..30_000 {
        let (now, text) = (after(number * 2), number.to_string());
        let binding = Binding700 {
            pool_key: "pool".to_owned(),
            // One for each, so that removing stays cheap.
            number_x: text.clone(),
            number_b: "15000000000".to_owned(),
            parties: Parties::Axb { number_a: "15000000001".to_owned() },
            order: Order::OrderId(text.clone()),
            expires: after(number * 2 + 1),
            call_restrict: None,
            recording: false,
            asr: false,
            asr_model_id: None,
            audio: None,
            out_id: None,
        };
        of_700.insert(binding, now);
        let binding = FixedLineBinding {
            kind: FixedLineKind::Axn,
            app_id: "pool".to_owned(),
            number_x: "057100000001".to_owned(),
            extension: None,
            number_a: "15000000000".to_owned(),
            number_b: None,
            expiration: 1,
            // The first ones never end.
            ends: (number >= 100).then(|| after(number * 2 + 1)),
            subts: String::new(),
            terms: Terms::default(),
        };
        lines.insert(binding, now);
        lines.record_order_id("pool", &text);
        let binding = CallBinding {
            pool_key: "pool".to_owned(),
            auth_id: "1".to_owned(),
            number_a: "15000000000".to_owned(),
            user_data: None,
            expires: after(number * 2 + 1),
        };
        numbers.bind_call(binding, now);
        numbers.add_sms_sign("1", "2");
    }
    for count in [of_700.iter().count(), lines.iter().count(), numbers.call_bindings().count()] {
        assert!((10_000..=20_100).contains(&count), "{count}");
    }
    let lasting = lines.iter().filter(|(_, binding)| binding.ends.is_none());
    assert_eq!(lasting.count(), 100);
    let executed = (0..30_000_u32).filter(|number| lines.has_order_id("pool", &number.to_string()));
    assert!(executed.eq(20_000..30_000));
    let signs: Vec<_> = numbers.sms_signs().map(|sign| sign.sign.as_str()).collect();
    assert_eq!((signs.len(), signs[0], signs[9_999]), (10_000, "sign20001", "sign30000"));
}

#[test]
fn the_latest_records_of_each_kind_are_kept() {
    let (mut records, mut waybills, mut reports) =
        (CallRecords::default(), Waybills::default(), NumberReports::default());
    for number in 0..15_000_u32 {
        let text = number.to_string();
        records.insert(CallRecord::call(text.clone()), "pool");
        records.insert(CallRecord::call(text.clone()), "pool");
        waybills.add(&text);
        reports.add_photo(text.clone(), "a".to_owned());
        reports.add_photo(text, "b".to_owned());
    }
    let latest = || 5_000..15_000_u32;
    let kept = |number: &u32| records.get(Content::Call, None, &number.to_string()).is_some();
    assert!((0..15_000).filter(kept).eq(latest()));
    assert!((0..15_000_u32).filter(|number| reports.has_photo(&number.to_string())).eq(latest()));
    assert_eq!(waybills.iter().count(), 10_000);
    assert!(!waybills.cancel("4999") && waybills.cancel("5000"));
    for _ in 0..10_000 {
        waybills.add("same code");
    }
    assert!(waybills.iter().all(|(code, _)| code == "same code"));
    assert_eq!(waybills.iter().count(), 10_000);
}

#[test]
fn a_queue_that_nobody_reads_is_bounded() {
    let mut queues = Queues::default();
    for number in 0..60_000_u32 {
        assert!(queues.publish_text("SecretReport", &number.to_string(), start_time()));
    }
    assert!(queues.publish_text("SecretRecording", "1", start_time()));
    let name = queue_name("SecretReport");
    assert_eq!(queues.get(&name).unwrap().depth(start_time()).visible, 50_000);
    let first = queues.receive(&name, 1, start_time()).unwrap();
    assert_eq!(first[0].body, "MTAwMDA=", "the first one that is left is 10000");
}

#[test]
fn tokens_and_sessions_that_nobody_uses_are_bounded() {
    let (mut shops, shop) = shop();
    let (mut codes, mut tokens, mut used) = (AuthTokens::default(), ClientTokens::default(), SecTokens::default());
    let other = shops.add_or_extend("other", "its session", &[]);
    for number in 0..150_000_u32 {
        let text = number.to_string();
        codes.add_code(text.clone(), shop);
        tokens.issue(text.clone(), shop);
        shops.rotate_session("shop", &text).unwrap();
        assert_eq!(used.exchange(&text), Some(format!("once-token-{}", number + 1)));
    }
    assert_eq!(codes.take_code("139999"), None);
    assert_eq!(codes.take_code("140000"), Some(shop));
    assert_eq!(tokens.unused(), 100_000);
    assert_eq!((used.exchange("50000"), used.exchange("0")), (None, Some("once-token-150001".to_owned())));
    assert_eq!(shops.session_state("session"), SessionState::Unknown);
    assert_eq!(shops.session_state("149998"), SessionState::Expired(shop));
    assert_eq!(shops.session_state("149999"), SessionState::Valid(shop));
    assert_eq!(shops.session_state("its session"), SessionState::Valid(other), "a session in use is never forgotten");
}

#[test]
fn former_oaids_are_bounded() {
    let mut state = State::default();
    let shop = state.shops.add_or_extend("shop", "session", &[]);
    let kind = NumberKind::SevenHundred;
    state.add_order(shop, "1".to_owned(), "oaid".to_owned(), kind, start_time());
    for number in 0..120_000_u32 {
        assert!(state.change_oaid("1", &number.to_string(), start_time()));
    }
    let order = state.orders.get("1").unwrap();
    assert_eq!(state.orders.oaid_state(order, "119999"), OaidState::Current);
    assert_eq!(state.orders.oaid_state(order, "119998"), OaidState::NotCurrent);
    assert_eq!(state.orders.oaid_state(order, "oaid"), OaidState::Wrong, "it is forgotten");
    assert_eq!(state.caller_groups.sizes().len(), 100_001, "groups go with their oaids");
}

#[test]
fn bills_are_bounded() {
    let (_, shop) = shop();
    let mut bills = Bills::default();
    for number in 0..101_000_u32 {
        bills.charge(BillRow {
            shop,
            tid: number.to_string(),
            secret_no: "700".to_owned(),
            item: BilledItem::Calls,
            start: start_time(),
            end: start_time(),
            duration: 1,
            charged: start_time(),
        });
    }
    let day = crate::emulator::china_time::day(start_time());
    let kept: Vec<_> = bills.of_day(day, start_time()).map(|row| row.tid.as_str()).collect();
    assert_eq!((kept.len(), kept[0]), (100_000, "1000"));
}
