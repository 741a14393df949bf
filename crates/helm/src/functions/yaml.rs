//! YAML in templates: what does not read becomes a value that tells so, what does not write nothing.

use super::{
    Function,
    Parameter::{Any, String as Text},
    arguments::{any, bytes, check_depth, or_nothing},
    fixed, json, text,
};
use crate::{
    value::{Map, Value},
    yaml,
};

fn write(value: &Value) -> Result<String, String> {
    let mut text = yaml::try_emit(value)?;
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

/// Lines with lists indented below their keys, as go-yaml v3 writes them; scalars are v2's, but for floats.
fn pretty(value: &Value, depth: usize) -> Result<Vec<String>, String> {
    check_depth(depth)?;
    let indented = |lines: Vec<String>| {
        lines
            .into_iter()
            .map(|line| if line.is_empty() { line } else { format!("  {line}") })
            .collect::<Vec<_>>()
    };
    match value {
        Value::Float(number) => Ok(vec![text::float(*number)]),
        Value::List(list, _) if !list.is_empty() => {
            let mut lines = Vec::new();
            for element in list.iter() {
                let mut element = indented(pretty(element, depth + 1)?);
                if let Some(first) = element.first_mut() {
                    *first = format!("- {}", first.trim_start());
                }
                lines.append(&mut element);
            }
            Ok(lines)
        }
        Value::Map(map) if !map.is_empty() => {
            let mut lines = Vec::new();
            for key in yaml::sorted_keys(map) {
                let value = map.get(key.as_bytes()).unwrap_or_default();
                let nested = matches!(&value, Value::List(list, _) if !list.is_empty())
                    || matches!(&value, Value::Map(map) if !map.is_empty());
                if nested {
                    let entry = write(&Value::Map([(key, Value::Nil)].into_iter().collect()))?;
                    lines.push(entry.trim_end_matches(" null").to_owned());
                    lines.append(&mut indented(pretty(&value, depth + 1)?));
                } else if let Value::Float(number) = value {
                    let entry = write(&Value::Map([(key, Value::Nil)].into_iter().collect()))?;
                    lines.push(format!("{} {}", entry.trim_end_matches(" null"), text::float(number)));
                } else {
                    let entry = write(&Value::Map([(key, value)].into_iter().collect()))?;
                    lines.extend(entry.lines().map(str::to_owned));
                }
            }
            Ok(lines)
        }
        other => Ok(write(other)?.lines().map(str::to_owned).collect()),
    }
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("toYaml", &[Any], |_, a| or_nothing(write(any(a, 0))).map(Value::from)),
    fixed("mustToYaml", &[Any], |_, a| write(any(a, 0)).map(Value::from)),
    fixed("toYamlPretty", &[Any], |_, a| {
        or_nothing(pretty(any(a, 0), 0)).map(|lines| lines.join("\n").into())
    }),
    fixed("fromYaml", &[Text], |_, a| Ok(from_yaml(bytes(a, 0)))),
    fixed("fromYamlArray", &[Text], |_, a| Ok(from_yaml_array(bytes(a, 0)))),
];
