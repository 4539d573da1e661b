//! How a machine of a fleet gets its permits: from the shared limit or, during an outage, from its part of the limit.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::bans::Key;
use super::call::Subject;
use super::gate::Gate;
use super::instant::later;
use super::outage::Outage;
use super::pace::{BURST, Rate, spacing};
use super::pool::MAX_LATENESS;
use super::registry::Registry;
use super::shared::{AnySharedLimit, Reservation, Reserved, SharedLimit, Unavailable};

/// How many times one call may reserve permits that come too late to be used.
const MAX_RESERVATIONS: u32 = 3;

/// If the timeout of a request fires this late, the request was stalled. A busy machine is less late.
const MIN_STALL: Duration = Duration::from_secs(1);

/// The shortest ban. A shorter one cannot be distinguished from one that is over.
const MIN_BAN: Duration = Duration::from_millis(1);

/// How often a machine asks for bans that the replies to its reservations do not include.
const BAN_CHECK: Duration = Duration::from_millis(100);

/// The machines that share one account's limits through a [`SharedLimit`], for
/// [`Limits::shared`](crate::Limits::shared).
///
/// - **Precision.** In any one second the whole fleet sends no more calls than the limit. The shared limit returns how
///   long to wait for the permit. The machine starts this wait on its own clock when the reply arrives, so a slow
///   network can delay a call, but never makes it too early. A permit that could not be used within 20 ms is discarded,
///   and another one is reserved. So 97.5 % of the limit can be used, less the discarded permits. All this holds for
///   the time at which a call gets its permit, not for the time at which its request arrives.
/// - **Order.** Calls of one process get their permits first come, first served. Processes get theirs in the order of
///   their requests. Calls that wait together share one reservation of up to 5 ms worth of permits. A call knows how
///   many calls wait on other machines only when it is the first in the queue of its process. Only then can it be
///   refused because of them.
/// - **Futures that are dropped or not polled.** A waiting call holds no lock. A separate task requests the permits,
///   and they belong to the process: any polled call takes them. Permits that no call takes within 20 ms are discarded.
///   If the runtime of a request has stopped, the request is given up after the [`timeout`](Self::timeout), and another
///   call sends one. A dropped or paused future costs the fleet at most 5 ms of its quota, or one permit. It never
///   gives the fleet more than the quota.
/// - **Bans.** A ban holds back the operation on all machines: at once if the operation has a limit, within 100 ms if
///   it has none. A ban of the whole application or account is known on all machines within 100 ms. A ban of one
///   session is not shared: each machine learns of it by one refused call. A machine may still use permits that it has
///   already reserved. After a ban, each machine probes with one call.
/// - **Outages.** No call fails because the shared limit cannot be reached, and no call waits for it longer than the
///   [`timeout`](Self::timeout). During an outage each machine keeps to the limit divided by
///   [`machines`](Self::machines), keeps the bans that it knows, and tries the shared limit again after each
///   [`retry_interval`](Self::retry_interval). One warning is logged when an outage begins, and one when it ends. If
///   only some machines cannot reach the shared limit, their parts are added to what the others use.
///
/// ```
/// # #[cfg(feature = "redis")] {
/// use privacy_number::{Fleet, Limits, RedisLimit, Settings};
///
/// let redis = RedisLimit::open("redis://127.0.0.1:6379/", "main-account")?;
/// let limits = Limits::new().shared(Fleet::new(redis).machines(4));
/// let settings = Settings::new().limits(limits);
/// # let _ = settings;
/// # }
/// # Ok::<(), privacy_number::Error>(())
/// ```
pub struct Fleet {
    shared: Box<dyn AnySharedLimit>,
    machines: u32,
    timeout: Duration,
    outage: Outage,
    /// When the bans under each name are due to be checked again.
    ban_checks: Mutex<HashMap<&'static str, Instant>>,
}

impl Fleet {
    /// The defaults, as documented at each setter.
    #[must_use]
    pub fn new(shared: impl SharedLimit) -> Self {
        Self {
            shared: Box::new(shared),
            machines: 10,
            timeout: Duration::from_millis(50),
            outage: Outage::new(Duration::from_secs(1)),
            ban_checks: Mutex::default(),
        }
    }

    /// The maximum number of machines in the fleet. During an outage each machine uses the limit divided by this
    /// number. 10 by default; 0 counts as 1.
    #[must_use]
    pub fn machines(mut self, machines: u32) -> Self {
        self.machines = machines.max(1);
        self
    }

    /// How long one call waits for replies of the shared limit before it continues without them. The wait for the
    /// permit itself does not count. 50 ms by default. A reply that takes 20 ms or longer is too late to be used.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long after a failure the shared limit is tried again; 1 second by default.
    #[must_use]
    pub fn retry_interval(mut self, interval: Duration) -> Self {
        self.outage.retry_interval = interval;
        self
    }

