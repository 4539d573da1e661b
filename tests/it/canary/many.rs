//! Workflows of many calls: streams, reports, searches for bindings.

use futures_util::StreamExt;
use privacy_number::aliyun::{BindAxb, BindAxb700, HttpMethod};
use privacy_number::{Format, Private, aliyun, top};

use super::answers::{self, Fault};
use super::call::{shown_causes, shown_error};
use super::{Run, for_sentinels, settings};
use crate::capture::logs_of;
use crate::raw_server::RawServer;
use crate::samples::Clients;

/// Clients of a gateway that sends these answers in order.
async fn gateway(run: &mut Run, script: &[(&str, Fault)]) -> (RawServer, Clients) {
    let Run { s, rng, .. } = run;
    let replies = script.iter().map(|(name, fault)| answers::reply(name, *fault, Format::Json, s, rng));
    let server = RawServer::start(replies.collect::<Vec<_>>()).await;
    let clients = run.clients(&server.aliyun_endpoint(), Format::Json, HttpMethod::Post, settings());
    (server, clients)
}

#[test]
fn nothing_is_shown_of_any_number_of_orders() {
    for_sentinels(async |run| {
        let faults = [Fault::None, Fault::EchoingError, Fault::Html];
        let (_server, clients) = gateway(run, &faults.map(|fault| ("taobao.top.oaid.decrypt", fault))).await;
        let oaid = run.s.texts.oaid.clone();
        let query = move |tid: u32| top::ReceiverQuery::builder().oaid(&*oaid).tid(tid.to_string()).build();
        let stream = clients.shop.decrypt_all((2001..=2061).map(query)).concurrency(1);
        run.assert_shows_nothing(&(&stream, stream.progress()), "stream");
        let (results, logs) = logs_of(stream.collect::<Vec<_>>()).await;
        run.search.assert_clean(&logs, "stream");
        assert_eq!(results.len(), 61);
        run.assert_shows_nothing(&results, "results");
        for error in results.iter().filter_map(|one| one.result.as_ref().err()) {
            run.assert_error_shows_nothing(error, "order");
        }
        assert!(results.iter().any(|one| one.result.is_err()));
    });
}

#[test]
fn nothing_is_shown_of_changes_of_callers() {
    for_sentinels(async |run| {
        let (query, update) = ("taobao.top.secret.group.query", "taobao.top.secret.group.update");
        for script in
            [[(query, Fault::None), (update, Fault::EchoingError)], [(query, Fault::WrongKind), (update, Fault::Html)]]
        {
            let (_server, clients) = gateway(run, &script).await;
            let s = &run.s;
            // A reported caller, a new one, and an invalid one.
            let callers = [&*s.texts.caller, &*s.texts.landline, &*s.texts.extension, &*s.texts.name];
            let change = clients.shop.ensure_callers(&*s.texts.oaid, callers).number(&*s.texts.range_700);
            run.assert_shows_nothing(&change, "change");
            let (result, logs) = logs_of(change.into_future()).await;
            run.search.assert_clean(&logs, "callers");
            match result {
                Ok(report) => {
                    run.assert_shows_nothing(&report, "report");
                    report.failure.iter().for_each(|error| run.assert_error_shows_nothing(error, "report"));
                }
                Err(error) => run.assert_error_shows_nothing(&error, "callers"),
            }
            let orders = [(Private::from(&*s.texts.oaid), Some(s.texts.range_700.as_str().into()))];
            let all = clients.shop.ensure_callers_of_all(orders, callers, 2);
            let (results, logs) = logs_of(all.collect::<Vec<_>>()).await;
            run.search.assert_clean(&logs, "callers of all");
            run.assert_shows_nothing(&results, "callers of all");
        }
    });
}

