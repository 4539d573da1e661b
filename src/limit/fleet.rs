//! How a machine of a fleet gets its turns: from what the fleet shares, or by itself while that is out of reach.

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
use super::common::Common;
use super::gate::Gate;
use super::instant::later;
use super::outage::Outage;
use super::pace::{BUNCH, Rate, spacing};
use super::pool::LATENESS;
use super::shared::{AnySharedLimit, Reservation, Reserved, SharedLimit, Unavailable};

/// One call may ask so often without getting a turn that it can use.
const MOST_ASKED: u32 = 3;

/// A question whose time-out comes so late stood still. A busy machine is not as slow.
const STANDSTILL: Duration = Duration::from_secs(1);

/// A ban that is shorter cannot be told from one that is over.
const LEAST_BAN: Duration = Duration::from_millis(1);

/// How old a machine's knowledge may be of bans that no answer to a reservation tells.
const BAN_CHECK: Duration = Duration::from_millis(100);

/// The machines that share one account's limits through a [`SharedLimit`], for
/// [`Limits::shared`](crate::Limits::shared).
///
/// - **Precision.** In any one second the whole fleet sends no more calls than the limit. The shared limit says how long
///   until the turn, and the machine waits on its own clock from when it has the answer, so that a slow network makes a
///   call later, never earlier. A turn that could not be used within 20 ms is thrown away and another one reserved.
///   That leaves 97.5 % of the limit to be used, less what is thrown away. It holds when a call gets its turn; what the
///   network does to the requests after that is not in it.
/// - **Order.** Calls of one process go first come, first served; between machines it is first asked, first served. As
///   many as wait get their turns together, up to 5 ms worth of them, so that one answer serves many calls. How many
///   wait on other machines is not known before a call is the first in its process; only then can it be refused because
///   of them.
/// - **Futures that are dropped or not polled.** None holds a lock. Turns are asked for in a task of its own and belong
///   to the process: whichever of its calls are polled take them, and what nobody takes within 20 ms is thrown away. On a
///   runtime that nobody drives a question is given up after the [`timeout`](Self::timeout), and another call asks. A
///   dropped or paused future costs the fleet at most 5 ms of its quota, or one turn, and never gives it more than the
///   quota.
/// - **Bans.** A ban by the gateway holds back the operation on all machines: at once where it has a limit, within 100
///   ms where it has none. A ban of the whole application or account is known on all machines within 100 ms. A ban of
///   one session is not shared: each machine hears of it by one refused call. Turns that a machine has reserved already
///   may still go. After a ban, each machine probes by one call.
/// - **Outages.** No call fails because the shared limit is out of reach, and none waits for it longer than the
///   [`timeout`](Self::timeout). Meanwhile each machine keeps to the limit divided by [`machines`](Self::machines), keeps
///   the bans that it knows, and asks again after a [`pause`](Self::pause). A warning is logged once when that begins
///   and once when it is over. If only some machines are cut off, their parts come on top of what the others use.
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
    /// When the bans under a name are to be asked for again.
    ban_checks: Mutex<HashMap<&'static str, Instant>>,
}

impl Fleet {
    /// The defaults, as each setter names them.
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

    /// How many machines there are at most: during an outage each keeps to that part of every limit. 10 by default; 0
    /// is taken for 1.
    #[must_use]
    pub fn machines(mut self, machines: u32) -> Self {
        self.machines = machines.max(1);
        self
    }

    /// How long one call waits for answers of the shared limit, its turn not included, before it goes on without. 50 ms
    /// by default. Answers that take 20 ms or longer are too late to be used.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long after a failure the shared limit is asked again. 1 second by default.
    #[must_use]
    pub fn pause(mut self, pause: Duration) -> Self {
        self.outage.pause = pause;
        self
    }

