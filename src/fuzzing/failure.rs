//! Detects a failure in an answer, independently of the crate's own parser.

use serde_json::Value;

use crate::answer::parse_xml;

/// Panics if an answer that was accepted as a success reports a failure, at its top level or one level below.
pub(super) fn assert_reports_no_failure(body: &[u8], is_top: bool) {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let content = match serde_json::from_slice(body) {
        Ok(Value::Object(mut members)) if is_top => {
            let error = members.remove("error_response").unwrap_or_default();
            assert!(error.is_null(), "an error beside the answer");
            let root = members.keys().find(|key| key.ends_with("_response")).cloned();
            let content = root.and_then(|root| members.remove(&root));
            let outside = Value::Object(members);
            assert!(!reports_failure(&outside, true), "a failure beside the answer");
            content.unwrap_or(outside)
        }
        Ok(content) => content,
        Err(_) => {
            // JSON that only this stricter parser refuses: an invalid escape in a member that is never read.
            let Ok((root, tree)) = parse_xml(body) else { return };
            assert!(root != "Error" && root != "error_response", "the root of an error");
            tree
        }
    };
    assert!(!reports_failure(&content, true), "a failure in the answer");
    for part in content.as_object().into_iter().flat_map(|members| members.values()) {
        assert!(!reports_failure(part, false), "a failure inside the answer");
    }
}

/// Whether an object has `success: false` or an error code. `with_code` includes a plain `code`.
fn reports_failure(object: &Value, with_code: bool) -> bool {
    let members = object.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.replace('_', "").to_lowercase(), text(value))).any(|(name, text)| {
        let is_good =
            matches!(text.as_str(), "" | "200" | "ok" | "success" | "null" | "无") || text.trim_matches('0').is_empty();
        match name.as_str() {
            "success" => text == "false",
            "errorcode" | "errcode" => !is_good,
            "code" if with_code => !is_good,
            _ => false,
        }
    })
}

fn text(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().unwrap().to_string(),
        Value::Array(elements) if elements.is_empty() => String::new(),
        Value::Object(members) if members.is_empty() => String::new(),
        other => other.to_string(),
    };
    text.trim().to_lowercase()
}
