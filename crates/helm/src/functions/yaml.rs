//! YAML in templates: what does not read becomes a value that tells so, what does not write nothing.

use super::{
    Function,
    Parameter::{Any, String as Text},
    arguments::{any, bytes, or_nothing},
    fixed, json,
};
use crate::{
    value::{Map, Value},
    yaml,
};

fn write(emit: fn(&Value) -> Result<String, String>, value: &Value) -> Result<String, String> {
    let mut text = emit(value)?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

fn read(source: &[u8]) -> Result<Value, String> {
    yaml::parse(source).map_err(|error| error.go)
}

fn mismatch(found: &Value, wanted: &str) -> String {
    format!("error unmarshaling JSON: while decoding JSON: {}", json::mismatch(found, wanted))
}

fn from_yaml(source: &[u8]) -> Value {
    let told = Map::new();
    match read(source) {
        Ok(map @ Value::Map(_)) => return map,
        Ok(Value::Nil) => {}
        Ok(other) => told.insert("Error", mismatch(&other, "map[string]interface {}")),
        Err(error) => told.insert("Error", error),
    }
    Value::Map(told)
}

fn from_yaml_array(source: &[u8]) -> Value {
    match read(source) {
        Ok(list @ Value::List(..)) => list,
        Ok(Value::Nil) if source.trim_ascii().is_empty() => Value::list(Vec::new()),
        Ok(Value::Nil) => Value::no_list(),
        Ok(other) => Value::list(vec![mismatch(&other, "[]interface {}").into()]),
        Err(error) => Value::list(vec![error.into()]),
    }
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("toYaml", &[Any], |_, a| or_nothing(write(yaml::try_emit, any(a, 0))).map(Value::from)),
    fixed("mustToYaml", &[Any], |_, a| write(yaml::try_emit, any(a, 0)).map(Value::from)),
    fixed("toYamlPretty", &[Any], |_, a| {
        or_nothing(write(yaml::try_emit_pretty, any(a, 0))).map(Value::from)
    }),
    fixed("fromYaml", &[Text], |_, a| Ok(from_yaml(bytes(a, 0)))),
    fixed("fromYamlArray", &[Text], |_, a| Ok(from_yaml_array(bytes(a, 0)))),
];
