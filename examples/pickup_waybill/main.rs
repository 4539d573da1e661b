//! Queries the slots and the price for the pick-up of a return, orders a pick-up in a free slot, and cancels it. Uses
//! the emulator; with `--live` it orders a real courier from Aliyun, with `ALIYUN_POOL_KEY` and the access key of the
//! environment.
//!
//! ```sh
//! cargo run --features emulator --example pickup_waybill
//! ```
#![allow(clippy::print_stdout)]

#[path = "../command_line/mod.rs"]
mod command_line;
#[path = "../gateway/mod.rs"]
mod gateway;
mod person;

use std::error::Error;
use std::process::ExitCode;

use person::Person;
use privacy_number::Private;
use privacy_number::aliyun::{
    CancelPickUpWaybill, CreatePickUpWaybill, CreatePickUpWaybillPreQuery, GoodsInfo, PickUp,
};

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run(order_and_cancel).await
}

async fn order_and_cancel(options: Options) -> Result<(), Box<dyn Error>> {
    let Options { live, sender, receiver, order_code } = options;
    let charged = "one pick-up by a courier, unless it is cancelled in time";
    let gateway::Pool { client, .. } = &gateway::Pool::connect(&live, charged).await?;

    let query = CreatePickUpWaybillPreQuery::builder()
        .sender_info(sender.contact())
        .consignee_info(receiver.contact())
        .pre_weight(1000)
        .order_channels("YUNDIANSHANG")
        .build();
    let offers = client.send(&query).await?.data.cp_time_select_list;
    let offer = offers.first().ok_or("no courier comes here")?;
    println!("price: {} CNY", offer.pre_price.as_deref().unwrap_or("unknown"));
    // `pick_ups` returns only the slots that can be chosen.
    let slot = offer.appoint_times.iter().flat_map(|day| day.pick_ups()).next().ok_or("every slot is sold out")?;
    if let PickUp::Appointment { start, end } = &slot {
        println!("slot: {} to {}", start.format("%Y-%m-%d %H:%M"), end.format("%H:%M"));
    }

    let order = CreatePickUpWaybill::builder()
        .outer_order_code(&order_code)
        .order_channels("YUNDIANSHANG")
        .send_name(sender.name)
        .send_mobile(sender.mobile)
        .send_address(sender.address)
        .consignee_name(receiver.name)
        .consignee_mobile(receiver.mobile)
        .consignee_address(receiver.address)
        .goods_infos([GoodsInfo::builder().name("鞋子").weight(1000).quantity(1).build()])
        .pick_up(slot)
        .build();
    let ordered = client.send(&order).await?.data;
    println!("waybill {}, pick-up code {}", ordered.mail_no, ordered.got_code.as_ref().map_or("none", Private::expose));

    client.send(&CancelPickUpWaybill::builder().outer_order_code(order_code).cancel_desc("退货取消").build()).await?;
    println!("cancelled");
    Ok(())
}

/// Orders the pick-up of a return by a courier, and cancels it.
#[derive(clap::Parser)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// The sender: name,mobile,province,city,district,street.
    #[arg(long, default_value = person::SENDER, required_if_eq("live", "true"), value_parser = Person::read)]
    sender: Person,
    /// The receiver, in the same format.
    #[arg(long, default_value = person::RECEIVER, required_if_eq("live", "true"), value_parser = Person::read)]
    receiver: Person,
    /// The code of the order, which must be unique.
    #[arg(long, default_value = "return-1", required_if_eq("live", "true"))]
    order_code: String,
}
