//! The values of the placeholders of a message's template.

use std::fmt;

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};

use crate::redact::Private;

/// The values of the placeholders of a template, by name. `Debug` shows the names.
///
/// ```
/// use privacy_number::top::TemplateParams;
///
/// let params = TemplateParams::from([("name", "张先生"), ("date", "2026-01-06")]);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct TemplateParams {
    values: Vec<(String, Private)>,
    shape: TemplateParamsShape,
}

/// How the values are written inside the JSON text of one message. The metadata does not type them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum TemplateParamsShape {
    /// A JSON object, as a live sample of another vendor has it.
    #[default]
    Object,
    /// The JSON text of that object, as the types of generated SDKs have it.
    Text,
}

impl TemplateParams {
    /// The values of placeholders. If a name is there twice, the last value counts.
    pub fn new(values: impl IntoIterator<Item = (impl Into<String>, impl Into<Private>)>) -> Self {
        let mut params = Self::default();
        for (name, value) in values {
            let (name, value) = (name.into(), value.into());
            match params.values.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => params.values.push((name, value)),
            }
        }
        params
    }

    /// The same values in another shape, for a single message. A batch always writes objects.
    #[must_use]
    pub fn shape(self, shape: TemplateParamsShape) -> Self {
        Self { shape, ..self }
    }

    fn as_object(&self) -> TemplateObject<'_> {
        TemplateObject(self)
    }

    /// For `#[serde(serialize_with)]`: objects, whatever the shapes.
    pub(super) fn serialize_objects<S: Serializer>(params: &[&Self], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(params.iter().map(|params| params.as_object()))
    }
}

impl<N: Into<String>, V: Into<Private>, const COUNT: usize> From<[(N, V); COUNT]> for TemplateParams {
    fn from(values: [(N, V); COUNT]) -> Self {
        Self::new(values)
    }
}

impl<N: Into<String>, V: Into<Private>> FromIterator<(N, V)> for TemplateParams {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(values: I) -> Self {
        Self::new(values)
    }
}

impl fmt::Debug for TemplateParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.values.iter().map(|(name, value)| (name, value))).finish()
    }
}

struct TemplateObject<'a>(&'a TemplateParams);

impl Serialize for TemplateObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.values.len()))?;
        for (name, value) in &self.0.values {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for TemplateParams {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.shape {
            TemplateParamsShape::Object => self.as_object().serialize(serializer),
            TemplateParamsShape::Text => {
                let text = serde_json::to_string(&self.as_object()).map_err(|_| S::Error::custom("no JSON"))?;
                serializer.serialize_str(&text)
            }
        }
    }
}
