//! Bytes to answers, one road for good and bad ones: the envelope is judged and the content read in one pass over the
//! text. JSON is read directly, XML becomes the same tree; loose types are read leniently.

mod envelope;
mod held;
mod key;
mod known;
pub(crate) mod lenient;
mod said;
mod struct_fields;
mod tree;
mod watch;
mod xml;

use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny};
use serde_json::Value;

use crate::error::may_hold_a_number;
pub(crate) use envelope::Envelope;
use envelope::{Found, IsThere, UnderRoot};
pub(crate) use said::{Said, Words};
use struct_fields::fields_of;
use watch::Content;
pub(crate) use xml::parse as parse_xml;

/// The body of an answer, found to be text of a kind that is read here.
pub(crate) enum Body<'a> {
    Json(&'a str),
    /// The name of the root, and what is in it, with every scalar as text.
    Xml(String, Value),
}

impl<'a> Body<'a> {
    /// `None` for anything but an object in JSON or a well-formed document in XML.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let bytes = without_byte_order_mark(bytes);
        match syntax(bytes) {
            Syntax::Json => std::str::from_utf8(bytes).ok().map(Self::Json),
            Syntax::Xml => {
                let (root, tree) = parse_xml(bytes).ok()?;
                // An answer without members is an empty object, not an empty text.
                let is_empty = tree.as_str().is_some_and(|text| text.trim().is_empty());
                Some(Self::Xml(root, if is_empty { Value::Object(Default::default()) } else { tree }))
            }
            Syntax::Other => None,
        }
    }

    /// Reads the content, and puts into `said` what the answer says beside it: nothing, if the text is not well formed.
    /// Else it fails with the path of the field that is missing or of the wrong kind, empty if none can be named.
    pub(crate) fn read<'s, T: DeserializeOwned>(
        &'s self,
        envelope: &Envelope<'_>,
        said: &mut Said<'s>,
    ) -> Result<T, String> {
        // Nearly every answer is read by this.
        if let Ok(Some(content)) = self.read_as(envelope, said, Plain) {
            return Ok(content);
        }
        // The type may have refused the answer before its end. So what it says is collected alone, and the place where
        // the type refused it is looked for.
        let is_read = [false, true].into_iter().any(|is_coarse| {
            *said = Said { fields: fields_of::<T>(), is_coarse, ..Said::default() };
            self.read_as::<IgnoredAny, _>(envelope, said, Plain).is_ok()
        });
        let mut path = String::new();
        if !is_read {
            *said = Said::default();
        } else if said.has_content {
            let _ = self.read_as::<T, _>(envelope, &mut Said::default(), Tracked(&mut path));
        }
        Err(path)
    }

    /// One pass. `None` for an answer that has no content of the operation's.
    fn read_as<'s, T: DeserializeOwned, H: How>(
        &'s self,
        envelope: &Envelope<'_>,
        said: &mut Said<'s>,
        mut how: H,
    ) -> Result<Option<T>, ()> {
        said.code_may_be_content = envelope.has_root_in_json;
        match self {
            Self::Json(text) if envelope.has_root_in_json => {
                let seed = UnderRoot { envelope, said, content: PhantomData };
                match how.json(text, &envelope.root, seed)? {
                    Found::Content(content) => return Ok(Some(content)),
                    Found::OtherRoot => return Ok(None),
                    // `simplify=true` leaves the root out.
                    Found::NoRoot => said.outer = Words::default(),
                }
                let content = how.json(text, "", Content::new(said))?;
                // Some other service's object does not pass for an answer.
                said.has_content = said.is_known;
                Ok(Some(content))
            }
            Self::Json(text) => {
                let content = how.json(text, "", Content::new(said))?;
                // The same; but what has a code is an answer, whatever its type.
                said.has_content = said.is_known || said.outer.code().is_some();
                Ok(Some(content))
            }
            Self::Xml(root, tree) if root == envelope.error_root => {
                let mut inside = Said::default();
                Content::<IsThere>::new(&mut inside).deserialize(tree).map_err(drop)?;
                said.error = Some(inside.outer);
                Ok(None)
            }
            Self::Xml(root, tree) if envelope.is_root(root) => how.tree(tree, Content::new(said)).map(Some),
            Self::Xml(..) => Ok(None),
        }
    }
}

/// What kind of text a body seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Xml,
    /// Neither; an empty body for instance.
    Other,
}

/// Looks at the first character that is no white space.
fn syntax(body: &[u8]) -> Syntax {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Syntax::Json,
        Some(b'<') => Syntax::Xml,
        _ => Syntax::Other,
    }
}

/// The body without a byte order mark, which neither parser takes.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// How a pass goes.
trait How {
    /// `under` is the name that paths do not show.
    fn json<'de, S: DeserializeSeed<'de>>(&mut self, text: &'de str, under: &str, seed: S) -> Result<S::Value, ()>;

    fn tree<'de, S: DeserializeSeed<'de>>(&mut self, tree: &'de Value, seed: S) -> Result<S::Value, ()>;
}

/// As quickly as it can be done.
struct Plain;

impl How for Plain {
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

/// To find the place of a failure.
struct Tracked<'a>(&'a mut String);

impl Tracked<'_> {
    fn track<'de, S, D>(&mut self, deserializer: D, under: &str, seed: S) -> Result<S::Value, ()>
    where
        S: DeserializeSeed<'de>,
        D: Deserializer<'de>,
    {
        let mut track = serde_path_to_error::Track::new();
        let result = seed.deserialize(serde_path_to_error::Deserializer::new(deserializer, &mut track));
        result.map_err(|error| *self.0 = shown_path(&track.path().to_string(), under, &error.to_string()))
    }
}

impl How for Tracked<'_> {
    fn json<'de, S: DeserializeSeed<'de>>(&mut self, text: &'de str, under: &str, seed: S) -> Result<S::Value, ()> {
        self.track(&mut serde_json::Deserializer::from_str(text), under, seed)
    }

    fn tree<'de, S: DeserializeSeed<'de>>(&mut self, tree: &'de Value, seed: S) -> Result<S::Value, ()> {
        self.track(tree, "", seed)
    }
}

/// The path of a field. The parser's own message may quote a value; only the name of a missing field is taken from it,
/// which is this crate's own text.
fn shown_path(path: &str, under: &str, message: &str) -> String {
    let path = path.strip_prefix(under).unwrap_or(path);
    let mut path = path.trim_start_matches('.').to_owned();
    if let Some(missing) = missing_field(message) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(missing);
    }
    let is_name = |character: char| character.is_ascii_alphanumeric() || "._[]-".contains(character);
    // A name that no type of this crate knows is the gateway's, and may be a number.
    let is_shown = path.len() <= 120 && path.chars().all(is_name) && !may_hold_a_number(&path);
    if is_shown { path } else { String::new() }
}

fn missing_field(message: &str) -> Option<&str> {
    let (name, _) = message.strip_prefix("missing field `")?.split_once('`')?;
    Some(name)
}

/// The content of a text that stands for itself, whatever root XML has; or the path of what is wrong with it.
#[cfg(test)]
pub(crate) fn content<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let body = Body::parse(text.as_bytes()).ok_or_else(String::new)?;
    let root = if let Body::Xml(root, _) = &body { root.clone() } else { String::new() };
    let envelope = Envelope { root: root.into(), root_suffix: "", error_root: "Error", has_root_in_json: false };
    body.read(&envelope, &mut Said::default())
}

#[cfg(test)]
mod tests;
