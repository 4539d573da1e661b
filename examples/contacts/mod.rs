//! The receivers of orders: decrypts the orders and writes each contact to a file.
#![allow(dead_code, clippy::arithmetic_side_effects, clippy::print_stderr)] // no example uses all of it

mod file;

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use privacy_number::top::{Progress, Receiver, ReceiverQuery, Shop};
use privacy_number::{Private, VirtualNumber};

use crate::command_line::{Problem, Stop};
pub(crate) use file::ContactFile;

/// The receiver of an order.
pub(crate) struct Contact {
    pub(crate) tid: String,
    pub(crate) oaid: Private,
    pub(crate) name: Private,
    pub(crate) number: Option<VirtualNumber>,
    pub(crate) address: Private,
    /// When the number expires.
    pub(crate) valid_until: String,
}

impl Contact {
    pub(crate) fn new(order: ReceiverQuery, receiver: Receiver) -> Self {
        let Receiver { state, city, district, town, address_detail, .. } = receiver;
        let address = [state, city, district, town, address_detail].into_iter().flatten();
        Self {
            tid: order.tid,
            oaid: order.oaid,
            name: receiver.name.unwrap_or_default(),
            number: receiver.mobile,
            address: address.map(Private::into_exposed).collect::<Vec<_>>().join(" ").into(),
            valid_until: receiver
                .secret_no_expire_time
                .map(|time| time.format("%Y-%m-%d %H:%M").to_string())
                .unwrap_or_default(),
        }
    }
}

/// Opens the file of contacts, if there is to be one. Returns its contacts too.
pub(crate) fn open(
    path: Option<&Path>,
    gateway: &'static str,
) -> Result<(Option<ContactFile>, Vec<Contact>), Box<dyn Error>> {
    let Some(path) = path else { return Ok((None, Vec::new())) };
    let (file, contacts) = ContactFile::open(path, gateway)?;
    Ok((Some(file), contacts))
}

/// The orders that have no contact yet.
pub(crate) fn without(orders: Vec<ReceiverQuery>, done: &[Contact]) -> Vec<ReceiverQuery> {
    let done: HashSet<_> = done.iter().map(|contact| (&*contact.tid, contact.oaid.expose())).collect();
    orders.into_iter().filter(|order| !done.contains(&(&*order.tid, order.oaid.expose()))).collect()
}

/// The contact of an order, or the order and its error.
pub(crate) type Outcome = Result<Contact, (ReceiverQuery, privacy_number::Error)>;

/// Decrypts the orders. Writes each outcome to the file, if there is one, and then calls `each`. After Ctrl-C or
/// SIGTERM it takes no more orders, finishes those that it has taken, and returns an error. After a second signal it
/// returns the error at once.
pub(crate) async fn decrypt(
    shop: &Shop,
    orders: Vec<ReceiverQuery>,
    concurrency: usize,
    stop: &mut Stop,
    out: &mut Option<ContactFile>,
    mut each: impl FnMut(Outcome),
) -> Result<Progress, Box<dyn Error>> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    let is_running = {
        let is_stopped = Arc::clone(&is_stopped);
        move |_: &ReceiverQuery| !is_stopped.load(Ordering::Relaxed)
    };
    let count = orders.len() as u64;
    let bar = ProgressBar::new(count)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} orders, {per_sec}, {msg}")?);
    let mut decryption = shop.decrypt_all(orders.into_iter().take_while(is_running)).concurrency(concurrency);
    let progress = decryption.progress();
    loop {
        let decrypted = tokio::select! {
            decrypted = decryption.next() => decrypted,
            signal = stop.wait() => {
                if is_stopped.swap(true, Ordering::Relaxed) {
                    break;
                }
                bar.suspend(|| eprintln!("{signal}: the orders that were asked for are finished"));
                continue;
            }
        };
        let Some(decrypted) = decrypted else { break };
        let outcome = match decrypted.result {
            Ok(receiver) => Ok(Contact::new(decrypted.query, receiver)),
            Err(error) => Err((decrypted.query, error)),
        };
        if let Some(out) = out {
            match &outcome {
                Ok(contact) => out.add(contact)?,
                Err((order, error)) => out.add_failed(order, error)?,
            }
        }
        each(outcome);
        bar.inc(1);
        bar.set_message(format!("{} failed, {} in flight", progress.failed(), progress.in_flight()));
    }
    bar.finish_and_clear();
    if is_stopped.load(Ordering::Relaxed) {
        let what = format!("stopped after {} of {count} orders", progress.done());
        let remedy =
            if out.is_some() { "run the same again to go on" } else { "run it with --out to keep what is done" };
        return Err(Problem::new(what, remedy).into());
    }
    Ok(progress)
}
