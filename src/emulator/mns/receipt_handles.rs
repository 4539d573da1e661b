//! The receipt handles in the body of a batch.

use quick_xml::Reader;
use quick_xml::events::Event;

const LIST: &str = "ReceiptHandles";
const ITEM: &str = "ReceiptHandle";

/// The items of the list. Returns `None` if the body is not such a list.
pub(super) fn parse(body: &[u8]) -> Option<Vec<String>> {
    let mut reader = Reader::from_str(std::str::from_utf8(body).ok()?);
    let mut handles = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut has_list = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => {
                path.push(element.local_name().as_ref().to_owned());
                match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                    [LIST] => has_list = true,
                    [LIST, ITEM] => handles.push(String::new()),
                    _ => return None,
                }
            }
            Event::Text(text) => match (path.len(), handles.last_mut()) {
                (2, Some(handle)) => handle.push_str(text.trim()),
                _ if text.trim().is_empty() => {}
                _ => return None,
            },
            Event::End(_) => {
                path.pop()?;
            }
            Event::Eof => return (has_list && path.is_empty()).then_some(handles),
            Event::Decl(_) | Event::Comment(_) => {}
            // A handle has no character that XML escapes.
            _ => return None,
        }
    }
}
