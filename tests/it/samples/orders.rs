use privacy_number::top::{
    DeliveryPlan, OaidMerge, OaidMergeResponse, OrderMerge, Trade, TradeFullinfoGet, TradeFullinfoGetResponse,
    TradeOrder, TradeStatus, TradesSoldGet, TradesSoldGetResponse, TradesSoldIncrementGet,
    TradesSoldIncrementGetResponse,
};

use crate::samples::{Sample, Values, answer_fields, appointment};

impl Sample for TradeFullinfoGet {
    fn requests(_: &Values) -> Vec<Self> {
        vec![Self::new("1234567890")]
    }
}

impl Sample for TradesSoldGet {
    fn requests(_: &Values) -> Vec<Self> {
        let (start, end) = appointment();
        let get = Self::builder().start_created(start).end_created(end).status(TradeStatus::WaitSellerSendGoods);
        vec![get.trade_type("fixed,step").page_no(1).page_size(50).use_has_next(true).build()]
    }
}

impl Sample for TradesSoldIncrementGet {
    fn requests(_: &Values) -> Vec<Self> {
        let (start, end) = appointment();
        let get = Self::builder().start_modified(start).end_modified(end).status(TradeStatus::Finished);
        vec![get.trade_type("fixed,step").page_no(2).page_size(100).use_has_next(false).build()]
    }
}

impl Sample for OaidMerge {
    fn requests(values: &Values) -> Vec<Self> {
        let order = |tid: &str, oaid: &str| OrderMerge::builder().tid(tid).oaid(values.oaid(oaid)).build();
        vec![Self::new([order("1234567890", "oaid-a"), order("1234567891", "oaid-b")])]
    }
}

answer_fields! {
    TradeFullinfoGetResponse { trade, request_id }
    TradesSoldGetResponse { total_results, has_next, trades: "trades.trade", request_id }
    TradesSoldIncrementGetResponse { total_results, has_next, trades: "trades.trade", request_id }
    Trade {
        tid, tid_str, status, created, modified, pay_time, end_time, seller_nick, buyer_open_uid, oaid, receiver_name,
        receiver_mobile, receiver_phone, receiver_address, receiver_country, receiver_state, receiver_city,
        receiver_district, receiver_town, lm, is_cycle_buy, delivery_plan: "delivery_plan.delivery_plan",
        orders: "orders.order"
    }
    TradeOrder { oid, oid_str, status, modify_address, ti_modify_address_time }
    DeliveryPlan {
        plan_id, order_id, curr_phase, oaid, privacy_num, privacy_expire_time, receiver_name, receiver_mobile,
        receiver_phone, receiver_address, receiver_country, receiver_state, receiver_city, receiver_district,
        receiver_town
    }
    OaidMergeResponse { groups: "tid_list.string", request_id }
}
