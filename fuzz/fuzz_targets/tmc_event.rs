#![no_main]

use libfuzzer_sys::fuzz_target;
use privacy_number::fuzzing;

fuzz_target!(|text: &str| fuzzing::tmc_event(text));
