//! The methods of Helm's `common.Values`, the type of `.Values`: templates may call them.
//! <https://pkg.go.dev/helm.sh/helm/v4/pkg/chart/common#Values>

use crate::{
    value::{Map, Value},
    yaml,
};

/// What the method of this name answers; `None`: there is none, and it is a key.
pub(crate) fn call(values: &Map, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
    let answer = match (name, arguments) {
        ("AsMap", []) => Ok(Value::Map(values.untyped())),
        ("YAML", []) => yaml::try_emit(&Value::Map(values.clone())).map(Value::from),
        ("Table", [Value::String(path)]) => table(values, &path.to_text()).map(Value::Map),
        ("PathValue", [Value::String(path)]) => value(values, &path.to_text()),
        // Nothing in a template is an io.Writer.
        ("Encode", [other]) => Err(wrong("io.Writer", other)),
        ("Table" | "PathValue", [other]) => Err(wrong("string", other)),
        ("AsMap" | "YAML", _) => Err(number(name, 0, arguments)),
        ("Table" | "PathValue" | "Encode", _) => Err(number(name, 1, arguments)),
        _ => return None,
    };
    Some(answer)
}

/// Whether there is a method of this name: it comes before a key of the same name.
pub(crate) fn is_method(name: &[u8]) -> bool {
    matches!(name, b"AsMap" | b"YAML" | b"Table" | b"PathValue" | b"Encode")
}

fn wrong(wanted: &str, found: &Value) -> String {
    format!("wrong type for value; expected {wanted}; got {}", found.type_name())
}

fn number(name: &str, wanted: usize, arguments: &[Value]) -> String {
    format!("wrong number of args for {name}: want {wanted} got {}", arguments.len())
}

fn table(values: &Map, path: &str) -> Result<Map, String> {
    let mut at = values.clone();
    for key in path.split('.') {
        let Some(Value::Map(inner)) = at.get(key.as_bytes()) else {
            return Err(format!("\"{key}\" is not a table"));
        };
        at = inner;
    }
    Ok(at.typed())
}

fn value(values: &Map, path: &str) -> Result<Value, String> {
    if path.is_empty() {
        return Err("YAML path cannot be empty".into());
    }
    let keys: Vec<&str> = path.split('.').collect();
    let found = super::at(values, &keys).filter(|value| !matches!(value, Value::Map(map) if !map.is_typed()));
    found.ok_or_else(|| format!("\"{}\" is not a value", keys.last().unwrap_or(&path)))
}
