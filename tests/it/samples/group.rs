use privacy_number::aliyun::{
    CreateAxgGroup, CreateAxgGroupResponse, DeleteAxgGroup, DeleteAxgGroupResponse, GroupOperateType, OperateAxgGroup,
    OperateAxgGroupResponse,
};

use crate::samples::{Clients, Sample, Values, answer_fields};

/// A group that the emulator knows.
pub(super) async fn ready_group(clients: &Clients) -> String {
    let create = CreateAxgGroup::builder().pool_key("FC123456").numbers(["13900001234"]).build();
    clients.send(&create).await.unwrap().group_id.to_string()
}

impl Sample for CreateAxgGroup {
    fn requests(values: &Values) -> Vec<Self> {
        let group =
            Self::builder().pool_key("FC123456").name(values.name("测试分组")).remark(values.remark("测试用分组"));
        vec![group.numbers([values.phone_a("15800000000"), values.landline("15900000000")]).build()]
    }
}

impl Sample for OperateAxgGroup {
    fn requests(values: &Values) -> Vec<Self> {
        let operate = |operate_type| {
            let change = Self::builder().pool_key("FC123456").group_id("2000000000001").operate_type(operate_type);
            change.numbers([values.phone_a("13900001234"), values.landline("13900001111")]).build()
        };
        vec![
            operate(GroupOperateType::AddNumbers),
            operate(GroupOperateType::DeleteNumbers),
            operate(GroupOperateType::OverwriteNumbers),
        ]
    }

    async fn ready(clients: &Clients) -> Self {
        let change = Self::builder().pool_key("FC123456").group_id(ready_group(clients).await);
        change.operate_type(GroupOperateType::AddNumbers).numbers(["13900001111"]).build()
    }
}

impl Sample for DeleteAxgGroup {
    fn requests(_: &Values) -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").group_id("2000000000001").build()]
    }

    async fn ready(clients: &Clients) -> Self {
        Self::builder().pool_key("FC123456").group_id(ready_group(clients).await).build()
    }

    const REFUSED_WHEN_GONE: Option<&'static str> = Some("isv.ILLEGAL_ARGUMENT");
}

answer_fields! {
    CreateAxgGroupResponse { code, message, request_id, group_id }
    OperateAxgGroupResponse { code, message, request_id }
    DeleteAxgGroupResponse { code, message, request_id }
}
