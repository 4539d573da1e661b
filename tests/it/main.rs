//! The crate over real HTTP: what its servers receive, what its callers get.
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

mod canary;
#[cfg(feature = "emulator")]
mod cancellation;
mod capture;
mod clients;
mod codes;
mod conformance;
mod decrypt_all;
mod fixtures;
mod form;
mod manifest;
#[cfg(feature = "emulator")]
mod matrix;
mod open;
mod raw_server;
mod retries;
mod server;
mod signatures;
mod snapshots;
mod validation;
mod wire;
