//! A worker calls twelve operations of both gateways, of every safety, one after the other and again from the first.

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::{self, NumberStatus, SecretBind};
use privacy_number::top::{self, Top};
use privacy_number::{Error, Operation, Safety};

use crate::emulator_keys::Order;
use crate::gateways::{Clients, Gateways};

/// An order with a 700 number. All workers change its callers, within the limit of the number.
const SHARED_OAID: &str = "oaid-2001";
const SHARED_CALLERS: usize = 60;

/// A call that has ended.
pub(crate) struct Ended {
    pub(crate) operation: &'static str,
    pub(crate) safety: Safety,
    /// Whether the response belongs to this request.
    pub(crate) result: Result<bool, Error>,
}

#[derive(Clone, Copy)]
enum Step {
    Decrypt,
    Bind,
    ReadBinding,
    ReportCaller,
    CallStatus,
    ReadCallers,
    AskNumberStatus,
    RemoveCaller,
    Unbind,
    BindWorkCard,
    ForbidCaller,
    CountNumbers,
}

const STEPS: [Step; 12] = [
    Step::Decrypt,
    Step::Bind,
    Step::ReadBinding,
    Step::ReportCaller,
    Step::CallStatus,
    Step::ReadCallers,
    Step::AskNumberStatus,
    Step::RemoveCaller,
    Step::Unbind,
    Step::BindWorkCard,
    Step::ForbidCaller,
    Step::CountNumbers,
];

pub(crate) struct Worker {
    clients: Clients,
    pool_key: String,
    order: Order,
    index: usize,
    next: usize,
    bound: Option<Bound>,
    /// Counts the bindings, so that each binds another number.
    bindings: usize,
}

struct Bound {
    bind: SecretBind,
    number_a: String,
}

impl Worker {
    /// The index distinguishes the workers.
    pub(crate) fn new(clients: Clients, gateways: &Gateways, index: usize) -> Option<Self> {
        let (pool_key, order) = (gateways.pool_key().to_owned(), gateways.order(index)?.clone());
        // The workers begin with different operations.
        Some(Self { clients, pool_key, order, index, next: index % STEPS.len(), bound: None, bindings: 0 })
    }

    /// Makes the next call. Skips the operations on a binding while there is none.
    pub(crate) async fn call(&mut self) -> Ended {
        loop {
            let step = STEPS.get(self.next).copied().unwrap_or(Step::Decrypt);
            self.next = (self.next + 1) % STEPS.len();
            match (step, &self.bound) {
                (Step::ReadBinding | Step::CallStatus | Step::Unbind, None) => {}
                (Step::ReadBinding, Some(bound)) => return self.read(bound).await,
                (Step::CallStatus, Some(bound)) => return self.call_status(bound).await,
                (Step::Unbind, Some(bound)) => {
                    let ended = self.unbind(bound).await;
                    self.bound = None;
                    return ended;
                }
                (Step::Bind, _) => return self.bind().await,
                (Step::Decrypt, _) => return self.decrypt().await,
                (Step::ReportCaller, _) => return self.change_callers(top::OperateType::Add).await,
                (Step::RemoveCaller, _) => return self.change_callers(top::OperateType::Delete).await,
                (Step::ReadCallers, _) => {
                    let query = top::SecretGroupQuery::builder().oaid(SHARED_OAID).build();
                    return self.top(&query, |answer| answer.success).await;
                }
                (Step::AskNumberStatus, _) => return self.number_status().await,
                (Step::BindWorkCard, _) => return self.bind_work_card().await,
                (Step::ForbidCaller, _) => return self.forbid_caller().await,
                (Step::CountNumbers, _) => {
                    let count = aliyun::QuerySecretNoRemain::builder().city("武汉");
                    let count = count.spec_id(aliyun::SpecId::VirtualOperator).build();
                    return self.aliyun(&count, |answer| answer.secret_remain.amount.is_some()).await;
                }
            }
        }
    }

    async fn decrypt(&self) -> Ended {
        let Order { tid, oaid } = &self.order;
        let query = top::ReceiverQuery::builder().tid(tid.as_str()).oaid(oaid.as_str()).build();
        let is_right = |answer: &top::OaidDecryptResponse| {
            answer.receivers.len() == 1 && answer.receivers.iter().all(|one| one.tid.as_deref() == Some(tid))
        };
        self.top(&top::OaidDecrypt::new([query]), is_right).await
    }

