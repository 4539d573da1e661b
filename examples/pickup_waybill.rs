//! Queries the slots and the price for the pick-up of a return, orders a pick-up in a free slot, and cancels it. Uses
//! the emulator; with `--live` it orders a real courier from Aliyun, with `ALIYUN_POOL_KEY` and the access key of the
//! environment.
//!
//! ```sh
//! cargo run --features emulator --example pickup_waybill
//! ```
#![allow(clippy::print_stdout)]

mod command_line;
mod gateway;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use privacy_number::aliyun::{
    Address, AddressInfo, CancelPickUpWaybill, ContactInfo, CreatePickUpWaybill, CreatePickUpWaybillPreQuery,
    GoodsInfo, PickUp,
};
use privacy_number::{PhoneNumber, Private};

/// Orders the pick-up of a return by a courier, and cancels it.
#[derive(Parser)]
#[command(name = env!("CARGO_CRATE_NAME"), version)]
struct Options {
    #[command(flatten)]
    live: gateway::Live,
    /// The sender: name,mobile,province,city,district,street.
    #[arg(long, default_value = "王XX,15900000000,浙江省,杭州市,西湖区,XX小区XX号")]
    #[arg(required_if_eq("live", "true"), value_parser = Person::read)]
    sender: Person,
    /// The receiver, in the same format.
    #[arg(long, default_value = "张XX,15800000000,浙江省,杭州市,西湖区,XX小区XX号")]
    #[arg(required_if_eq("live", "true"), value_parser = Person::read)]
    receiver: Person,
    /// The code of the order, which must be unique.
    #[arg(long, default_value = "return-1", required_if_eq("live", "true"))]
    order_code: String,
}

#[derive(Clone)]
struct Person {
    name: String,
    mobile: PhoneNumber,
    address: Address,
}

#[tokio::main]
async fn main() -> ExitCode {
    command_line::exit(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let gateway::Pool { client, .. } =
        &gateway::Pool::connect(&options.live, "one pick-up by a courier, unless it is cancelled in time").await?;
    let Options { sender, receiver, order_code, .. } = options;

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

impl Person {
    fn read(text: &str) -> Result<Self, String> {
        let [name, mobile, province, city, area, detail] = *text.split([',', '，']).map(str::trim).collect::<Vec<_>>()
        else {
            return Err("must have six parts: name,mobile,province,city,district,street".to_owned());
        };
        let address = Address::builder().province_name(province).city_name(city).area_name(area).address_detail(detail);
        let mobile = PhoneNumber::normalise(mobile).map_err(|error| format!("the mobile number {error}"))?;
        Ok(Self { name: name.to_owned(), mobile, address: address.build() })
    }

    fn contact(&self) -> ContactInfo {
        let address = AddressInfo::from(self.address.clone());
        ContactInfo::builder().name(&*self.name).mobile(self.mobile.clone()).address_info(address).build()
    }
}
