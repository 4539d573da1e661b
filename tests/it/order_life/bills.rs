//! Bills: all pages and no row twice, or an error.

use chrono::NaiveDate;
use futures_util::{StreamExt, TryStreamExt};
use privacy_number::top::{AppBillDetail, BillDetail, BillError, BillItem, BillSum, SecretBillDetail};
use serde_json::{Value, json};

use super::{count, emulator, query, shop_of};
use crate::clients::{once, shop};
use crate::form::decode;
use crate::server::{Server, body, ok};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 6).unwrap()
}

/// The number of a page in a request for one.
fn page_of(request: &wiremock::Request) -> u64 {
    let query: Value = serde_json::from_str(&decode(body(request))["seller_bill_query_request"]).unwrap();
    assert_eq!(query["page_size"], 1000);
    query["page_no"].as_u64().unwrap()
}

fn row(number: u64) -> Value {
    json!({"order_id": 30_000 + number, "secret_no": "17000000001", "bill_item": 0, "bill_duration": 1, "cost": "0.03"})
}

/// A gateway with these pages, each with its rows and the number of all rows.
async fn result_of(pages: Vec<(std::ops::Range<u64>, Option<u64>)>) -> (Vec<BillDetail>, Option<BillError>, usize) {
    let server = Server::start(move |request| {
        let index = usize::try_from(page_of(request)).unwrap() - 1;
        let (rows, total) = pages.get(index).cloned().unwrap_or((0..0, pages[0].1));
        let rows: Vec<_> = rows.map(row).collect();
        let mut answer = json!({"data": {"bill_detail_info": rows}});
        if let Some(total) = total {
            answer["total_num"] = total.into();
        }
        ok(&json!({"top_secret_bill_detail_response": answer}).to_string())
    })
    .await;
    let mut stream = shop(server.top_endpoint(), once()).bills(day());
    let mut rows = Vec::new();
    let mut error = None;
    while let Some(row) = stream.next().await {
        match row {
            Ok(row) => rows.push(row),
            Err(found) => error = Some(found),
        }
    }
    (rows, error, server.received().await.len())
}

#[tokio::test]
async fn pages_are_read_until_their_rows_are_all() {
    let (rows, error, calls) =
        result_of(vec![(0..1000, Some(2500)), (1000..2000, Some(2500)), (2000..2500, Some(2500))]).await;
    assert_eq!((rows.len(), error.is_none(), calls), (2500, true, 3));
    // A gateway that returns less than was asked for.
    let (rows, error, calls) = result_of(vec![(0..500, Some(700)), (500..700, Some(700))]).await;
    assert_eq!((rows.len(), error.is_none(), calls), (700, true, 2));
    let (rows, error, calls) = result_of(vec![(0..0, Some(0))]).await;
    assert_eq!((rows.len(), error.is_none(), calls), (0, true, 1));
    // Without a number, until a page has no rows.
    let (rows, error, calls) = result_of(vec![(0..1000, None), (1000..1001, None)]).await;
    assert_eq!((rows.len(), error.is_none(), calls), (1001, true, 3));
}

#[tokio::test]
async fn missing_and_repeated_rows_are_errors() {
    let (rows, error, _) = result_of(vec![(0..1000, Some(1500)), (1000..1400, Some(1500))]).await;
    assert_eq!(rows.len(), 1400);
    assert!(matches!(error, Some(BillError::Short { received: 1400, total: 1500, .. })), "{error:?}");
    let (_, error, calls) = result_of(vec![(0..1000, Some(2000)), (0..1000, Some(2000))]).await;
    assert!(matches!(error, Some(BillError::Repeated { page: 2, .. })), "{error:?}");
    assert_eq!(calls, 2, "nothing is read after an error");
    // One row has moved to the next page.
    let (_, error, _) = result_of(vec![(0..1000, Some(2000)), (999..1999, Some(2000))]).await;
    assert!(matches!(error, Some(BillError::Repeated { page: 2, .. })), "{error:?}");
    let (_, error, _) = result_of(vec![(0..1000, Some(1500)), (1000..1501, Some(1501))]).await;
    assert!(matches!(error, Some(BillError::Changed { before: 1500, after: 1501, .. })), "{error:?}");
    let (_, error, _) = result_of(vec![(0..10, Some(9))]).await;
    assert!(matches!(error, Some(BillError::Changed { before: 9, after: 10, .. })), "{error:?}");
}

#[tokio::test]
async fn a_failed_page_ends_the_stream_after_the_rows_before_it() {
    let server = Server::start(move |request| match page_of(request) {
        1 => {
            let rows: Vec<_> = (0..1000).map(row).collect();
            ok(&json!({"top_secret_bill_detail_response": {"data": {"bill_detail_info": rows}, "total_num": 1001}})
                .to_string())
        }
        _ => ok(r#"{"error_response":{"code":27,"msg":"Invalid session","sub_code":"session-expired"}}"#),
    })
    .await;
    let items: Vec<_> = shop(server.top_endpoint(), once()).bills(day()).collect().await;
    assert_eq!(items.len(), 1001);
    let Some(Err(BillError::Call(error))) = items.last() else { panic!("the last is an error") };
    assert_eq!(error.sub_code(), Some("session-expired"));
}

#[tokio::test]
async fn the_sums_of_both_bills_agree_over_many_pages() {
    let emulator = emulator(1100).await;
    let shop = shop_of(&emulator);
    let decrypted: Vec<_> = shop.decrypt_all((1..=1100).map(query).collect::<Vec<_>>()).collect().await;
    let numbers = decrypted.iter().filter(|order| order.result.as_ref().unwrap().secret_no_expire_time.is_some());
    let numbers = u64::try_from(numbers.count()).unwrap();
    let rows: Vec<BillDetail> = shop.bills(day()).try_collect().await.unwrap();
    assert_eq!(u64::try_from(rows.len()).unwrap(), numbers);
    assert_eq!(count::<SecretBillDetail>(&emulator), numbers.div_ceil(1000));
    let sum = BillSum::of_shop(&rows).unwrap();
    assert_eq!((sum.duration(&BillItem::Rent), sum.duration(&BillItem::Calls)), (15 * numbers, 0));
    let of_app: Vec<AppBillDetail> = shop.app_bills(day()).try_collect().await.unwrap();
    let shops = BillSum::per_shop(&of_app).unwrap();
    assert_eq!(shops.len(), 1);
    assert_eq!(shops[0].1, sum);
    assert_ne!(BillSum::of_shop(&rows[1..]).unwrap(), sum);
    assert_eq!(sum.total().unwrap(), sum.cost(&BillItem::Rent));
}
