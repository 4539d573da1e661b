use privacy_number::aliyun::{
    CreateAxgGroup, CreateAxgGroupResponse, DeleteAxgGroup, DeleteAxgGroupResponse, GroupOperateType, OperateAxgGroup,
    OperateAxgGroupResponse,
};

use crate::conformance::sample::{Sample, Texts, answer_fields};

impl Sample for CreateAxgGroup {
    fn requests() -> Vec<Self> {
        let group = Self::builder().pool_key("FC123456").name("测试分组").remark("测试用分组");
        vec![group.numbers(["15800000000", "15900000000"]).build()]
    }

    fn texts(answer: &CreateAxgGroupResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path, "GroupId" => answer.group_id)
    }
}

impl Sample for OperateAxgGroup {
    fn requests() -> Vec<Self> {
        let operate = |operate_type| {
            let change = Self::builder().pool_key("FC123456").group_id("2000000000001").operate_type(operate_type);
            change.numbers(["13900001234", "13900001111"]).build()
        };
        vec![
            operate(GroupOperateType::AddNumbers),
            operate(GroupOperateType::DeleteNumbers),
            operate(GroupOperateType::OverwriteNumbers),
        ]
    }

    fn texts(answer: &OperateAxgGroupResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}

impl Sample for DeleteAxgGroup {
    fn requests() -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").group_id("2000000000001").build()]
    }

    fn texts(answer: &DeleteAxgGroupResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}
