//! Whether a text says that something failed, found in another way than the crate reads answers.

use serde_json::Value;

use crate::answer::parse_xml;

/// Panics if a text that was taken for a success says, at its top or one level below, that it is none.
pub(super) fn assert_says_no_failure(body: &[u8], is_top: bool) {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let content = match serde_json::from_slice(body) {
        Ok(Value::Object(mut members)) if is_top => {
            let error = members.remove("error_response").unwrap_or_default();
            assert!(error.is_null(), "an error beside the answer");
            let root = members.keys().find(|key| key.ends_with("_response")).cloned();
            let content = root.and_then(|root| members.remove(&root));
            let outside = Value::Object(members);
            assert!(!says_failure(&outside, true), "a failure beside the answer");
            content.unwrap_or(outside)
        }
        Ok(content) => content,
        Err(_) => {
            // Text that only a closer look finds fault with: half a character where nobody reads it.
            let Ok((root, tree)) = parse_xml(body) else { return };
            assert!(root != "Error" && root != "error_response", "the root of an error");
            tree
        }
    };
    assert!(!says_failure(&content, true), "a failure in the answer");
    for part in content.as_object().into_iter().flat_map(|members| members.values()) {
        assert!(!says_failure(part, false), "a failure inside the answer");
    }
}

/// Whether an object has `success: false` or the code of an error; a plain `code` is looked at only where it stands for
/// the call.
fn says_failure(object: &Value, with_code: bool) -> bool {
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
