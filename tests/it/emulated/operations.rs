//! The operations of the emulator are those of the crate.

use std::collections::BTreeSet;

use privacy_number::Operation;
use privacy_number::emulator::Emulator;
use reqwest::Method;
use serde_json::json;

use super::control;

macro_rules! names {
    (() $($gateway:ident $family:literal { $($operation:ident $does:literal,)* })*) => {
        [$($(<privacy_number::$gateway::$operation as Operation>::NAME,)*)*]
    };
}
pub(crate) use names;

#[test]
fn the_emulator_has_exactly_the_operations_of_the_crate() {
    let crate_names = privacy_number::operations!(crate::emulated::operations::names);
    let gateways = Emulator::builder().build();
    let emulator_names: Vec<_> = gateways.operations().collect();
    let as_set = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(as_set(&emulator_names), as_set(&crate_names));
    assert_eq!(emulator_names.len(), crate_names.len(), "no operation is in the tables twice");
}

#[tokio::test]
async fn a_fault_can_name_every_operation() {
    let emulator = Emulator::start().await.unwrap();
    for name in emulator.gateways().operations().chain(["recording"]) {
        let fault = json!({"fault": "unavailable", "on": name});
        let (status, answer) = control(&emulator, Method::POST, "/faults", fault).await;
        assert_eq!(status, 201, "{name} {answer}");
    }
}
