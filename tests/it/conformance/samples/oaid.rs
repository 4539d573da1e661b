use privacy_number::top::{
    ClientReceiverQuery, OaidClientDecrypt, OaidClientDecryptResponse, OaidDecrypt, OaidDecryptResponse, Receiver,
    ReceiverQuery, Scene, WorkcardRequestSource, WorkcardVirtualphoneBind, WorkcardVirtualphoneBindResponse,
};

use crate::conformance::sample::{Sample, Texts, each};

impl Sample for OaidDecrypt {
    fn requests() -> Vec<Self> {
        let full = ReceiverQuery::builder().oaid("oaid-a").tid("1234567890").scene(Scene::StoreShipping);
        let least = ReceiverQuery::builder().oaid("oaid-b").tid("1234567891").build();
        vec![Self::new([full.secret_no_days(15).build(), least])]
    }

    fn texts(answer: &OaidDecryptResponse, path: &str) -> Option<Vec<String>> {
        if path == "request_id" {
            return Some(answer.request_id.texts());
        }
        receiver_texts(&answer.receivers, path)
    }
}

impl Sample for OaidClientDecrypt {
    fn requests() -> Vec<Self> {
        let query = ClientReceiverQuery::builder().oaid("oaid-a").tid("1234567890").scene(Scene::AfterSales);
        vec![Self::new("token-1", query.secret_no_days(15).build())]
    }

    fn texts(answer: &OaidClientDecryptResponse, path: &str) -> Option<Vec<String>> {
        if path == "request_id" {
            return Some(answer.request_id.texts());
        }
        receiver_texts(&answer.receivers, path)
    }
}

fn receiver_texts(receivers: &[Receiver], path: &str) -> Option<Vec<String>> {
    Some(match path.strip_prefix("receiver_list.receiver[].")? {
        "name" => each(receivers, |receiver| &receiver.name),
        "mobile" => each(receivers, |receiver| &receiver.mobile),
        "address_detail" => each(receivers, |receiver| &receiver.address_detail),
        "phone" => each(receivers, |receiver| &receiver.phone),
        "oaid" => each(receivers, |receiver| &receiver.oaid),
        "tid" => each(receivers, |receiver| &receiver.tid),
        "order_id" => each(receivers, |receiver| &receiver.order_id),
        "town" => each(receivers, |receiver| &receiver.town),
        "district" => each(receivers, |receiver| &receiver.district),
        "city" => each(receivers, |receiver| &receiver.city),
        "state" => each(receivers, |receiver| &receiver.state),
        "country" => each(receivers, |receiver| &receiver.country),
        "matched" => each(receivers, |receiver| &receiver.matched),
        "secret_no_expire_time" => each(receivers, |receiver| &receiver.secret_no_expire_time),
        "privacy_protection" => each(receivers, |receiver| &receiver.privacy_protection),
        "desensitize_rule" => each(receivers, |receiver| &receiver.desensitize_rule),
        _ => return None,
    })
}

impl Sample for WorkcardVirtualphoneBind {
    fn requests() -> Vec<Self> {
        let source = WorkcardRequestSource::builder().real_tp_nick("天猫服务商XXX").service_store_code("FWS1122");
        vec![Self::new(11_111_222, source.build()), Self::new(11_111_223, WorkcardRequestSource::default())]
    }

    fn texts(answer: &WorkcardVirtualphoneBindResponse, path: &str) -> Option<Vec<String>> {
        Some(match path {
            "result.result_data" => answer.result.result_data.texts(),
            "result.success" => answer.result.success.texts(),
            "result.msg_code" => answer.result.msg_code.texts(),
            "result.msg_info" => answer.result.msg_info.texts(),
            "request_id" => answer.request_id.texts(),
            _ => return None,
        })
    }
}