    /// How an operation with this limit gets its permits.
    pub(super) fn permits(self: &Arc<Self>, limit: u32) -> FleetPermits<'_> {
        FleetPermits {
            fleet: self,
            even: spacing(limit, BURST.saturating_add(MAX_LATENESS)),
            own_part: Rate::part_of(limit, self.machines),
            reservations_left: MAX_RESERVATIONS,
            time_left: self.timeout,
            is_without_fleet: false,
        }
    }

    /// The bans to check now, because the replies to reservations do not include them: bans of the whole account, bans
    /// of an operation without a limit, and a ban that another machine may have lifted.
    pub(super) fn ban_checks_due(&self, registry: &Registry, subject: &Subject<'_>, is_limited: bool) -> Vec<Key> {
        let operation = Key::Operation(subject.operation);
        let operation = (!is_limited || registry.bans.is_shared(operation)).then_some(operation);
        let keys = [Some(Key::Account(subject.gateway)), operation].into_iter().flatten();
        let due: Vec<_> =
            keys.filter(|key| key.shared_name().is_some_and(|name| self.is_ban_check_due(name))).collect();
        if due.is_empty() || self.outage.may_try() { due } else { Vec::new() }
    }

    /// Asks for these bans, until the deadline. Returns how long the replies took.
    pub(super) async fn check_bans(
        self: &Arc<Self>,
        registry: &Arc<Registry>,
        due: Vec<Key>,
        longest: Duration,
        deadline: Option<Instant>,
    ) -> Duration {
        let (fleet, registry) = (Arc::clone(self), Arc::clone(registry));
        let asking = async move {
            let asked = Instant::now();
            join_all(due.into_iter().map(|key| fleet.check_ban(&registry, key, longest))).await;
            (if was_stalled(asked, fleet.timeout) { Duration::ZERO } else { asked.elapsed() }, ())
        };
        until_deadline(deadline, in_own_task(asking)).await.flatten().unwrap_or_default()
    }

    async fn check_ban(&self, registry: &Registry, key: Key, longest: Duration) {
        let Some(name) = key.shared_name() else { return };
        let was_shared = registry.bans.is_shared(key);
        let wanted = Reservation { timeout: self.timeout, ..Reservation::new(name, 0, Duration::ZERO) };
        match self.reserve(&wanted).await.result {
            Ok(Reserved::Banned(ban)) => registry.learn_ban(key, ban.min(longest)),
            Ok(_) if was_shared => _ = registry.lift_bans(|banned, shared| banned == key && shared),
            _ => {}
        }
    }

    fn is_ban_check_due(&self, name: &'static str) -> bool {
        let mut checks = self.ban_checks.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let due = checks.get(name).is_none_or(|next| *next <= now);
        if due {
            checks.insert(name, later(now, BAN_CHECK));
        }
        due
    }

    /// Tells the other machines of a ban. Waits for their store until the deadline.
    pub(super) async fn ban(
        self: &Arc<Self>,
        registry: &Arc<Registry>,
        key: Key,
        ban: Duration,
        deadline: Option<Instant>,
    ) {
        let Some(name) = key.shared_name() else { return };
        if !self.outage.may_try() {
            return;
        }
        let (fleet, registry) = (Arc::clone(self), Arc::clone(registry));
        let telling = async move {
            let asked = Instant::now();
            let result = fleet.shared.ban(name, ban, fleet.timeout).await;
            fleet.record(asked, fleet.timeout, &result);
            if result.is_ok() {
                registry.bans.mark_shared(key);
            }
            ((), ())
        };
        until_deadline(deadline, in_own_task(telling)).await;
    }

    /// Lifts bans on all machines: those under these names, and those that this process has asked for.
    pub(super) async fn lift_bans(&self, names: impl Iterator<Item = &'static str>) -> Result<(), Unavailable> {
        let mut names = BTreeSet::from_iter(names);
        names.extend(self.ban_checks.lock().unwrap_or_else(PoisonError::into_inner).keys());
        self.lift_only(names).await
    }

    pub(super) async fn lift_only(&self, names: impl IntoIterator<Item = &str>) -> Result<(), Unavailable> {
        join_all(names.into_iter().map(|name| self.shared.lift(name, self.timeout))).await.into_iter().collect()
    }

    async fn reserve(&self, wanted: &Reservation) -> Reply {
        let asked = Instant::now();
        let result = self.shared.reserve(wanted).await;
        self.record(asked, wanted.timeout, &result);
        Reply { result, took: asked.elapsed(), stalled: was_stalled(asked, wanted.timeout) }
    }

    fn record<T>(&self, asked: Instant, timeout: Duration, reply: &Result<T, Unavailable>) {
        match reply {
            // A slower reply cannot be used, and the next is likely to be as slow.
            Ok(_) if asked.elapsed() < MAX_LATENESS => self.outage.replied(asked),
            Err(why) if !was_stalled(asked, timeout) => self.outage.failed(*why),
            Ok(_) | Err(_) => {}
        }
    }
}

/// The reply to a reservation.
struct Reply {
    result: Result<Reserved, Unavailable>,
    took: Duration,
    stalled: bool,
}

/// Whether the request was stalled because its runtime had stopped. Then its timeout is no failure of the shared limit.
fn was_stalled(asked: Instant, timeout: Duration) -> bool {
    asked.elapsed() > timeout.saturating_add(MIN_STALL)
}

