//! Bills: `taobao.top.secret.bill.detail` and `taobao.top.secret.appkey.bill.detail`.

use chrono::NaiveDate;
use serde_json::Value;

use super::call::{Call, Success, number_member, text_member};
use super::method::Method;
use super::refusal::Refusal;
use crate::emulator::answer::{list, members};
use crate::emulator::china_time;
use crate::emulator::store::bill::{BilledItem, decimal};
use crate::emulator::store::tmc_message::order_number;

pub(super) const METHODS: &[Method] = &[
    Method::new("taobao.top.secret.bill.detail", bill),
    // No document states whether it needs a session.
    Method::new("taobao.top.secret.appkey.bill.detail", appkey_bill).without_session(),
];

const ROWS_PER_PAGE: u64 = 1000;

struct Page {
    day: NaiveDate,
    first: usize,
    size: usize,
}

/// The parameter is marked optional, but a bill without a day cannot be returned.
fn page(call: &Call<'_>, parameter: &'static str) -> Result<Page, Refusal> {
    let query = call.json_object(parameter)?;
    let time = china_time::parse(text_member(&query, "biz_date")?).ok_or_else(|| Refusal::invalid("biz_date"))?;
    let page_no = number_member(&query, "page_no", 1..=u64::from(u32::MAX))?;
    let size = number_member(&query, "page_size", 1..=ROWS_PER_PAGE)
        .map_err(|_| Refusal::from_code("isv.invalid-parameter", None))?;
    let first = page_no.saturating_sub(1).saturating_mul(size);
    let [first, size] = [first, size].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
    Ok(Page { day: china_time::day(time), first, size })
}

fn answer(page: &Page, rows: Vec<Value>) -> Success {
    let total = rows.len();
    let rows = rows.into_iter().skip(page.first).take(page.size).collect();
    members([("data", list("bill_detail_info", rows)), ("total_num", Value::from(total))]).into()
}

fn bill(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let page = page(call, "seller_bill_query_request")?;
    let shop = call.session_shop()?;
    let rows = call.state.bills.of_day(page.day, call.now).filter(|row| row.shop == shop);
    let rows = rows.map(|row| {
        Value::Object(members([
            ("secret_no", Value::from(row.secret_no.as_str())),
            ("order_id", order_number(&row.tid)),
            ("start", Value::from(china_time::format(row.start))),
            ("end", Value::from(china_time::format(row.end))),
            ("bill_item", Value::from(row.item.number())),
            ("bill_duration", Value::from(row.duration)),
            ("cost", Value::from(decimal(row.item.cents(row.duration)))),
        ]))
    });
    let rows = rows.collect();
    Ok(answer(&page, rows))
}

/// At most two rows for each shop.
fn appkey_bill(call: &mut Call<'_>) -> Result<Success, Refusal> {
    let page = page(call, "app_bill_query_request")?;
    let mut rows = Vec::new();
    for (id, shop) in call.state.shops.iter() {
        for item in [BilledItem::Rent, BilledItem::Calls] {
            let of_item = call.state.bills.of_day(page.day, call.now);
            let durations = of_item.filter(|row| row.shop == id && row.item == item).map(|row| row.duration);
            let duration = durations.fold(0_u64, u64::saturating_add);
            if duration > 0 {
                rows.push(Value::Object(members([
                    ("seller_nick", Value::from(shop.name.as_str())),
                    ("shop_nick", Value::from(shop.name.as_str())),
                    ("bill_item", Value::from(item.number())),
                    ("bill_duration", Value::from(duration)),
                    ("cost", Value::from(decimal(item.cents(duration)))),
                ])));
            }
        }
    }
    Ok(answer(&page, rows))
}
