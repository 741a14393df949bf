//! Emptiness, and what stands in for it.

use super::{
    Function,
    Parameter::{Any, Bool},
    arguments::any,
    fixed, variadic,
};
use crate::value::Value;

/// Whether it is nil or the zero value of its type. Structs never are.
pub fn empty(value: &Value) -> bool {
    match value {
        Value::Object(object) if object.kind() == "struct" => false,
        other => !other.truth(),
    }
}

/// sprig asks for emptiness of the first argument given, however many there are.
fn default(arguments: &[Value]) -> Value {
    match arguments.get(1) {
        Some(given) if !empty(given) => given.clone(),
        _ => any(arguments, 0).clone(),
    }
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    variadic("default", &[Any], Any, |_, a| Ok(default(a))),
    fixed("empty", &[Any], |_, a| Ok(empty(any(a, 0)).into())),
    variadic("coalesce", &[], Any, |_, a| {
        Ok(a.iter().find(|value| !empty(value)).cloned().unwrap_or_default())
    }),
    variadic("all", &[], Any, |_, a| Ok(a.iter().all(|value| !empty(value)).into())),
    variadic("any", &[], Any, |_, a| Ok(a.iter().any(|value| !empty(value)).into())),
    fixed("ternary", &[Any, Any, Bool], |_, a| Ok(any(a, usize::from(!any(a, 2).truth())).clone())),
];
