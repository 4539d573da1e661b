//! XML as a JSON tree: an element with children is an object, repeated children are an array, everything else is text.
//! Attributes, comments and processing instructions are ignored: the gateways put no data there.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use serde_json::{Map, Value};

/// The deepest nesting of a response; both gateways stay below 6.
const MAX_DEPTH: usize = 64;

/// The most elements of a response. The cap bounds memory: an element of four bytes can take a hundred times as much.
const MAX_ELEMENTS: usize = 100_000;

/// The text is not well-formed XML, or uses a feature that this crate refuses.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MalformedXml;

/// Parses a document into the name of the root element and its content. Comments may follow the root: TOP puts its host
/// name there.
///
/// Only the five predefined entities and character references are accepted, so that no entity expands.
pub(crate) fn parse(body: &[u8]) -> Result<(String, Value), MalformedXml> {
    let text = std::str::from_utf8(body).map_err(|_| MalformedXml)?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut elements = 0_usize;
    loop {
        match reader.read_event().map_err(|_| MalformedXml)? {
            Event::Start(start) => {
                if root.is_some() || open.len() >= MAX_DEPTH || elements >= MAX_ELEMENTS {
                    return Err(MalformedXml);
                }
                elements = elements.saturating_add(1);
                open.push(Element::new(start.name().as_ref().to_owned()));
            }
            Event::End(_) => {
                let element = open.pop().ok_or(MalformedXml)?;
                match open.last_mut() {
                    Some(parent) => parent.add_child(element),
                    None => root = Some((element.name.clone(), element.into_value())),
                }
            }
            Event::Text(text) => append(&mut open, &text.xml10_content())?,
            Event::CData(text) => append(&mut open, &text.xml10_content())?,
            Event::GeneralRef(reference) => append(&mut open, &resolve(&reference)?)?,
            Event::DocType(_) => return Err(MalformedXml),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Empty(_) => {}
            Event::Eof => break,
        }
    }
    root.filter(|_| open.is_empty()).ok_or(MalformedXml)
}

struct Element {
    name: String,
    text: String,
    children: Map<String, Value>,
}

impl Element {
    fn new(name: String) -> Self {
        Self { name, text: String::new(), children: Map::new() }
    }

    fn add_child(&mut self, child: Self) {
        let name = child.name.clone();
        let value = child.into_value();
        match self.children.get_mut(&name) {
            None => {
                self.children.insert(name, value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }

    /// Text beside child elements is indentation and is dropped.
    fn into_value(self) -> Value {
        if self.children.is_empty() { Value::String(self.text) } else { Value::Object(self.children) }
    }
}

fn append(open: &mut [Element], text: &str) -> Result<(), MalformedXml> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(MalformedXml),
    }
    Ok(())
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, MalformedXml> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| MalformedXml)? {
        return Ok(character.to_string());
    }
    resolve_predefined_entity(&reference.xml10_content()).map(ToOwned::to_owned).ok_or(MalformedXml)
}
