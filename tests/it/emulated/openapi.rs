//! The OpenAPI document of the control endpoints says what they accept and answer, and nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;
use jsonschema::Validator;
use privacy_number::aliyun::{BindAxb, BindAxn, CreateAxgGroup, EnsureReportedError, NumberReport, Photo};
use privacy_number::emulator::{Clock, Emulator, EmulatorBuilder, Fault, OrderStatus, PlacedCall, PushSettings};
use privacy_number::top::{
    OaidDecrypt, ReceiverQuery, SendMessageByOaidRequest, SmsOaidMessageSend, TemplateParams, TmcMessagesConsume,
    TmcUserPermit,
};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{control, get};

const NUMBER: &str = "15000000001";

/// One operation of the document.
struct Operation {
    method: Method,
    /// Below `/_emulator`.
    path: String,
    description: Value,
}

struct Document(Value);

impl Document {
    async fn of(emulator: &Emulator) -> Self {
        Self(get(emulator, "/openapi.json").await)
    }

    fn operations(&self) -> Vec<Operation> {
        let paths = self.0["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, methods)| {
            methods.as_object().unwrap().iter().map(|(method, description)| Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.strip_prefix("/_emulator").unwrap().to_owned(),
                description: description.clone(),
            })
        });
        operations.collect()
    }

    /// Follows a `$ref`.
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.0.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => schema,
        }
    }

    fn validator(&self, schema: &Value) -> Validator {
        let whole = json!({"$ref": schema["$ref"], "components": self.0["components"]});
        jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
    }

    fn assert_describes(&self, schema: &Value, value: &Value, context: &str) {
        let validator = self.validator(schema);
        let errors: Vec<_> =
            validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{context}: {errors:?} in {value}");
    }

    /// The answers of all operations that only read, for this query.
    async fn assert_describes_the_state(&self, emulator: &Emulator, query: &str) {
        for operation in self.operations().iter().filter(|operation| operation.method == Method::GET) {
            let is_described = operation.success_schema().is_some() && !operation.needs_query();
            if is_described && (query.is_empty() || operation.takes("numbers")) {
                operation.assert_answer(self, emulator, query, Value::Null).await;
            }
        }
    }
}

impl Operation {
    fn name(&self) -> String {
        format!("{} /_emulator{}", self.method, self.path)
    }

    fn status(&self) -> u16 {
        let responses = self.description["responses"].as_object().unwrap();
        let mut successes = responses.keys().filter(|status| status.starts_with('2'));
        let status = successes.next().unwrap().parse().unwrap();
        assert_eq!(successes.next(), None, "{}", self.name());
        status
    }

    /// Whether a request without a query is refused.
    fn needs_query(&self) -> bool {
        ["/requests", "/details"].contains(&self.path.as_str())
    }

    /// `None` if the answer is not JSON.
    fn success_schema(&self) -> Option<&Value> {
        let content = &self.description["responses"][self.status().to_string()]["content"];
        content.get("application/json").map(|content| &content["schema"])
    }

    fn body_schema(&self) -> Option<&Value> {
        self.description["requestBody"]["content"]["application/json"].get("schema")
    }

    fn takes(&self, parameter: &str) -> bool {
        let parameters = self.description["parameters"].as_array();
        parameters.into_iter().flatten().any(|taken| taken["name"] == parameter)
    }

    async fn assert_answer(&self, document: &Document, emulator: &Emulator, query: &str, body: Value) {
        let context = format!("{}{query} {body}", self.name());
        let (status, answer) = control(emulator, self.method.clone(), &format!("{}{query}", self.path), body).await;
        assert_eq!(status, self.status(), "{context}: {answer}");
        document.assert_describes(self.success_schema().unwrap(), &answer, &context);
    }

    /// Sends a body that must be refused. Returns the reason.
    async fn refusal(&self, document: &Document, emulator: &Emulator, body: &Value) -> String {
        let (status, answer) = control(emulator, self.method.clone(), &self.path, body.clone()).await;
        assert_eq!(status, 400, "{} {body}: {answer}", self.name());
        let problem = json!({"$ref": "#/components/schemas/Problem"});
        document.assert_describes(&problem, &answer, &self.name());
        answer["error"].as_str().unwrap().to_owned()
    }
}

fn builder() -> EmulatorBuilder {
    Emulator::builder().clock(Clock::stopped_at("2026-01-06T02:00:00Z".parse().unwrap()))
}

async fn report_a_number(emulator: &Emulator) {
    let portrait = Photo::new(b"\xFF\xD8\xFF\xE0portrait".as_slice()).unwrap();
    let report = NumberReport::builder().a_no_white_group_id(19).phone_no_a(NUMBER).cust_name("张某某");
    let report = report.document_number("000000000000000000").alive_photo(portrait).build();
    let reported = emulator.aliyun().unwrap().ensure_reported(report).wait(Duration::ZERO).await;
    assert!(matches!(reported, Err(EnsureReportedError::NotReviewed)), "{reported:?}");
}