    /// How an operation with this limit gets its turns.
    pub(super) fn supply(self: &Arc<Self>, limit: u32) -> Shared<'_> {
        Shared {
            fleet: self,
            even: spacing(limit, BUNCH.saturating_add(LATENESS)),
            alone: Rate::part_of(limit, self.machines),
            asks_left: MOST_ASKED,
            patience: self.timeout,
            goes_alone: false,
        }
    }

    /// The bans to ask for now, since no answer to a reservation tells of them: those of the whole account, of an
    /// operation without a limit, and one that may have been lifted on another machine.
    pub(super) fn ban_checks_due(&self, common: &Common, subject: &Subject<'_>, is_limited: bool) -> Vec<Key> {
        let operation = Key::Operation(subject.operation);
        let operation = (!is_limited || common.bans.is_shared(operation)).then_some(operation);
        let keys = [Some(Key::Account(subject.gateway)), operation].into_iter().flatten();
        let due: Vec<_> =
            keys.filter(|key| key.shared_name().is_some_and(|name| self.is_ban_check_due(name))).collect();
        if due.is_empty() || self.outage.may_ask() { due } else { Vec::new() }
    }

    /// Asks for these bans, until the deadline. Gives how long the answer took.
    pub(super) async fn check_bans(
        self: &Arc<Self>,
        common: &Arc<Common>,
        due: Vec<Key>,
        longest: Duration,
        deadline: Option<Instant>,
    ) -> Duration {
        let (fleet, common) = (Arc::clone(self), Arc::clone(common));
        let asking = async move {
            let asked = Instant::now();
            join_all(due.into_iter().map(|key| fleet.check_ban(&common, key, longest))).await;
            (if was_left_alone(asked, fleet.timeout) { Duration::ZERO } else { asked.elapsed() }, ())
        };
        within(deadline, apart(asking)).await.flatten().unwrap_or_default()
    }

    async fn check_ban(&self, common: &Common, key: Key, longest: Duration) {
        let Some(name) = key.shared_name() else { return };
        let was_shared = common.bans.is_shared(key);
        let wanted = Reservation { timeout: self.timeout, ..Reservation::new(name, 0, Duration::ZERO) };
        match self.reserve(&wanted).await.result {
            Ok(Reserved::Banned(ban)) => common.heard_of_ban(key, ban.min(longest)),
            Ok(_) if was_shared => _ = common.lift_bans(|banned, shared| banned == key && shared),
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
        common: &Arc<Common>,
        key: Key,
        ban: Duration,
        deadline: Option<Instant>,
    ) {
        let Some(name) = key.shared_name() else { return };
        if !self.outage.may_ask() {
            return;
        }
        let (fleet, common) = (Arc::clone(self), Arc::clone(common));
        let telling = async move {
            let asked = Instant::now();
            let told = fleet.shared.ban(name, ban, fleet.timeout).await;
            fleet.note(asked, fleet.timeout, &told);
            if told.is_ok() {
                common.bans.told(key);
            }
            ((), ())
        };
        within(deadline, apart(telling)).await;
    }

    /// Lifts bans on all machines: those under the names given, and those that were ever asked for.
    pub(super) async fn lift_bans(&self, names: impl Iterator<Item = &'static str>) -> Result<(), Unavailable> {
        let mut names = BTreeSet::from_iter(names);
        names.extend(self.ban_checks.lock().unwrap_or_else(PoisonError::into_inner).keys());
        self.lift_only(names).await
    }

    pub(super) async fn lift_only(&self, names: impl IntoIterator<Item = &str>) -> Result<(), Unavailable> {
        join_all(names.into_iter().map(|name| self.shared.lift(name, self.timeout))).await.into_iter().collect()
    }

    async fn reserve(&self, wanted: &Reservation) -> Answer {
        let asked = Instant::now();
        let result = self.shared.reserve(wanted).await;
        self.note(asked, wanted.timeout, &result);
        Answer { result, took: asked.elapsed(), left_alone: was_left_alone(asked, wanted.timeout) }
    }

    fn note<T>(&self, asked: Instant, timeout: Duration, answer: &Result<T, Unavailable>) {
        match answer {
            // A slower one cannot be used, and the next is likely to be as slow.
            Ok(_) if asked.elapsed() < LATENESS => self.outage.answered(asked),
            Err(why) if !was_left_alone(asked, timeout) => self.outage.failed(*why),
            Ok(_) | Err(_) => {}
        }
    }
}

/// The answer to a reservation.
struct Answer {
    result: Result<Reserved, Unavailable>,
    took: Duration,
    left_alone: bool,
}

/// Whether the question stood still, on a runtime that nobody drives: its time ran out for no fault of the shared limit.
fn was_left_alone(asked: Instant, timeout: Duration) -> bool {
    asked.elapsed() > timeout.saturating_add(STANDSTILL)
}

