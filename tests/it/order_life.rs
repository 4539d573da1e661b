//! The workflows around an OAID's life, over the emulator and over gateways that contradict themselves.

mod bills;
mod fresh;
mod lost_answers;
mod merge;
mod messages;
mod refresh;
mod sessions;
mod sms;

use privacy_number::emulator::{Clock, Emulator};
use privacy_number::top::{Client, ReceiverQuery, Scene, Shop};
use privacy_number::{Operation, RetryPolicy};

use crate::clients::{instant, plain_http};

/// An emulator at a fixed time with these orders: `30001` with `oaid-1`, and so on.
async fn emulator(orders: usize) -> Emulator {
    let orders = (1..=orders).map(|order| (tid(order), oaid(order)));
    Emulator::builder().clock(Clock::stopped_at(instant())).orders(orders).start().await.unwrap()
}

fn tid(order: usize) -> String {
    format!("{}", 30_000 + order)
}

fn oaid(order: usize) -> String {
    format!("oaid-{order}")
}

fn query(order: usize) -> ReceiverQuery {
    let query = ReceiverQuery::builder().tid(tid(order)).oaid(oaid(order)).scene(Scene::StoreShipping);
    query.secret_no_days(15).build()
}

/// A client that sends each request once.
fn client_of(emulator: &Emulator) -> Client {
    let settings = emulator.settings().http_client(plain_http()).retry(RetryPolicy::never());
    emulator.top_builder().settings(settings).build().unwrap()
}

fn shop_of(emulator: &Emulator) -> Shop {
    client_of(emulator).shop(emulator.session())
}

fn count<O: Operation>(emulator: &Emulator) -> u64 {
    emulator.ledger().count(O::NAME)
}
