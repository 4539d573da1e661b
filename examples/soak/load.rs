//! Makes the calls with many workers, and collects their results in one place.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::account::Account;
use crate::command_line::Stop;
use crate::footprint::{Footprint, Memory};
use crate::gateways::Gateways;
use crate::mix::{Ended, Worker};
use crate::options::Options;

/// How many results can wait in the channel.
const WAITING_RESULTS: usize = 1024;
/// How many samples of memory are taken, and how many lines of progress are printed.
const SAMPLES: u64 = 1000;
const LINES: u64 = 10;

pub(crate) struct Run {
    started: u64,
    finished: u64,
    pub(crate) delivered: u64,
    pub(crate) account: Account,
    pub(crate) memory: Memory,
}

/// Decides whether a worker may start another call.
struct Admission {
    left: AtomicU64,
    is_closed: AtomicBool,
    started: AtomicU64,
    finished: AtomicU64,
}

impl Admission {
    fn admit(&self) -> bool {
        let one = |left: u64| left.checked_sub(1);
        let is_admitted = !self.is_closed.load(Ordering::SeqCst)
            && self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one).is_ok();
        self.started.fetch_add(u64::from(is_admitted), Ordering::SeqCst);
        is_admitted
    }

    fn close(&self, reason: &str) {
        self.is_closed.store(true, Ordering::SeqCst);
        let under_way = self.started.load(Ordering::SeqCst) - self.finished.load(Ordering::SeqCst);
        println!("{reason}: no call is started any more, {under_way} are under way");
    }
}

/// Makes the calls until there are enough or until a signal.
pub(crate) async fn run(options: &Options, gateways: &Gateways, stop: &mut Stop) -> Result<Run, Box<dyn Error>> {
    let admission = Arc::new(Admission {
        left: AtomicU64::new(options.warm_up + options.calls),
        is_closed: AtomicBool::new(false),
        started: AtomicU64::new(0),
        finished: AtomicU64::new(0),
    });
    let (sender, mut results) = mpsc::channel(WAITING_RESULTS);
    let clients = gateways.clients()?;
    let mut workers = JoinSet::new();
    for index in 0..usize::try_from(options.concurrency)? {
        let worker = Worker::new(clients.clone(), gateways, index).ok_or("there are no orders")?;
        workers.spawn(work(worker, Arc::clone(&admission), sender.clone()));
    }
    // The workers have clones of the clients and the channel.
    drop((clients, sender));

    let (mut account, mut memory, mut delivered) = (Account::default(), Memory::default(), 0_u64);
    let mut is_stopped = false;
    loop {
        tokio::select! {
            result = results.recv() => {
                let Some(ended) = result else { break };
                account.enter(&ended);
                delivered += 1;
                if delivered == 1 {
                    println!("the first result is there");
                }
                observe(delivered, options, &mut memory);
                if options.stop_after == Some(delivered) {
                    admission.close("enough");
                }
            }
            signal = stop.wait(), if !is_stopped => {
                is_stopped = true;
                admission.close(signal);
            }
        }
    }
    while let Some(worker) = workers.join_next().await {
        worker?;
    }
    let (started, finished) = (admission.started.load(Ordering::SeqCst), admission.finished.load(Ordering::SeqCst));
    Ok(Run { started, finished, delivered, account, memory })
}

async fn work(mut worker: Worker, admission: Arc<Admission>, results: mpsc::Sender<Ended>) {
    while admission.admit() {
        let ended = worker.call().await;
        admission.finished.fetch_add(1, Ordering::SeqCst);
        if results.send(ended).await.is_err() {
            return;
        }
    }
}

fn observe(delivered: u64, options: &Options, memory: &mut Memory) {
    if delivered > options.warm_up && delivered.is_multiple_of((options.calls / SAMPLES).max(1)) {
        memory.sample();
    }
    if delivered.is_multiple_of((options.calls / LINES).max(1)) {
        println!("{delivered:>9} calls: {}, {}", Memory::now(), Footprint::now());
    }
}

impl Run {
    /// A finding if results of calls were lost.
    pub(crate) fn findings(&self) -> Vec<String> {
        let Self { started, finished, delivered, .. } = self;
        println!("{started} started, {finished} finished, {delivered} results delivered");
        let is_lost = started != finished || finished != delivered;
        is_lost.then(|| "calls were started whose results were not delivered".to_owned()).into_iter().collect()
    }
}
