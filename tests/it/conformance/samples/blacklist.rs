use privacy_number::PhoneNumber;
use privacy_number::aliyun::{
    AddSecretBlacklist, AddSecretBlacklistResponse, BlackEntry, BlackOperateType, DeleteSecretBlacklist,
    DeleteSecretBlacklistResponse, OperateBlackNo, OperateBlackNoResponse, WayControl,
};

use crate::conformance::sample::{Sample, Texts, answer_fields};

impl Sample for OperateBlackNo {
    fn requests() -> Vec<Self> {
        let operate = |operate_type| {
            let change = Self::builder().pool_key("FC123456").black_no("15000000000").operate_type(operate_type);
            change.tips("黑名单备注").build()
        };
        vec![operate(BlackOperateType::Add), operate(BlackOperateType::Delete)]
    }

    fn texts(answer: &OperateBlackNoResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}

/// Two numbers that must not call each other, and one that nobody takes calls from.
fn entries() -> [BlackEntry; 2] {
    let (first, second) = (PhoneNumber::from("18256380000"), PhoneNumber::from("18252480000"));
    [
        BlackEntry::PointToPoint { first, second, way_control: Some(WayControl::OnlyFirstCalls) },
        BlackEntry::Pool("15000000000".into()),
    ]
}

impl Sample for AddSecretBlacklist {
    fn requests() -> Vec<Self> {
        entries().map(|entry| Self::builder().pool_key("FC123456").entry(entry).remark("黑名单备注").build()).into()
    }

    fn texts(answer: &AddSecretBlacklistResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}

impl Sample for DeleteSecretBlacklist {
    fn requests() -> Vec<Self> {
        entries().map(|entry| Self::builder().pool_key("FC123456").entry(entry).remark("黑名单备注").build()).into()
    }

    fn texts(answer: &DeleteSecretBlacklistResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}
