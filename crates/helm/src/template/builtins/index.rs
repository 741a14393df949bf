//! `index`, `slice` and `len`.

use std::rc::Rc;

use crate::value::{Element, IntKind, Map, Value};

/// What a list or map an object shows itself as, for instance files.
fn container(value: &Value) -> Value {
    match value {
        Value::Object(object) => match object.data() {
            data @ (Value::Map(_) | Value::List(..)) => data,
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

pub(super) fn length(value: &Value) -> Result<Value, String> {
    let length = match container(value) {
        Value::Nil => return Err("len of nil pointer".to_owned()),
        Value::String(text) => text.as_bytes().len(),
        Value::List(list, _) => list.len(),
        Value::Map(map) => map.len(),
        other => return Err(format!("len of type {}", other.type_name())),
    };
    Ok(Value::int(length as i64))
}

fn position(index: &Value, end: usize) -> Result<usize, String> {
    match index {
        Value::Int(number, _) => usize::try_from(*number)
            .ok()
            .filter(|position| *position <= end)
            .ok_or_else(|| format!("index out of range: {number}")),
        Value::Nil => Err("cannot index slice/array with nil".to_owned()),
        other => Err(format!("cannot index slice/array with type {}", other.type_name())),
    }
}

/// `index x 1 "a"` is `x[1]["a"]`.
pub(super) fn index(value: &Value, indexes: &[Value]) -> Result<Value, String> {
    if value.is_nil() {
        return Err("index of untyped nil".to_owned());
    }
    let mut item = value.clone();
    for index in indexes {
        item = match container(&item) {
            Value::Nil => return Err("index of nil pointer".to_owned()),
            Value::Map(map) => in_map(&map, index)?,
            Value::List(list, _) => {
                let position = position(index, list.len())?;
                list.get(position).cloned().ok_or_else(|| "reflect: slice index out of range".to_owned())?
            }
            Value::String(text) => {
                let position = position(index, text.len())?;
                let byte = text.as_bytes().get(position);
                let byte = byte.ok_or_else(|| "reflect: string index out of range".to_owned())?;
                Value::Int(i64::from(*byte), IntKind::Uint8)
            }
            other => return Err(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(item)
}

fn in_map(map: &Map, index: &Value) -> Result<Value, String> {
    match index {
        Value::String(key) => Ok(map.get(key.as_bytes()).unwrap_or_default()),
        Value::Nil => Err("value is nil; should be of type string".to_owned()),
        other => Err(format!("value has type {}; should be string", other.type_name())),
    }
}

/// `slice x 1 2` is `x[1:2]`.
pub(super) fn slice(value: &Value, indexes: &[Value]) -> Result<Value, String> {
    if value.is_nil() {
        return Err("slice of untyped nil".to_owned());
    }
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()));
    }
    let length = match value {
        Value::String(_) if indexes.len() == 3 => return Err("cannot 3-index slice a string".to_owned()),
        Value::String(text) => text.as_bytes().len(),
        Value::List(list, _) => list.len(),
        other => return Err(format!("can't slice item of type {}", other.type_name())),
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, length)?;
    }
    let [from, to, end] = bounds;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    if to > end {
        return Err(format!("invalid slice index: {to} > {end}"));
    }
    Ok(match value {
        Value::String(text) => Value::string(text.as_bytes().get(from..to).unwrap_or_default()),
        Value::List(list, element) => list_of(list.get(from..to).unwrap_or_default(), *element),
        _ => Value::Nil,
    })
}

fn list_of(values: &[Value], element: Element) -> Value {
    Value::List(Rc::new(values.to_vec()), element)
}
