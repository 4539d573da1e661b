//! Any number of orders in parcels: what the platform did not compare is not joined.

use privacy_number::Operation;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::top::{MergeCandidate, MergedOrders, OaidMerge, OrderMerge};

use super::{count, emulator, oaid, shop_of, tid};

fn order(number: usize) -> OrderMerge {
    OrderMerge::builder().tid(tid(number)).oaid(oaid(number)).build()
}

fn share(emulator: &Emulator, orders: &[usize]) {
    assert!(emulator.gateways().share_receiver(orders.iter().map(|order| tid(*order))));
}

/// The parcels with more than one order.
fn joined(merged: &MergedOrders) -> Vec<String> {
    merged.parcels.iter().filter(|parcel| parcel.tids.len() > 1).map(ToString::to_string).collect()
}

fn orders_in_parcels(merged: &MergedOrders) -> usize {
    merged.parcels.iter().map(|parcel| parcel.tids.len()).sum()
}

#[tokio::test]
async fn groups_of_different_calls_are_not_joined() {
    let emulator = emulator(250).await;
    share(&emulator, &[1, 2, 150, 250]);
    let merged = shop_of(&emulator).merge((1..=250).map(order)).await;
    assert_eq!(joined(&merged), ["30001,30002"]);
    assert_eq!((count::<OaidMerge>(&emulator), orders_in_parcels(&merged)), (3, 250));
    assert!(!merged.all_compared && merged.failed.is_empty());
}

#[tokio::test]
async fn the_orders_of_a_buyer_are_compared_in_one_call() {
    let emulator = emulator(250).await;
    share(&emulator, &[1, 150, 250]);
    let buyer = |number: usize| if [1, 150, 250].contains(&number) { "buyer-a".to_owned() } else { number.to_string() };
    let candidates = (1..=250).map(|number| MergeCandidate::of_buyer(buyer(number), order(number)));
    let merged = shop_of(&emulator).merge(candidates).await;
    assert_eq!(joined(&merged), ["30001,30150,30250"]);
    assert_eq!(count::<OaidMerge>(&emulator), 3);
}

#[tokio::test]
async fn one_more_call_compares_the_groups_if_they_fit() {
    let emulator = emulator(180).await;
    // 180 orders of 90 receivers, each with an order in either call.
    for number in 1..=90 {
        share(&emulator, &[number, number + 90]);
    }
    // 45 of them have two orders in the first call and two in the second.
    for number in 1..=45 {
        share(&emulator, &[number, number + 45, number + 90, number + 135]);
    }
    let merged = shop_of(&emulator).merge((1..=180).map(order)).compare_groups().await;
    assert_eq!(count::<OaidMerge>(&emulator), 3);
    assert!(merged.all_compared && merged.compare_error.is_none());
    assert_eq!((merged.parcels.len(), orders_in_parcels(&merged)), (45, 180));
    assert!(merged.parcels.iter().all(|parcel| parcel.tids.len() == 4));
}

#[tokio::test]
async fn too_many_groups_are_not_compared_in_part() {
    let emulator = emulator(150).await;
    share(&emulator, &[1, 150]);
    let merged = shop_of(&emulator).merge((1..=150).map(order)).compare_groups().await;
    assert_eq!(count::<OaidMerge>(&emulator), 2);
    assert!(!merged.all_compared && joined(&merged).is_empty());
}

#[tokio::test]
async fn a_failed_call_leaves_its_orders_out_and_a_failed_comparison_joins_nothing() {
    let emulator = emulator(200).await;
    emulator.inject(Fault::error("isv.oaid-invalid").on(OaidMerge::NAME).times(1));
    let shop = shop_of(&emulator);
    let merged = shop.merge((1..=200).map(order)).await;
    assert_eq!((merged.failed.len(), merged.failed[0].tids.len(), merged.parcels.len()), (1, 100, 100));
    assert_eq!(merged.failed[0].error.sub_code(), Some("isv.oaid-invalid"));
    assert!(!merged.all_compared);

    for start in [1, 101] {
        share(&emulator, &(start..start + 60).collect::<Vec<_>>());
    }
    emulator.inject(Fault::error("isp.service-unavailable").on(OaidMerge::NAME).after(2).times(1));
    let merged = shop.merge((1..=200).map(order)).compare_groups().await;
    assert!(merged.compare_error.is_some() && !merged.all_compared);
    assert_eq!(orders_in_parcels(&merged), 200);
}

#[tokio::test]
async fn an_expired_session_ends_the_calls_and_bad_orders_are_not_sent() {
    let emulator = emulator(300).await;
    let shop = shop_of(&emulator);
    let two_oaids = OrderMerge::builder().tid(tid(1)).oaid("another").build();
    let too_long = OrderMerge::builder().tid("7").oaid("x".repeat(129)).build();
    let merged = shop.merge([order(1), order(1), two_oaids, too_long]).await;
    assert_eq!((merged.parcels.len(), merged.failed.len(), count::<OaidMerge>(&emulator)), (1, 2, 1));

    emulator.ledger().clear();
    emulator.inject(Fault::error("27:session-expired").on(OaidMerge::NAME));
    let merged = shop.merge((1..=300).map(order)).await;
    assert_eq!((merged.failed.len(), count::<OaidMerge>(&emulator)), (3, 1));
    let tids: usize = merged.failed.iter().map(|failed| failed.tids.len()).sum();
    assert_eq!(tids, 300);
}