/// An emulator with something of everything.
async fn busy_emulator() -> Emulator {
    let push = PushSettings::to("http://127.0.0.1:9/receipts");
    let emulator = builder().push_receipts(push).generated_orders(3).start().await.unwrap();
    let (client, pool) = (emulator.aliyun().unwrap(), emulator.pool_key());
    let expiration = emulator.now() + TimeDelta::days(1);
    let bind = BindAxb::builder().pool_key(pool).phone_no_a("15000000000").phone_no_b(NUMBER);
    let x = client.send(&bind.expiration(expiration).build()).await.unwrap().secret_bind.secret_no.dial().to_string();
    let bind = BindAxn::builder().pool_key(pool).phone_no_a("15000000002").expiration(expiration).build();
    client.send(&bind).await.unwrap();
    client.send(&CreateAxgGroup::builder().pool_key(pool).numbers(["15000000003"]).build()).await.unwrap();
    report_a_number(&emulator).await;
    let shop = emulator.shop().unwrap();
    shop.send(&TmcUserPermit::all_topics()).await.unwrap();
    let text = SendMessageByOaidRequest::builder().oaid("oaid-2001").order_id("2001").sms_free_sign_name("签名");
    let text = text.template_code("SMS_1").params(TemplateParams::from([("name", NUMBER)])).build();
    shop.send(&SmsOaidMessageSend::new(text)).await.unwrap();
    shop.send(&OaidDecrypt::new([ReceiverQuery::builder().tid("2001").oaid("oaid-2001").build()])).await.unwrap();
    assert!(emulator.gateways().set_order_status("2001", OrderStatus::Succeeded));
    shop.send(&TmcMessagesConsume::default()).await.unwrap();
    emulator.place_call(&PlacedCall::new(NUMBER, x.as_str()));
    emulator.place_call(&PlacedCall::new(NUMBER, "17000000006"));
    emulator.clock().advance(Duration::from_secs(120));
    emulator.settle().await;
    emulator.inject(Fault::unavailable().on("BindAxb").times(2));
    emulator
}

/// The names in the list that ends serde's error about an unknown name, or the only one.
fn expected_names(reason: &str) -> BTreeSet<String> {
    let (_, list) = reason.split_once("expected").unwrap_or_else(|| panic!("{reason}"));
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn without(object: &Value, member: &str) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().remove(member);
    object
}

fn with(object: &Value, member: &str, value: Value) -> Value {
    let mut object = object.clone();
    object[member] = value;
    object
}

#[tokio::test]
async fn the_document_has_exactly_the_endpoints_of_the_list() {
    let emulator = Emulator::start().await.unwrap();
    let document = Document::of(&emulator).await;
    let described: BTreeSet<_> = document.operations().iter().map(Operation::name).collect();
    let index = get(&emulator, "/").await;
    let listed = index["endpoints"].as_array().unwrap().iter();
    let name =
        |endpoint: &Value| format!("{} {}", endpoint["method"].as_str().unwrap(), endpoint["path"].as_str().unwrap());
    assert_eq!(described, listed.map(name).collect());
    assert!(described.len() > 40);
    let ids: BTreeSet<_> = document.operations().iter().map(|one| one.description["operationId"].to_string()).collect();
    assert_eq!(ids.len(), described.len(), "each has an operationId of its own");
}

#[tokio::test]
async fn every_schema_is_used_and_every_reference_resolves() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = Document::of(&Emulator::start().await.unwrap()).await;
    let mut found = BTreeSet::new();
    references(&document.0, &mut found);
    let used: BTreeSet<_> = found.iter().filter_map(|one| one.strip_prefix("#/components/schemas/")).collect();
    let schemas = document.0["components"]["schemas"].as_object().unwrap();
    assert_eq!(used, schemas.keys().map(String::as_str).collect());
    assert!(found.iter().all(|reference| document.0.pointer(&reference[1..]).is_some()));
}

#[tokio::test]
async fn every_example_is_accepted_and_its_answer_is_as_described() {
    let document = Document::of(&Emulator::start().await.unwrap()).await;
    for operation in document.operations() {
        if operation.success_schema().is_none() || operation.needs_query() {
            continue;
        }
        let Some(schema) = operation.body_schema() else {
            operation.assert_answer(&document, &builder().start().await.unwrap(), "", Value::Null).await;
            continue;
        };
        let examples = document.resolve(schema)["examples"].as_array().unwrap();
        assert!(!examples.is_empty(), "{}", operation.name());
        for example in examples {
            document.assert_describes(schema, example, &operation.name());
            let emulator = builder().start().await.unwrap();
            if operation.path == "/reports/review" {
                report_a_number(&emulator).await;
            }
            operation.assert_answer(&document, &emulator, "", example.clone()).await;
        }
    }
}

#[tokio::test]
async fn the_state_is_as_described_with_masked_and_with_whole_numbers() {
    let emulator = busy_emulator().await;
    let document = Document::of(&emulator).await;
    for query in ["", "?numbers=masked", "?numbers=whole"] {
        document.assert_describes_the_state(&emulator, query).await;
    }
    let has_number = |state: &Value| state.to_string().contains(NUMBER);
    for path in ["/phone_number_protection", "/calls", "/receipts", "/text_messages"] {
        assert!(!has_number(&get(&emulator, path).await), "{path} is masked by default");
        assert!(has_number(&get(&emulator, &format!("{path}?numbers=whole")).await), "{path} has whole numbers");
    }
}

