//! Values: how a chart's defaults and what somebody wants become what templates see.

mod coalesce;
pub mod layers;
pub(crate) mod methods;
pub mod set;
#[cfg(test)]
mod tests;

pub use coalesce::{Node, coalesce, coalesce_tables, copy, merge, merge_tables, trim_nil};

use crate::{
    value::{Map, Value},
    yaml,
};

/// Reads a values file: all its documents, one merged over the other; nothing at all is an empty table.
///
/// # Errors
/// When a document is no YAML, or no mapping.
pub fn read(text: &[u8]) -> Result<Map, yaml::Error> {
    let mut values = Map::new();
    let mut line = 0;
    for document in documents(text) {
        let map = match yaml::parse(document) {
            Ok(Value::Map(map)) => map,
            Ok(Value::Nil) => Map::new(),
            Ok(other) => {
                let kind = match other.kind() {
                    "slice" => "array",
                    "float64" => "number",
                    kind => kind,
                };
                let message = format!("values must be a mapping, but here is a {kind}");
                return Err(yaml::Error { line: line + 1, column: 1, go: message.clone(), message });
            }
            Err(mut error) => {
                error.line += line;
                return Err(error);
            }
        };
        values = overlay(&values, &map);
        line += document.iter().filter(|byte| **byte == b'\n').count() + 1;
    }
    Ok(values)
}

/// Splits at lines that begin with `---`, as Kubernetes' reader does: within texts too.
fn documents(text: &[u8]) -> Vec<&[u8]> {
    let mut documents = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let end = at + line.len();
        let marker =
            line.strip_prefix(b"---").is_some_and(|rest| matches!(rest.trim_ascii(), [] | [b'#', ..]));
        if marker {
            documents.push(&text[start..at]);
            start = end;
        }
        at = end;
    }
    documents.push(&text[start..]);
    documents
}

/// `over` above `base`: tables are merged, everything else is replaced, and a null stays one.
pub fn overlay(base: &Map, over: &Map) -> Map {
    let merged: Map = base.sorted().into_iter().collect();
    for (key, value) in over.sorted() {
        let value = match (merged.get(key.as_bytes()), &value) {
            (Some(Value::Map(below)), Value::Map(above)) => Value::Map(overlay(&below, above)),
            _ => value,
        };
        merged.insert(key, value);
    }
    merged
}

/// The value at a path of keys.
pub fn at(map: &Map, path: &[&str]) -> Option<Value> {
    let (last, tables) = path.split_last()?;
    let mut map = map.clone();
    for key in tables {
        let Some(Value::Map(inner)) = map.get(key.as_bytes()) else { return None };
        map = inner;
    }
    map.get(last.as_bytes())
}

/// The table at a path with dots.
pub fn table(map: &Map, path: &str) -> Option<Map> {
    match at(map, &path.split('.').collect::<Vec<_>>()) {
        Some(Value::Map(map)) => Some(map),
        _ => None,
    }
}
