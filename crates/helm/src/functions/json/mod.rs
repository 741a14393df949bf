//! JSON as Go's encoding/json reads and writes it.

use super::{
    Function,
    Parameter::{Any, String as Text},
    arguments::{any, bytes, or_nothing},
    fixed,
};
use crate::value::{Element, Map, Value};

mod read;
mod write;

pub use read::read;
pub use write::{Style, write};

/// What stands for a document that does not read: its error.
fn from_json(source: &[u8]) -> Value {
    let dict = Map::new();
    match read(source) {
        Ok(Value::Map(map)) => return Value::Map(map),
        Ok(Value::Nil) => return Value::Nil,
        Ok(other) => dict.insert("Error", mismatch(&other, "map[string]interface {}")),
        Err(error) => dict.insert("Error", error),
    }
    Value::Map(dict)
}

fn from_json_array(source: &[u8]) -> Value {
    match read(source) {
        Ok(list @ Value::List(..)) => list,
        Ok(Value::Nil) => Value::no_list(),
        Ok(other) => Value::list(vec![mismatch(&other, "[]interface {}").into()]),
        Err(error) => Value::list(vec![error.into()]),
    }
}

/// What Go says when what was read is of another type.
pub fn mismatch(found: &Value, wanted: &str) -> String {
    let found = match found {
        Value::Bool(_) => "bool",
        Value::String(_) => "string",
        Value::List(..) => "array",
        Value::Map(_) => "object",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}

fn text(value: &Value, style: Style) -> Result<Value, String> {
    write(value, style).map(Value::string)
}

fn text_or_nothing(value: &Value, style: Style) -> Result<Value, String> {
    or_nothing(write(value, style)).map(Value::string)
}

/// Whether a list is null in JSON and YAML.
pub fn is_absent(value: &Value) -> bool {
    matches!(value, Value::Nil | Value::List(_, Element::Absent))
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("fromJson", &[Text], |_, a| Ok(from_json(bytes(a, 0)))),
    fixed("fromJsonArray", &[Text], |_, a| Ok(from_json_array(bytes(a, 0)))),
    fixed("mustFromJson", &[Text], |_, a| read(bytes(a, 0))),
    fixed("toJson", &[Any], |_, a| text_or_nothing(any(a, 0), Style::Compact)),
    fixed("mustToJson", &[Any], |_, a| text(any(a, 0), Style::Compact)),
    fixed("toPrettyJson", &[Any], |_, a| text_or_nothing(any(a, 0), Style::Pretty)),
    fixed("mustToPrettyJson", &[Any], |_, a| text(any(a, 0), Style::Pretty)),
    fixed("toRawJson", &[Any], |_, a| text(any(a, 0), Style::Raw)),
    fixed("mustToRawJson", &[Any], |_, a| text(any(a, 0), Style::Raw)),
];
