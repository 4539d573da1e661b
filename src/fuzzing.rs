//! Properties that hold for any input: each function takes any input and panics if a property is violated.
//!
//! The fuzz targets in `fuzz/` and the property tests below run these functions. They are built for nothing else.
// Here a panic reports a finding.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::arithmetic_side_effects)]

mod answers;
#[cfg(feature = "emulator")]
mod emulator_request;
mod errors;
mod failure;
mod message;
mod numbers;
mod operations;
mod params;
mod receipts;
mod tmc_event;

pub use answers::{aliyun_answer, answer_with_head, top_answer};
#[cfg(feature = "emulator")]
pub use emulator_request::emulator_request;
pub use numbers::virtual_number;
pub use params::params;
pub use receipts::{call_receipts, queue_response};
pub use tmc_event::tmc_event;

#[cfg(test)]
mod tests;
