//! JSON to and from values.

use super::{build::json_text, number};
use crate::value::{Element, Map, Value};

/// A value of JSON; numbers become `float64`.
pub fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(bool) => Value::Bool(*bool),
        serde_json::Value::Number(number) => Value::Float(number.as_f64().unwrap_or_default()),
        serde_json::Value::String(text) => Value::string(text.as_str()),
        serde_json::Value::Array(values) => Value::list(values.iter().map(from_json).collect()),
        serde_json::Value::Object(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.as_str(), from_json(value))).collect::<Map>())
        }
    }
}

/// The value as JSON: integers where a number is one, bytes in base64, objects by their fields. What is no number in
/// JSON becomes null.
pub fn to_json(value: &Value) -> serde_json::Value {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    match value {
        Value::Nil => serde_json::Value::Null,
        Value::Bool(bool) => (*bool).into(),
        Value::Int(int, _) => (*int).into(),
        Value::Float(float) => match number::integer(*float) {
            Some(whole) => whole.parse::<serde_json::Number>().map_or(serde_json::Value::Null, Into::into),
            None => (*float).into(),
        },
        Value::String(text) => json_text(text.as_bytes()).into(),
        Value::List(list, Element::Byte) => {
            let bytes = list.iter().map(|byte| match byte {
                Value::Int(byte, _) => u8::try_from(*byte).unwrap_or_default(),
                _ => 0,
            });
            STANDARD.encode(bytes.collect::<Vec<u8>>()).into()
        }
        Value::List(list, _) => list.iter().map(to_json).collect(),
        Value::Map(map) => serde_json::Value::Object(
            map.sorted().iter().map(|(key, value)| (json_text(key.as_bytes()), to_json(value))).collect(),
        ),
        Value::Object(object) => to_json(&object.data()),
    }
}
