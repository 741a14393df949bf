//! `eq`, `lt` and their like: only what is of one basic kind compares.

use super::fmt;
use crate::value::{IntKind, Value};

const BAD_TYPE: &str = "invalid type for comparison";
const INCOMPATIBLE: &str = "incompatible types for comparison";

/// The kinds that Go compares.
#[derive(PartialEq)]
enum Basic<'a> {
    Bool(bool),
    Int(i64),
    Uint(i64),
    Float(f64),
    String(&'a [u8]),
    /// Anything else, nil too.
    Other,
}

fn basic(value: &Value) -> Basic<'_> {
    match value {
        Value::Bool(bool) => Basic::Bool(*bool),
        Value::Int(number, IntKind::Uint8) => Basic::Uint(*number),
        Value::Int(number, _) => Basic::Int(*number),
        Value::Float(number) => Basic::Float(*number),
        Value::String(text) => Basic::String(text.as_bytes()),
        _ => Basic::Other,
    }
}

/// Whether the first equals any of the others.
pub(super) fn equals_any(first: &Value, others: &[Value]) -> Result<bool, String> {
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        if equals(first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equals(a: &Value, b: &Value) -> Result<bool, String> {
    match (basic(a), basic(b)) {
        (Basic::Int(a) | Basic::Uint(a), Basic::Int(b) | Basic::Uint(b)) => Ok(a == b),
        (Basic::Other, Basic::Other) => others_equal(a, b),
        (x, y) if std::mem::discriminant(&x) == std::mem::discriminant(&y) => Ok(x == y),
        _ if a.is_nil() || b.is_nil() => Ok(false),
        _ => Err(INCOMPATIBLE.to_owned()),
    }
}

/// Neither is of a basic kind: lists, maps and objects equal nil or nothing.
fn others_equal(a: &Value, b: &Value) -> Result<bool, String> {
    if a.is_nil() || b.is_nil() {
        return Ok(a.is_nil() && b.is_nil());
    }
    if a.kind() != b.kind() {
        let (first, second) = (fmt::text(a), fmt::text(b));
        return Err(format!("non-comparable types {first}: {}, {}: {second}", a.type_name(), b.type_name()));
    }
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => Ok(std::rc::Rc::ptr_eq(a, b) || a.print() == b.print()),
        _ => Err(format!("non-comparable type {}: {}", fmt::text(b), b.type_name())),
    }
}

/// Whether the first is less than the second.
pub(super) fn less(a: &Value, b: &Value) -> Result<bool, String> {
    match (basic(a), basic(b)) {
        (Basic::Other, _) | (_, Basic::Other) => Err(BAD_TYPE.to_owned()),
        (Basic::Int(a) | Basic::Uint(a), Basic::Int(b) | Basic::Uint(b)) => Ok(a < b),
        (Basic::Float(a), Basic::Float(b)) => Ok(a < b),
        (Basic::String(a), Basic::String(b)) => Ok(a < b),
        (Basic::Bool(_), Basic::Bool(_)) => Err(BAD_TYPE.to_owned()),
        _ => Err(INCOMPATIBLE.to_owned()),
    }
}

/// Whether the first is less than the second, or equal.
pub(super) fn less_or_equal(a: &Value, b: &Value) -> Result<bool, String> {
    Ok(less(a, b)? || equals(a, b)?)
}
