//! How one call waits for its permit. Whenever it is polled, it checks the queue, the pace and the bans. It holds no
//! lock while it sleeps.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::bans::ActiveBan;
use super::call::{NoPermit, PermitWait, Subject};
use super::fleet::{Fleet, FleetPermits, NextSource, PermitRequest};
use super::gate::{Gate, Place, State};
use super::instant::later;
use super::pace::Rate;
use super::queue::FRONT_GRACE;
use super::registry::{Permit, Registry};
use super::shared::Reserved;

/// The most by which a waiter wakes up later than the one before it, so that a long queue does not wake up all at once.
const WAKE_SPACING: Duration = Duration::from_micros(600);

/// How often a waiting call checks whether a ban was lifted on another machine, or the fleet's queue got shorter.
const RECHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Where permits come from.
enum PermitSource<'f> {
    /// The operation has no limit.
    Unlimited,
    /// The pace of this process.
    Own(Rate),
    /// The permits that the fleet shares.
    Fleet(FleetPermits<'f>),
}

/// One call that acquires a permit.
pub(super) struct Acquire<'a> {
    registry: &'a Arc<Registry>,
    gate: &'a Arc<Gate>,
    fleet: Option<&'a Arc<Fleet>>,
    subject: Subject<'a>,
    source: PermitSource<'a>,
    permit_wait: PermitWait,
    /// When it began to wait for the pace. Time spent waiting for the fleet's replies does not count.
    since: Instant,
    /// Its place in the queue, once it had to wait.
    place: Option<Place<'a>>,
}

pub(super) enum Step {
    Permit(Permit),
    Fail(NoPermit),
    Sleep(Sleep),
    /// Ask the fleet for permits.
    Ask(PermitRequest),
}

pub(super) struct Sleep {
    until: Instant,
    is_banned: bool,
    /// Whether the ban may be lifted on another machine.
    is_shared: bool,
}

/// When the waiters at the front may get permits.
struct NextPermits {
    from: Instant,
    /// When to check again, if that is not when the permits are due.
    recheck_at: Option<Instant>,
    spacing: Duration,
    /// How many permits are due then.
    together: usize,
    taken_from: TakenFrom,
}

/// What a permit is taken from.
enum TakenFrom {
    Nowhere,
    Pace(Rate),
    Pool,
}

impl<'a> Acquire<'a> {
    pub(super) fn new(
        registry: &'a Arc<Registry>,
        gate: &'a Arc<Gate>,
        fleet: Option<&'a Arc<Fleet>>,
        subject: Subject<'a>,
        limit: Option<u32>,
        permit_wait: PermitWait,
    ) -> Self {
        let source = match (limit, fleet) {
            (None, _) => PermitSource::Unlimited,
            (Some(limit), None) => PermitSource::Own(Rate::of(limit)),
            (Some(limit), Some(fleet)) => PermitSource::Fleet(fleet.permits(limit)),
        };
        Self { registry, gate, fleet, subject, source, permit_wait, since: Instant::now(), place: None }
    }

    /// Continues from the first step until there is a permit, or until there cannot be one before the deadline.
    pub(super) async fn permit(mut self, mut step: Step, deadline: &mut Option<Instant>) -> Result<Permit, NoPermit> {
        loop {
            let began = Instant::now();
            let mut is_banned = false;
            match step {
                Step::Permit(permit) => return Ok(permit),
                Step::Fail(why) => return Err(why),
                Step::Sleep(sleep) => {
                    self.sleep(sleep.until).await;
                    if sleep.is_shared {
                        self.check_bans(*deadline).await;
                    }
                    is_banned = sleep.is_banned;
                }
                Step::Ask(request) => self.ask(request, *deadline).await?,
            }
            if self.permit_wait == PermitWait::Unbounded && !is_banned {
                *deadline = deadline.map(|deadline| later(deadline, began.elapsed()));
            }
            step = self.step(*deadline);
        }
    }

