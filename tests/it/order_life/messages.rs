//! The consumer of messages: at least once, nothing lost when it is killed, no handler twice within a run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use privacy_number::Operation;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::top::{
    Event, MessageProgress, Messages, TmcMessage, TmcMessagesConfirm, TmcMessagesConsume, TmcUserPermit,
};
use tokio::sync::{Notify, oneshot};

use super::{client_of, count, emulator, shop_of, tid};

/// How often each message was handled, by its id.
#[derive(Clone, Default)]
struct Handled(Arc<Mutex<HashMap<u64, u32>>>);

impl Handled {
    fn add(&self, message: &TmcMessage) {
        *self.0.lock().unwrap().entry(message.id.get()).or_default() += 1;
    }

    fn counts(&self) -> Vec<u32> {
        self.0.lock().unwrap().values().copied().collect()
    }
}

/// An emulator with messages of changed addresses.
async fn with_messages(messages: usize) -> Emulator {
    let emulator = emulator(messages).await;
    shop_of(&emulator).send(&TmcUserPermit::all_topics()).await.unwrap();
    for order in 1..=messages {
        emulator.gateways().change_address(&tid(order)).unwrap();
    }
    emulator
}

fn queued(emulator: &Emulator) -> usize {
    emulator.gateways().messages().as_array().unwrap().len()
}

/// The clock of the emulator is stopped: messages that were taken come again after this.
fn redeliver(emulator: &Emulator) {
    emulator.clock().advance(Duration::from_secs(5 * 60));
}

fn messages_of(emulator: &Emulator) -> Messages {
    client_of(emulator).messages().longest_pause(Duration::from_millis(10))
}

/// Runs a consumer until no message is queued.
async fn drain(emulator: &Emulator, handled: &Handled) {
    let (handled, done) = (handled.clone(), Arc::new(Notify::new()));
    let confirmed = Arc::clone(&done);
    let run = messages_of(emulator)
        .run(move |message| {
            handled.add(&message);
            async { Ok::<(), ()>(()) }
        })
        .on_progress(move |progress| {
            if matches!(progress, MessageProgress::Confirmed(_) | MessageProgress::Taken(0)) {
                confirmed.notify_one();
            }
        });
    let is_empty = async {
        while queued(emulator) > 0 {
            done.notified().await;
        }
    };
    tokio::select! {
        result = run.into_future() => panic!("{result:?}"),
        () = is_empty => {}
    }
}

#[tokio::test]
async fn each_message_is_handled_once_and_confirmed() {
    let emulator = with_messages(250).await;
    let handled = Handled::default();
    drain(&emulator, &handled).await;
    assert_eq!((handled.counts(), queued(&emulator)), (vec![1; 250], 0));
    assert!(count::<TmcMessagesConfirm>(&emulator) <= 3);
}

#[tokio::test]
async fn nothing_is_lost_when_the_consumer_is_killed_at_any_moment() {
    let emulator = with_messages(120).await;
    let handled = Handled::default();
    for round in 0..20 {
        let handler = {
            let handled = handled.clone();
            move |message: TmcMessage| {
                let handled = handled.clone();
                async move {
                    tokio::time::sleep(Duration::from_millis(message.id.get() % 5)).await;
                    handled.add(&message);
                    Ok::<(), ()>(())
                }
            }
        };
        let run = messages_of(&emulator).quantity(20).run(handler).concurrency(4).into_future();
        // Dropped: no message is confirmed that was not handled.
        drop(tokio::time::timeout(Duration::from_millis(3 * round), run).await);
        let handled = handled.0.lock().unwrap().len();
        assert!(queued(&emulator) + handled >= 120, "a message is confirmed only after its handler");
        redeliver(&emulator);
    }
    drain(&emulator, &handled).await;
    assert_eq!(handled.counts().len(), 120, "each at least once");
}

#[tokio::test]
async fn a_lost_confirmation_leads_to_no_second_handler_in_the_same_run() {
    for fault in [Fault::reset_before_execution(), Fault::reset_after_execution()] {
        let emulator = with_messages(5).await;
        emulator.inject(fault.on(TmcMessagesConfirm::NAME).times(1));
        let handled = Handled::default();
        let (failed, is_failed) = oneshot::channel();
        let failed = Mutex::new(Some(failed));
        let (confirmed, is_confirmed) = oneshot::channel::<()>();
        let confirmed = Mutex::new(Some(confirmed));
        let counted = handled.clone();
        let run = messages_of(&emulator)
            .run(move |message| {
                counted.add(&message);
                async { Ok::<(), ()>(()) }
            })
            .on_progress(move |progress| match progress {
                MessageProgress::Failed(_) => drop(failed.lock().unwrap().take().map(|sender| sender.send(()))),
                MessageProgress::Confirmed(_) => drop(confirmed.lock().unwrap().take()),
                _ => {}
            });
        let run = tokio::spawn(run.until(is_confirmed.map(drop)).into_future());
        is_failed.await.unwrap();
        let lost = queued(&emulator);
        redeliver(&emulator);
        if lost > 0 {
            tokio::time::timeout(Duration::from_secs(30), run).await.unwrap().unwrap().unwrap();
        } else {
            run.abort();
        }
        assert_eq!((handled.counts(), queued(&emulator)), (vec![1; 5], 0));
    }
}

