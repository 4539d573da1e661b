//! Orders whose OAID is out of date are read once, and decrypted once more.

use std::collections::HashSet;

use futures_util::StreamExt;
use privacy_number::emulator::Fault;
use privacy_number::top::{
    DecryptFresh, FreshlyDecrypted, OAID_NOT_MATCHED, OaidDecrypt, ReceiverQuery, TradeFullinfoGet,
};
use privacy_number::{Advice, Operation};

use super::{count, emulator, query, shop_of, tid};

async fn all(stream: DecryptFresh) -> Vec<FreshlyDecrypted> {
    stream.collect().await
}

#[tokio::test]
async fn stale_orders_are_mended_in_their_place_and_read_once() {
    let emulator = emulator(250).await;
    let moved: HashSet<usize> = (1..=250).filter(|order| order % 10 == 3).collect();
    for order in &moved {
        emulator.gateways().change_address(&tid(*order)).unwrap();
    }
    // The last one is among the queries again.
    let queries: Vec<_> = (1..=250).chain([3, 243]).map(query).collect();
    let orders = all(shop_of(&emulator).decrypt_fresh(queries.clone())).await;
    assert!(orders.iter().map(|order| &order.query).eq(&queries), "input order");
    for order in &orders {
        let receiver = order.result.as_ref().unwrap();
        assert_eq!(receiver.tid.as_deref(), Some(order.query.tid.as_str()));
        let is_moved = moved.contains(&(order.query.tid.parse::<usize>().unwrap() - 30_000));
        assert_eq!(order.new_oaid.is_some(), is_moved);
        assert!(order.new_oaid.is_none() || order.new_oaid == receiver.oaid);
        assert!(order.read_error.is_none());
    }
    assert_eq!(count::<TradeFullinfoGet>(&emulator), 25);
}

#[tokio::test]
async fn orders_with_current_oaids_take_no_call_more() {
    let emulator = emulator(40).await;
    let orders = all(shop_of(&emulator).decrypt_fresh((1..=40).map(query).collect::<Vec<_>>())).await;
    assert!(orders.iter().all(|order| order.result.is_ok()));
    assert_eq!((count::<OaidDecrypt>(&emulator), count::<TradeFullinfoGet>(&emulator)), (2, 0));
}

#[tokio::test]
async fn what_cannot_be_mended_keeps_its_own_error() {
    let emulator = emulator(4).await;
    emulator.gateways().change_address(&tid(1)).unwrap();
    emulator.gateways().change_address(&tid(2)).unwrap();
    emulator.inject(Fault::error("isp.top-remote-service-unavailable").on(TradeFullinfoGet::NAME).times(1));
    let unknown = ReceiverQuery::builder().tid("99999").oaid("wrong-a").build();
    let no_number = ReceiverQuery::builder().tid("T-1").oaid("wrong-b").build();
    let queries = vec![query(1), query(2), unknown, query(3), no_number];
    let orders = all(shop_of(&emulator).decrypt_fresh(queries).concurrency(1)).await;

    let code = |index: usize| orders[index].result.as_ref().err().and_then(|error| error.sub_code().or(error.code()));
    assert_eq!(code(0), Some(OAID_NOT_MATCHED));
    let read_error = orders[0].read_error.as_ref().unwrap();
    assert_eq!(read_error.sub_code(), Some("isp.top-remote-service-unavailable"));
    assert!(orders[1].result.is_ok() && orders[1].new_oaid.is_some());
    assert!(orders[2].result.is_err() && orders[2].new_oaid.is_none());
    assert!(orders[3].result.is_ok() && orders[3].read_error.is_none());
    assert!(orders[4].result.is_err());
}

#[tokio::test]
async fn an_order_whose_oaid_is_current_is_not_decrypted_again() {
    let emulator = emulator(1).await;
    emulator.inject(Fault::error("isv.oaid-invalid").on(OaidDecrypt::NAME));
    let orders = all(shop_of(&emulator).decrypt_fresh([query(1)])).await;
    assert_eq!(orders[0].result.as_ref().unwrap_err().advice(), Advice::RefreshOaid);
    assert_eq!((count::<OaidDecrypt>(&emulator), count::<TradeFullinfoGet>(&emulator)), (1, 1));
}

#[tokio::test]
async fn no_more_orders_are_read_than_allowed_and_none_after_the_session_ends() {
    let emulator = emulator(30).await;
    for order in 1..=30 {
        emulator.gateways().change_address(&tid(order)).unwrap();
    }
    let shop = shop_of(&emulator);
    let queries: Vec<_> = (1..=30).map(query).collect();
    let orders = all(shop.decrypt_fresh(queries.clone()).max_reads(7)).await;
    assert_eq!(count::<TradeFullinfoGet>(&emulator), 7);
    assert_eq!(orders.iter().filter(|order| order.result.is_ok()).count(), 7);

    emulator.ledger().clear();
    emulator.inject(Fault::error("27:session-expired").on(TradeFullinfoGet::NAME));
    let orders = all(shop.decrypt_fresh(queries).concurrency(2)).await;
    assert!(orders.iter().all(|order| order.result.is_err()));
    assert!(count::<TradeFullinfoGet>(&emulator) <= 2, "{}", count::<TradeFullinfoGet>(&emulator));
}
