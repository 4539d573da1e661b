use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::acquire::{Acquire, Step};
use super::ban_reason::BanReason;
use super::bans::{BanScope, Key};
use super::call::{Call, NoPermit, PermitWait, Subject};
use super::fleet::Fleet;
use super::registry::{Permit, Registry};
use super::shared::Unavailable;

/// Keeps an account's calls within its limits, for all clients that share it. Clones are the same limits.
///
/// By default every operation has its documented limit ([`Operation::QPS`](crate::Operation::QPS)). A call waits for a
/// permit, first come, first served among the calls that are polled. If there is no permit before its deadline, it
/// fails at once with [`LIMIT_REACHED`](crate::LIMIT_REACHED) and [`Advice::WaitFor`](crate::Advice::WaitFor). A call
/// that is dropped or not polled delays no other call.
///
/// A refusal by flow control that names a duration is a ban. It holds back what it names until it ends: the operation,
/// the whole application or account, or the calls under one session. A call that cannot wait until the end of the ban
/// fails at once with the gateway's code, and [`Error::is_held_back`](crate::Error::is_held_back) is true. When a ban
/// should be over, one call probes it. The others wait for its response, at most a second. With
/// [`shared`](Self::shared), limits and bans apply to many machines together.
///
/// ```
/// use privacy_number::{Limits, Settings, aliyun};
///
/// let limits = Limits::new().of("BindAxb", 100).of("QuerySubsId", 50);
/// let settings = Settings::new().limits(limits.clone()); // and the same limits for other clients of the account
/// let client = aliyun::Client::builder().access_key("id", "secret").settings(settings).build()?;
/// # Ok::<(), privacy_number::Error>(())
/// ```
#[doc(alias = "流控")]
#[derive(Clone)]
pub struct Limits {
    overrides: Arc<HashMap<String, u32>>,
    documented: bool,
    longest_ban: Duration,
    pub(super) registry: Arc<Registry>,
    pub(super) fleet: Option<Arc<Fleet>>,
}

impl Limits {
    /// The documented limits.
    #[must_use]
    pub fn new() -> Self {
        Self {
            overrides: Arc::default(),
            documented: true,
            longest_ban: Duration::from_secs(24 * 60 * 60),
            registry: Arc::default(),
            fleet: None,
        }
    }

    /// No limits except those set with [`of`](Self::of). Bans still apply.
    #[must_use]
    pub fn none() -> Self {
        Self { documented: false, ..Self::new() }
    }

    /// Sets the limit of an operation, in calls per second, by its name on the wire. 0 means no limit.
    #[must_use]
    pub fn of(mut self, operation: impl Into<String>, calls_per_second: u32) -> Self {
        Arc::make_mut(&mut self.overrides).insert(operation.into(), calls_per_second);
        self
    }

    /// The longest duration of a ban; 1 day by default, since the longest quotas of the gateways are daily. If the
    /// gateway asks for a longer ban, one call probes it after this time.
    #[must_use]
    pub fn longest_ban(mut self, longest: Duration) -> Self {
        self.longest_ban = longest;
        self
    }

    /// Applies the limits to all machines of a fleet together, not to each: the quota belongs to the account, not to
    /// the machine. Bans are shared too. Set the same limits on every machine.
    ///
    /// While the shared limit cannot be reached, each machine continues with its part of the limits: [`Fleet`].
    #[must_use]
    pub fn shared(mut self, fleet: Fleet) -> Self {
        self.fleet = Some(Arc::new(fleet));
        self
    }

