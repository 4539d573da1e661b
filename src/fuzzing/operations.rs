use std::fmt::Debug;

use super::errors::assert_shows_nothing_private;
use super::failure::assert_says_no_failure;
use crate::call::RawAnswer;
use crate::error::Error;
use crate::operation::{Gateway, Operation};
use crate::{aliyun, top};

/// Reads an answer as one operation's.
pub(super) type Reader<Client> = fn(&Client, &RawAnswer);

macro_rules! readers {
    ($client:ty, $($operation:ty),* $(,)?) => {
        &[$(|client: &$client, answer: &RawAnswer| check::<$operation>(client.answered::<$operation>(answer), answer)),*]
    };
}

/// One for each operation of TOP.
pub(super) const TOP: &[Reader<top::Client>] = readers![
    top::Client,
    top::OaidDecrypt,
    top::OaidClientDecrypt,
    top::SecretGroupUpdate,
    top::SecretGroupQuery,
    top::WorkcardVirtualphoneBind,
];

/// One for each operation of Aliyun.
pub(super) const ALIYUN: &[Reader<aliyun::Client>] = readers![
    aliyun::Client,
    aliyun::AddAxnTrackNo,
    aliyun::AddSecretBlacklist,
    aliyun::BindAxb,
    aliyun::BindAxg,
    aliyun::BindAxn,
    aliyun::BindAxnExtension,
    aliyun::BindBatchAxg,
    aliyun::BuySecretNo,
    aliyun::CancelPickUpWaybill,
    aliyun::ConfirmSendSms,
    aliyun::CreateAxgGroup,
    aliyun::CreatePickUpWaybill,
    aliyun::CreatePickUpWaybillPreQuery,
    aliyun::DeleteAxgGroup,
    aliyun::DeleteSecretBlacklist,
    aliyun::DescribePhoneNumberStatus,
    aliyun::GetSecretAsrDetail,
    aliyun::GetTotalPublicUrl,
    aliyun::LockSecretNo,
    aliyun::OperateAxgGroup,
    aliyun::OperateBlackNo,
    aliyun::QueryCallStatus,
    aliyun::QueryPhoneNoAByTrackNo,
    aliyun::QueryRecordFileDownloadUrl,
    aliyun::QuerySecretNoDetail,
    aliyun::QuerySecretNoRemain,
    aliyun::QuerySubsId,
    aliyun::QuerySubscriptionDetail,
    aliyun::ReleaseSecretNo,
    aliyun::UnbindSubscription,
    aliyun::UnlockSecretNo,
    aliyun::UpdateSubscription,
];

fn check<O: Operation<Output: Debug>>(result: Result<O::Output, Error>, answer: &RawAnswer) {
    match result {
        Ok(output) => {
            assert_says_no_failure(&answer.body, <O::Gateway as Gateway>::NAME == top::Top::NAME);
            drop(format!("{output:?}"));
        }
        Err(error) => assert_shows_nothing_private(&error),
    }
}
