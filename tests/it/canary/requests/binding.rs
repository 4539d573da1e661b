use privacy_number::aliyun::{
    AddSecretBlacklist, AxgBind, BindAxb, BindAxg, BindAxn, BindAxnExtension, BindBatchAxg, BlackEntry,
    BlackOperateType, CreateAxgGroup, DeleteAxgGroup, DeleteSecretBlacklist, GroupOperateType, OperateAxgGroup,
    OperateBlackNo, QuerySubsId, QuerySubscriptionDetail, SubscriptionUpdate, UnbindSubscription, UpdateSubscription,
};

use super::Calls;
use crate::canary::sentinels::Sentinels;
use crate::conformance::sample::expiration;

const POOL: &str = "FC123456";

pub(super) fn calls(s: &Sentinels) -> Calls {
    let mut calls = binds(s);
    calls.extend(groups(s));
    calls.extend(subscriptions(s));
    calls.extend(blacklists(s));
    calls
}

/// The parties of a binding, its X, and the texts of the user's own.
macro_rules! filled {
    ($builder:expr, $s:ident) => {
        $builder
            .phone_no_a(&*$s.phone_a)
            .phone_no_b(&*$s.phone_b)
            .phone_no_x(&*$s.phone_x)
            .out_id(&*$s.remark)
            .expiration(expiration())
    };
}

fn binds(s: &Sentinels) -> Calls {
    let row = filled!(AxgBind::builder(), s).group_id("1").build();
    // An extension with fewer digits than its rule allows is not known by; it stands for the rule's own test.
    let extension = filled!(BindAxnExtension::builder().pool_key(POOL), s).extension("130").extend(&*s.remark);
    vec![
        Box::new(filled!(BindAxb::builder().pool_key(POOL), s).build()),
        Box::new(filled!(BindAxn::builder().pool_key(POOL), s).extend(&*s.remark).build()),
        Box::new(extension.build()),
        Box::new(filled!(BindAxg::builder().pool_key(POOL), s).group_id("1").build()),
        Box::new(BindBatchAxg::builder().pool_key(POOL).axg_bind_list([row]).build()),
    ]
}

fn groups(s: &Sentinels) -> Calls {
    let numbers = || [&*s.phone_a, &*s.landline];
    let operate = OperateAxgGroup::builder().pool_key(POOL).group_id("1").operate_type(GroupOperateType::AddNumbers);
    let create = CreateAxgGroup::builder().pool_key(POOL).name(&*s.name).remark(&*s.remark);
    vec![
        Box::new(create.numbers(numbers()).build()),
        Box::new(operate.numbers(numbers()).build()),
        Box::new(DeleteAxgGroup::builder().pool_key(POOL).group_id("1").build()),
    ]
}

fn subscriptions(s: &Sentinels) -> Calls {
    let update = |change| {
        let update = UpdateSubscription::builder().pool_key(POOL).subs_id("1").phone_no_x(&*s.phone_x);
        Box::new(update.update(change).build())
    };
    let other = SubscriptionUpdate::Other {
        operate_type: "updateNoC".into(),
        parameter: "PhoneNoC".into(),
        value: s.caller.as_str().into(),
    };
    let detail = QuerySubscriptionDetail::builder().pool_key(POOL).subs_id("1").phone_no_x(&*s.phone_x);
    vec![
        update(SubscriptionUpdate::PhoneNoA(s.phone_a.as_str().into())),
        update(SubscriptionUpdate::PhoneNoB(s.phone_b.as_str().into())),
        update(SubscriptionUpdate::OutId(s.remark.as_str().into())),
        update(other),
        Box::new(UnbindSubscription::builder().pool_key(POOL).subs_id("1").secret_no(&*s.extension).build()),
        Box::new(detail.build()),
        Box::new(QuerySubsId::builder().pool_key(POOL).phone_no_x(&*s.phone_x).build()),
    ]
}

fn blacklists(s: &Sentinels) -> Calls {
    let (first, second) = (s.phone_a.as_str().into(), s.phone_b.as_str().into());
    let pair = BlackEntry::PointToPoint { first, second, way_control: None };
    let one = BlackEntry::Pool(s.landline.as_str().into());
    let operate = OperateBlackNo::builder().pool_key(POOL).black_no(&*s.phone_a).operate_type(BlackOperateType::Add);
    vec![
        Box::new(operate.tips(&*s.remark).build()),
        Box::new(AddSecretBlacklist::builder().pool_key(POOL).entry(pair).remark(&*s.remark).build()),
        Box::new(DeleteSecretBlacklist::builder().pool_key(POOL).entry(one).remark(&*s.remark).build()),
    ]
}
