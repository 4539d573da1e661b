//! Runs both gateways in another process, and queries what they executed.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Write, stdin};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use privacy_number::emulator::{Emulator, Entry};
use privacy_number::{Limits, RetryPolicy, Settings, aliyun, top};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::emulator_keys::{EmulatorKeys, Order};
use crate::faults::{ATTEMPTS, MAX_BODY, faults};
use crate::options::Options;
use crate::process::ChildProcess;

/// What the gateways have executed since they started.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) requests: Vec<Requests>,
    /// Bindings and work cards in their state.
    pub(crate) bindings: u64,
    pub(crate) work_cards: u64,
}

/// Requests with the same result, and their count.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Requests {
    pub(crate) operation: String,
    pub(crate) code: String,
    pub(crate) fault: Option<String>,
    pub(crate) executed: bool,
    pub(crate) count: u64,
}

type Counts = Arc<Mutex<BTreeMap<(&'static str, String, Option<&'static str>, bool), u64>>>;

/// Serves the gateways until standard input ends. For each line that it reads it prints what was executed.
pub(crate) async fn serve(options: &Options) -> Result<(), Box<dyn Error>> {
    let counts = Counts::default();
    let emulator = {
        let counts = Arc::clone(&counts);
        let count = move |entry: &Entry| {
            let key = (entry.operation, entry.code.to_string(), entry.fault, entry.executed);
            *counts.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        };
        Emulator::builder().generated_orders(options.concurrency).on_request(count).start().await?
    };
    faults(options).into_iter().for_each(|fault| emulator.inject(fault));
    println!("{}", serde_json::to_string(&EmulatorKeys::with_orders(&emulator))?);
    // Ctrl-C goes to all processes of the terminal: the gateways ignore it, so that calls in flight can finish.
    tokio::spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
    let answering = tokio::task::spawn_blocking(move || {
        for line in stdin().lines() {
            line?;
            let state: Value = serde_json::from_slice(&state(&emulator)?)?;
            let done = done(&counts, &state);
            println!("{}", serde_json::to_string(&done)?);
            std::io::stdout().flush()?;
        }
        std::io::Result::Ok(())
    });
    Ok(answering.await??)
}

fn state(emulator: &Emulator) -> std::io::Result<Bytes> {
    let request = http::Request::get("/_emulator/state").body(Bytes::new()).map_err(std::io::Error::other)?;
    Ok(emulator.gateways().respond(request).into_body())
}

fn done(counts: &Counts, state: &Value) -> Done {
    let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    let requests = counts.iter().map(|((operation, code, fault, executed), count)| Requests {
        operation: (*operation).to_owned(),
        code: code.clone(),
        fault: fault.map(str::to_owned),
        executed: *executed,
        count: *count,
    });
    let bindings = state.pointer("/bindings").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    let work_cards = state.pointer("/work_cards/bound").and_then(Value::as_u64).unwrap_or_default();
    Done { requests: requests.collect(), bindings: u64::try_from(bindings).unwrap_or_default(), work_cards }
}

/// The process that serves the gateways.
pub(crate) struct Gateways {
    process: Mutex<ChildProcess>,
    timeout: Duration,
    keys: EmulatorKeys,
}

/// Clients of both gateways. The limits are off, so that the load is as high as possible. The timeout and the largest
/// response are smaller than by default, so that a run is short.
#[derive(Clone)]
pub(crate) struct Clients {
    pub(crate) shop: top::Shop,
    pub(crate) aliyun: aliyun::Client,
}

impl Gateways {
    pub(crate) fn start(options: &Options) -> Result<Self, Box<dyn Error>> {
        let Options { concurrency, fault_percent, seed, patience, .. } = options;
        let arguments = [
            ("--concurrency", concurrency.to_string()),
            ("--fault-percent", fault_percent.to_string()),
            ("--seed", seed.to_string()),
            ("--patience", patience.to_string()),
        ];
        let arguments = arguments.iter().flat_map(|(name, value)| [*name, value]);
        let mut process = ChildProcess::start(std::iter::once("--serve").chain(arguments))?;
        let keys = serde_json::from_str(&process.line()?)?;
        Ok(Self { process: Mutex::new(process), timeout: options.patience(), keys })
    }

    pub(crate) fn clients(&self) -> Result<Clients, privacy_number::Error> {
        let settings = Settings::new()
            .limits(Limits::none())
            .retry(RetryPolicy::new().max_attempts(ATTEMPTS))
            .attempt_timeout(self.timeout)
            .max_body(MAX_BODY);
        let shop = self.keys.top().settings(settings.clone()).build()?.shop(&*self.keys.session);
        Ok(Clients { shop, aliyun: self.keys.aliyun().settings(settings).build()? })
    }

    pub(crate) fn pool_key(&self) -> &str {
        &self.keys.pool_key
    }

    /// An order that can be decrypted.
    pub(crate) fn order(&self, index: usize) -> Option<&Order> {
        self.keys.orders.iter().cycle().nth(index)
    }

    /// What the gateways have executed, after they have noticed that all connections are closed.
    pub(crate) async fn settled(&self) -> Result<Done, Box<dyn Error>> {
        let mut done = self.done()?;
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let later = self.done()?;
            if later == done {
                return Ok(done);
            }
            done = later;
        }
    }

    fn done(&self) -> Result<Done, Box<dyn Error>> {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(serde_json::from_str(&process.ask("")?)?)
    }
}
