//! Runs every client once in every round. The first client changes from round to round.

use std::error::Error;

use clap::ValueEnum;
use core_affinity::CoreId;

use crate::options::{Client, Options};
use crate::process::ChildProcess;
use crate::report;
use crate::server::CONNECTIONS;

/// The measurements of one client in one round.
pub(crate) struct Run {
    pub(crate) cpu_microseconds: f64,
    pub(crate) calls_per_second: f64,
    pub(crate) peak_megabytes: f64,
    /// `None` if the server does not provide it.
    pub(crate) new_connections: Option<u64>,
}

/// The measurements of one client in all rounds.
pub(crate) struct ClientRuns {
    pub(crate) client: Client,
    pub(crate) runs: Vec<Run>,
}

/// The cores that the processes run on; `None` if there is only one, or if the system does not let a program choose.
pub(crate) struct Cores {
    pub(crate) server: Option<usize>,
    pub(crate) clients: Option<usize>,
}

pub(crate) async fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let cores = cores();
    let (server, endpoint) = match &options.endpoint {
        Some(endpoint) => (None, endpoint.trim_end_matches('/').to_owned()),
        None => {
            let mut server = ChildProcess::start(on_core(vec!["--serve".to_owned()], cores.server))?;
            let endpoint = server.line()?;
            (Some(server), endpoint)
        }
    };
    let mut processes = Vec::new();
    for client in Client::value_variants() {
        processes.push((ChildProcess::start(client_arguments(*client, options, &endpoint, &cores))?, *client));
    }
    let mut results: Vec<ClientRuns> =
        Client::value_variants().iter().map(|client| ClientRuns { client: *client, runs: Vec::new() }).collect();
    let counter = Counter { client: reqwest::Client::new(), url: format!("{endpoint}{CONNECTIONS}") };
    for round in 0..options.rounds {
        for run in 0..processes.len() {
            let which = (round + run) % processes.len();
            let (process, _) = &mut processes[which];
            process.ask("warm")?;
            let before = counter.read().await;
            let answer = process.ask("run")?;
            let after = counter.read().await;
            let new_connections = before.zip(after).map(|(before, after)| after - before);
            results[which].runs.push(read_run(&answer, options.calls, new_connections)?);
        }
    }
    report::print(options, server.is_some().then_some(&cores), &results);
    Ok(())
}

/// Queries how many connections the server has accepted.
struct Counter {
    client: reqwest::Client,
    url: String,
}

impl Counter {
    async fn read(&self) -> Option<u64> {
        self.client.get(&self.url).send().await.ok()?.text().await.ok()?.parse().ok()
    }
}

fn cores() -> Cores {
    let ids: Vec<usize> = core_affinity::get_core_ids().unwrap_or_default().iter().map(|core| core.id).collect();
    // This process only waits. It runs on the core of the server, not on that of the clients.
    match ids[..] {
        [first, second, ..] if core_affinity::set_for_current(CoreId { id: first }) => {
            Cores { server: Some(first), clients: Some(second) }
        }
        _ => Cores { server: None, clients: None },
    }
}

fn on_core(mut arguments: Vec<String>, core: Option<usize>) -> Vec<String> {
    if let Some(core) = core {
        arguments.extend(["--core".to_owned(), core.to_string()]);
    }
    arguments
}

fn client_arguments(client: Client, options: &Options, endpoint: &str, cores: &Cores) -> Vec<String> {
    let named = |value: &dyn ToString| value.to_string();
    let arguments = [
        ("--client", report::argument(client)),
        ("--op", report::argument(options.op)),
        ("--calls", named(&options.calls)),
        ("--concurrency", named(&options.concurrency)),
        ("--warmup", named(&options.warmup)),
        ("--endpoint", endpoint.to_owned()),
    ];
    on_core(arguments.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect(), cores.clients)
}

fn read_run(answer: &str, calls: u64, new_connections: Option<u64>) -> Result<Run, Box<dyn Error>> {
    let numbers = answer.split(' ').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    let [cpu, wall, peak_megabytes] = numbers[..] else {
        return Err("a client does not print its measurements".into());
    };
    let calls = calls as f64;
    Ok(Run {
        cpu_microseconds: cpu / calls / 1e3,
        calls_per_second: calls / wall * 1e9,
        peak_megabytes,
        new_connections,
    })
}
