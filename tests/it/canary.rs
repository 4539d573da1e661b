//! No private text and no secret is ever shown: not by `Debug`, not by `Display`, not in any log line of any crate,
//! whatever the request, whatever the response. Sentinels and the positions of faults are new in every run. Each run
//! tests all operations. `PROPTEST_CASES` sets the number of runs.

mod answers;
mod around;
mod call;
mod coverage;
mod invalid;
mod many;
mod receipts;
mod search;
mod sentinels;
mod unsent;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::Duration;

use privacy_number::aliyun::{self, Credentials, HttpMethod, SignatureVersion};
use privacy_number::{Error, Format, Limits, RetryPolicy, Settings, top};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::capture::logs_of;
use crate::raw_server::{RawServer, Reply};
use crate::samples::Clients;
use answers::Fault;
use call::{AnyCall, shown, shown_error};
use search::Search;
use sentinels::{Sentinels, sentinels};

/// The values of one run.
struct Run {
    s: Sentinels,
    search: Search,
    /// Chooses the positions of faults.
    rng: fastrand::Rng,
}

impl Run {
    fn assert_shows_nothing(&self, value: &impl Debug, what: &str) {
        self.search.assert_clean(&shown(value), what);
    }

    fn assert_error_shows_nothing(&self, error: &Error, what: &str) {
        self.search.assert_clean(&shown_error(error), what);
        let line = error.to_string();
        assert!(!line.contains("http://") && !line.contains('\n'), "{what}: {line}");
    }

    /// Sends a request, and searches its logs, its response and its error.
    async fn send(&self, call: &dyn AnyCall, clients: &Clients, what: &str) -> Result<(), Error> {
        let what = format!("{} {what}", call.name());
        let (result, logs) = logs_of(call.send(clients)).await;
        self.search.assert_clean(&logs, &what);
        if let Err(error) = &result {
            self.assert_error_shows_nothing(error, &what);
        }
        result.map(|shown| self.search.assert_clean(&shown, &what))
    }

    /// Clients whose every key is a sentinel; `host` is `http://127.0.0.1:1/`.
    fn clients(&self, host: &str, format: Format, method: HttpMethod, settings: Settings) -> Clients {
        self.clients_signing(SignatureVersion::V1_0, host, format, method, settings)
    }

    fn clients_signing(
        &self,
        version: SignatureVersion,
        host: &str,
        format: Format,
        method: HttpMethod,
        settings: Settings,
    ) -> Clients {
        let s = &self.s;
        let top = top::Client::builder().app(&*s.app_key, &*s.app_secret).format(format);
        let top = top.endpoint(format!("{host}router/rest")).settings(settings.clone());
        let credentials = Credentials::new(&*s.access_key_id, &*s.access_key_secret).security_token(&*s.security_token);
        let aliyun = aliyun::Client::builder().credentials(credentials.clone()).endpoint_of_all(host);
        let aliyun = aliyun.format(format).method(method).signature_version(version).settings(settings);
        self.search.assert_clean(&[shown(&credentials), shown(&top), shown(&aliyun)].concat(), "builder");
        let top = top.build().unwrap();
        let clients = Clients { shop: top.shop(&*s.session), top, aliyun: aliyun.build().unwrap() };
        self.search
            .assert_clean(&[shown(&clients.top), shown(&clients.shop), shown(&clients.aliyun)].concat(), "client");
        clients
    }
}

/// Runs a test several times, each time with other sentinels.
fn for_sentinels(test: impl AsyncFn(&mut Run)) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let config = ProptestConfig { cases, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tested = TestRunner::new(config).run(&(sentinels(), any::<u64>()), |(s, seed)| {
        let mut run = Run { search: Search::new(&s), s, rng: fastrand::Rng::with_seed(seed) };
        runtime.block_on(test(&mut run));
        Ok(())
    });
    tested.unwrap_or_else(|failure| panic!("{failure}"));
}

fn settings() -> Settings {
    let settings = crate::clients::once().attempt_timeout(Duration::from_secs(5)).retry(RetryPolicy::never());
    settings.max_body(answers::MAX_BODY).limits(Limits::none())
}

