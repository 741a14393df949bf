//! Maps. They are shared: `set` and `unset` change what everybody sees.

use super::{
    Function,
    Parameter::{Any, Map as Dict, String as Text},
    arguments::{any, bytes, map},
    equal, fixed, text, variadic,
};
use crate::value::{Map, Str, Value};

fn dict(arguments: &[Value]) -> Result<Value, String> {
    let dict = Map::new();
    for pair in arguments.chunks(2) {
        let key = text::string(any(pair, 0))?;
        dict.insert(key, pair.get(1).cloned().unwrap_or_else(|| "".into()));
    }
    Ok(Value::Map(dict))
}

fn set(arguments: &[Value]) -> Value {
    let dict = map(arguments, 0);
    dict.insert(bytes(arguments, 1), any(arguments, 2).clone());
    Value::Map(dict)
}

fn unset(arguments: &[Value]) -> Value {
    let dict = map(arguments, 0);
    dict.remove(bytes(arguments, 1));
    Value::Map(dict)
}

fn pluck(arguments: &[Value]) -> Value {
    let key = bytes(arguments, 0);
    Value::list((1..arguments.len()).filter_map(|index| map(arguments, index).get(key)).collect())
}

/// Go's order of keys is random: ours is theirs.
fn keys(arguments: &[Value]) -> Value {
    Value::strings((0..arguments.len()).flat_map(|index| map(arguments, index).sorted()).map(|(key, _)| key))
}

fn values(dict: &Map) -> Value {
    Value::list(dict.sorted().into_iter().map(|(_, value)| value).collect())
}

fn pick(arguments: &[Value]) -> Value {
    let dict = map(arguments, 0);
    let picked = (1..arguments.len()).filter_map(|index| {
        let key = bytes(arguments, index);
        dict.get(key).map(|value| (Str::from(key), value))
    });
    Value::Map(picked.collect())
}

fn omit(arguments: &[Value]) -> Value {
    let left: Map = map(arguments, 0).sorted().into_iter().collect();
    for index in 1..arguments.len() {
        left.remove(bytes(arguments, index));
    }
    Value::Map(left)
}

/// What Go says when a value is not of the type that was asserted.
fn no(wanted: &str, found: &Value) -> String {
    match found {
        Value::Nil => format!("interface conversion: interface {{}} is nil, not {wanted}"),
        other => format!("interface conversion: interface {{}} is {}, not {wanted}", other.type_name()),
    }
}

fn dig(arguments: &[Value]) -> Result<Value, String> {
    let [keys @ .., default, last] = arguments else {
        return Err("dig needs at least three arguments".into());
    };
    if keys.is_empty() {
        return Err("dig needs at least three arguments".into());
    }
    let as_map = |value: &Value| match value {
        Value::Map(map) => Ok(map.clone()),
        other => Err(no("map[string]interface {}", other)),
    };
    as_map(last)?;
    let keys = keys.iter().map(|key| match key {
        Value::String(key) => Ok(key),
        other => Err(no("string", other)),
    });
    let mut found = last.clone();
    for key in keys.collect::<Result<Vec<_>, _>>()? {
        match as_map(&found)?.get(key.as_bytes()) {
            Some(value) => found = value,
            None => return Ok(default.clone()),
        }
    }
    Ok(found)
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    variadic("dict", &[], Any, |_, a| dict(a)),
    fixed("get", &[Dict, Text], |_, a| Ok(map(a, 0).get(bytes(a, 1)).unwrap_or_else(|| "".into()))),
    fixed("set", &[Dict, Text, Any], |_, a| Ok(set(a))),
    fixed("unset", &[Dict, Text], |_, a| Ok(unset(a))),
    fixed("hasKey", &[Dict, Text], |_, a| Ok(map(a, 0).contains_key(bytes(a, 1)).into())),
    variadic("pluck", &[Text], Dict, |_, a| Ok(pluck(a))),
    variadic("keys", &[], Dict, |_, a| Ok(keys(a))),
    fixed("values", &[Dict], |_, a| Ok(values(&map(a, 0)))),
    variadic("pick", &[Dict], Text, |_, a| Ok(pick(a))),
    variadic("omit", &[Dict], Text, |_, a| Ok(omit(a))),
    variadic("dig", &[], Any, |_, a| dig(a)),
    fixed("deepCopy", &[Any], |_, a| equal::deep_copy(any(a, 0))),
    fixed("mustDeepCopy", &[Any], |_, a| equal::deep_copy(any(a, 0))),
];
