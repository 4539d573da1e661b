#![no_main]

use libfuzzer_sys::fuzz_target;
use privacy_number::fuzzing;

fuzz_target!(|body: &[u8]| fuzzing::queue_response(body));
