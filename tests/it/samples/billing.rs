use privacy_number::top::{
    AppBillDetail, BillDetail, BillQuery, ExtendDays, ExtendedNumber, Scene, SecretAppkeyBillDetail,
    SecretAppkeyBillDetailResponse, SecretBillDetail, SecretBillDetailResponse, SecretExtend, SecretExtendResponse,
    SecretNoExtendRequest,
};

use crate::samples::{Sample, Values, answer_fields, bill_day};

impl Sample for SecretExtend {
    fn requests(values: &Values) -> Vec<Self> {
        let extend = SecretNoExtendRequest::builder().oaid(values.oaid("oaid-a")).order_id("1234567890");
        vec![Self::new(extend.scene(Scene::StoreShipping).extend_days(ExtendDays::Fifteen).build())]
    }
}

impl Sample for SecretBillDetail {
    fn requests(_: &Values) -> Vec<Self> {
        vec![BillQuery::first_page(bill_day()).page_size(500).into()]
    }
}

impl Sample for SecretAppkeyBillDetail {
    fn requests(_: &Values) -> Vec<Self> {
        vec![BillQuery::first_page(bill_day()).page(2).into()]
    }
}

answer_fields! {
    SecretExtendResponse { result, request_id }
    ExtendedNumber { secret_no, expire_time }
    SecretBillDetailResponse { data: "data.bill_detail_info", total_num, request_id }
    BillDetail { secret_no, order_id, start, end, bill_item, bill_duration, cost }
    SecretAppkeyBillDetailResponse { data: "data.bill_detail_info", total_num, request_id }
    AppBillDetail { seller_nick, shop_nick, bill_item, bill_duration, cost, secret_no, start, end }
}
