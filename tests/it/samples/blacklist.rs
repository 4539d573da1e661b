use privacy_number::aliyun::{
    AddSecretBlacklist, AddSecretBlacklistResponse, BlackEntry, BlackOperateType, DeleteSecretBlacklist,
    DeleteSecretBlacklistResponse, OperateBlackNo, OperateBlackNoResponse, WayControl,
};

use crate::samples::{Sample, Values, answer_fields};

impl Sample for OperateBlackNo {
    fn requests(values: &Values) -> Vec<Self> {
        let operate = |operate_type| {
            let change =
                Self::builder().pool_key("FC123456").black_no(values.phone_a("15000000000")).operate_type(operate_type);
            change.tips(values.remark("黑名单备注")).build()
        };
        vec![operate(BlackOperateType::Add), operate(BlackOperateType::Delete)]
    }
}

/// Two numbers that must not call each other, and one that nobody takes calls from.
fn entries(values: &Values) -> [BlackEntry; 2] {
    let (first, second) = (values.phone_a("18256380000").into(), values.phone_b("18252480000").into());
    [
        BlackEntry::PointToPoint { first, second, way_control: Some(WayControl::OnlyFirstCalls) },
        BlackEntry::Pool(values.landline("15000000000").into()),
    ]
}

impl Sample for AddSecretBlacklist {
    fn requests(values: &Values) -> Vec<Self> {
        entries(values)
            .map(|entry| Self::builder().pool_key("FC123456").entry(entry).remark(values.remark("黑名单备注")).build())
            .into()
    }
}

impl Sample for DeleteSecretBlacklist {
    fn requests(values: &Values) -> Vec<Self> {
        entries(values)
            .map(|entry| Self::builder().pool_key("FC123456").entry(entry).remark(values.remark("黑名单备注")).build())
            .into()
    }
}

answer_fields! {
    OperateBlackNoResponse { code, message, request_id }
    AddSecretBlacklistResponse { code, message, request_id }
    DeleteSecretBlacklistResponse { code, message, request_id }
}
