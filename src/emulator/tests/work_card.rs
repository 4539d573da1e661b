use serde_json::{Value, json};

use super::{Call, gateways, top};

const METHOD: &str = "tmall.servicecenter.workcard.virtualphone.bind";

fn bind(request: &Value) -> Call {
    top(METHOD).with("workcard_request", request)
}

#[test]
fn a_work_card_is_bound_to_a_virtual_number() {
    let source = json!({"real_tp_nick": "天猫服务商XXX", "service_store_code": "FWS1122"});
    for source in [source, json!({})] {
        let call = bind(&json!({"request_source": source, "workcard_id": 11111222}));
        let result = call.answer(&gateways())["result"].clone();
        assert_eq!(result["success"], true);
        assert_eq!(result["result_data"].as_str().unwrap().len(), 11);
    }
}

#[test]
fn binding_a_card_again_binds_a_second_number() {
    let gateways = gateways();
    let call = bind(&json!({"request_source": {}, "workcard_id": 1}));
    let number = || call.answer(&gateways)["result"]["result_data"].clone();
    assert_ne!(number(), number());
    assert_eq!(gateways.ledger().executed(METHOD), 2);
}

#[test]
fn an_unknown_card_is_refused_inside_a_normal_response() {
    let gateways = gateways();
    let result = bind(&json!({"request_source": {}, "workcard_id": 0})).answer(&gateways)["result"].clone();
    assert_eq!(result["success"], false);
    assert_eq!(result["msg_code"], "223343");
    assert_eq!(gateways.ledger().executed(METHOD), 0);
}

#[test]
fn arguments_are_checked() {
    let refused = |request: Value| bind(&request).refusal(&gateways());
    assert_eq!(top(METHOD).refusal(&gateways()), (40, "isv.missing-parameter:workcard_request".into()));
    assert_eq!(refused(json!([])), (41, "isv.invalid-parameter:workcard_request".into()));
    assert_eq!(refused(json!({"workcard_id": 1})), (40, "isv.missing-parameter:request_source".into()));
    assert_eq!(refused(json!({"request_source": {}})), (40, "isv.missing-parameter:workcard_id".into()));
    let text = json!({"request_source": {}, "workcard_id": "11111222"});
    assert_eq!(refused(text), (41, "isv.invalid-parameter:workcard_id".into()));
    let fraction = json!({"request_source": {}, "workcard_id": 1.5});
    assert_eq!(refused(fraction), (41, "isv.invalid-parameter:workcard_id".into()));
    let source = json!({"request_source": "x", "workcard_id": 1});
    assert_eq!(refused(source), (41, "isv.invalid-parameter:request_source".into()));
}
