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
use super::ledger::{Decision, RequestFacts};
use super::request::Received;

/// A request that has arrived and is not executed yet. Drop it if the client disconnects.
#[must_use]
pub(crate) struct PendingRequest<'a> {
    gateways: &'a Gateways,
    received: Received<'a>,
    fault: Option<MatchedFault>,
}

impl<'a> PendingRequest<'a> {
    /// Parses the request and finds the fault that applies to it.
    pub(crate) fn new(request: &'a Request<Bytes>, gateways: &'a Gateways) -> Self {
        let received = Received::new(request);
        let fault = gateways.faults().next_for(&received);
        Self { gateways, received, fault }
    }

    /// How long to wait before the execution.
    pub(crate) fn delay(&self) -> Option<Duration> {
        self.fault.as_ref()?.fault.delay_before_execution()
    }

    /// Executes the request and records it in the ledger.
    pub(crate) fn execute(mut self) -> Reply {
        let facts = self.gateways.facts(&self.received);
        let Some(MatchedFault { fault, kind }) = self.fault.take() else {
            let context = self.gateways.context(TimeDelta::zero());
            let answer = self.gateways.gateway_response(&self.received, &context);
            return Reply::from(self.finish(answer, facts, None, &context));
        };
        let context = self.gateways.context(fault.clock_ahead());
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

    fn finish(
        &self,
        answer: GatewayResponse,
        facts: RequestFacts,
        fault: Option<&'static str>,
        context: &RequestContext<'_>,
    ) -> Response<Bytes> {
        let mut response = Response::new(answer.body);
        *response.status_mut() = answer.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
        // `httpdate` panics outside the years 1970 to 9999, and a test can set the clock to any year.
        let date = context.now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = HeaderValue::from_str(&date) {
            headers.insert(DATE, date);
        }
        self.gateways.record(answer.decision, facts, fault);
        response
    }
}

impl Drop for PendingRequest<'_> {
    /// Records a request whose client disconnected during the delay before the execution. An execution takes the fault.
    fn drop(&mut self) {
        if let Some(MatchedFault { fault, kind }) = self.fault.take() {
            let decision = Decision::refused(kind.operation, Cow::Borrowed(Decision::NO_CODE));
            self.gateways.record(decision, self.gateways.facts(&self.received), Some(fault.name()));
        }
    }
}
