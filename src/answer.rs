//! Parses a response in one pass: finds the content in its envelope, reads it into the operation's type, and collects
//! the members that tell success from failure. JSON is read directly, XML through a tree; loose types are read
//! leniently.

mod buffered;
mod collect;
mod envelope;
mod forward;
mod known_field;
pub(crate) mod lenient;
mod struct_fields;
mod summary;
mod tree;
mod xml;

use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny};
use serde_json::Value;

use crate::error::may_hold_a_number;
use collect::ContentSeed;
pub(crate) use envelope::Envelope;
use envelope::{IsPresent, TopLevel, TopLevelSeed};
use struct_fields::fields_of;
pub(crate) use summary::{ResultMembers, Summary};
pub(crate) use xml::parse as parse_xml;

/// The body of a response, in one of the two formats that this crate reads.
pub(crate) enum Body<'a> {
    Json(&'a str),
    /// The name of the root element and its content, with every scalar as text.
    Xml(String, Value),
}

impl<'a> Body<'a> {
    /// `None` unless the body may be a JSON object or is a well-formed XML document.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let bytes = without_byte_order_mark(bytes);
        match syntax(bytes) {
            Syntax::Json => std::str::from_utf8(bytes).ok().map(Self::Json),
            Syntax::Xml => {
                let (root, tree) = parse_xml(bytes).ok()?;
                // A root without children is an empty object, not an empty text.
                let is_empty = tree.as_str().is_some_and(|text| text.trim().is_empty());
                Some(Self::Xml(root, if is_empty { Value::Object(Default::default()) } else { tree }))
            }
            Syntax::Other => None,
        }
    }

    /// Reads the content, and fills `summary` with the members that tell success from failure. `summary` stays empty if
    /// the text is not well formed.
    ///
    /// # Errors
    /// The path of the field that is missing or has the wrong type; empty if no field can be named.
    pub(crate) fn read<'s, T: DeserializeOwned>(
        &'s self,
        envelope: &Envelope<'_>,
        summary: &mut Summary<'s>,
    ) -> Result<T, String> {
        // One pass is enough for nearly every response.
        if let Ok(Some(content)) = self.read_as(envelope, summary, Direct) {
            return Ok(content);
        }
        // The type may have refused the response before its end. The next pass collects the summary only, another one
        // finds the path of the field.
        let is_well_formed = [false, true].into_iter().any(|only_deciding| {
            *summary = Summary { fields: fields_of::<T>(), only_deciding, ..Summary::default() };
            self.read_as::<IgnoredAny, _>(envelope, summary, Direct).is_ok()
        });
        let mut path = String::new();
        if !is_well_formed {
            *summary = Summary::default();
        } else if summary.has_content {
            let _ = self.read_as::<T, _>(envelope, &mut Summary::default(), WithPath(&mut path));
        }
        Err(path)
    }

    /// One pass over the text. `None` if the response lacks the operation's content.
    fn read_as<'s, T: DeserializeOwned, H: ReadMode>(
        &'s self,
        envelope: &Envelope<'_>,
        summary: &mut Summary<'s>,
        mut mode: H,
    ) -> Result<Option<T>, ()> {
        summary.code_may_be_content = envelope.has_root_in_json;
        match self {
            Self::Json(text) if envelope.has_root_in_json => {
                let seed = TopLevelSeed { envelope, summary, content: PhantomData };
                match mode.json(text, &envelope.root, seed)? {
                    TopLevel::Content(content) => return Ok(Some(content)),
                    TopLevel::OtherRoot => return Ok(None),
                    // `simplify=true` leaves the root out.
                    TopLevel::NoRoot => summary.outer = ResultMembers::default(),
                }
                let content = mode.json(text, "", ContentSeed::new(summary))?;
                // The object of another service must not count as a response.
                summary.has_content = summary.has_known_member;
                Ok(Some(content))
            }
            Self::Json(text) => {
                let content = mode.json(text, "", ContentSeed::new(summary))?;
                // As above; but an object with a code is a response of the gateway, even without a known member.
                summary.has_content = summary.has_known_member || summary.outer.code().is_some();
                Ok(Some(content))
            }
            Self::Xml(root, tree) if root == envelope.error_root => {
                let mut inside = Summary::default();
                ContentSeed::<IsPresent>::new(&mut inside).deserialize(tree).map_err(drop)?;
                summary.error = Some(inside.outer);
                Ok(None)
            }
            Self::Xml(root, tree) if envelope.is_root(root) => mode.tree(tree, ContentSeed::new(summary)).map(Some),
            Self::Xml(..) => Ok(None),
        }
    }
}

