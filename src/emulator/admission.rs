//! A request on its way through the gateways, with the fault that it meets.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, DATE};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};

use super::answer::Answer;
use super::china_time::push_digits;
use super::context::RequestContext;
use super::delivery::{Delivery, Reply};
use super::fault::{Due, Effect};
use super::gateways::Gateways;
use super::ledger::{Decision, RequestFacts};
use super::request::Received;

const RETRY_AFTER: HeaderName = HeaderName::from_static("x-acs-retry-after");

/// A request that is in, and not yet carried out. Dropping it is what a caller does who hangs up.
#[must_use]
pub(crate) struct Admission<'a> {
    gateways: &'a Gateways,
    received: Received<'a>,
    fault: Option<Due>,
}

impl<'a> Admission<'a> {
    /// Looks which fault the request meets, which may say that it has to wait.
    pub(crate) fn of(request: &'a Request<Bytes>, gateways: &'a Gateways) -> Self {
        let received = Received::read(request);
        let fault = gateways.faults().strike(&received);
        Admission { gateways, received, fault }
    }

    /// How long it has to wait before it is carried out.
    pub(crate) fn wait(&self) -> Option<Duration> {
        match self.fault.as_ref()?.effect() {
            Effect::DelayBefore(pause) => Some(*pause),
            _ => None,
        }
    }

    /// Runs it, and writes it down.
    pub(crate) fn carry_out(mut self) -> Reply {
        let facts = self.gateways.facts(&self.received);
        let Some(due) = self.fault.take() else {
            let context = self.gateways.context(TimeDelta::zero());
            let answer = self.gateways.gateway_answer(&self.received, &context);
            return Reply::from(self.finish(answer, facts, None, &context));
        };
        let ahead = match due.effect() {
            Effect::ClockSkew(ahead) => *ahead,
            _ => TimeDelta::zero(),
        };
        let context = self.gateways.context(ahead);
        let answer = self.answer_under(&due, &context);
        let mut response = self.finish(answer, facts, Some(due.fault.name()), &context);
        if let Effect::Instead(instead) = due.effect()
            && let Some(pause) = instead.retry_after(&due.kind)
        {
            let milliseconds = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(milliseconds));
        }
        let delivery = deform(&mut response, due.effect());
        Reply { response, delivery }
    }

    /// The gateway's answer or the one in its place; the decision is the gateway's own if it was asked.
    fn answer_under(&self, due: &Due, context: &RequestContext<'_>) -> Answer {
        let instead = match due.effect() {
            Effect::Instead(instead) => Some(instead.answer(&due.kind, context)),
            Effect::Reset if !due.executed() => Some(Answer::nothing(due.kind.operation)),
            _ => None,
        };
        match instead {
            None => self.gateways.gateway_answer(&self.received, context),
            Some(instead) if due.executed() => {
                let decision = self.gateways.gateway_answer(&self.received, context).decision;
                Answer { decision, ..instead }
            }
            Some(instead) => instead,
        }
    }

    fn finish(
        &self,
        answer: Answer,
        facts: RequestFacts,
        fault: Option<&'static str>,
        context: &RequestContext<'_>,
    ) -> Response<Bytes> {
        let mut response = Response::new(answer.body);
        *response.status_mut() = answer.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
        insert_date(headers, context);
        self.gateways.record(answer.decision, facts, fault);
        response
    }
}

impl Drop for Admission<'_> {
    /// The fault goes when the request is carried out. One that is left has outlasted its caller's patience.
    fn drop(&mut self) {
        if let Some(due) = self.fault.take() {
            let decision = Decision::refused(due.kind.operation, Cow::Borrowed(Decision::NO_VERDICT));
            self.gateways.record(decision, self.gateways.facts(&self.received), Some(due.fault.name()));
        }
    }
}

fn insert_date(headers: &mut HeaderMap, context: &RequestContext<'_>) {
    let date = http_date(context.now);
    if let Ok(date) = HeaderValue::from_str(&date) {
        headers.insert(DATE, date);
    }
}

/// Such as `Tue, 06 Jan 2026 02:00:00 GMT`.
fn http_date(time: DateTime<Utc>) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let name = |names: &[&'static str], index: u32| {
        usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or_default()
    };
    let mut text = String::with_capacity(29);
    text.push_str(name(&DAYS, time.weekday().num_days_from_monday()));
    text.push_str(", ");
    push_digits(time.day(), 2, &mut text);
    text.push(' ');
    text.push_str(name(&MONTHS, time.month0()));
    text.push(' ');
    push_digits(time.year().unsigned_abs(), 4, &mut text);
    for (mark, number) in [(' ', time.hour()), (':', time.minute()), (':', time.second())] {
        text.push(mark);
        push_digits(number, 2, &mut text);
    }
    text.push_str(" GMT");
    text
}

/// Does to the answer what the fault does to it.
fn deform(response: &mut Response<Bytes>, effect: &Effect) -> Delivery {
    let length = response.body().len();
    let half = length >> 1;
    match effect {
        Effect::Instead(_) | Effect::ClockSkew(_) | Effect::ConnectionRefused(_) => Delivery::Whole,
        Effect::Reset => Delivery::Reset,
        Effect::DelayBefore(pause) | Effect::DelayAfter(pause) => Delivery::Delayed { by: *pause },
        Effect::TornBody => Delivery::Torn { bytes: half },
        Effect::TornJson => {
            response.body_mut().truncate(half);
            Delivery::Whole
        }
        Effect::Garbled => {
            let garble = |(index, byte): (usize, &u8)| if index.is_multiple_of(8) { byte ^ 0xFF } else { *byte };
            *response.body_mut() = response.body().iter().enumerate().map(garble).collect();
            Delivery::Whole
        }
        Effect::WrongGzip => {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Delivery::Whole
        }
        Effect::Oversized(length) => Delivery::Padded { length: *length },
        Effect::SlowDrip(pause) => Delivery::Dripped { pause: *pause },
    }
}

impl Answer {
    fn nothing(operation: &'static str) -> Self {
        Self {
            status: http::StatusCode::OK,
            content_type: "text/plain",
            body: Bytes::new(),
            decision: Decision::refused(operation, Decision::NO_VERDICT),
        }
    }
}
