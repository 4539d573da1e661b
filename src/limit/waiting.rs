//! How one call waits for its turn: it looks at the queue, the pace and the bans whenever it is polled, and sleeps
//! without a lock in between.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::bans::Held;
use super::call::{Patience, Subject, TooLate};
use super::common::{Common, Permit};
use super::fleet::{Fleet, Question, Shared, Source};
use super::gate::{Gate, Place, State};
use super::instant::later;
use super::pace::Rate;
use super::queue::SLACK;
use super::shared::Reserved;

/// How much longer than the one before it a waiter leaves it to those ahead to take their turns, at most: so much that
/// a long queue does not wake up all at once.
const STEP: Duration = Duration::from_micros(600);

/// How often a call that waits looks whether a ban was lifted on another machine, or the fleet's queue got shorter.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Where turns come from.
enum Supply<'f> {
    Unlimited,
    Own(Rate),
    Fleet(Shared<'f>),
}

/// One call on its way to a turn.
pub(super) struct Waiting<'a> {
    common: &'a Arc<Common>,
    gate: &'a Arc<Gate>,
    fleet: Option<&'a Arc<Fleet>>,
    subject: Subject<'a>,
    supply: Supply<'a>,
    patience: Patience,
    /// Since when it waits for the pace: what it waited for the fleet is not made up for.
    since: Instant,
    /// From the first time on that it had to wait.
    place: Option<Place<'a>>,
}

pub(super) enum Step {
    Permit(Permit),
    Fail(TooLate),
    Sleep(Sleep),
    /// Ask the fleet for turns.
    Ask(Question),
}

pub(super) struct Sleep {
    until: Instant,
    is_banned: bool,
    /// Whether the ban may be lifted on another machine.
    is_shared: bool,
}

/// When the waiters in front may go.
struct Opening {
    from: Instant,
    /// When to look again, if that is not when it may go.
    look_again: Option<Instant>,
    spacing: Duration,
    /// How many of them may go then.
    together: usize,
    counted: Counted,
}

/// What a turn is taken from.
enum Counted {
    Nowhere,
    Pace(Rate),
    Pool,
}

impl<'a> Waiting<'a> {
    pub(super) fn new(
        common: &'a Arc<Common>,
        gate: &'a Arc<Gate>,
        fleet: Option<&'a Arc<Fleet>>,
        subject: Subject<'a>,
        limit: Option<u32>,
        patience: Patience,
    ) -> Self {
        let supply = match (limit, fleet) {
            (None, _) => Supply::Unlimited,
            (Some(limit), None) => Supply::Own(Rate::of(limit)),
            (Some(limit), Some(fleet)) => Supply::Fleet(fleet.supply(limit)),
        };
        Self { common, gate, fleet, subject, supply, patience, since: Instant::now(), place: None }
    }