    /// Lifts all bans, for example if they were lifted early in the platform's console. Waiting calls continue at once,
    /// the first of them as a probe. If the gateway still refuses it, the ban begins again.
    ///
    /// In a fleet this lifts, on all machines and within a second, the bans of all operations and accounts that this
    /// process has called or knows to be banned. Use [`lift_ban_of`](Self::lift_ban_of) for others.
    ///
    /// # Errors
    /// [`Unavailable`] if the [`SharedLimit`](crate::SharedLimit) cannot be reached or cannot lift bans. The bans of
    /// this machine are lifted in any case.
    pub async fn lift_bans(&self) -> Result<(), Unavailable> {
        let lifted = self.registry.lift_bans(|_, _| true);
        let names = lifted.into_iter().filter_map(Key::shared_name).chain(self.registry.operations());
        match &self.fleet {
            Some(fleet) => Box::pin(fleet.lift_bans(names)).await,
            None => Ok(()),
        }
    }

    /// Lifts the ban of an operation by its name on the wire, or that of a whole application or account by the
    /// gateway's name ([`Gateway::NAME`](crate::Gateway::NAME)): see [`lift_bans`](Self::lift_bans).
    ///
    /// # Errors
    /// Those of [`lift_bans`](Self::lift_bans).
    pub async fn lift_ban_of(&self, name: &str) -> Result<(), Unavailable> {
        self.registry.lift_bans(|key, _| key.shared_name() == Some(name));
        match &self.fleet {
            Some(fleet) => Box::pin(fleet.lift_only([name])).await,
            None => Ok(()),
        }
    }

    /// Waits for the permit of a call. A dropped future leaves the queue of this process. What it can cost a fleet is
    /// documented at [`Fleet`].
    ///
    /// The deadline of a workflow is extended by the time that it waits for the client's own limits, not for bans.
    pub(crate) async fn permit(
        &self,
        call: Call<'_>,
        deadline: &mut Option<Instant>,
        permit_wait: PermitWait,
    ) -> Result<Permit, NoPermit> {
        let documented = call.documented.filter(|_| self.documented);
        let limit = self.overrides.get(call.operation).copied().or(documented).filter(|limit| *limit > 0);
        if limit.is_none() && self.fleet.is_none() && self.registry.bans.is_empty() {
            return Ok(Permit::new(&self.registry, None));
        }
        let gate = self.registry.gate(call.operation);
        let subject = self.subject(call);
        let mut waiting = Acquire::new(&self.registry, &gate, self.fleet.as_ref(), subject, limit, permit_wait);
        if self.fleet.is_some() {
            // Boxed, so that calls without a fleet do not carry its future along.
            Box::pin(waiting.check_bans(*deadline)).await;
        }
        match waiting.step(*deadline) {
            Step::Permit(permit) => Ok(permit),
            Step::Fail(why) => Err(why),
            // Boxed, as most calls do not wait.
            step => Box::pin(waiting.permit(step, deadline)).await,
        }
    }

    /// Begins a ban, on all machines unless it is a ban of a session. Calls that it holds back report the `reason`;
    /// without a `reason` the code of the ban is not known. Returns whether the ban is as long as the gateway asks.
    pub(crate) async fn ban(
        &self,
        call: Call<'_>,
        scope: BanScope,
        reason: Option<BanReason>,
        ban: Duration,
        deadline: Option<Instant>,
    ) -> bool {
        let key = self.registry.bans.key(scope, &self.subject(call));
        let capped = ban.min(self.longest_ban);
        let reason =
            reason.unwrap_or_else(|| BanReason::unknown("the gateway's HTTP server asked to wait, without a code"));
        self.registry.begin_ban(key, capped, reason);
        if let Some(fleet) = &self.fleet {
            Box::pin(fleet.ban(&self.registry, key, capped, deadline)).await;
        }
        capped == ban
    }

    fn subject<'c>(&self, call: Call<'c>) -> Subject<'c> {
        let Call { gateway, operation, session, .. } = call;
        Subject { gateway, operation, session, longest_ban: self.longest_ban }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits")
            .field("overrides", &self.overrides)
            .field("documented", &self.documented)
            .field("longest_ban", &self.longest_ban)
            .field("fleet", &self.fleet)
            .finish_non_exhaustive()
    }
}