    /// Asks the fleet for bans, if that is due. Later calls queue behind this one; they do not wait for its reply.
    pub(super) async fn check_bans(&mut self, deadline: Option<Instant>) {
        let Some(fleet) = self.fleet else { return };
        let is_limited = matches!(self.source, PermitSource::Fleet(_));
        let due = fleet.ban_checks_due(self.registry, &self.subject, is_limited);
        if due.is_empty() {
            return;
        }
        if is_limited {
            let mut guard = self.gate.lock();
            let state = &mut *guard;
            let place = self.place.get_or_insert_with(|| Place::in_queue(self.gate, state));
            state.queue.wait_in_front(place.ticket, &place.notify, Instant::now());
        }
        let took = fleet.check_bans(self.registry, due, self.subject.longest_ban, deadline).await;
        if let PermitSource::Fleet(shared) = &mut self.source {
            shared.waited(took);
        }
        self.since = Instant::now();
    }

    async fn sleep(&self, until: Instant) {
        match &self.place {
            Some(place) => _ = tokio::time::timeout_at(until, place.notify.notified()).await,
            None => tokio::time::sleep_until(until).await,
        }
    }

    async fn ask(&mut self, request: PermitRequest, deadline: Option<Instant>) -> Result<(), NoPermit> {
        let (PermitSource::Fleet(shared), Some(place)) = (&mut self.source, &self.place) else { return Ok(()) };
        let deadline = deadline.filter(|_| self.permit_wait == PermitWait::UntilDeadline);
        let answer = shared.ask(request, deadline).await;
        self.since = Instant::now();
        match answer {
            None => Err(NoPermit { wait: shared.even, ban: None }),
            Some(Ok(Reserved::TooLate(wait))) if deadline.is_some() => Err(NoPermit { wait, ban: None }),
            Some(Ok(Reserved::TooLate(wait))) => {
                let until = later(self.since, wait.min(RECHECK_INTERVAL));
                self.gate.lock().queue.wait_in_front(place.ticket, &place.notify, until);
                tokio::time::sleep_until(until).await;
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }

    /// What to do now.
    pub(super) fn step(&mut self, deadline: Option<Instant>) -> Step {
        let mut guard = self.gate.lock();
        let state = &mut *guard;
        let now = Instant::now();
        let time_left = deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(now));
        let ticket = self.place.as_ref().map_or(u64::MAX, |place| place.ticket);
        let ahead = match self.source {
            PermitSource::Unlimited => 0,
            PermitSource::Own(_) | PermitSource::Fleet(_) => state.queue.ahead(ticket, now),
        };
        let mut held = self.registry.bans.held(&self.subject, now);
        let next_permits = loop {
            if let Some(held) = &held {
                let wait = held.until.saturating_duration_since(now);
                if wait > time_left {
                    return Step::Fail(NoPermit { wait, ban: Some(Arc::clone(&held.reason)) });
                }
            }
            let next_permits = match self.source.next_permits(state, ahead, held.is_some(), now) {
                Ok(next_permits) => next_permits,
                Err(shared) => {
                    let longest_wait =
                        if self.permit_wait == PermitWait::UntilDeadline { time_left } else { Duration::MAX };
                    let place = self.place.get_or_insert_with(|| Place::in_queue(self.gate, state));
                    let lost_after = shared.lost_after(now);
                    state.queue.wait_in_front(place.ticket, &place.notify, lost_after);
                    return Step::Ask(PermitRequest {
                        gate: Arc::clone(self.gate),
                        registry: Arc::clone(self.registry),
                        number: state.pool.begin_request(lost_after),
                        wanted: shared.reservation(self.subject.operation, state.queue.len(), longest_wait),
                        longest_ban: self.subject.longest_ban,
                    });
                }
            };
            if held.is_some()
                || ahead >= next_permits.together
                || next_permits.recheck_at.is_some()
                || next_permits.from > now
            {
                break next_permits;
            }
            match self.registry.bans.admit(&self.subject, now) {
                Err(just_begun) => held = Some(just_begun),
                Ok(probed) => {
                    match next_permits.taken_from {
                        TakenFrom::Nowhere => {}
                        TakenFrom::Pace(rate) => state.pace.record_sent(rate, self.since),
                        TakenFrom::Pool => state.pool.take(),
                    }
                    if let Some(place) = &self.place {
                        state.queue.leave(place.ticket, now);
                    }
                    return Step::Permit(Permit::new(self.registry, probed));
                }
            }
        };

        self.sleep_step(state, ahead, &next_permits, held.as_ref(), deadline, now)
    }

    /// How long to sleep, if there can still be a permit in time.
    fn sleep_step(
        &mut self,
        state: &mut State,
        ahead: usize,
        next_permits: &NextPermits,
        held: Option<&ActiveBan>,
        deadline: Option<Instant>,
        now: Instant,
    ) -> Step {
        let deadline = deadline.filter(|_| self.permit_wait == PermitWait::UntilDeadline);
        let from = held.map_or(next_permits.from, |held| next_permits.from.max(held.until)).max(now);
        let times = |time: Duration, waiters: usize| time.saturating_mul(u32::try_from(waiters).unwrap_or(u32::MAX));
        let later_permits = ahead.saturating_add(1).saturating_sub(next_permits.together);
        let wait = from.saturating_duration_since(now).saturating_add(times(next_permits.spacing, later_permits));
        if deadline.is_some_and(|deadline| now >= deadline || wait > deadline.saturating_duration_since(now)) {
            return Step::Fail(NoPermit { wait: wait.max(next_permits.spacing), ban: None });
        }

        let place = self.place.get_or_insert_with(|| Place::in_queue(self.gate, state));
        let is_due_then = ahead < next_permits.together;
        let mut until = if is_due_then {
            next_permits.recheck_at.map_or(from, |recheck_at| recheck_at.max(from))
        } else if from > now || next_permits.recheck_at.is_some() {
            // The calls ahead are first. If they are not polled, this one finds their permits unused.
            later(from, times(next_permits.spacing.min(WAKE_SPACING), ahead).saturating_add(FRONT_GRACE))
        } else {
            let absent_after = state.queue.absent_after(place.ticket).unwrap_or(now);
            later(absent_after.max(now), Duration::from_millis(1))
        };
        let is_shared = held.is_some_and(|held| held.shared);
        until = deadline.map_or(until, |deadline| until.min(deadline));
        until = if is_shared { until.min(later(now, RECHECK_INTERVAL)) } else { until };
        if is_due_then {
            state.queue.wait_in_front(place.ticket, &place.notify, until);
        } else {
            state.queue.wait(place.ticket, &place.notify, until);
        }
        Step::Sleep(Sleep { until, is_banned: held.is_some(), is_shared })
    }
}

impl<'f> PermitSource<'f> {
    /// When the waiters at the front may get permits. `Err` if the fleet must be asked first, by a waiter that no ban
    /// holds back.
    fn next_permits(
        &mut self,
        state: &mut State,
        ahead: usize,
        is_banned: bool,
        now: Instant,
    ) -> Result<NextPermits, &FleetPermits<'f>> {
        let at_pace = |state: &State, rate: Rate| NextPermits {
            from: state.pace.next_permit(rate).unwrap_or(now),
            recheck_at: None,
            spacing: rate.spacing(),
            together: 1,
            taken_from: TakenFrom::Pace(rate),
        };
        let shared = match self {
            Self::Unlimited => {
                let (spacing, taken_from) = (Duration::ZERO, TakenFrom::Nowhere);
                return Ok(NextPermits { from: now, recheck_at: None, spacing, together: 1, taken_from });
            }
            Self::Own(rate) => return Ok(at_pace(state, *rate)),
            Self::Fleet(shared) => shared,
        };
        let unknown = NextPermits {
            from: now,
            recheck_at: state.pool.reply_expected(now),
            spacing: shared.even,
            together: 1,
            taken_from: TakenFrom::Pool,
        };
        if shared.is_without_fleet() {
            return Ok(at_pace(state, shared.own_part));
        }
        if let Some((from, together)) = state.pool.due(now) {
            return Ok(NextPermits { from, recheck_at: None, together, ..unknown });
        }
        if unknown.recheck_at.is_some() || is_banned {
            return Ok(unknown);
        }
        if ahead > 0 {
            return Ok(if shared.waits_without_fleet() { at_pace(state, shared.own_part) } else { unknown });
        }
        match shared.source() {
            NextSource::Fleet => Err(shared),
            NextSource::OwnPart => Ok(at_pace(state, shared.own_part)),
        }
    }
}
