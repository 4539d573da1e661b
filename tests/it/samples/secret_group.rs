use privacy_number::top::{
    OperateType, SecretGroupQuery, SecretGroupQueryResponse, SecretGroupUpdate, SecretGroupUpdateResponse, WireShape,
};

use crate::samples::{Clients, Sample, Values, answer_fields};

/// An order whose number is a 700 one, which callers are reported for.
const ORDER_WITH_CALLERS: &str = "oaid-2001";

impl Sample for SecretGroupUpdate {
    /// One in each shape.
    fn requests(values: &Values) -> Vec<Self> {
        let update = |operate_type, wire_shape| {
            let update = Self::builder().oaid(values.oaid("oaid-a")).operate_type(operate_type).wire_shape(wire_shape);
            update.mobile_list([values.caller("13100000000"), values.landline("01012345678")]).build()
        };
        vec![update(OperateType::Add, WireShape::Wrapped), update(OperateType::Delete, WireShape::Flat)]
    }

    async fn ready(_: &Clients) -> Self {
        let update = Self::builder().oaid(ORDER_WITH_CALLERS).operate_type(OperateType::Add);
        update.mobile_list(["13100000000"]).build()
    }
}

impl Sample for SecretGroupQuery {
    fn requests(values: &Values) -> Vec<Self> {
        [WireShape::Wrapped, WireShape::Flat]
            .map(|shape| Self::builder().oaid(values.oaid("oaid-a")).wire_shape(shape).build())
            .into()
    }

    async fn ready(_: &Clients) -> Self {
        Self::builder().oaid(ORDER_WITH_CALLERS).build()
    }
}

answer_fields! {
    SecretGroupUpdateResponse { success, error_code, error_msg, request_id }
    SecretGroupQueryResponse { call_mobile: "call_mobile.string", success, error_code, error_msg, request_id }
}