#[test]
fn nothing_is_shown_whatever_the_gateway_answers() {
    for_sentinels(async |run| {
        let calls = call::calls(&run.s);
        let faults = Fault::ALL.iter().filter(|fault| **fault != Fault::Silence);
        let (post, get) = (HttpMethod::Post, HttpMethod::Get);
        let ways = [
            (SignatureVersion::V1_0, Format::Json, post),
            (SignatureVersion::V1_0, Format::Json, get),
            (SignatureVersion::V1_0, Format::Xml, post),
            (SignatureVersion::V1_0, Format::Xml, get),
            (SignatureVersion::Acs3, Format::Json, post),
            (SignatureVersion::Acs3, Format::Json, get),
        ];
        let mut script = Vec::new();
        for (call, fault) in calls.iter().flat_map(|call| faults.clone().map(move |fault| (call, *fault))) {
            let way = run.rng.usize(..ways.len());
            let (_, format, _) = ways[way];
            script.push((call, fault, way, answers::reply(call.name(), fault, format, &run.s, &mut run.rng)));
        }
        let server = RawServer::start(script.iter().map(|(.., reply)| reply.clone())).await;
        let host = server.aliyun_endpoint();
        let clients =
            ways.map(|(version, format, method)| run.clients_signing(version, &host, format, method, settings()));
        for (call, fault, way, reply) in &script {
            run.search.assert_clean(&call.shown(), "request");
            let what = format!("{:?} {:?}", ways[*way], fault);
            let (result, logs) = logs_of(call.send(&clients[*way])).await;
            assert!(logs.contains("call succeeded") || logs.contains("attempt failed"), "{what}: the crate's events");
            assert!(logs.contains("hyper") && logs.contains("reqwest"), "{what}: the HTTP library's events\n{logs}");
            run.search.assert_clean(&logs, &format!("{} {what}", call.name()));
            match result {
                // A value in another field's place is read as that field's.
                Ok(_) if fault.may_be_read() => {}
                Ok(shown) => {
                    assert_eq!(*fault, Fault::None, "{} {what} must fail: {reply:?}", call.name());
                    run.search.assert_clean(&shown, &what);
                }
                Err(error) => {
                    assert_ne!(*fault, Fault::None, "{} {what}: {error}", call.name());
                    run.assert_error_shows_nothing(&error, &format!("{} {what}", call.name()));
                }
            }
        }
        let sent = server.requests();
        assert_eq!(sent.len(), script.len());
        run.assert_full_of_sentinels(&sent.concat());
    });
}

impl Run {
    /// Asserts that the sentinels that are shown nowhere were sent.
    fn assert_full_of_sentinels(&self, sent: &str) {
        let found: BTreeSet<_> = self.search.found_in(sent).into_iter().collect();
        let s = &self.s;
        let never_sent = [&*s.app_secret, &*s.access_key_secret, &*s.words, &*s.link];
        let all: BTreeSet<_> = s.all().into_iter().collect();
        let missing: Vec<_> = all.difference(&found).copied().collect();
        assert_eq!(missing.into_iter().collect::<BTreeSet<_>>(), never_sent.into(), "secrets sign and are not sent");
    }
}

#[test]
fn nothing_is_shown_when_no_response_comes() {
    for_sentinels(async |run| {
        let server = RawServer::start([Reply::Silence]).await;
        let settings = settings().attempt_timeout(Duration::from_millis(5));
        let method = if run.rng.bool() { HttpMethod::Get } else { HttpMethod::Post };
        let clients = run.clients(&server.aliyun_endpoint(), Format::Json, method, settings);
        for call in call::calls(&run.s) {
            let error = run.send(&*call, &clients, "silence").await.unwrap_err();
            assert!(error.is_timeout(), "{error}");
        }
    });
}

#[test]
fn the_search_finds_what_is_shown() {
    for_sentinels(async |run| {
        // Each of these would be a leak. The search must find it.
        let s = &run.s;
        let ((), logs) = logs_of(async {
            tracing::debug!(phone = s.texts.phone_a, "leak");
            tracing_log::log::trace!("body: {}", crate::form::escape(&s.texts.name));
            tracing::trace!("{}", s.texts.address.as_bytes().escape_ascii());
        })
        .await;
        assert_eq!(run.search.found_in(&logs), [&*s.texts.phone_a, &*s.texts.name, &*s.texts.address]);
        let shown = format!("{:?}", privacy_number::Secret::from(&*s.session).expose());
        assert_eq!(run.search.found_in(&shown), [&*s.session]);
    });
}
