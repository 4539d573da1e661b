//! Calls over a binding and their recordings, the numbers themselves, and parcels that know a binding.

use privacy_number::aliyun::{
    AddAxnTrackNo, BuySecretNo, ConfirmSendSms, DescribePhoneNumberStatus, GetSecretAsrDetail, GetTotalPublicUrl,
    LockSecretNo, QueryCallStatus, QueryPhoneNoAByTrackNo, QueryRecordFileDownloadUrl, QuerySecretNoDetail,
    QuerySecretNoRemain, ReleaseSecretNo, SpecId, UnlockSecretNo,
};

use super::Calls;
use crate::canary::sentinels::Sentinels;
use crate::conformance::sample::call_time;

const POOL: &str = "FC123456";

pub(super) fn calls(s: &Sentinels) -> Calls {
    let x = &*s.phone_x;
    let recording = QueryRecordFileDownloadUrl::builder().pool_key(POOL).call_id("call-1").call_time(call_time());
    let links = GetTotalPublicUrl::builder().check_subs(true).pool_key(POOL).call_id("call-1").call_time(call_time());
    let remain = QuerySecretNoRemain::builder().city("hangzhou").spec_id(SpecId::VirtualOperator).secret_no(x);
    let buy = BuySecretNo::builder().city("hangzhou").pool_key(POOL).spec_id(SpecId::VirtualOperator).secret_no(x);
    vec![
        Box::new(QueryCallStatus::builder().pool_key(POOL).subs_id("1").call_no(&*s.caller).build()),
        Box::new(ConfirmSendSms::builder().pool_key(POOL).secret_no(x).call_id("call-1").build()),
        Box::new(recording.build()),
        Box::new(links.build()),
        Box::new(GetSecretAsrDetail::builder().pool_key(POOL).call_id("call-1").call_time(call_time()).build()),
        Box::new(remain.build()),
        Box::new(buy.build()),
        Box::new(ReleaseSecretNo::builder().pool_key(POOL).secret_no(x).build()),
        Box::new(LockSecretNo::builder().pool_key(POOL).secret_no(x).build()),
        Box::new(UnlockSecretNo::builder().pool_key(POOL).secret_no(&*s.range_700).build()),
        Box::new(QuerySecretNoDetail::builder().pool_key(POOL).secret_no(x).build()),
        Box::new(QueryPhoneNoAByTrackNo::builder().track_no("YT-1").cabinet_no("2568").phone_no_x(x).build()),
        Box::new(AddAxnTrackNo::builder().pool_key(POOL).phone_no_x(x).track_no("YT-1").subs_id("1").build()),
        Box::new(DescribePhoneNumberStatus::builder().phone_number(&*s.phone_a).build()),
    ]
}
