//! Prints the tables in Markdown.

use clap::ValueEnum;

use crate::options::{Client, Op, Options};
use crate::rounds::{ClientRuns, Cores, Run};

pub(crate) fn print(options: &Options, cores: Option<&Cores>, results: &[ClientRuns]) {
    let op = match options.op {
        Op::Bindaxb => "`BindAxb`, 20 parameters",
        Op::Decrypt20 => "decryption of 20 orders",
    };
    println!(
        "{op}; {} at once; {} rounds of {} calls of each client, each after a warm-up of {}",
        options.concurrency, options.rounds, options.calls, options.warmup
    );
    match cores {
        Some(Cores { server: Some(server), clients: Some(clients) }) => {
            println!("The server ran on core {server}, the clients, one at a time, on core {clients}.");
        }
        Some(_) => println!("The server and the clients had no cores of their own."),
        None => println!("The server was started by hand."),
    }
    if cfg!(debug_assertions) {
        println!("This is a debug build: it measures nothing. Use `--release`.");
    }
    println!("\n| client | CPU per call, µs | calls per second | peak memory, MB | new connections |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for ClientRuns { client, runs } in results {
        let [cpu, speed] = [|run: &Run| run.cpu_microseconds, |run: &Run| run.calls_per_second]
            .map(|of| middle(runs.iter().map(of).collect()));
        let peak = runs.iter().map(|run| run.peak_megabytes).fold(f64::NAN, f64::max);
        let opened: Option<u64> = runs.iter().map(|run| run.new_connections).sum();
        let opened = opened.map_or_else(|| "not known".to_owned(), |count| count.to_string());
        match client {
            Client::Floor => println!("| {} | {cpu:.1} | | | |", name(*client)),
            _ => println!("| {} | {cpu:.1} | {speed:.0} | {peak:.1} | {opened} |", name(*client)),
        }
    }
    println!("\n| ratio of CPU per call | median round | lowest to highest |");
    println!("| --- | ---: | --- |");
    let of = |client: Client, round: usize| {
        let runs = results.iter().find(|runs| runs.client == client);
        runs.map_or(f64::NAN, |runs| runs.runs[round].cpu_microseconds)
    };
    let ratio = |what: &str, ratio: &dyn Fn(usize) -> f64| {
        let ratios: Vec<f64> = (0..options.rounds).map(ratio).collect();
        let lowest = ratios.iter().copied().fold(f64::NAN, f64::min);
        let highest = ratios.iter().copied().fold(f64::NAN, f64::max);
        println!("| {what} | **{:.2}** | {lowest:.2} to {highest:.2} |", middle(ratios));
    };
    use Client::{ByHand, Crate, Floor, Hyper, Reqwest};
    ratio("reqwest : hyper", &|round| of(Reqwest, round) / of(Hyper, round));
    ratio("this crate : hyper", &|round| of(Crate, round) / of(Hyper, round));
    ratio("this crate : reqwest", &|round| of(Crate, round) / of(Reqwest, round));
    ratio("this crate : by hand", &|round| of(Crate, round) / of(ByHand, round));
    ratio("this crate : (reqwest + floor)", &|round| of(Crate, round) / (of(Reqwest, round) + of(Floor, round)));
}

/// The name of a value on the command line.
pub(crate) fn argument(value: impl ValueEnum) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

fn name(client: Client) -> &'static str {
    match client {
        Client::Hyper => "hyper, bare",
        Client::Reqwest => "reqwest, bare",
        Client::ByHand => "written by hand",
        Client::Crate => "this crate",
        Client::Floor => "floor: digest + `serde_json`",
    }
}

/// The median.
fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