#[tokio::test]
async fn a_failed_handler_leaves_its_message_alone_and_strange_messages_are_confirmed() {
    let emulator = with_messages(3).await;
    let gateways = emulator.gateways();
    let shop = gateways.shop_names().remove(0);
    assert!(gateways.publish_message(&shop, "taobao_item_ItemAdd", "no json").unwrap());
    assert!(gateways.publish_message(&shop, "taobao_trade_TradeClose", "{").unwrap());
    assert!(gateways.publish_message(&shop, "taobao_trade_TradeClose", "").unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (events, done) = (Arc::clone(&seen), Arc::new(Notify::new()));
    let confirmed = Arc::clone(&done);
    let run = messages_of(&emulator)
        .run(move |message| {
            let event = message.event();
            let fails = event.changed_address_of().is_some_and(|changed| changed.as_str() == tid(2));
            events.lock().unwrap().push(event);
            async move { if fails { Err("the database is down") } else { Ok(()) } }
        })
        .on_progress(move |progress| {
            if let MessageProgress::Confirmed(count) = progress {
                assert_eq!(count, 5);
                confirmed.notify_one();
            }
        })
        .until(async move { done.notified().await });
    run.await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 6);
    assert_eq!(seen.iter().filter(|event| matches!(event, Event::Unknown { .. })).count(), 1);
    assert_eq!(seen.iter().filter(|event| matches!(event, Event::Unreadable { .. })).count(), 2);
    assert_eq!(queued(&emulator), 1, "the failed one comes again");
}

#[tokio::test]
async fn an_ended_consumer_confirms_what_its_handlers_finish_and_starts_no_other() {
    let emulator = with_messages(10).await;
    let (started, mut starts) = tokio::sync::mpsc::unbounded_channel();
    let release = Arc::new(Notify::new());
    let (stop, is_stopped) = oneshot::channel::<()>();
    let handler = {
        let release = Arc::clone(&release);
        move |_: TmcMessage| {
            let (started, release) = (started.clone(), Arc::clone(&release));
            async move {
                started.send(()).unwrap();
                release.notified().await;
                Ok::<(), ()>(())
            }
        }
    };
    let run = messages_of(&emulator).run(handler).concurrency(3).until(is_stopped.map(drop));
    let run = tokio::spawn(run.into_future());
    for _ in 0..3 {
        starts.recv().await.unwrap();
    }
    drop(stop);
    tokio::time::sleep(Duration::from_millis(20)).await;
    release.notify_waiters();
    run.await.unwrap().unwrap();
    assert!(starts.recv().await.is_none());
    assert_eq!(queued(&emulator), 7);
}

#[tokio::test(start_paused = true)]
async fn an_empty_queue_is_asked_less_and_less_often() {
    let emulator = emulator(1).await;
    let messages = client_of(&emulator).messages();
    let run = messages.run(|_| async { Ok::<(), ()>(()) });
    let hour = Duration::from_secs(3600);
    run.until(tokio::time::sleep(hour)).await.unwrap();
    let requests = count::<TmcMessagesConsume>(&emulator);
    assert!((100..=130).contains(&requests), "{requests}: every 30 seconds after the first ones");
}

#[tokio::test]
async fn a_wrong_setting_ends_the_consumer_and_a_failure_does_not() {
    let emulator = with_messages(1).await;
    let run = |messages: Messages| messages.run(|_| async { Ok::<(), ()>(()) }).into_future();
    assert!(run(messages_of(&emulator).quantity(9)).await.is_err());
    assert_eq!(count::<TmcMessagesConsume>(&emulator), 0);
    // The emulator's application has no groups.
    let error = run(messages_of(&emulator).group("group-1")).await.unwrap_err();
    assert_eq!(error.sub_code(), Some("isv.invalid-parameter"));

    emulator.inject(Fault::unavailable().on(TmcMessagesConsume::NAME).times(1));
    let handled = Handled::default();
    drain(&emulator, &handled).await;
    assert_eq!(handled.counts(), [1]);
}
