//! The injected faults.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::json;

use super::endpoint::{Endpoint, QueryParameter};
use super::reply::{Problem, created, ok};
use super::request::parameter;
use crate::emulator::delivery::{Delivery, Reply};
use crate::emulator::fault;
use crate::emulator::gateways::Gateways;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("faults", "the injected faults, and how often each was applied", faults, "Faults"),
    Endpoint::post("faults", "injects a fault", inject, "NewFault", "InjectedFault").creates(),
    Endpoint::delete(
        "faults",
        "removes all faults and accepts connections again, or removes one by its id",
        clear,
        "Cleared",
    )
    .query(&[QueryParameter {
        name: "id",
        about: "Removes only the fault with this id.",
        schema: r#"{"type": "integer", "minimum": 1, "maximum": 18446744073709551615}"#,
    }])
    .refuses(&[StatusCode::NOT_FOUND]),
];

fn faults(_: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    Ok(ok(&gateways.faults().to_json()))
}

fn inject(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let fault = fault::from_json(request.body()).map_err(Problem::bad_request)?;
    let name = fault.name();
    if let Some(duration) = fault.refuses_connections() {
        // The server applies it. It has no id, and ends after its duration.
        let reply = created(&json!({"fault": name, "id": null}));
        return Ok(Reply { delivery: Delivery::ThenRefuseConnections { duration }, ..reply });
    }
    let id = gateways.faults().add(fault);
    Ok(created(&json!({"fault": name, "id": id})))
}

fn clear(request: &Request<Bytes>, gateways: &Gateways) -> Result<Reply, Problem> {
    let Some(id) = parameter(request, "id")? else {
        let cleared = ok(&json!({"cleared": gateways.faults().clear()}));
        return Ok(Reply { delivery: Delivery::ThenAcceptConnections, ..cleared });
    };
    let id = id.parse().map_err(|_| Problem::bad_request("id must be the id of a fault"))?;
    if gateways.faults().remove(id) {
        Ok(ok(&json!({"cleared": 1})))
    } else {
        Err(Problem::new(StatusCode::NOT_FOUND, "there is no fault with this id"))
    }
}