    async fn bind(&mut self) -> Ended {
        let number = self.index * 100_000 + self.bindings % 100_000;
        self.bindings += 1;
        let number_a = format!("150{number:08}");
        let bind = aliyun::BindAxb::builder().pool_key(self.pool_key.as_str()).phone_no_a(number_a.as_str());
        let bind = bind.phone_no_b(format!("159{number:08}")).expiration(Utc::now() + TimeDelta::hours(4)).build();
        let result = self.clients.aliyun.send(&bind).await;
        let ended = ended::<aliyun::BindAxb>(result.as_ref().map(|_| true).map_err(Clone::clone));
        self.bound = result.ok().map(|answer| Bound { bind: answer.secret_bind, number_a });
        ended
    }

    async fn read(&self, bound: &Bound) -> Ended {
        let read = aliyun::QuerySubscriptionDetail::builder().pool_key(self.pool_key.as_str());
        let read = read.subs_id(bound.bind.subs_id.as_str()).phone_no_x(bound.bind.secret_no.clone()).build();
        let is_right = |answer: &aliyun::QuerySubscriptionDetailResponse| {
            let number_a = answer.secret_bind_detail.phone_no_a.as_ref();
            number_a.is_some_and(|number| number.expose() == bound.number_a)
        };
        self.aliyun(&read, is_right).await
    }

    async fn call_status(&self, bound: &Bound) -> Ended {
        let query = aliyun::QueryCallStatus::builder().pool_key(self.pool_key.as_str());
        let query = query.subs_id(bound.bind.subs_id.as_str()).build();
        let is_right = |answer: &aliyun::QueryCallStatusResponse| {
            answer.secret_call_status.called_no.as_ref() == Some(&bound.bind.secret_no)
        };
        self.aliyun(&query, is_right).await
    }

    async fn unbind(&self, bound: &Bound) -> Ended {
        let unbind = aliyun::UnbindSubscription::builder().pool_key(self.pool_key.as_str());
        let unbind = unbind.subs_id(bound.bind.subs_id.as_str()).secret_no(bound.bind.secret_no.clone()).build();
        self.aliyun(&unbind, |_| true).await
    }

    async fn change_callers(&self, change: top::OperateType) -> Ended {
        let caller = format!("131{:08}", self.index % SHARED_CALLERS);
        let update = top::SecretGroupUpdate::builder().oaid(SHARED_OAID).operate_type(change);
        self.top(&update.mobile_list([caller]).build(), |answer| answer.success).await
    }

    async fn number_status(&self) -> Ended {
        let is_off = self.index.is_multiple_of(2);
        let (number, status) =
            if is_off { ("15000000001", NumberStatus::Shutdown) } else { ("15000001234", NumberStatus::Normal) };
        let query = aliyun::DescribePhoneNumberStatus::builder().phone_number(number).build();
        let result = self.clients.aliyun.send(&query).await.map(|answer| answer.phone_status.status == status);
        ended::<aliyun::DescribePhoneNumberStatus>(result)
    }

    async fn bind_work_card(&self) -> Ended {
        let work_card = u64::try_from(self.index).unwrap_or_default() + 1;
        let bind = top::WorkcardVirtualphoneBind::new(work_card, top::WorkcardRequestSource::default());
        self.top(&bind, |answer| answer.result.result_data.is_some()).await
    }

    async fn forbid_caller(&self) -> Ended {
        let number = format!("177{:08}", self.index);
        let add = aliyun::OperateBlackNo::builder().pool_key(self.pool_key.as_str()).black_no(number);
        self.aliyun(&add.operate_type(aliyun::BlackOperateType::Add).build(), |_| true).await
    }

    async fn top<O: Operation<Gateway = Top>>(&self, operation: &O, is_right: impl Fn(&O::Output) -> bool) -> Ended {
        ended::<O>(self.clients.shop.send(operation).await.map(|answer| is_right(&answer)))
    }

    async fn aliyun<O: Operation<Gateway = aliyun::Dyplsapi>>(
        &self,
        operation: &O,
        is_right: impl Fn(&O::Output) -> bool,
    ) -> Ended {
        ended::<O>(self.clients.aliyun.send(operation).await.map(|answer| is_right(&answer)))
    }
}

fn ended<O: Operation>(result: Result<bool, Error>) -> Ended {
    Ended { operation: O::NAME, safety: O::SAFETY, result }
}
