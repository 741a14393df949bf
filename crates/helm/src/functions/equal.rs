//! Go's `reflect.DeepEqual`, and copies that share nothing.

use std::rc::Rc;

use super::arguments::{check_depth, check_elements};
use crate::value::{Map, Value};

/// Whether both are deeply equal: of the same types all the way down.
pub fn deep_equal(a: &Value, b: &Value) -> Result<bool, String> {
    equal(a, b, 0, &mut 0)
}

/// One more value on the way, so deep down. Lists that share their parts have few values and endless ways to them: what is
/// counted are the ways.
fn step(depth: usize, ways: &mut usize) -> Result<(), String> {
    *ways += 1;
    check_elements(*ways)?;
    check_depth(depth)
}

fn equal(a: &Value, b: &Value, depth: usize, ways: &mut usize) -> Result<bool, String> {
    step(depth, ways)?;
    Ok(match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a, a_kind), Value::Int(b, b_kind)) => a == b && a_kind == b_kind,
        #[allow(clippy::float_cmp, reason = "Go's == on floats")]
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::List(a, a_of), Value::List(b, b_of)) => {
            if a_of != b_of || a.len() != b.len() {
                return Ok(false);
            }
            if Rc::ptr_eq(a, b) {
                return Ok(true);
            }
            for (a, b) in a.iter().zip(b.iter()) {
                if !equal(a, b, depth + 1, ways)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Map(a), Value::Map(b)) => equal_maps(a, b, depth, ways)?,
        (Value::Object(a), Value::Object(b)) => {
            Rc::ptr_eq(a, b) || a.type_name() == b.type_name() && a.print() == b.print()
        }
        _ => false,
    })
}

fn equal_maps(a: &Map, b: &Map, depth: usize, ways: &mut usize) -> Result<bool, String> {
    if a.is_typed() == b.is_typed() && a.is(b) {
        return Ok(true);
    }
    if a.is_typed() != b.is_typed() || a.len() != b.len() {
        return Ok(false);
    }
    for (key, a) in a.sorted() {
        match b.get(key.as_bytes()) {
            Some(b) if equal(&a, &b, depth + 1, ways)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// A copy with maps of its own; Go has none of nil.
pub fn deep_copy(value: &Value) -> Result<Value, String> {
    if value.is_nil() {
        return Err("reflect: call of reflect.Value.Type on zero Value".into());
    }
    copy(value, 0, &mut 0)
}

fn copy(value: &Value, depth: usize, ways: &mut usize) -> Result<Value, String> {
    step(depth, ways)?;
    Ok(match value {
        Value::List(list, element) => {
            let copies =
                list.iter().map(|value| copy(value, depth + 1, ways)).collect::<Result<Vec<_>, _>>()?;
            Value::List(Rc::new(copies), *element)
        }
        Value::Map(map) => {
            let copies = Map::new();
            for (key, value) in map.sorted() {
                copies.insert(key, copy(&value, depth + 1, ways)?);
            }
            Value::Map(if map.is_typed() { copies.typed() } else { copies })
        }
        other => other.clone(),
    })
}
