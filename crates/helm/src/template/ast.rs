//! A template as it is executed: names of functions are resolved, variables are numbers.
//!
//! Everything is `Send`: a parsed chart is kept and rendered on other threads.

use std::sync::Arc;

use super::builtins::Builtin;
use crate::{
    functions,
    value::{Str, Value},
};

/// A text that templates were parsed from.
#[derive(Debug)]
pub(super) struct Source {
    pub name: String,
    pub text: Arc<[u8]>,
}

/// One template: a file, or what a `define` holds.
#[derive(Debug)]
pub(super) struct Definition {
    pub name: Str,
    pub source: Arc<Source>,
    pub body: List,
    /// How many variables it needs room for, `$` among them.
    pub slots: usize,
}

impl Definition {
    /// Whether there is nothing in it but space. Such a one never replaces another.
    pub(super) fn is_empty(&self) -> bool {
        self.body.iter().all(|node| match node {
            Node::Text { start, end } => self
                .source
                .text
                .get(*start as usize..*end as usize)
                .is_none_or(|text| text.trim_ascii().is_empty()),
            _ => false,
        })
    }
}

pub(super) type List = Box<[Node]>;

#[derive(Debug)]
pub(super) enum Node {
    /// A part of the source, as it is.
    Text {
        start: u32,
        end: u32,
    },
    /// Prints what the pipeline gives, unless that declares a variable.
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    Template {
        at: u32,
        name: Str,
        pipe: Option<Pipe>,
    },
    Break,
    Continue,
}

/// `if`, `with` or `range`.
#[derive(Debug)]
pub(super) struct Branch {
    /// The first one, and those of `else if` and `else with`.
    pub arms: Box<[(Pipe, List)]>,
    pub otherwise: Option<List>,
}

/// `$a, $b := first | second | third`
#[derive(Debug)]
pub(super) struct Pipe {
    pub at: u32,
    pub variables: Box<[Variable]>,
    /// `=` rather than `:=`.
    pub assigns: bool,
    pub commands: Box<[Command]>,
}

#[derive(Debug)]
pub(super) struct Variable {
    pub name: Str,
    /// Where it is kept; `None`: it is not declared where it is used.
    pub slot: Option<u32>,
}

/// A first word and its arguments.
#[derive(Debug)]
pub(super) struct Command {
    pub at: u32,
    pub words: Box<[Operand]>,
}

#[derive(Debug)]
pub(super) struct Operand {
    pub at: u32,
    pub expression: Expression,
}

#[derive(Debug)]
pub(super) enum Expression {
    Dot,
    Nil,
    Bool(bool),
    Number(Box<Number>),
    /// The string, and how it is written.
    String(Str, (u32, u32)),
    /// `.a.b`
    Field(Box<[Str]>),
    /// `$a.b`
    Variable(Variable, Box<[Str]>),
    /// `(…).a.b`
    Chain(Box<Operand>, Box<[Str]>),
    Pipe(Box<Pipe>),
    Function(Callee),
}

/// A number: of which kind it is, depends on where it is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Number {
    pub text: String,
    pub int: Option<i64>,
    pub uint: Option<u64>,
    pub float: Option<f64>,
}

impl Number {
    /// What it is where any kind will do; `None`: it is too large for an `int`.
    pub(super) fn ideal(&self) -> Option<Value> {
        let text = self.text.as_bytes();
        let is_rune = text.starts_with(b"'");
        let is_hexadecimal = text.len() > 2
            && (text.starts_with(b"0x") || text.starts_with(b"0X"))
            && !text.iter().any(|byte| matches!(byte, b'p' | b'P'));
        let looks_float = text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E' | b'p' | b'P'));
        match (self.float, self.int) {
            (Some(float), _) if !is_rune && !is_hexadecimal && looks_float => Some(Value::Float(float)),
            (_, Some(int)) => Some(Value::int(int)),
            _ => None,
        }
    }
}

/// A function that a word names.
#[derive(Clone, Copy)]
pub(super) enum Callee {
    /// One of text/template's, or one that needs the engine.
    Builtin(Builtin),
    /// One of Helm's.
    Library(&'static functions::Function),
}

impl Callee {
    pub(super) fn find(name: &str) -> Option<Self> {
        // Helm's come first: they may hide one of Go's.
        if let Some(builtin) = Builtin::find(name).filter(|builtin| builtin.is_engines()) {
            return Some(Self::Builtin(builtin));
        }
        functions::find(name).map(Self::Library).or_else(|| Builtin::find(name).map(Self::Builtin))
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Builtin(builtin) => builtin.name(),
            Self::Library(function) => function.name,
        }
    }
}

impl std::fmt::Debug for Callee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
