//! Workflows under limits far too low for their call timeouts: they take longer, and lose nothing.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use privacy_number::emulator::Emulator;
use privacy_number::top::{OaidDecrypt, ReceiverQuery, SecretGroupQuery, SecretGroupUpdate};
use privacy_number::{LIMIT_REACHED, Limits, Operation, Private, RetryPolicy};

use super::kinds::Kind;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_shops_that_share_a_low_limit_decrypt_all_their_orders() {
    const SHOPS: usize = 40;
    let emulator = Emulator::builder().generated_orders(4117).start().await.unwrap();
    let orders = emulator.orders();
    assert_eq!(orders.len(), 4120);
    // Like 10 calls per second with a call timeout of 3 seconds, three times as fast.
    let settings =
        emulator.settings().limits(Limits::none().of(OaidDecrypt::NAME, 30)).call_timeout(Duration::from_secs(1));
    let client = emulator.top_builder().settings(settings).build().unwrap();
    let started = Instant::now();
    let shops = orders.chunks(orders.len() / SHOPS).map(|orders| {
        let shop = client.shop(emulator.session());
        let queries: Vec<_> =
            orders.iter().map(|(tid, oaid)| ReceiverQuery::builder().tid(tid).oaid(oaid.as_str()).build()).collect();
        tokio::spawn(async move {
            let results: Vec<_> = shop.decrypt_all(queries).collect().await;
            results.into_iter().map(|one| one.result.map(drop).map_err(|error| error.to_string())).collect::<Vec<_>>()
        })
    });
    let results: Vec<_> = join_all(shops).await.into_iter().flat_map(Result::unwrap).collect();
    let failed: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failed.is_empty(), "{} of {} failed: {}", failed.len(), results.len(), failed[0]);
    assert_eq!(results.len(), 4120);
    assert!(started.elapsed() > Duration::from_secs(7), "the limit was kept: {:?}", started.elapsed());
    // A single call has its timeout and no more.
    let busy = client.shop(emulator.session());
    let (tid, oaid) = &orders[0];
    let decrypt = OaidDecrypt::new([ReceiverQuery::builder().tid(tid).oaid(oaid.as_str()).build()]);
    let many = join_all((0..60).map(|_| busy.send(&decrypt))).await;
    let refused = many.into_iter().filter_map(Result::err).filter(|error| error.code() == Some(LIMIT_REACHED)).count();
    assert!((10..=35).contains(&refused), "{refused}");
}

#[tokio::test]
async fn the_callers_of_all_orders_are_reported() {
    for kind in Kind::all() {
        let emulator = Emulator::builder().generated_orders(12).start().await.unwrap();
        let limits = Limits::none().of(SecretGroupQuery::NAME, 6).of(SecretGroupUpdate::NAME, 6);
        let settings = emulator
            .settings()
            .limits(kind.share(limits))
            .retry(RetryPolicy::new().first_backoff(Duration::from_millis(1)))
            .call_timeout(Duration::from_millis(800));
        let shop = emulator.top_builder().settings(settings).build().unwrap().shop(emulator.session());
        let oaids: Vec<_> = (0..12).map(|_| (Private::from("oaid-2001"), None)).collect();
        let reports: Vec<_> = shop.ensure_callers_of_all(oaids, ["13100000000"], 12).collect().await;
        assert_eq!(reports.len(), 12, "{}", kind.name);
        for (_, report) in reports {
            let report = report.unwrap_or_else(|error| panic!("{}: {error}", kind.name));
            assert!(report.failure.is_none(), "{}: {report:?}", kind.name);
        }
    }
}

#[tokio::test]
async fn recordings_are_downloaded() {
    for kind in Kind::all() {
        let emulator = Emulator::start().await.unwrap();
        let settings = emulator
            .settings()
            .limits(kind.share(Limits::none().of("QueryRecordFileDownloadUrl", 4)))
            .call_timeout(Duration::from_millis(800));
        let client = emulator.aliyun_builder().settings(settings).build().unwrap();
        let call_time = Utc::now() - TimeDelta::hours(1);
        let downloads = stream::iter(0..8).map(|_| async {
            let mut file = Vec::new();
            client.download_recording(emulator.pool_key(), "call-1", call_time).to(&mut file).await.map(|_| file.len())
        });
        let sizes: Vec<_> = downloads.buffer_unordered(8).collect().await;
        for size in sizes {
            let size = size.unwrap_or_else(|error| panic!("{}: {error}", kind.name));
            assert!(size > 10_000, "{}: {size}", kind.name);
        }
    }
}
