use privacy_number::aliyun::{
    Address, CancelPickUpWaybill, ContactInfo, CreatePickUpWaybill, CreatePickUpWaybillPreQuery, GoodsInfo, PickUp,
};

use super::Calls;
use crate::canary::sentinels::Sentinels;

pub(super) fn calls(s: &Sentinels) -> Calls {
    let contact = |name: &str, mobile: &str| {
        let contact = ContactInfo::builder().name(name).mobile(mobile);
        contact.address_info(address(s)).build()
    };
    let (sender, consignee) = (contact(&s.name, &s.phone_a), contact(&s.other_name, &s.phone_b));
    let slots = CreatePickUpWaybillPreQuery::builder().sender_info(sender).consignee_info(consignee);
    let slots = slots.cp_code("YTO").pre_weight(2000).outer_order_code("order-1").order_channels("Test");
    let cancel = CancelPickUpWaybill::builder().outer_order_code("order-1").cancel_desc(&*s.remark);
    vec![Box::new(order(s)), Box::new(slots.build()), Box::new(cancel.build())]
}

pub(in crate::canary) fn order(s: &Sentinels) -> CreatePickUpWaybill {
    CreatePickUpWaybill::builder()
        .outer_order_code("order-1")
        .order_channels("YUN_DIAN_SHANG")
        .cp_code("YTO")
        .send_name(&*s.name)
        .send_mobile(&*s.phone_a)
        .send_phone(&*s.landline)
        .send_address(address(s))
        .consignee_name(&*s.other_name)
        .consignee_mobile(&*s.phone_b)
        .consignee_phone(&*s.landline)
        .consignee_address(address(s))
        .remark(&*s.remark)
        .goods_infos([GoodsInfo::builder().name(&*s.remark).weight(1000).quantity(1).build()])
        .pick_up(PickUp::RealTime)
        .build()
}

fn address(s: &Sentinels) -> Address {
    let address = Address::builder().province_name(&*s.town).city_name(&*s.town).area_name(&*s.town);
    address.town_name(&*s.town).address_detail(&*s.address).build()
}
