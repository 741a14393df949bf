//! What an object says of itself.

use crate::{
    value::{Map, Value},
    yaml::{self, number},
};

/// Kind, name and annotations of an object. Empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: String,
    /// `metadata.annotations`, sorted by key.
    pub annotations: Vec<(String, String)>,
}

impl Head {
    /// Reads it from an object's YAML. On failure the line, from 1, and what Go would say.
    pub(super) fn read(text: &str) -> Result<Self, (usize, String)> {
        let value = yaml::parse_part(text.as_bytes(), &["apiVersion", "kind", "metadata"])
            .map_err(|error| (error.line, error.go))?;
        let mismatch = |is: &str, field: &str, wanted: &str| {
            let place =
                if field.is_empty() { "value".into() } else { format!("struct field SimpleHead.{field}") };
            (
                1,
                format!(
                    "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {is} into Go {place} of type {wanted}"
                ),
            )
        };
        let map = match value {
            Value::Nil => return Ok(Self::default()),
            Value::Map(map) => map,
            other => return Err(mismatch(json_kind(&other), "", "util.SimpleHead")),
        };
        let text = |map: &Map, key: &str, field: &str| match map.get(key.as_bytes()) {
            None => Ok(String::new()),
            Some(value) => as_text(&value).ok_or_else(|| mismatch(json_kind(&value), field, "string")),
        };
        let mut head = Self {
            api_version: text(&map, "apiVersion", "apiVersion")?,
            kind: text(&map, "kind", "kind")?,
            ..Self::default()
        };
        let metadata = match map.get(b"metadata") {
            None | Some(Value::Nil) => return Ok(head),
            Some(Value::Map(metadata)) => metadata,
            Some(other) => return Err(mismatch(json_kind(&other), "metadata", "struct")),
        };
        head.name = text(&metadata, "name", "metadata.name")?;
        // Not of Helm's concern, so no error here.
        head.namespace = text(&metadata, "namespace", "metadata.namespace").unwrap_or_default();
        match metadata.get(b"annotations") {
            None | Some(Value::Nil) => {}
            Some(Value::Map(annotations)) => {
                for (key, value) in annotations.sorted() {
                    let value = as_text(&value)
                        .ok_or_else(|| mismatch(json_kind(&value), "metadata.annotations", "string"))?;
                    head.annotations.push((key.to_string(), value));
                }
            }
            Some(other) => {
                return Err(mismatch(json_kind(&other), "metadata.annotations", "map[string]string"));
            }
        }
        Ok(head)
    }

    /// The annotation of that name.
    pub fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Where a text is wanted, YAML's scalars become one.
fn as_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Nil => String::new(),
        Value::String(text) => text.to_string(),
        Value::Float(number) => number::text(*number),
        Value::Bool(bool) => bool.to_string(),
        _ => return None,
    })
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Map(_) => "object",
        Value::List(..) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    }
}
