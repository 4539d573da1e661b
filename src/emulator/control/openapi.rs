//! The OpenAPI document of the control endpoints. The paths are made from the table of endpoints. The schemas, with an
//! example of each request, are in `schemas/`. Tests compare the document with what the endpoints accept and answer.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::endpoint::{Body, Endpoint};
use crate::emulator::fault::Fault;
use crate::emulator::operations;

/// The JSON schemas by name, one file for each subject.
const SCHEMAS: [&str; 8] = [
    include_str!("schemas/about.json"),
    include_str!("schemas/console.json"),
    include_str!("schemas/shops.json"),
    include_str!("schemas/order_life.json"),
    include_str!("schemas/numbers.json"),
    include_str!("schemas/calls.json"),
    include_str!("schemas/receipts.json"),
    include_str!("schemas/faults.json"),
];

const DESCRIPTION: &str = "Control of the emulator of TOP and of Alibaba Cloud's Phone Number Protection. What is set \
    here lasts until `POST /_emulator/reset`, which restores the state that the emulator was started with. Times are \
    by the emulator's clock.";

/// The document.
pub(super) fn document<'a>(endpoints: impl Iterator<Item = &'a Endpoint>) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in endpoints {
        let path = paths.entry(format!("/_emulator/{}", endpoint.path)).or_insert_with(|| json!({}));
        if let Some(operations) = path.as_object_mut() {
            operations.insert(endpoint.method.to_lowercase(), operation(endpoint));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Control endpoints of the emulator",
            "description": DESCRIPTION,
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"control_token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "responses": {"Problem": response("The request is refused; the body has the reason.", "Problem")},
            "securitySchemes": {
                "control_token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The control token, if the emulator was started with one.",
                },
            },
        },
    })
}

fn operation(endpoint: &Endpoint) -> Value {
    let mut responses = Map::new();
    let success = endpoint.success.as_str().to_owned();
    let done = "The request was executed.";
    let answer = match endpoint.content_type {
        "application/json" => response(done, endpoint.answer),
        other => json!({"description": done, "content": {other: {"schema": {"type": "string"}}}}),
    };
    responses.insert(success, answer);
    let mut refusals = vec![StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    refusals.push(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for status in refusals.iter().chain(endpoint.refusals) {
        responses.insert(status.as_str().to_owned(), json!({"$ref": "#/components/responses/Problem"}));
    }
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), Value::from(operation_id(endpoint)));
    operation.insert("summary".to_owned(), Value::from(endpoint.about));
    operation.insert("responses".to_owned(), Value::Object(responses));
    if !endpoint.query.is_empty() {
        let parameters = endpoint.query.iter().map(|parameter| {
            json!({
                "name": parameter.name,
                "in": "query",
                "description": parameter.about,
                "schema": parse(parameter.schema),
            })
        });
        operation.insert("parameters".to_owned(), parameters.collect());
    }
    let body = match endpoint.body {
        Body::None => None,
        Body::Required(schema) => Some((schema, true)),
        Body::Optional(schema) => Some((schema, false)),
    };
    if let Some((schema, is_required)) = body {
        let body = json!({"required": is_required, "content": content(schema)});
        operation.insert("requestBody".to_owned(), body);
    }
    Value::Object(operation)
}

/// Such as `post_shops_rotate`.
fn operation_id(endpoint: &Endpoint) -> String {
    let path = if endpoint.path.is_empty() { "index" } else { endpoint.path };
    format!("{}_{}", endpoint.method.to_lowercase(), path.replace(['/', '.'], "_"))
}

fn response(description: &str, schema: &str) -> Value {
    json!({"description": description, "content": content(schema)})
}

fn content(schema: &str) -> Value {
    json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}})
}

fn schemas() -> Value {
    let all = SCHEMAS.iter().map(|file| parse(file));
    let pairs = all.filter_map(|file| if let Value::Object(schemas) = file { Some(schemas) } else { None }).flatten();
    let names = |names: Vec<&'static str>| json!({"enum": names});
    let derived = [
        ("FaultName".to_owned(), names(Fault::names().collect())),
        ("FaultyOperation".to_owned(), names(operations::of_requests().collect())),
    ];
    Value::Object(pairs.chain(derived).collect())
}

/// A test checks that all of these texts are JSON.
fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}
