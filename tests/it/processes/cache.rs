use std::path::Path;
use std::time::Duration;

use privacy_number::Operation;
use privacy_number::emulator::{Emulator, Fault};
use privacy_number::top::{OaidDecrypt, ReceiverQuery};

use super::{FOLDER, Process, Shared, wait_for};
use crate::own_process::finish;

const PROCESS: &str = "processes::cache::asks_many_times_at_once";

const OAID: &str = "PRIVACY_NUMBER_TEST_OAID";

/// How many requests each of the three processes makes.
const REQUESTS: usize = 334;

/// What three processes got that asked for one order at once: receivers that they decrypted themselves, receivers of
/// others, refusals; and how many calls the gateway got.
fn asked_by_three(emulator: &Emulator, oaid: &str) -> ([u64; 3], u64) {
    let shared = Shared::new(emulator);
    // So that all have asked before the response comes.
    emulator.inject(Fault::delay_after(Duration::from_secs(2)).times(1));
    let processes: Vec<_> = (0..3)
        .map(|index| shared.start(PROCESS, |command| _ = command.env(OAID, oaid).env("INDEX", format!("{index}"))))
        .collect();
    for index in 0..3 {
        wait_for(&shared.folder.file(&format!("ready-{index}")));
    }
    std::fs::write(shared.folder.file("go"), "").unwrap();
    let mut sums = [0; 3];
    for process in processes {
        let printed = finish(PROCESS, process);
        let line = printed.lines().find_map(|line| line.strip_prefix("results ")).unwrap();
        for (sum, count) in sums.iter_mut().zip(line.split(' ')) {
            *sum += count.parse::<u64>().unwrap();
        }
    }
    (sums, emulator.ledger().count(OaidDecrypt::NAME))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_requests_of_three_processes_for_one_order_make_one_decryption() {
    let emulator = Emulator::builder().orders([("880020000", "oaid-a")]).start().await.unwrap();
    let emulator_ref = &emulator;
    let asked = tokio::task::block_in_place(|| asked_by_three(emulator_ref, "oaid-a"));
    assert_eq!(asked, ([1, 3 * REQUESTS as u64 - 1, 0], 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_shared_by_all_processes_that_waited_for_it() {
    let emulator = Emulator::builder().orders([("880020000", "wrong-a")]).start().await.unwrap();
    let emulator_ref = &emulator;
    let asked = tokio::task::block_in_place(|| asked_by_three(emulator_ref, "wrong-a"));
    assert_eq!(asked, ([0, 0, 3 * REQUESTS as u64], 1));
}

/// One of the three.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the tests above start it"]
async fn asks_many_times_at_once() {
    let Some(Process { store, shop }) = Process::of_environment().await else { return };
    let (folder, oaid) = (std::env::var(FOLDER).unwrap(), std::env::var(OAID).unwrap());
    let shop = shop.cached(&store, "seller-1");
    let query = ReceiverQuery::builder().oaid(oaid).tid("880020000").build();
    std::fs::write(Path::new(&folder).join(format!("ready-{}", std::env::var("INDEX").unwrap())), "").unwrap();
    wait_for(&Path::new(&folder).join("go"));
    let requests = (0..REQUESTS).map(|_| {
        let (shop, query) = (shop.clone(), query.clone());
        tokio::spawn(async move { shop.decrypt([query]).await.remove(0) })
    });
    let requests: Vec<_> = requests.collect();
    let mut counts = [0; 3];
    for request in requests {
        let one = request.await.unwrap();
        counts[match (&one.result, one.is_cached) {
            (Ok(_), false) => 0,
            (Ok(_), true) => 1,
            (Err(_), _) => 2,
        }] += 1;
    }
    let [decrypted, others, refused] = counts;
    println!("\nresults {decrypted} {others} {refused}");
}
