//! A courier fetches a return: ask for slots and the price, order one that is free, cancel it again. Against the
//! emulator; with `ALIYUN_POOL_KEY` and an access key in the environment,
//! against Aliyun.
//!
//! ```sh
//! cargo run --features emulator --example pickup_waybill
//! ```
#![allow(clippy::print_stdout)]

mod gateway;

use privacy_number::Private;
use privacy_number::aliyun::{
    Address, AddressInfo, CancelPickUpWaybill, ContactInfo, CreatePickUpWaybill, CreatePickUpWaybillPreQuery,
    GoodsInfo, PickUp,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gateway::Pool { client, .. } = &gateway::Pool::connect().await?;
    let address = Address::builder()
        .province_name("浙江省")
        .city_name("杭州市")
        .area_name("西湖区")
        .address_detail("XX小区XX号")
        .build();
    let contact = |name: &str, mobile: &str| {
        ContactInfo::builder().name(name).mobile(mobile).address_info(AddressInfo::from(address.clone())).build()
    };

    let query = CreatePickUpWaybillPreQuery::builder()
        .sender_info(contact("王XX", "15900000000"))
        .consignee_info(contact("张XX", "15800000000"))
        .pre_weight(1000)
        .order_channels("YUNDIANSHANG")
        .build();
    let offers = client.send(&query).await?.data.cp_time_select_list;
    let offer = offers.first().ok_or("no courier comes here")?;
    println!("price: {} CNY", offer.pre_price.as_deref().unwrap_or("unknown"));
    // Only slots that can be chosen become a pick-up.
    let slot = offer.appoint_times.iter().flat_map(|day| day.pick_ups()).next().ok_or("every slot is sold out")?;
    if let PickUp::Appointment { start, end } = &slot {
        println!("slot: {} to {}", start.format("%Y-%m-%d %H:%M"), end.format("%H:%M"));
    }

    let order = CreatePickUpWaybill::builder()
        .outer_order_code("return-1")
        .order_channels("YUNDIANSHANG")
        .send_name("王XX")
        .send_mobile("15900000000")
        .send_address(address.clone())
        .consignee_name("张XX")
        .consignee_mobile("15800000000")
        .consignee_address(address)
        .goods_infos([GoodsInfo::builder().name("鞋子").weight(1000).quantity(1).build()])
        .pick_up(slot)
        .build();
    let ordered = client.send(&order).await?.data;
    println!("waybill {}, pick-up code {}", ordered.mail_no, ordered.got_code.as_ref().map_or("none", Private::expose));

    client.send(&CancelPickUpWaybill::builder().outer_order_code("return-1").cancel_desc("退货取消").build()).await?;
    println!("cancelled");
    Ok(())
}
