use privacy_number::top::{
    OperateType, SecretGroupQuery, SecretGroupQueryResponse, SecretGroupUpdate, SecretGroupUpdateResponse, WireShape,
};

use crate::conformance::sample::{Sample, Texts};

impl Sample for SecretGroupUpdate {
    /// One in each shape.
    fn requests() -> Vec<Self> {
        let update = |operate_type, wire_shape| {
            let update = Self::builder().oaid("oaid-a").operate_type(operate_type).wire_shape(wire_shape);
            update.mobile_list(["13100000000", "01012345678"]).build()
        };
        vec![update(OperateType::Add, WireShape::Wrapped), update(OperateType::Delete, WireShape::Flat)]
    }

    fn texts(answer: &SecretGroupUpdateResponse, path: &str) -> Option<Vec<String>> {
        Some(match path {
            "success" => answer.success.texts(),
            "errorCode" => answer.error_code.texts(),
            "errorMsg" => answer.error_msg.texts(),
            "request_id" => answer.request_id.texts(),
            _ => return None,
        })
    }
}

impl Sample for SecretGroupQuery {
    fn requests() -> Vec<Self> {
        [WireShape::Wrapped, WireShape::Flat]
            .map(|shape| Self::builder().oaid("oaid-a").wire_shape(shape).build())
            .into()
    }

    fn texts(answer: &SecretGroupQueryResponse, path: &str) -> Option<Vec<String>> {
        Some(match path {
            "call_mobile.string[]" => answer.call_mobile.texts(),
            "success" => answer.success.texts(),
            "errorCode" => answer.error_code.texts(),
            "errorMsg" => answer.error_msg.texts(),
            "request_id" => answer.request_id.texts(),
            _ => return None,
        })
    }
}
