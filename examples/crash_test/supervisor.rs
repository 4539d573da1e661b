//! Starts a child again and again, and kills it until the kills are used up.

use std::error::Error;
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use crate::child::{DONE, FINISHED};
use crate::options::Options;
use crate::orders::Orders;
use crate::stopping_store::STOPPED;

/// A child that prints nothing for this time hangs.
const HANGS_AFTER: Duration = Duration::from_secs(120);

/// How many kills are left, and what was killed.
pub(crate) struct Kills {
    left: AtomicI64,
    at_random_moments: AtomicU64,
    before_writes: AtomicU64,
    after_writes: AtomicU64,
}

impl Kills {
    pub(crate) fn new(options: &Options) -> Self {
        let left = AtomicI64::new(options.kills.try_into().unwrap_or(i64::MAX));
        Self {
            left,
            at_random_moments: AtomicU64::new(0),
            before_writes: AtomicU64::new(0),
            after_writes: AtomicU64::new(0),
        }
    }

    fn take(&self) -> bool {
        self.left.fetch_sub(1, Ordering::Relaxed) > 0
    }
}

impl fmt::Display for Kills {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [&self.at_random_moments, &self.before_writes, &self.after_writes];
        let [random, before, after] = counts.map(|count| count.load(Ordering::Relaxed));
        write!(f, "killed {random} times at random moments, {before} before a write, {after} after a write")
    }
}

/// When a child is killed.
enum Plan {
    /// After some keys and a random time.
    AtRandom {
        keys: u64,
        pause: Duration,
    },
    /// At a write.
    AtWrite {
        number: i64,
        is_before: bool,
    },
    Never,
}

pub(crate) struct Supervisor {
    index: u64,
    /// The most keys that a child finishes before it is killed.
    keys_between_kills: u64,
    random: fastrand::Rng,
    orders: Arc<Orders>,
    kills: Arc<Kills>,
}

impl Supervisor {
    pub(crate) fn new(index: u64, options: &Options, orders: Arc<Orders>, kills: Arc<Kills>) -> Self {
        // The mean is half of it. Some keys must be left for the last kill.
        let keys_between_kills = (options.keys * 3 / 2 / options.kills.max(1)).max(2);
        let random = fastrand::Rng::with_seed(options.seed.wrapping_add(index));
        Self { index, keys_between_kills, random, orders, kills }
    }

    pub(crate) fn run(mut self) -> Result<(), Box<dyn Error>> {
        loop {
            let plan = self.plan();
            let mut process = self.start(&plan)?;
            let ended = wait(&mut process, &plan);
            // SIGKILL on Unix.
            process.kill()?;
            process.wait()?;
            let killed = match (ended?, plan) {
                (End::Done, _) => return Ok(()),
                (End::ToKill, Plan::AtRandom { .. }) => &self.kills.at_random_moments,
                (End::ToKill, Plan::AtWrite { is_before: true, .. }) => &self.kills.before_writes,
                (End::ToKill, _) => &self.kills.after_writes,
            };
            killed.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn plan(&mut self) -> Plan {
        if !self.kills.take() {
            return Plan::Never;
        }
        let keys = self.random.u64(0..=self.keys_between_kills);
        if self.random.u8(0..3) == 0 {
            return Plan::AtRandom { keys, pause: Duration::from_micros(self.random.u64(0..20_000)) };
        }
        // A key takes four writes with its renewal or its removal, two without.
        let number = self.random.u64(1..=keys * 10 / 3 + 4).try_into().unwrap_or(i64::MAX);
        Plan::AtWrite { number, is_before: self.random.bool() }
    }

    fn start(&self, plan: &Plan) -> Result<Child, Box<dyn Error>> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--child", &self.index.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let stop_at = match *plan {
            Plan::AtWrite { number, is_before } => Some((number, is_before)),
            Plan::AtRandom { .. } | Plan::Never => None,
        };
        let mut input = process.stdin.take().ok_or("the process has no standard input")?;
        writeln!(input, "{}\n{}", serde_json::to_string(&*self.orders)?, serde_json::to_string(&stop_at)?)?;
        Ok(process)
    }
}

enum End {
    Done,
    ToKill,
}

/// Waits until a child is done or is to be killed.
fn wait(process: &mut Child, plan: &Plan) -> Result<End, Box<dyn Error>> {
    let output = process.stdout.take().ok_or("the process has no standard output")?;
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(output).lines().map_while(Result::ok);
        for line in lines {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    let mut finished = 0;
    loop {
        if let Plan::AtRandom { keys, pause } = plan
            && finished >= *keys
        {
            // With 0 keys the child may still be starting.
            std::thread::sleep(if *keys == 0 { *pause * 10 } else { *pause });
            return Ok(End::ToKill);
        }
        match lines.recv_timeout(HANGS_AFTER)?.as_str() {
            FINISHED => finished += 1,
            STOPPED => return Ok(End::ToKill),
            DONE => return Ok(End::Done),
            line => return Err(format!("a child printed {line}").into()),
        }
    }
}
