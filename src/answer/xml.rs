//! XML as the tree that JSON would have been: an element with children is an object, repeated children are an array,
//! everything else is text. Attributes, comments and processing instructions carry nothing in these gateways.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use serde_json::{Map, Value};

/// How many levels deep an answer may nest; both gateways stay below 6.
const MAX_DEPTH: usize = 64;

/// How many elements an answer may have. An element of four bytes may take a hundred times as much memory.
const MAX_ELEMENTS: usize = 100_000;

/// The text is no well-formed XML that this crate reads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MalformedXml;

/// The name of the root element, and what is in it. Comments may follow the root: TOP puts its host there.
///
/// Entities other than the five predefined ones and character references are refused, so that nothing expands.
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
                    Some(parent) => parent.adopt(element),
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

    fn adopt(&mut self, child: Self) {
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

    /// Text between child elements is indentation.
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
