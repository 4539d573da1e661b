//! Tests of the crate over real HTTP: the requests that servers receive, and the results that users get.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::string_slice
)]

mod acs3;
mod bans;
#[cfg(all(feature = "emulator", feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
mod binding_ledger;
#[cfg(feature = "emulator")]
mod callers;
mod canary;
#[cfg(feature = "emulator")]
mod cancellation;
mod capture;
mod catalogue;
mod clients;
mod codes;
mod conformance;
#[cfg(feature = "emulator")]
mod contract;
mod contradictions;
mod credentials;
mod decrypt_all;
#[cfg(feature = "emulator")]
mod decrypt_stream;
mod downloads;
#[cfg(feature = "emulator")]
mod emulated;
#[cfg(feature = "emulator-server")]
mod emulator_command;
mod error_details;
#[cfg(feature = "emulator")]
mod examples;
mod fixed_line;
mod fixtures;
#[cfg(feature = "redis")]
mod fleet;
mod form;
#[cfg(feature = "emulator")]
mod gauge;
mod generated_text;
mod hostile;
#[cfg(feature = "emulator")]
mod late_polls;
mod layers;
mod manifest;
#[cfg(feature = "emulator")]
mod matrix;
#[cfg(feature = "emulator")]
mod oaid_life;
mod open;
mod operation_tables;
#[cfg(feature = "emulator")]
mod order_life;
mod outage;
mod own_process;
#[cfg(all(feature = "emulator", feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
mod parked;
#[cfg(all(feature = "emulator", feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
mod processes;
#[cfg(feature = "emulator")]
mod quickstart;
#[cfg(all(feature = "emulator", feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
mod quota_ledger;
mod raw_server;
mod receipts;
#[cfg(all(feature = "emulator", feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
mod receipts_seen;
#[cfg(feature = "emulator")]
mod reconcile;
mod report;
mod req_ids;
mod retries;
mod samples;
mod server;
#[cfg(feature = "emulator")]
mod sessions;
mod set_ups;
mod settings;
#[cfg(feature = "emulator")]
mod shutdown;
mod signatures;
mod snapshots;
#[cfg(all(feature = "emulator", feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
mod stored_session;
#[cfg(all(feature = "emulator", feature = "store-sqlite", feature = "store-mysql", feature = "store-postgres"))]
mod stores;
#[cfg(feature = "emulator")]
mod time_limits;
mod validation;
#[cfg(feature = "emulator")]
mod waiting;
mod wire;
