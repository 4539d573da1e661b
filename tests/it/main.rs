//! The crate over real HTTP: what its servers receive, what its callers get.
#![allow(
    missing_docs,
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

mod clients;
mod conformance;
mod form;
mod server;
mod snapshots;