/// Runs the work in its own task, so that it completes even if the call is not polled. Without a runtime, the call runs
/// it itself. The second value is dropped after the call has the first. `None` if the runtime shuts down.
async fn in_own_task<T: Send + 'static, D: Send + 'static>(
    work: impl Future<Output = (T, D)> + Send + 'static,
) -> Option<T> {
    let Ok(runtime) = Handle::try_current() else { return Some(work.await.0) };
    let (sender, receiver) = oneshot::channel();
    runtime.spawn(async move {
        let (result, dropped_after) = work.await;
        let _ = sender.send(result);
        drop(dropped_after);
    });
    receiver.await.ok()
}

async fn until_deadline<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline, future).await.ok(),
        None => Some(future.await),
    }
}

/// How one call gets its permit from the fleet.
pub(super) struct FleetPermits<'f> {
    fleet: &'f Arc<Fleet>,
    /// The even spacing of the whole fleet's permits.
    pub(super) even: Duration,
    /// This machine's part of the limit.
    pub(super) own_part: Rate,
    reservations_left: u32,
    /// How much longer it waits for replies.
    time_left: Duration,
    /// Whether it continues without the fleet.
    is_without_fleet: bool,
}

/// Where to get a permit when none is reserved.
pub(super) enum NextSource {
    Fleet,
    OwnPart,
}

impl FleetPermits<'_> {
    pub(super) fn waits_without_fleet(&self) -> bool {
        self.is_without_fleet || self.fleet.outage.is_known()
    }

    pub(super) fn is_without_fleet(&self) -> bool {
        self.is_without_fleet
    }

    /// For the waiter at the front.
    pub(super) fn source(&mut self) -> NextSource {
        if self.reservations_left == 0 || self.time_left.is_zero() {
            self.fleet.outage.failed(Unavailable::new("its permits come too late to be used"));
            self.is_without_fleet = true;
        }
        if !self.is_without_fleet && self.fleet.outage.may_try() { NextSource::Fleet } else { NextSource::OwnPart }
    }

    /// Counts time that this call waited for replies.
    pub(super) fn waited(&mut self, time: Duration) {
        self.time_left = self.time_left.saturating_sub(time);
    }

    /// When a request that is sent now counts as lost.
    pub(super) fn lost_after(&self, now: Instant) -> Instant {
        later(now, self.time_left)
    }

    pub(super) fn reservation(&self, operation: &'static str, waiting: usize, longest_wait: Duration) -> Reservation {
        let together = BURST.as_nanos().checked_div(self.even.as_nanos()).unwrap_or(1);
        let together = u32::try_from(together).unwrap_or(u32::MAX).max(1);
        let permits = u32::try_from(waiting).unwrap_or(u32::MAX).clamp(1, together);
        Reservation { timeout: self.time_left, longest_wait, ..Reservation::new(operation, permits, self.even) }
    }

    /// Sends a request, until the deadline. The permits and bans in the reply are for all calls of the process.
    pub(super) async fn ask(
        &mut self,
        request: PermitRequest,
        deadline: Option<Instant>,
    ) -> Option<Result<Reserved, Unavailable>> {
        let fleet = Arc::clone(self.fleet);
        let asking = async move { (request.ask(&fleet).await, request) };
        let Reply { result, took, stalled } = until_deadline(deadline, in_own_task(asking)).await.flatten()?;
        if !matches!(result, Ok(Reserved::Banned(_))) {
            self.reservations_left = self.reservations_left.saturating_sub(1);
        }
        if !stalled {
            self.waited(took);
            self.is_without_fleet |= result.is_err();
        }
        Some(result)
    }
}

/// A request for permits.
pub(super) struct PermitRequest {
    pub(super) gate: Arc<Gate>,
    pub(super) registry: Arc<Registry>,
    pub(super) number: u64,
    pub(super) wanted: Reservation,
    pub(super) longest_ban: Duration,
}

impl PermitRequest {
    async fn ask(&self, fleet: &Fleet) -> Reply {
        let asked = Instant::now();
        let reply = fleet.reserve(&self.wanted).await;
        match reply.result {
            Ok(Reserved::After(wait)) => self.gate.lock().pool.add(self.wanted.permits, asked, wait),
            Ok(Reserved::Banned(ban)) => {
                let ban = ban.min(self.longest_ban).max(MIN_BAN);
                self.registry.learn_ban(Key::Operation(self.wanted.operation), ban);
            }
            Ok(Reserved::TooLate(_)) | Err(_) => {}
        }
        reply
    }
}

impl Drop for PermitRequest {
    /// The request has a reply or was given up. Wakes the waiters that may get a permit now.
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.pool.finish_request(self.number);
        let permits = usize::try_from(self.wanted.permits).unwrap_or(usize::MAX);
        state.queue.wake(permits.saturating_add(1), Instant::now());
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("machines", &self.machines)
            .field("timeout", &self.timeout)
            .field("retry_interval", &self.outage.retry_interval)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