/// The format of a body, judged by its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Xml,
    /// Neither, or an empty body.
    Other,
}

/// Detects the format by the first character that is not white space.
fn syntax(body: &[u8]) -> Syntax {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Syntax::Json,
        Some(b'<') => Syntax::Xml,
        _ => Syntax::Other,
    }
}

/// The body without its byte order mark, which neither parser accepts.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// How a pass runs a seed over the text.
trait ReadMode {
    /// `root` is the first name of every path, which is not shown.
    fn json<'de, S: DeserializeSeed<'de>>(&mut self, text: &'de str, root: &str, seed: S) -> Result<S::Value, ()>;

    fn tree<'de, S: DeserializeSeed<'de>>(&mut self, tree: &'de Value, seed: S) -> Result<S::Value, ()>;
}

/// Reads without recording paths.
struct Direct;

impl ReadMode for Direct {
    fn json<'de, S: DeserializeSeed<'de>>(&mut self, text: &'de str, _: &str, seed: S) -> Result<S::Value, ()> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let value = seed.deserialize(&mut deserializer).map_err(drop)?;
        deserializer.end().map_err(drop)?;
        Ok(value)
    }

    fn tree<'de, S: DeserializeSeed<'de>>(&mut self, tree: &'de Value, seed: S) -> Result<S::Value, ()> {
        seed.deserialize(tree).map_err(drop)
    }
}

/// Reads more slowly, and records the path of the field that fails.
struct WithPath<'a>(&'a mut String);

impl WithPath<'_> {
    fn track<'de, S, D>(&mut self, deserializer: D, root: &str, seed: S) -> Result<S::Value, ()>
    where
        S: DeserializeSeed<'de>,
        D: Deserializer<'de>,
    {
        let mut track = serde_path_to_error::Track::new();
        let result = seed.deserialize(serde_path_to_error::Deserializer::new(deserializer, &mut track));
        result.map_err(|error| *self.0 = printable_path(&track.path().to_string(), root, &error.to_string()))
    }
}

impl ReadMode for WithPath<'_> {
    fn json<'de, S: DeserializeSeed<'de>>(&mut self, text: &'de str, root: &str, seed: S) -> Result<S::Value, ()> {
        self.track(&mut serde_json::Deserializer::from_str(text), root, seed)
    }

    fn tree<'de, S: DeserializeSeed<'de>>(&mut self, tree: &'de Value, seed: S) -> Result<S::Value, ()> {
        self.track(tree, "", seed)
    }
}

/// The path of a field, for an error. The parser's message may quote a value, so only the name of a missing field is
/// taken from it, which comes from this crate.
fn printable_path(path: &str, root: &str, message: &str) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let mut path = path.trim_start_matches('.').to_owned();
    if let Some(missing) = missing_field(message) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(missing);
    }
    let is_name = |character: char| character.is_ascii_alphanumeric() || "._[]-".contains(character);
    // A name that no type of this crate has comes from the gateway, and may be a phone number.
    let is_shown = path.len() <= 120 && path.chars().all(is_name) && !may_hold_a_number(&path);
    if is_shown { path } else { String::new() }
}

fn missing_field(message: &str) -> Option<&str> {
    let (name, _) = message.strip_prefix("missing field `")?.split_once('`')?;
    Some(name)
}

/// Reads a text as a content without envelope, under any XML root; or gives the path of the field that fails.
#[cfg(test)]
pub(crate) fn content<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let body = Body::parse(text.as_bytes()).ok_or_else(String::new)?;
    let root = if let Body::Xml(root, _) = &body { root.clone() } else { String::new() };
    let envelope = Envelope { root: root.into(), root_suffix: "", error_root: "Error", has_root_in_json: false };
    body.read(&envelope, &mut Summary::default())
}

#[cfg(test)]
mod tests;