#[test]
fn nothing_is_shown_of_bindings_that_are_looked_for_renewed_and_removed() {
    for_sentinels(async |run| {
        let script = [
            ("BindAxb", Fault::Reset),
            ("QuerySubsId", Fault::EchoingError),
            ("BindAxb", Fault::None),
            ("UpdateSubscription", Fault::EchoingError),
            ("UnbindSubscription", Fault::FailureInside),
        ];
        let (server, clients) = gateway(run, &script).await;
        let s = &run.s;
        let bind = BindAxb::builder().pool_key("FC123456").phone_no_a(&*s.texts.phone_a).phone_no_b(&*s.texts.phone_b);
        let bind = bind.phone_no_x(&*s.texts.phone_x).out_id(&*s.texts.remark);
        let bind = bind.expiration(crate::clients::instant() + chrono::TimeDelta::days(1)).build();
        let (result, mut logs) = logs_of(clients.aliyun.bind_reconciled(&bind)).await;
        let error: aliyun::BindError = result.unwrap_err();
        assert!(error.needs_reconciling());
        run.assert_shows_nothing(&error, "lost binding");
        run.search.assert_clean(&format!("{error}\n{}\n{}", shown_causes(&error), shown_error(&error.error)), "lost");
        let (result, of_bind) = logs_of(clients.aliyun.bind_reconciled(&bind)).await;
        let mut binding = result.unwrap();
        run.assert_shows_nothing(&binding, "binding");
        let later = crate::clients::instant() + chrono::TimeDelta::days(2);
        let (renewed, of_renewal) = logs_of(clients.aliyun.renew(&mut binding, later)).await;
        run.assert_error_shows_nothing(&renewed.unwrap_err(), "renewal");
        let (unbound, of_unbinding) = logs_of(clients.aliyun.unbind(&binding)).await;
        run.assert_error_shows_nothing(&unbound.unwrap_err(), "unbinding");
        logs.extend([of_bind, of_renewal, of_unbinding]);
        run.search.assert_clean(&logs, "bindings");
        assert_eq!(server.requests().len(), script.len());
    });
}

#[test]
fn nothing_is_shown_of_bindings_of_700_numbers_that_are_lost_renewed_and_removed() {
    for_sentinels(async |run| {
        let script = [
            ("BindAxb700", Fault::Reset),
            ("BindAxb700", Fault::None),
            ("UpdateSubs700", Fault::EchoingError),
            ("UnbindSubs700", Fault::EchoingError),
        ];
        let (server, clients) = gateway(run, &script).await;
        let s = &run.s;
        let bind = BindAxb700::builder().pool_key("FC123456").tel_a(&*s.texts.phone_a).tel_b(&*s.texts.phone_b);
        let bind = bind.tel_x(&*s.texts.range_700).order_id("order-1").out_id(&*s.texts.remark);
        let bind = bind.expiration(crate::clients::instant() + chrono::TimeDelta::days(1)).build();
        let (result, mut logs) = logs_of(clients.aliyun.bind_reconciled(&bind)).await;
        let error = result.unwrap_err();
        assert!(error.needs_reconciling() && error.to_string().contains("order-1"), "{error}");
        run.assert_shows_nothing(&error, "lost binding");
        run.search.assert_clean(&format!("{error}\n{}\n{}", shown_causes(&error), shown_error(&error.error)), "lost");
        let (result, of_bind) = logs_of(clients.aliyun.bind_reconciled(&bind)).await;
        let mut binding = result.unwrap();
        run.assert_shows_nothing(&(&binding, binding.exposed()), "binding");
        // A canary's X and id may be anything; the next requests need their form.
        (binding.secret_no, binding.subs_id) = (s.texts.range_700.as_str().into(), "1000000000000000001".to_owned());
        let later = crate::clients::instant() + chrono::TimeDelta::days(2);
        let (renewed, of_renewal) = logs_of(clients.aliyun.renew(&mut binding, later)).await;
        run.assert_error_shows_nothing(&renewed.unwrap_err(), "renewal");
        let (unbound, of_unbinding) = logs_of(clients.aliyun.unbind(&binding)).await;
        run.assert_error_shows_nothing(&unbound.unwrap_err(), "unbinding");
        logs.extend([of_bind, of_renewal, of_unbinding]);
        run.search.assert_clean(&logs, "bindings of 700 numbers");
        assert_eq!(server.requests().len(), script.len());
    });
}
