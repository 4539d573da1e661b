#![no_main]

use libfuzzer_sys::fuzz_target;
use privacy_number::fuzzing;

fuzz_target!(|pairs: Vec<(String, String)>| fuzzing::params(&pairs));
