//! Nodes as text: errors tell the action they happened in.

use super::ast::{Command, Expression, Operand, Pipe, Source};
use crate::value::Str;

/// Where in a template the executor is.
#[derive(Clone, Copy)]
pub(super) enum At<'t> {
    Nowhere,
    Operand(&'t Operand),
    Command(&'t Command),
    Pipe(&'t Pipe),
    /// `template`.
    Template(u32, &'t Str, Option<&'t Pipe>),
}

impl At<'_> {
    /// The offset in the source.
    pub(super) fn offset(self) -> u32 {
        match self {
            Self::Nowhere => 0,
            Self::Operand(operand) => operand.at,
            Self::Command(command) => command.at,
            Self::Pipe(pipe) => pipe.at,
            Self::Template(at, ..) => at,
        }
    }

    /// The node as text.
    pub(super) fn show(self, source: &Source) -> String {
        match self {
            Self::Nowhere => String::new(),
            Self::Operand(operand) => expression(&operand.expression, source),
            Self::Command(command) => self::command(command, source),
            Self::Pipe(pipe) => self::pipe(pipe, source),
            Self::Template(_, name, pipe) => {
                let name = super::fmt::quoted(name.as_bytes());
                match pipe {
                    Some(pipe) => format!("{{{{template {name} {}}}}}", self::pipe(pipe, source)),
                    None => format!("{{{{template {name}}}}}"),
                }
            }
        }
    }
}

fn pipe(pipe: &Pipe, source: &Source) -> String {
    let commands: Vec<_> = pipe.commands.iter().map(|command| self::command(command, source)).collect();
    let commands = commands.join(" | ");
    if pipe.variables.is_empty() {
        return commands;
    }
    let variables: Vec<_> = pipe.variables.iter().map(|variable| variable.name.to_string()).collect();
    format!("{} {} {commands}", variables.join(", "), if pipe.assigns { "=" } else { ":=" })
}

fn command(command: &Command, source: &Source) -> String {
    let words: Vec<_> = command.words.iter().map(|word| nested(&word.expression, source)).collect();
    words.join(" ")
}

/// The expression as a part of another.
fn nested(expression: &Expression, source: &Source) -> String {
    match expression {
        Expression::Pipe(pipe) => format!("({})", self::pipe(pipe, source)),
        other => self::expression(other, source),
    }
}

pub(super) fn expression(expression: &Expression, source: &Source) -> String {
    match expression {
        Expression::Dot => ".".to_owned(),
        Expression::Nil => "nil".to_owned(),
        Expression::Bool(bool) => bool.to_string(),
        Expression::Number(number) => number.text.clone(),
        Expression::String(_, (start, end)) => {
            let text = source.text.get(*start as usize..*end as usize).unwrap_or_default();
            String::from_utf8_lossy(text).into_owned()
        }
        Expression::Field(names) => fields(names),
        Expression::Variable(variable, names) => format!("{}{}", variable.name, fields(names)),
        Expression::Chain(operand, names) => {
            format!("{}{}", nested(&operand.expression, source), fields(names))
        }
        Expression::Pipe(pipe) => self::pipe(pipe, source),
        Expression::Function(callee) => callee.name().to_owned(),
    }
}

fn fields(names: &[Str]) -> String {
    names.iter().flat_map(|name| [".".to_owned(), name.to_string()]).collect()
}
