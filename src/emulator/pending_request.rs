//! A request between its arrival and its execution, with the fault that applies to it.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderValue, Request, Response};

use super::answer::GatewayResponse;
use super::context::RequestContext;
use super::delivery::Reply;
use super::fault::MatchedFault;
use super::gateways::Gateways;
use super::inspections::Inspected;
use super::ledger::{Decision, RequestFacts};
use super::mns::{self, LongPoll};
use super::request::Received;

/// A request that has arrived and is not executed yet. Drop it if the client disconnects.
#[must_use]
pub(crate) struct PendingRequest<'a> {
    gateways: &'a Gateways,
    received: Received<'a>,
    fault: Option<MatchedFault>,
    /// Whether the request was verified before it waited for a message.
    is_verified: bool,
}

impl<'a> PendingRequest<'a> {
    /// Parses the request and finds the fault that applies to it.
    pub(crate) fn new(request: &'a Request<Bytes>, gateways: &'a Gateways) -> Self {
        let received = Received::new(request);
        let fault = gateways.faults().next_for(&received);
        Self { gateways, received, fault, is_verified: false }
    }

    /// How long to wait before the execution.
    pub(crate) fn delay(&self) -> Option<Duration> {
        self.fault.as_ref()?.fault.delay_before_execution()
    }

    /// How to wait for a message before the execution. The request is then verified, and it is not verified again when
    /// it is executed: its time or its token can expire while it waits.
    pub(crate) fn long_poll(&mut self) -> Option<LongPoll> {
        let fault = self.fault.as_ref().map(|matched| &matched.fault);
        if fault.is_some_and(|fault| fault.prevents_execution()) {
            return None;
        }
        let ahead = fault.map_or(TimeDelta::zero(), |fault| fault.clock_ahead());
        let poll = self.gateways.long_poll(&self.received, ahead)?;
        self.is_verified = true;
        Some(poll)
    }

    /// Executes the request and records it in the ledger.
    pub(crate) fn execute(mut self) -> Reply {
        let facts = self.gateways.facts(&self.received);
        let Some(MatchedFault { fault, kind }) = self.fault.take() else {
            let context = self.context(TimeDelta::zero());
            let answer = self.gateways.gateway_response(&self.received, &context);
            return Reply::from(self.finish(answer, facts, None, &context));
        };
        let context = self.context(fault.clock_ahead());
        let answer = match fault.substitute(&kind, &context) {
            None => self.gateways.gateway_response(&self.received, &context),
            // The ledger has the decision of the gateway.
            Some(substitute) if fault.is_executed() => {
                let decision = self.gateways.gateway_response(&self.received, &context).decision;
                GatewayResponse { decision, ..substitute }
            }
            Some(substitute) => substitute,
        };
        let mut response = self.finish(answer, facts, Some(fault.name()), &context);
        let delivery = fault.apply(&mut response, &kind);
        Reply { response, delivery }
    }

    fn context(&self, ahead: TimeDelta) -> RequestContext<'a> {
        RequestContext { is_verified: self.is_verified, ..self.gateways.context(ahead) }
    }

    fn finish(
        &self,
        answer: GatewayResponse,
        facts: RequestFacts,
        fault: Option<&'static str>,
        context: &RequestContext<'_>,
    ) -> Response<Bytes> {
        let inspected = Inspected::new(self.received.request, answer.status, &answer.body);
        let mut response = Response::new(answer.body);
        *response.status_mut() = answer.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
        // `httpdate` panics outside the years 1970 to 9999, and a test can set the clock to any year.
        let date = context.now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = HeaderValue::from_str(&date) {
            headers.insert(DATE, date);
        }
        let request_id = answer.decision.request_id.as_deref();
        let is_mns = mns::queue_of_path(self.received.request.uri().path()).is_some();
        if let Some(Ok(request_id)) = request_id.filter(|_| is_mns).map(HeaderValue::from_str) {
            headers.insert(mns::REQUEST_ID_HEADER, request_id);
            headers.insert(mns::VERSION_HEADER, HeaderValue::from_static(mns::VERSION));
        }
        self.gateways.record(answer.decision, facts, fault, inspected);
        response
    }
}

impl Drop for PendingRequest<'_> {
    /// Records a request whose client disconnected during the delay before the execution. An execution takes the fault.
    fn drop(&mut self) {
        if let Some(MatchedFault { fault, kind }) = self.fault.take() {
            let decision = Decision::refused(kind.operation, Cow::Borrowed(Decision::NO_CODE));
            self.gateways.record(decision, self.gateways.facts(&self.received), Some(fault.name()), None);
        }
    }
}
