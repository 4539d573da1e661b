//! How a machine of a fleet gets its turns: from what the fleet shares, or by itself while that is out of reach.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::gate::{Gate, Waiting, is_too_late, within};
use super::outage::Outage;
use super::pace::{BUNCH, Rate, spacing};
use super::shared::AnySharedLimit;
use super::{Reservation, Reserved, SharedLimit, TooLate, Unavailable};

/// How late after its time a turn may be used. A later one is thrown away: it would come too close to the next.
const LATENESS: Duration = Duration::from_millis(20);

/// So many turns in a row may come to one call too late to be used.
const MOST_LATE: u32 = 3;

/// A ban that is shorter cannot be told from one that is over.
const LEAST_BAN: Duration = Duration::from_millis(1);

/// How old a machine's knowledge may be of whether an operation without a limit is banned.
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
/// - **Dropped calls.** A dropped future holds no lock. Turns it had reserved go to the calls after it, or are lost: a
///   drop costs the fleet at most 5 ms of its quota, or one turn, and never gives it more than the quota.
/// - **Bans.** A ban by the gateway holds back the operation on all machines: at once where it has a limit, within 100
///   ms where it has none. Turns that a machine has reserved already may still go.
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
    queues: Mutex<HashMap<&'static str, Arc<Queue>>>,
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
            queues: Mutex::default(),
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

    /// Waits for a turn of an operation with a limit.
    pub(super) async fn turn(
        &self,
        gate: &Gate,
        operation: &'static str,
        limit: u32,
        deadline: Option<Instant>,
    ) -> Result<(), TooLate> {
        let even = spacing(limit, BUNCH.saturating_add(LATENESS));
        let alone = Rate::part_of(limit, self.machines);
        let queue = self.queue(operation);
        let waiting = Waiting::join(&queue.waiting);
        let pace = if self.outage.is_known() { alone.spacing() } else { even };
        let wait = pace.saturating_mul(waiting.ahead()).saturating_sub(BUNCH);
        if is_too_late(wait, deadline) {
            return Err(TooLate { wait });
        }
        let Some(mut turns) = within(deadline, queue.turns.lock()).await else {
            return Err(TooLate { wait: wait.max(pace) });
        };
        let mut wanted = Reservation { timeout: self.timeout, ..Reservation::new(operation, 1, even) };
        let mut tries = MOST_LATE;
        loop {
            gate.wait_for_ban(deadline).await?;
            if let Some(reserved) = &mut *turns {
                reserved.wait(deadline).await?;
                if !gate.banned_for().is_zero() {
                    continue;
                }
                if reserved.take() {
                    return Ok(());
                }
                *turns = None;
            }
            if tries == 0 || wanted.timeout.is_zero() {
                self.outage.failed(Unavailable("its turns come too late to be used"));
                break;
            }
            if !self.outage.may_ask() {
                break;
            }
            wanted.turns = waiting.all().clamp(1, together(even));
            wanted.longest_wait = time_left(deadline);
            let asked = Instant::now();
            match self.ask(&wanted, deadline).await {
                None => return Err(TooLate { wait: even }),
                Some(Err(_)) => break,
                Some(Ok(Reserved::After(wait))) => *turns = Some(Turns::new(wanted.turns, asked, wait)),
                Some(Ok(Reserved::TooLate(wait))) => return Err(TooLate { wait }),
                Some(Ok(Reserved::Banned(ban))) => {
                    gate.ban(ban.max(LEAST_BAN));
                    continue;
                }
            }
            tries = tries.saturating_sub(1);
            wanted.timeout = wanted.timeout.saturating_sub(asked.elapsed());
        }
        gate.turn(alone, deadline).await
    }

    /// Waits while an operation without a limit is banned.
    pub(super) async fn wait_for_ban(
        &self,
        gate: &Gate,
        operation: &'static str,
        deadline: Option<Instant>,
    ) -> Result<(), TooLate> {
        if self.queue(operation).is_ban_check_due() && self.outage.may_ask() {
            let wanted = Reservation { timeout: self.timeout, ..Reservation::new(operation, 0, Duration::ZERO) };
            if let Some(Ok(Reserved::Banned(ban))) = self.ask(&wanted, deadline).await {
                gate.ban(ban);
            }
        }
        gate.wait_for_ban(deadline).await
    }

    /// Tells the other machines of a ban, if they can be reached.
    pub(super) async fn ban(&self, operation: &'static str, ban: Duration, deadline: Option<Instant>) {
        if self.outage.may_ask() {
            let asked = Instant::now();
            let told = within(deadline, self.shared.ban(operation, ban, self.timeout)).await;
            self.note(asked, told.as_ref());
        }
    }

    /// `None` if the deadline came first.
    async fn ask(&self, wanted: &Reservation, deadline: Option<Instant>) -> Option<Result<Reserved, Unavailable>> {
        let asked = Instant::now();
        let answer = within(deadline, self.shared.reserve(wanted)).await;
        self.note(asked, answer.as_ref());
        answer
    }

    fn note<T>(&self, asked: Instant, answer: Option<&Result<T, Unavailable>>) {
        match answer {
            // A slower one cannot be used, and the next is likely to be as slow.
            Some(Ok(_)) if asked.elapsed() < LATENESS => self.outage.answered(asked),
            Some(Ok(_)) | None => {}
            Some(Err(why)) => self.outage.failed(*why),
        }
    }

    fn queue(&self, operation: &'static str) -> Arc<Queue> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(operation).or_default())
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

/// One operation's calls in this process. Whoever is first holds the lock of `turns`, whose queue is first come, first
/// served.
#[derive(Default)]
struct Queue {
    turns: tokio::sync::Mutex<Option<Turns>>,
    waiting: AtomicU32,
    next_ban_check: Mutex<Option<Instant>>,
}

impl Queue {
    fn is_ban_check_due(&self) -> bool {
        let mut next = self.next_ban_check.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let due = next.is_none_or(|next| next <= now);
        if due {
            *next = now.checked_add(BAN_CHECK);
        }
        due
    }
}

/// Turns that this process has reserved and not used yet.
struct Turns {
    left: u32,
    due: Instant,
    latest: Instant,
}

impl Turns {
    /// The shared limit answered just now that the turns are due after this wait. When exactly it said so is not known:
    /// not before it was asked, and not later than now.
    fn new(turns: u32, asked: Instant, wait: Duration) -> Self {
        let after = |instant: Instant, wait| instant.checked_add(wait).unwrap_or(instant);
        Self { left: turns, due: after(Instant::now(), wait), latest: after(asked, wait.saturating_add(LATENESS)) }
    }

    async fn wait(&self, deadline: Option<Instant>) -> Result<(), TooLate> {
        let wait = self.due.saturating_duration_since(Instant::now());
        if is_too_late(wait, deadline) {
            return Err(TooLate { wait });
        }
        if !wait.is_zero() {
            tokio::time::sleep_until(self.due).await;
        }
        Ok(())
    }

    /// `false` if none is left, or if they are too late.
    fn take(&mut self) -> bool {
        let left = self.left.checked_sub(1).filter(|_| Instant::now() <= self.latest);
        self.left = left.unwrap_or_default();
        left.is_some()
    }
}

/// How many turns make up a bunch.
fn together(even: Duration) -> u32 {
    let turns = BUNCH.as_nanos().checked_div(even.as_nanos()).unwrap_or(1);
    u32::try_from(turns).unwrap_or(u32::MAX).max(1)
}

fn time_left(deadline: Option<Instant>) -> Duration {
    deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()))
}

#[cfg(test)]
mod tests;
