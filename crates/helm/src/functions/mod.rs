//! The functions templates may call: sprig's and Helm's. Those of text/template itself, and those that need the engine
//! (`include`, `tpl`, `required`…), are the engine's own.
//!
//! A file has one subject and ends in a table of its functions. Where Go would panic the function answers the panic's
//! text as its error: that is what Helm's user reads too.

use std::{collections::HashMap, sync::LazyLock};

use crate::{environment::Environment, value::Value};

mod aes;
pub(crate) mod arguments;
mod cases;
mod certificates;
mod convert;
mod dates;
mod decimal;
mod defaults;
mod dicts;
mod encoding;
mod equal;
mod hashes;
mod json;
mod lists;
mod math;
mod merge;
mod network;
mod paths;
mod random;
mod reflection;
mod regexes;
mod runes;
mod strings;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod toml;
mod urls;
mod versions;
mod yaml;

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

/// What does a function's work.
type Call = fn(&Environment<'_>, &[Value]) -> Result<Value, String>;

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

/// A function with so many parameters.
const fn fixed(name: &'static str, parameters: &'static [Parameter], call: Call) -> Function {
    Function { name, parameters, rest: None, call }
}

/// A function that takes any number of further arguments.
const fn variadic(
    name: &'static str,
    parameters: &'static [Parameter],
    rest: Parameter,
    call: Call,
) -> Function {
    Function { name, parameters, rest: Some(rest), call }
}

/// All tables.
const TABLES: &[&[Function]] = &[
    aes::FUNCTIONS,
    cases::FUNCTIONS,
    certificates::FUNCTIONS,
    convert::FUNCTIONS,
    dates::FUNCTIONS,
    defaults::FUNCTIONS,
    dicts::FUNCTIONS,
    encoding::FUNCTIONS,
    hashes::FUNCTIONS,
    json::FUNCTIONS,
    lists::FUNCTIONS,
    math::FUNCTIONS,
    merge::FUNCTIONS,
    network::FUNCTIONS,
    paths::FUNCTIONS,
    random::FUNCTIONS,
    reflection::FUNCTIONS,
    regexes::FUNCTIONS,
    strings::FUNCTIONS,
    toml::FUNCTIONS,
    urls::FUNCTIONS,
    versions::FUNCTIONS,
    yaml::FUNCTIONS,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    TABLES.iter().flat_map(|table| table.iter()).map(|function| (function.name, function)).collect()
});

/// The function of that name.
pub fn find(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name).copied()
}
