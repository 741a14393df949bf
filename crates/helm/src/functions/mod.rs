//! The functions templates may call: sprig's and Helm's. Those of text/template itself, and those that need the engine
//! (`include`, `tpl`, `required`…), are the engine's own.

use crate::{environment::Environment, value::Value};

/// A parameter's type. The engine converts and refuses arguments by it, as Go does by a function's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// `interface{}`.
    Any,
    /// `string`.
    String,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `int64`.
    Int64,
    /// `float64`.
    Float,
    /// `map[string]interface{}`.
    Map,
    /// `[]interface{}`.
    List,
    /// `[]string`.
    Strings,
    /// Another type of Go, by name.
    Object(&'static str),
}

/// A function.
pub struct Function {
    /// Its name in templates.
    pub name: &'static str,
    /// Its parameters, but the variadic one.
    pub parameters: &'static [Parameter],
    /// What any further arguments are.
    pub rest: Option<Parameter>,
    /// Does it. Arguments are as many and of the types that were declared; an `int` parameter gets `IntKind::Int`.
    pub call: fn(&Environment<'_>, &[Value]) -> Result<Value, String>,
}

/// The function of that name.
pub fn find(_name: &str) -> Option<&'static Function> {
    None
}
