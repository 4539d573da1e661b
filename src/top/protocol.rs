//! TOP's envelope: system parameters and signature around a request, one root around an answer.

use std::time::Duration;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::client::App;
use super::error_code::{ban_scope, classify};
use crate::call::{BanScope, Fault, Format, Protocol, RawAnswer, WireRequest};
use crate::decode::{Document, Success, Syntax, lenient, parse_xml, syntax, without_byte_order_mark};
use crate::error::{Code, RequestId, ServiceFacts};
use crate::params::{Params, Sorted};
use crate::redact::{Private, Secret};
use crate::sign::Stamp;
use crate::sign::explain::{Explanation, explain_signed_top};
use crate::sign::pop::HttpMethod;
use crate::sign::top::{signed, signed_form};
use crate::time::china_text;

/// One call of one method.
pub(super) struct TopCall<'a> {
    pub(super) app: &'a App,
    pub(super) session: Option<&'a Secret>,
    pub(super) method: &'static str,
    pub(super) params: &'a Params,
}

impl TopCall<'_> {
    /// Everything that is signed.
    fn signed_params<'a>(&'a self, timestamp: &'a str) -> Sorted<'a> {
        let app = self.app;
        let system = [
            ("method", self.method),
            ("app_key", app.key.expose()),
            ("session", self.session.map_or("", Secret::expose)),
            ("timestamp", timestamp),
            ("format", if app.format == Format::Json { "json" } else { "xml" }),
            ("v", "2.0"),
            ("sign_method", app.sign_method.as_str()),
        ];
        signed(system.into_iter().chain(self.params.iter()))
    }
}

impl Protocol for TopCall<'_> {
    fn request(&self, stamp: &Stamp) -> WireRequest<'_> {
        let app = self.app;
        let timestamp = china_text(&stamp.time);
        let form = signed_form(app.sign_method, &self.signed_params(&timestamp), &app.secret);
        WireRequest { endpoint: &app.endpoint, method: HttpMethod::Post, form }
    }

    fn success<'a>(&self, answer: &'a RawAnswer) -> Option<Success<'a>> {
        let json = std::str::from_utf8(&answer.body).ok()?;
        (answer.status == 200 && json.starts_with('{')).then(|| Success::Under(response_root(self.method), json))
    }

    fn judge(&self, answer: &RawAnswer) -> Result<Document, Fault> {
        let unreadable = |problem| Fault::unreadable(answer, problem);
        let content = match syntax(&answer.body) {
            Syntax::Json => read_json(answer, &response_root(self.method)),
            Syntax::Xml => read_xml(answer, &response_root(self.method)),
            Syntax::Other => None,
        };
        match content {
            None => Err(unreadable("the answer is not TOP's")),
            Some(Content::Error(error)) => Err(error.into_fault(answer.status, answer.retry_after())),
            Some(Content::Answer(_)) if answer.status != 200 => Err(unreadable("the HTTP status is not 200")),
            Some(Content::Answer(document)) => Ok(document),
        }
    }

    fn explain(&self, stamp: &Stamp, facts: &ServiceFacts) -> Option<Explanation> {
        (facts.code.as_str() == "25").then(|| explain_signed_top(&self.signed_params(&china_text(&stamp.time)), None))
    }

    fn classify_refusal(&self, facts: ServiceFacts) -> Fault {
        classify(facts, None)
    }

    fn ban_scope(&self, facts: &ServiceFacts) -> Option<BanScope> {
        ban_scope(facts.code.as_str(), facts.sub_code.as_ref().map(Code::as_str))
    }

    fn session(&self) -> Option<&Secret> {
        self.session
    }
}

/// The method with `_` for `.`, without a leading `taobao_`, and `_response`. Only `taobao` is dropped.
fn response_root(method: &str) -> String {
    format!("{}_response", method.strip_prefix("taobao.").unwrap_or(method).replace('.', "_"))
}

enum Content {
    Error(ErrorResponse),
    Answer(Document),
}

#[derive(Deserialize)]
struct ErrorResponse {
    #[serde(deserialize_with = "lenient::text")]
    code: String,
    #[serde(default, deserialize_with = "lenient::optional")]
    msg: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    sub_code: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    sub_msg: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    request_id: Option<String>,
}

impl ErrorResponse {
    fn into_fault(self, http_status: u16, retry_after: Option<Duration>) -> Fault {
        let words = [self.msg, self.sub_msg].into_iter().flatten().collect::<Vec<_>>().join("; ");
        let facts = ServiceFacts {
            code: Code::from(self.code),
            sub_code: self.sub_code.map(Code::from),
            message: (!words.is_empty()).then(|| Private::from(words)),
            request_id: self.request_id.map(RequestId::from),
            http_status: Some(http_status),
            meaning: "",
            throttled: false,
            explanation: None,
        };
        classify(facts, retry_after)
    }
}

fn read_json(answer: &RawAnswer, root: &str) -> Option<Content> {
    let body = without_byte_order_mark(&answer.body);
    let mut deserializer = serde_json::Deserializer::from_slice(&body);
    let top_level = TopLevelSeed { root }.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    match top_level {
        TopLevel { error: Some(error), .. } => Some(Content::Error(error)),
        TopLevel { answer: Some(content), .. } => {
            Some(Content::Answer(Document::Json(body.slice_ref(content.get().as_bytes()))))
        }
        // `simplify=true` leaves the root out; another method's root is no answer to this one.
        TopLevel { other_root: false, .. } => Some(Content::Answer(Document::BareJson(body))),
        TopLevel { .. } => None,
    }
}

fn read_xml(answer: &RawAnswer, expected_root: &str) -> Option<Content> {
    let (root, tree) = parse_xml(&without_byte_order_mark(&answer.body)).ok()?;
    if root == "error_response" {
        return ErrorResponse::deserialize(&tree).ok().map(Content::Error);
    }
    // An answer without members is an empty object, not an empty text.
    let tree =
        if tree.as_str().is_some_and(|text| text.trim().is_empty()) { Value::Object(Default::default()) } else { tree };
    (root == expected_root).then_some(Content::Answer(Document::Tree(tree)))
}

/// What stands at the top of a JSON answer, found in one pass that copies nothing.
#[derive(Default)]
struct TopLevel<'a> {
    error: Option<ErrorResponse>,
    answer: Option<&'a RawValue>,
    other_root: bool,
}

struct TopLevelSeed<'r> {
    root: &'r str,
}

impl<'de> DeserializeSeed<'de> for TopLevelSeed<'_> {
    type Value = TopLevel<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<TopLevel<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TopLevelSeed<'_> {
    type Value = TopLevel<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TopLevel<'de>, A::Error> {
        let mut found = TopLevel::default();
        while let Some(key) = map.next_key::<String>()? {
            let is_repeated = if key == "error_response" {
                found.error.replace(map.next_value()?).is_some()
            } else if key == self.root {
                found.answer.replace(map.next_value()?).is_some()
            } else {
                found.other_root |= key.ends_with("_response");
                map.next_value::<IgnoredAny>()?;
                false
            };
            if is_repeated {
                return Err(A::Error::custom("two answers in one"));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_taobao_is_dropped_from_the_root() {
        assert_eq!(response_root("taobao.top.oaid.decrypt"), "top_oaid_decrypt_response");
        assert_eq!(
            response_root("tmall.servicecenter.workcard.virtualphone.bind"),
            "tmall_servicecenter_workcard_virtualphone_bind_response"
        );
    }
}
