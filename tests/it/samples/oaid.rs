use privacy_number::top::{
    ClientReceiverQuery, FulfilplatformResult, OaidClientDecrypt, OaidClientDecryptResponse, OaidDecrypt,
    OaidDecryptResponse, OnceTokenGet, OnceTokenGetResponse, Receiver, ReceiverQuery, Scene, WorkcardRequestSource,
    WorkcardVirtualphoneBind, WorkcardVirtualphoneBindResponse,
};

use crate::samples::{Sample, Values, answer_fields};

impl Sample for OaidDecrypt {
    fn requests(values: &Values) -> Vec<Self> {
        let full = ReceiverQuery::builder().oaid(values.oaid("oaid-a")).tid("1234567890").scene(Scene::StoreShipping);
        let least = ReceiverQuery::builder().oaid(values.oaid("oaid-b")).tid("1234567891").build();
        vec![Self::new([full.secret_no_days(15).build(), least])]
    }
}

impl Sample for OaidClientDecrypt {
    fn requests(values: &Values) -> Vec<Self> {
        let query =
            ClientReceiverQuery::builder().oaid(values.oaid("oaid-a")).tid("1234567890").scene(Scene::AfterSales);
        vec![Self::new(values.once_token("token-1"), query.secret_no_days(15).build())]
    }
}

impl Sample for OnceTokenGet {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::new(values.once_token("sec-token-from-client"))]
    }
}

impl Sample for WorkcardVirtualphoneBind {
    fn requests(values: &Values) -> Vec<Self> {
        let source = WorkcardRequestSource::builder()
            .real_tp_nick(values.other_name("天猫服务商XXX"))
            .service_store_code("FWS1122");
        vec![Self::new(11_111_222, source.build()), Self::new(11_111_223, WorkcardRequestSource::default())]
    }
}

answer_fields! {
    OaidDecryptResponse { receivers: "receiver_list.receiver", request_id }
    OaidClientDecryptResponse { receivers: "receiver_list.receiver", request_id }
    OnceTokenGetResponse { token, result_code, result_msg, request_id }
    Receiver {
        name, mobile, address_detail, phone, oaid, tid, order_id, town, district, city, state, country, matched,
        secret_no_expire_time, privacy_protection, desensitize_rule
    }
    WorkcardVirtualphoneBindResponse { result, request_id }
    FulfilplatformResult { result_data, success, msg_code, msg_info }
}
