use privacy_number::aliyun::{
    Address, AppointSlot, AppointTime, CancelPickUpWaybill, CancelPickUpWaybillResponse, CancelledWaybill, ContactInfo,
    CpTimeSelect, CreatePickUpWaybill, CreatePickUpWaybillPreQuery, CreatePickUpWaybillPreQueryResponse,
    CreatePickUpWaybillResponse, GoodsInfo, PickUp, PickUpPreQuery, PickUpWaybill, RealTime,
};

use crate::samples::{Clients, Sample, Values, answer_fields, appointment};

fn address(values: &Values, [province, city, area, town]: [&str; 4], detail: &str) -> Address {
    let address = Address::builder().province_name(values.town(province)).city_name(values.town(city));
    let address = address.area_name(values.town(area)).town_name(values.town(town));
    address.address_detail(values.address(detail)).build()
}

fn sender(values: &Values) -> Address {
    address(values, ["陕西省", "西安", "未央区", "XX街道"], "XX小区XX号")
}

fn consignee(values: &Values) -> Address {
    address(values, ["浙江", "杭州", "西湖区", "YY街道"], "YY小区YY号")
}

impl Sample for CreatePickUpWaybill {
    fn requests(values: &Values) -> Vec<Self> {
        let (start, end) = appointment();
        let order = |pick_up| {
            Self::builder()
                .outer_order_code("order-1")
                .order_channels("YUN_DIAN_SHANG")
                .cp_code("YTO")
                .send_name(values.name("王XX"))
                .send_mobile(values.phone_a("15967140000"))
                .send_phone(values.landline("05718845000"))
                .send_address(sender(values))
                .consignee_name(values.other_name("张XX"))
                .consignee_mobile(values.phone_b("15800000000"))
                .consignee_phone(values.landline("05700000000"))
                .consignee_address(consignee(values))
                .remark(values.remark("易碎物品"))
                .goods_infos([GoodsInfo::builder().name(values.remark("鞋子")).weight(1000).quantity(1).build()])
                .pick_up(pick_up)
                .build()
        };
        vec![order(PickUp::Appointment { start, end }), order(PickUp::RealTime)]
    }

    /// Without an appointment: the sample's is sold out.
    async fn ready(_: &Clients) -> Self {
        Self::requests(&Values::documented()).swap_remove(1)
    }
}

impl Sample for CancelPickUpWaybill {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().outer_order_code("order-1").cancel_desc(values.remark("不想退货了")).build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let order = CreatePickUpWaybill::ready(clients).await;
        clients.send(&order).await.unwrap();
        Self::request()
    }

    const REFUSED_WHEN_GONE: Option<&'static str> = Some("isv.ILLEGAL_ARGUMENT");
}

impl Sample for CreatePickUpWaybillPreQuery {
    fn requests(values: &Values) -> Vec<Self> {
        let contact = |name: String, mobile: String, address: Address| {
            ContactInfo::builder().name(name).mobile(mobile).address_info(address).build()
        };
        vec![
            Self::builder()
                .sender_info(contact(values.name("王XX"), values.phone_a("15967140000"), sender(values)))
                .consignee_info(contact(values.other_name("张XX"), values.phone_b("15800000000"), consignee(values)))
                .cp_code("YTO")
                .pre_weight(2000)
                .outer_order_code("order-1")
                .order_channels("Test")
                .build(),
        ]
    }
}

answer_fields! {
    CreatePickUpWaybillResponse { http_status_code, message, request_id, data }
    PickUpWaybill { success, cp_code, mail_no, error_code, error_msg, got_code }
    CancelPickUpWaybillResponse { code, message, request_id, data }
    CancelledWaybill { success, error_code, message, error_msg }
    CreatePickUpWaybillPreQueryResponse { http_status_code, message, request_id, data }
    PickUpPreQuery { success, error_code, error_msg, code, message, cp_time_select_list }
    CpTimeSelect { real_time, appoint_times, pre_price }
    RealTime { name, selectable, select_disable_tip }
    AppointTime { date, date_selectable, time_list }
    AppointSlot { start_time, end_time, selectable, select_disable_tip }
}
