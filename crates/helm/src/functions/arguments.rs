//! Reads arguments. The engine has checked them against the parameters; what is not there reads as Go's zero value.

use std::{borrow::Cow, rc::Rc};

use crate::value::{Map, Value};

/// How many bytes a function may make. A chart that asks for more is a mistake or an attack: Go would take the memory.
pub const MAX_BYTES: usize = 64 << 20;

/// What the refusals of what is too large end in.
const LIMIT: &str = "a function may make";

/// How many elements a function may make.
pub const MAX_ELEMENTS: usize = 1 << 20;

/// How deep values may be nested: deeper ones are circles.
pub const MAX_DEPTH: usize = 1_000;

/// What Go says when a function looks at the type of nil.
pub const NIL: &str = "runtime error: invalid memory address or nil pointer dereference";

/// Refuses what would make too many bytes.
pub fn check_bytes(bytes: usize) -> Result<(), String> {
    if bytes > MAX_BYTES {
        return Err(format!("the result would have {bytes} bytes, more than the {MAX_BYTES} {LIMIT}"));
    }
    Ok(())
}

/// Refuses what would make too many elements.
pub fn check_elements(elements: usize) -> Result<(), String> {
    if elements > MAX_ELEMENTS {
        return Err(format!(
            "the result would have {elements} elements, more than the {MAX_ELEMENTS} {LIMIT}"
        ));
    }
    Ok(())
}

/// Refuses what is nested too deep.
pub fn check_depth(depth: usize) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err(format!("the value is nested more than {MAX_DEPTH} deep, or holds itself"));
    }
    Ok(())
}

/// For functions whose errors leave nothing, as in sprig and Helm. What is too large for us is an error all the same:
/// Helm would have written it, or died of it.
pub fn or_nothing<T: Default>(made: Result<T, String>) -> Result<T, String> {
    match made {
        Err(error) if !error.ends_with(LIMIT) => Ok(T::default()),
        made => made,
    }
}

/// The argument as it is.
pub fn any(arguments: &[Value], index: usize) -> &Value {
    arguments.get(index).unwrap_or(&Value::Nil)
}

/// A string's bytes.
pub fn bytes(arguments: &[Value], index: usize) -> &[u8] {
    match any(arguments, index) {
        Value::String(text) => text.as_bytes(),
        _ => b"",
    }
}

/// A string's text.
pub fn text(arguments: &[Value], index: usize) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes(arguments, index))
}

/// An integer.
pub fn int(arguments: &[Value], index: usize) -> i64 {
    match any(arguments, index) {
        Value::Int(number, _) => *number,
        _ => 0,
    }
}

/// A map, the very one.
pub fn map(arguments: &[Value], index: usize) -> Map {
    match any(arguments, index) {
        Value::Map(map) => map.untyped(),
        _ => Map::new(),
    }
}

/// A slice of any type, or the error that a function of lists gives for what is none.
pub fn list(arguments: &[Value], index: usize, refusal: &str) -> Result<Rc<Vec<Value>>, String> {
    match any(arguments, index) {
        Value::List(list, _) => Ok(list.clone()),
        Value::Nil => Err(NIL.into()),
        // `.Capabilities.APIVersions` is a slice with a method.
        Value::Object(object) => match object.data() {
            Value::List(list, _) => Ok(list),
            _ => Err(format!("{refusal} {}", object.kind())),
        },
        other => Err(format!("{refusal} {}", other.kind())),
    }
}

/// Where an index of Go stands in a slice.
pub fn position(index: i64) -> Option<usize> {
    usize::try_from(index).ok()
}