/// Works in a task of its own, so that it comes to its end while nobody polls the call; where there is no runtime, the
/// call works itself. What comes with the result is dropped after the call has it. `None` if the runtime ends.
async fn apart<T: Send + 'static, D: Send + 'static>(work: impl Future<Output = (T, D)> + Send + 'static) -> Option<T> {
    let Ok(runtime) = Handle::try_current() else { return Some(work.await.0) };
    let (sender, receiver) = oneshot::channel();
    runtime.spawn(async move {
        let (result, dropped_after) = work.await;
        let _ = sender.send(result);
        drop(dropped_after);
    });
    receiver.await.ok()
}

async fn within<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline, future).await.ok(),
        None => Some(future.await),
    }
}

/// How one call gets its turn from the fleet.
pub(super) struct Shared<'f> {
    fleet: &'f Arc<Fleet>,
    /// The even spacing of the whole fleet's turns.
    pub(super) even: Duration,
    /// This machine's part of the limit.
    pub(super) alone: Rate,
    asks_left: u32,
    /// How much longer it waits for answers.
    patience: Duration,
    /// Whether it goes on without the fleet.
    goes_alone: bool,
}

/// How to come to a turn when none is reserved.
pub(super) enum Source {
    Ask,
    Alone,
}

impl Shared<'_> {
    pub(super) fn waits_alone(&self) -> bool {
        self.goes_alone || self.fleet.outage.is_known()
    }

    pub(super) fn goes_alone(&self) -> bool {
        self.goes_alone
    }

    /// For the waiter in front.
    pub(super) fn source(&mut self) -> Source {
        if self.asks_left == 0 || self.patience.is_zero() {
            self.fleet.outage.failed(Unavailable::new("its turns come too late to be used"));
            self.goes_alone = true;
        }
        if !self.goes_alone && self.fleet.outage.may_ask() { Source::Ask } else { Source::Alone }
    }

    /// How long answers took that this call waited for.
    pub(super) fn waited(&mut self, time: Duration) {
        self.patience = self.patience.saturating_sub(time);
    }

    /// When a question that is asked now is lost.
    pub(super) fn lost_after(&self, now: Instant) -> Instant {
        later(now, self.patience)
    }

    pub(super) fn reservation(&self, operation: &'static str, waiting: usize, longest_wait: Duration) -> Reservation {
        let together = BUNCH.as_nanos().checked_div(self.even.as_nanos()).unwrap_or(1);
        let together = u32::try_from(together).unwrap_or(u32::MAX).max(1);
        let turns = u32::try_from(waiting).unwrap_or(u32::MAX).clamp(1, together);
        Reservation { timeout: self.patience, longest_wait, ..Reservation::new(operation, turns, self.even) }
    }

    /// Asks, until the deadline. The turns and bans that the answer tells of are everybody's; what it says to this call
    /// is given back.
    pub(super) async fn ask(
        &mut self,
        question: Question,
        deadline: Option<Instant>,
    ) -> Option<Result<Reserved, Unavailable>> {
        let fleet = Arc::clone(self.fleet);
        let asking = async move { (question.ask(&fleet).await, question) };
        let Answer { result, took, left_alone } = within(deadline, apart(asking)).await.flatten()?;
        if !matches!(result, Ok(Reserved::Banned(_))) {
            self.asks_left = self.asks_left.saturating_sub(1);
        }
        if !left_alone {
            self.waited(took);
            self.goes_alone |= result.is_err();
        }
        Some(result)
    }
}

/// Turns that are asked for.
pub(super) struct Question {
    pub(super) gate: Arc<Gate>,
    pub(super) common: Arc<Common>,
    pub(super) number: u64,
    pub(super) wanted: Reservation,
    pub(super) longest_ban: Duration,
}

impl Question {
    async fn ask(&self, fleet: &Fleet) -> Answer {
        let asked = Instant::now();
        let answer = fleet.reserve(&self.wanted).await;
        match answer.result {
            Ok(Reserved::After(wait)) => self.gate.lock().pool.add(self.wanted.turns, asked, wait),
            Ok(Reserved::Banned(ban)) => {
                let ban = ban.min(self.longest_ban).max(LEAST_BAN);
                self.common.heard_of_ban(Key::Operation(self.wanted.operation), ban);
            }
            Ok(Reserved::TooLate(_)) | Err(_) => {}
        }
        answer
    }
}

impl Drop for Question {
    /// Answered or given up: those who may go now look again.
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.pool.asked(self.number);
        let turns = usize::try_from(self.wanted.turns).unwrap_or(usize::MAX);
        state.queue.wake(turns.saturating_add(1), Instant::now());
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("machines", &self.machines)
            .field("timeout", &self.timeout)
            .field("pause", &self.outage.pause)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
