//! The crate over real HTTP: what its servers receive, what its callers get.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

mod canary;
mod capture;
mod clients;
mod codes;
mod decrypt_all;
mod fixtures;
mod form;
mod manifest;
mod open;
mod raw_server;
mod retries;
mod server;
mod signatures;
mod validation;
mod wire;
