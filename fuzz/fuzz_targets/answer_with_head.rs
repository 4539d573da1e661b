#![no_main]

use libfuzzer_sys::fuzz_target;
use privacy_number::fuzzing;

fuzz_target!(|text: &[u8]| fuzzing::answer_with_head(text));