    /// Goes on from a first step until there is a turn, or until there cannot be one in time.
    pub(super) async fn permit(mut self, mut step: Step, deadline: &mut Option<Instant>) -> Result<Permit, TooLate> {
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
                Step::Ask(question) => self.ask(question, *deadline).await?,
            }
            if self.patience == Patience::OfWorkflow && !is_banned {
                *deadline = deadline.map(|deadline| later(deadline, began.elapsed()));
            }
            step = self.step(*deadline);
        }
    }

    /// Asks the fleet for bans, if that is due. Those that come later wait behind this call, and not for it.
    pub(super) async fn check_bans(&mut self, deadline: Option<Instant>) {
        let Some(fleet) = self.fleet else { return };
        let is_limited = matches!(self.supply, Supply::Fleet(_));
        let due = fleet.ban_checks_due(self.common, &self.subject, is_limited);
        if due.is_empty() {
            return;
        }
        if is_limited {
            let mut guard = self.gate.lock();
            let state = &mut *guard;
            let place = self.place.get_or_insert_with(|| Place::in_queue(self.gate, state));
            state.queue.wait_in_front(place.ticket, &place.bell, Instant::now());
        }
        let took = fleet.check_bans(self.common, due, self.subject.longest_ban, deadline).await;
        if let Supply::Fleet(shared) = &mut self.supply {
            shared.waited(took);
        }
        self.since = Instant::now();
    }

    async fn sleep(&self, until: Instant) {
        match &self.place {
            Some(place) => _ = tokio::time::timeout_at(until, place.bell.notified()).await,
            None => tokio::time::sleep_until(until).await,
        }
    }

    async fn ask(&mut self, question: Question, deadline: Option<Instant>) -> Result<(), TooLate> {
        let (Supply::Fleet(shared), Some(place)) = (&mut self.supply, &self.place) else { return Ok(()) };
        let deadline = deadline.filter(|_| self.patience == Patience::OfCall);
        let answer = shared.ask(question, deadline).await;
        self.since = Instant::now();
        match answer {
            None => Err(TooLate { wait: shared.even, ban: None }),
            Some(Ok(Reserved::TooLate(wait))) if deadline.is_some() => Err(TooLate { wait, ban: None }),
            Some(Ok(Reserved::TooLate(wait))) => {
                let until = later(self.since, wait.min(LOOK_AGAIN));
                self.gate.lock().queue.wait_in_front(place.ticket, &place.bell, until);
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
        let ahead = match self.supply {
            Supply::Unlimited => 0,
            Supply::Own(_) | Supply::Fleet(_) => state.queue.ahead(ticket, now),
        };
        let mut held = self.common.bans.held(&self.subject, now);
        let opening = loop {
            if let Some(held) = &held {
                let wait = held.until.saturating_duration_since(now);
                if wait > time_left {
                    return Step::Fail(TooLate { wait, ban: Some(Arc::clone(&held.reason)) });
                }
            }
            let opening = match self.supply.opening(state, ahead, held.is_some(), now) {
                Ok(opening) => opening,
                Err(shared) => {
                    let longest_wait = if self.patience == Patience::OfCall { time_left } else { Duration::MAX };
                    let place = self.place.get_or_insert_with(|| Place::in_queue(self.gate, state));
                    let lost_after = shared.lost_after(now);
                    state.queue.wait_in_front(place.ticket, &place.bell, lost_after);
                    return Step::Ask(Question {
                        gate: Arc::clone(self.gate),
                        common: Arc::clone(self.common),
                        number: state.pool.ask(lost_after),
                        wanted: shared.reservation(self.subject.operation, state.queue.len(), longest_wait),
                        longest_ban: self.subject.longest_ban,
                    });
                }
            };
            if held.is_some() || ahead >= opening.together || opening.look_again.is_some() || opening.from > now {
                break opening;
            }
            match self.common.bans.pass(&self.subject, now) {
                Err(just_begun) => held = Some(just_begun),
                Ok(probed) => {
                    match opening.counted {
                        Counted::Nowhere => {}
                        Counted::Pace(rate) => state.pace.go(rate, self.since),
                        Counted::Pool => state.pool.take(),
                    }
                    if let Some(place) = &self.place {
                        state.queue.leave(place.ticket, now);
                    }
                    return Step::Permit(Permit::new(self.common, probed));
                }
            }
        };

        self.sleep_step(state, ahead, &opening, held.as_ref(), deadline, now)
    }

    /// How long to sleep, if the turn can still come in time.
    fn sleep_step(
        &mut self,
        state: &mut State,
        ahead: usize,
        opening: &Opening,
        held: Option<&Held>,
        deadline: Option<Instant>,
        now: Instant,
    ) -> Step {
        let deadline = deadline.filter(|_| self.patience == Patience::OfCall);
        let from = held.map_or(opening.from, |held| opening.from.max(held.until)).max(now);
        let times = |time: Duration, waiters: usize| time.saturating_mul(u32::try_from(waiters).unwrap_or(u32::MAX));
        let later_ones = ahead.saturating_add(1).saturating_sub(opening.together);
        let wait = from.saturating_duration_since(now).saturating_add(times(opening.spacing, later_ones));
        if deadline.is_some_and(|deadline| now >= deadline || wait > deadline.saturating_duration_since(now)) {
            return Step::Fail(TooLate { wait: wait.max(opening.spacing), ban: None });
        }

        let place = self.place.get_or_insert_with(|| Place::in_queue(self.gate, state));
        let may_go_then = ahead < opening.together;
        let mut until = if may_go_then {
            opening.look_again.map_or(from, |look_again| look_again.max(from))
        } else if from > now || opening.look_again.is_some() {
            // Those ahead go first. If nobody polls them, this one finds their turns unused.
            later(from, times(opening.spacing.min(STEP), ahead).saturating_add(SLACK))
        } else {
            let absent_after = state.queue.absent_after(place.ticket).unwrap_or(now);
            later(absent_after.max(now), Duration::from_millis(1))
        };
        let is_shared = held.is_some_and(|held| held.shared);
        until = deadline.map_or(until, |deadline| until.min(deadline));
        until = if is_shared { until.min(later(now, LOOK_AGAIN)) } else { until };
        if may_go_then {
            state.queue.wait_in_front(place.ticket, &place.bell, until);
        } else {
            state.queue.wait(place.ticket, &place.bell, until);
        }
        Step::Sleep(Sleep { until, is_banned: held.is_some(), is_shared })
    }
}

impl<'f> Supply<'f> {
    /// When the waiters in front may go. If it must ask the fleet first, whom: only a waiter that nothing holds back.
    fn opening(
        &mut self,
        state: &mut State,
        ahead: usize,
        is_held: bool,
        now: Instant,
    ) -> Result<Opening, &Shared<'f>> {
        let at_pace = |state: &State, rate: Rate| Opening {
            from: state.pace.next_permit(rate).unwrap_or(now),
            look_again: None,
            spacing: rate.spacing(),
            together: 1,
            counted: Counted::Pace(rate),
        };
        let shared = match self {
            Self::Unlimited => {
                let (spacing, counted) = (Duration::ZERO, Counted::Nowhere);
                return Ok(Opening { from: now, look_again: None, spacing, together: 1, counted });
            }
            Self::Own(rate) => return Ok(at_pace(state, *rate)),
            Self::Fleet(shared) => shared,
        };
        let unknown = Opening {
            from: now,
            look_again: state.pool.answer_expected(now),
            spacing: shared.even,
            together: 1,
            counted: Counted::Pool,
        };
        if shared.goes_alone() {
            return Ok(at_pace(state, shared.alone));
        }
        if let Some((from, together)) = state.pool.due(now) {
            return Ok(Opening { from, look_again: None, together, ..unknown });
        }
        if unknown.look_again.is_some() || is_held {
            return Ok(unknown);
        }
        if ahead > 0 {
            return Ok(if shared.waits_alone() { at_pace(state, shared.alone) } else { unknown });
        }
        match shared.source() {
            Source::Ask => Err(shared),
            Source::Alone => Ok(at_pace(state, shared.alone)),
        }
    }
}
