//! Plays the life of one order: paid, decrypted, its address changed, its number extended, its receiver told, and all
//! that on the bill. Uses the emulator only.
//!
//! ```sh
//! cargo run --features emulator --example order_life
//! ```
#![allow(clippy::print_stdout)]

mod command_line;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use privacy_number::china;
use privacy_number::emulator::{Clock, Emulator, OrderStatus, PlacedCall};
use privacy_number::top::{
    BillDetail, BillItem, BillSum, ExtendDays, OrderRefresh, ReceiverQuery, Scene, SecretNoExtendRequest,
    SendMessageByOaidRequest, TmcMessage, TmcUserPermit,
};
use tokio::sync::mpsc;

/// The shop's own number.
const CALLER: &str = "13100000000";

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(live).await
}

async fn live(_: Options) -> Result<(), Box<dyn Error>> {
    let clock = Clock::stopped_at("2026-01-06T02:00:00Z".parse()?); // everything is on the bill of one day
    let emulator = Emulator::builder().clock(clock).start().await?;
    let shop = emulator.shop()?;
    shop.send(&TmcUserPermit::all_topics()).await?;
    emulator.gateways().set_order_status("2001", OrderStatus::Paid);
    println!("paid: order 2001");

    let query = ReceiverQuery::builder().tid("2001").oaid("oaid-2001").scene(Scene::StoreShipping).secret_no_days(15);
    let decrypted = shop.decrypt_fresh([query.build()]).next().await.ok_or("no result")?;
    let ends = decrypted.result?.secret_no_expire_time.ok_or("no virtual number")?;
    println!("decrypted: the virtual number ends on {}", ends.date_naive());

    emulator.gateways().change_address("2001").ok_or("no order")?;
    let (found, mut refreshed) = mpsc::channel(1);
    let seller = shop.clone();
    let handler = move |message: TmcMessage| {
        let (seller, found) = (seller.clone(), found.clone());
        async move {
            println!("message: {}", message.topic);
            if let Some(tid) = message.event().changed_address_of() {
                let refresh = OrderRefresh::builder().scene(Scene::StoreShipping).secret_no_days(15);
                let refresh = refresh.callers([CALLER]).build();
                found.send(seller.refresh_order(tid.clone(), &refresh).await?).await?;
            }
            Ok::<(), Box<dyn Error + Send + Sync>>(())
        }
    };
    let (stop, mut is_stopped) = mpsc::channel::<()>(1);
    let run = emulator.top()?.messages().run(handler).until(async move { _ = is_stopped.recv().await });
    let run = tokio::spawn(run.into_future());
    let order = refreshed.recv().await.ok_or("no message")?;
    drop(stop); // the message is confirmed before the consumer ends
    run.await??;
    let (oaid, receiver) = (order.trade.oaid.ok_or("no OAID")?, order.receiver.ok_or("no receiver")?);
    let number = receiver.mobile.ok_or("no number")?;
    let report = order.callers.transpose()?.ok_or("no callers")?;
    println!("address changed: new OAID, new number; callers that were reported again: {}", report.added.len());

    let extension = SecretNoExtendRequest::builder().oaid(oaid.clone()).order_id("2001").scene(Scene::StoreShipping);
    let extended = shop.extend(extension.extend_days(ExtendDays::Seven).build()).await?;
    println!("extended: the number ends on {}", extended.expires().ok_or("no end")?.date_naive());

    let message = SendMessageByOaidRequest::builder().oaid(oaid).order_id("2001").sms_free_sign_name("测试旗舰店");
    shop.send_sms(message.template_code("SMS_12345").build()).await?;
    println!("told: {} text message", emulator.gateways().text_messages().as_array().map_or(0, Vec::len));

    let call = PlacedCall::new(CALLER, number.expose()).talks_for(Duration::from_secs(61));
    emulator.place_call(&call).result.map_err(|_| "the call was refused")?;
    let today = emulator.now().with_timezone(&china()).date_naive();
    emulator.clock().advance(Duration::from_secs(120));
    emulator.gateways().set_order_status("2001", OrderStatus::Succeeded);
    println!("called and completed");

    let rows: Vec<BillDetail> = shop.bills(today).try_collect().await?;
    let sum = BillSum::of_shop(&rows).ok_or("the sum is too large")?;
    let (days, minutes) = (sum.duration(&BillItem::Rent), sum.duration(&BillItem::Calls));
    println!("billed: {days} days of rent, {minutes} minutes of calls, {}", sum.total().ok_or("too large")?);
    assert_eq!(days, 15 + 15 + 7);
    Ok(())
}

/// Plays the life of one order against the emulator, and prints each step.
#[derive(clap::Parser)]
struct Options {}