#[tokio::test]
async fn the_members_of_a_body_are_exactly_those_of_its_schema() {
    let emulator = builder().start().await.unwrap();
    let document = Document::of(&emulator).await;
    for operation in document.operations() {
        let Some(schema) = operation.body_schema().map(|schema| document.resolve(schema)) else { continue };
        let none = Map::new();
        let described = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let reason = operation.refusal(&document, &emulator, &json!({"no such member": 0})).await;
        assert!(reason.starts_with("unknown field `no such member`"), "{reason}");
        let taken = if described.is_empty() { BTreeSet::new() } else { expected_names(&reason) };
        assert_eq!(taken, described.keys().cloned().collect(), "{}", operation.name());
        let shown: BTreeSet<_> =
            schema["examples"].as_array().unwrap().iter().flat_map(|one| one.as_object().unwrap().keys()).collect();
        assert_eq!(shown, described.keys().collect(), "the examples of {} show every member", operation.name());
    }
}

#[tokio::test]
async fn a_wrong_type_and_a_missing_member_are_refused() {
    let emulator = builder().start().await.unwrap();
    let document = Document::of(&emulator).await;
    for operation in document.operations() {
        let Some(schema) = operation.body_schema().map(|schema| document.resolve(schema)) else { continue };
        operation.refusal(&document, &emulator, &json!([])).await;
        let example = &schema["examples"][0];
        for name in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            // No member is an array of numbers, and `body` of a receipt is anything.
            if (operation.path.as_str(), name.as_str()) != ("/receipts", "body") {
                operation.refusal(&document, &emulator, &with(example, name, json!([0]))).await;
            }
        }
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let reason = operation.refusal(&document, &emulator, &without(example, name)).await;
            assert!(reason.starts_with(&format!("missing field `{name}`")), "{}: {reason}", operation.name());
        }
    }
    let wrong = json!({"pool_key": "p", "numbers": [{"number": "17000000011", "town": "西安"}]});
    let (status, answer) = super::post(&emulator, "/pools", wrong).await;
    assert_eq!(status, 400, "{answer}");
    assert!(answer["error"].as_str().unwrap().starts_with("unknown field `town`"), "{answer}");
}

#[tokio::test]
async fn the_names_that_a_member_can_have_are_exactly_those_of_its_schema() {
    let emulator = builder().start().await.unwrap();
    let document = Document::of(&emulator).await;
    let mut compared = 0;
    for operation in document.operations() {
        let Some(schema) = operation.body_schema().map(|schema| document.resolve(schema)) else { continue };
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let member = member["anyOf"].get(0).unwrap_or(member);
            let Some(names) = document.resolve(member)["enum"].as_array() else { continue };
            let names: BTreeSet<_> = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            if names.is_empty() {
                continue;
            }
            let wrong = with(&schema["examples"][0], name, json!("no such name"));
            let reason = operation.refusal(&document, &emulator, &wrong).await;
            // The names of faults and operations are those of the emulator's own lists.
            if !["fault", "on"].contains(&name.as_str()) {
                assert_eq!(expected_names(&reason), names, "{name} of {}", operation.name());
            }
            compared += 1;
        }
    }
    assert!(compared >= 7, "{compared}");
}

#[tokio::test]
async fn an_unknown_query_parameter_is_refused() {
    let emulator = builder().start().await.unwrap();
    let document = Document::of(&emulator).await;
    for operation in document.operations() {
        let path = format!("{}?no_such_parameter=1", operation.path);
        let (status, answer) = control(&emulator, operation.method.clone(), &path, Value::Null).await;
        assert_eq!(status, 400, "{path}: {answer}");
    }
    for wrong in ["/orders?numbers=all", "/orders?shop=first-shop&shop=first-shop", "/faults?numbers=whole"] {
        assert_eq!(control(&emulator, Method::GET, wrong, Value::Null).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn what_the_console_asks_for_is_as_described() {
    let emulator = busy_emulator().await;
    let document = Document::of(&emulator).await;
    let operations = document.operations();
    let operation = |path: &str| operations.iter().find(|operation| operation.path == path).unwrap();
    for query in ["?number=1", "?number=1&part=signature", "?number=1&part=response", "?number=1&parameter=PhoneNoA"] {
        operation("/requests").assert_answer(&document, &emulator, query, Value::Null).await;
    }
    let bindings = get(&emulator, "/phone_number_protection").await["bindings"].clone();
    let binding = bindings.as_object().unwrap().keys().next().unwrap().clone();
    let call = get(&emulator, "/calls").await[0]["id"].as_str().unwrap().to_owned();
    let tid = emulator.orders()[0].0.clone();
    for query in [format!("?binding={binding}"), format!("?order={tid}"), format!("?call={call}"), "?receipt=1".into()]
    {
        operation("/details").assert_answer(&document, &emulator, &query, Value::Null).await;
    }
}
