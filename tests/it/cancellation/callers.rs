use futures_util::{StreamExt, stream};
use privacy_number::Private;
use privacy_number::emulator::Emulator;
use privacy_number::top::ReceiverQuery;

use super::{at_every_poll, decryption, drop_after, many_orders};

const CALLERS: [&str; 2] = ["13100000001", "13100000002"];

#[tokio::test]
async fn a_dropped_removal_of_callers_can_be_made_again() {
    let emulator = Emulator::start().await.unwrap();
    let shop = emulator.shop().unwrap();
    at_every_poll(async |polls| {
        shop.ensure_callers("oaid-2001", CALLERS).await.unwrap();
        let ready = drop_after(polls, shop.remove_callers("oaid-2001", CALLERS).into_future()).await;
        assert!(shop.remove_callers("oaid-2001", CALLERS).await.unwrap().is_complete());
        let left = shop.remove_callers("oaid-2001", CALLERS).await.unwrap();
        assert_eq!(left.unchanged.len(), CALLERS.len(), "after {polls} polls");
        ready.map(Result::unwrap).is_some()
    })
    .await;
}

#[tokio::test]
async fn dropped_changes_of_many_orders_can_be_made_again() {
    let emulator = Emulator::builder().generated_orders(20).start().await.unwrap();
    let shop = emulator.shop().unwrap();
    let mut oaids = Vec::new();
    for (_, oaid) in emulator.orders() {
        // Only 700 numbers take callers.
        if shop.remove_callers(&*oaid, CALLERS).await.is_ok() && oaids.len() < 3 {
            oaids.push(oaid);
        }
    }
    assert_eq!(oaids.len(), 3);
    let orders = || oaids.iter().map(|oaid| (Private::from(&**oaid), None)).collect::<Vec<_>>();
    at_every_poll(async |polls| {
        let all = shop.ensure_callers_of_all(orders(), CALLERS, 2);
        let ready = drop_after(polls, all.collect::<Vec<_>>()).await;
        let again: Vec<_> = shop.ensure_callers_of_all(orders(), CALLERS, 2).collect().await;
        assert_eq!(again.len(), oaids.len());
        assert!(again.iter().all(|(_, report)| report.as_ref().unwrap().is_complete()), "after {polls} polls");
        for oaid in &oaids {
            shop.remove_callers(&**oaid, CALLERS).await.unwrap();
        }
        ready.is_some_and(|results| results.into_iter().all(|(_, report)| report.is_ok()))
    })
    .await;
}

#[tokio::test]
async fn a_dropped_stream_drops_its_queries() {
    let (emulator, all_queries) = many_orders().await;
    let orders = all_queries.len();
    let shop = emulator.shop().unwrap();
    at_every_poll(async |polls| {
        let queries = all_queries.clone();
        let (sender, mut receiver) = tokio::sync::mpsc::channel::<ReceiverQuery>(4);
        let all = shop.decrypt_stream(stream::poll_fn(move |context| receiver.poll_recv(context)));
        let progress = all.progress();
        let feeding = async move {
            for query in queries {
                // The consumer has been dropped.
                if sender.send(query).await.is_err() {
                    return;
                }
            }
        };
        let (ready, ()) = futures_util::future::join(drop_after(polls, all.collect::<Vec<_>>()), feeding).await;
        assert_eq!(progress.in_flight(), 0, "after {polls} polls");
        shop.send(&decryption()).await.unwrap();
        ready.is_some_and(|results| results.len() == orders)
    })
    .await;
}
