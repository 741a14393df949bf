//! The functions that text/template itself has, and the names of those that need the engine.

mod compare;
mod escape;
mod index;

use super::fmt;
use crate::{functions::Parameter, value::Value};

/// Which function it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    And,
    Or,
    Not,
    Len,
    Index,
    Slice,
    Print,
    Printf,
    Println,
    Html,
    Js,
    Urlquery,
    Call,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Include,
    Tpl,
    Required,
    Fail,
    Lookup,
}

/// What a function takes, and what any further arguments are.
type Signature = (&'static [Parameter], Option<Parameter>);

const ALL: [(Builtin, &str, Signature); 24] = {
    use Builtin::*;
    use Parameter::{Any, String};
    [
        (And, "and", (&[Any], Some(Any))),
        (Or, "or", (&[Any], Some(Any))),
        (Not, "not", (&[Any], None)),
        (Len, "len", (&[Any], None)),
        (Index, "index", (&[Any], Some(Any))),
        (Slice, "slice", (&[Any], Some(Any))),
        (Print, "print", (&[], Some(Any))),
        (Printf, "printf", (&[String], Some(Any))),
        (Println, "println", (&[], Some(Any))),
        (Html, "html", (&[], Some(Any))),
        (Js, "js", (&[], Some(Any))),
        (Urlquery, "urlquery", (&[], Some(Any))),
        (Call, "call", (&[Any], Some(Any))),
        (Eq, "eq", (&[Any], Some(Any))),
        (Ne, "ne", (&[Any, Any], None)),
        (Lt, "lt", (&[Any, Any], None)),
        (Le, "le", (&[Any, Any], None)),
        (Gt, "gt", (&[Any, Any], None)),
        (Ge, "ge", (&[Any, Any], None)),
        (Include, "include", (&[String, Any], None)),
        (Tpl, "tpl", (&[String, Any], None)),
        (Required, "required", (&[String, Any], None)),
        (Fail, "fail", (&[String], None)),
        (Lookup, "lookup", (&[String, String, String, String], None)),
    ]
};

impl Builtin {
    pub(super) fn find(name: &str) -> Option<Self> {
        ALL.iter().find(|(_, known, _)| *known == name).map(|(builtin, ..)| *builtin)
    }

    pub(super) fn name(self) -> &'static str {
        ALL.iter().find(|(builtin, ..)| *builtin == self).map_or("", |(_, name, _)| name)
    }

    pub(super) fn parameters(self) -> Signature {
        ALL.get(self as usize).map_or((&[], None), |(_, _, signature)| *signature)
    }

    /// Whether the executor does it itself.
    pub(super) fn is_engines(self) -> bool {
        use Builtin::{Fail, Include, Lookup, Required, Tpl};
        matches!(self, Include | Tpl | Required | Fail | Lookup)
    }

    /// Does it. What it makes may have `room` bytes.
    pub(super) fn call(self, arguments: &[Value], room: usize) -> Result<Value, String> {
        let too_long = || "the result is too long, or holds itself".to_owned();
        let text = |bytes: Option<Vec<u8>>| bytes.map(Value::string).ok_or_else(too_long);
        let escaped =
            |escape: fn(&[u8]) -> Vec<u8>| text(escape::text(arguments, room).map(|text| escape(&text)));
        let (first, rest) = match arguments {
            [first, rest @ ..] => (first, rest),
            [] => (&Value::Nil, arguments),
        };
        let second = rest.first().unwrap_or(&Value::Nil);
        let bool = |result: Result<bool, String>| result.map(Value::Bool);
        match self {
            Self::Not => Ok(Value::Bool(!first.truth())),
            Self::Len => index::length(first),
            Self::Index => index::index(first, rest),
            Self::Slice => index::slice(first, rest),
            Self::Print => text(fmt::sprint(arguments, room)),
            Self::Println => text(fmt::sprintln(arguments, room)),
            Self::Printf => {
                let format = match first {
                    Value::String(format) => format.as_bytes(),
                    _ => b"",
                };
                text(fmt::sprintf(format, rest, room))
            }
            Self::Html => escaped(escape::html),
            Self::Js => escaped(escape::js),
            Self::Urlquery => escaped(escape::url_query),
            Self::Call if first.is_nil() => Err("call of nil".to_owned()),
            Self::Call => Err(format!("non-function of type {}", first.type_name())),
            Self::Eq => bool(compare::equals_any(first, rest)),
            Self::Ne => bool(compare::equals_any(first, rest).map(|equal| !equal)),
            Self::Lt => bool(compare::less(first, second)),
            Self::Le => bool(compare::less_or_equal(first, second)),
            Self::Gt => bool(compare::less_or_equal(first, second).map(|less| !less)),
            Self::Ge => bool(compare::less(first, second).map(|less| !less)),
            // The executor's own never come here.
            Self::And | Self::Or | Self::Include | Self::Tpl | Self::Required | Self::Fail | Self::Lookup => {
                Ok(Value::Nil)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_function_stands_where_its_number_says() {
        for (number, (builtin, name, _)) in ALL.iter().enumerate() {
            assert_eq!(*builtin as usize, number, "{name}");
        }
    }
}
