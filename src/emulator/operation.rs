//! The names of all operations that the two gateways have.

/// The download of a recording, which is no operation of a gateway.
pub(crate) const RECORDING: &str = "recording";

/// Methods of TOP.
const TOP: [&str; 5] = [
    "taobao.top.oaid.client.decrypt",
    "taobao.top.oaid.decrypt",
    "taobao.top.secret.group.query",
    "taobao.top.secret.group.update",
    "tmall.servicecenter.workcard.virtualphone.bind",
];

/// Actions of Alibaba Cloud.
const ALIYUN: [&str; 32] = [
    "AddAxnTrackNo",
    "AddSecretBlacklist",
    "BindAxb",
    "BindAxg",
    "BindAxn",
    "BindAxnExtension",
    "BindBatchAxg",
    "BuySecretNo",
    "CancelPickUpWaybill",
    "ConfirmSendSms",
    "CreateAxgGroup",
    "CreatePickUpWaybill",
    "CreatePickUpWaybillPreQuery",
    "DeleteAxgGroup",
    "DeleteSecretBlacklist",
    "DescribePhoneNumberStatus",
    "GetSecretAsrDetail",
    "GetTotalPublicUrl",
    "LockSecretNo",
    "OperateAxgGroup",
    "OperateBlackNo",
    "QueryCallStatus",
    "QueryPhoneNoAByTrackNo",
    "QueryRecordFileDownloadUrl",
    "QuerySecretNoDetail",
    "QuerySecretNoRemain",
    "QuerySubsId",
    "QuerySubscriptionDetail",
    "ReleaseSecretNo",
    "UnbindSubscription",
    "UnlockSecretNo",
    "UpdateSubscription",
];

/// The operation of this name, if either gateway has it, or the download of a recording. Case counts.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    TOP.into_iter().chain(ALIYUN).chain([RECORDING]).find(|known| *known == name)
}
