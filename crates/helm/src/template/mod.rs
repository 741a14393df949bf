//! Go's text/template, as Helm 4 uses it: <https://pkg.go.dev/text/template>.
//!
//! A file is parsed once into a [`Template`]; an [`Engine`] holds all those of a chart and renders them as often as wanted,
//! on any thread. While rendering, values are shared and mutable, so all of it happens on one thread, which
//! [`with_stack`] gives the stack that deep includes need. What a template may take is bounded by [`Limits`].

mod ast;
mod builtins;
mod engine;
mod error;
mod exec;
pub mod fmt;
mod lexer;
mod limits;
mod parser;
mod show;
mod stack;
#[cfg(test)]
mod tests;

pub use engine::{Engine, Template, sort};
pub use error::{Error, ErrorKind, Frame};
pub use limits::{Limits, Mode};
pub use stack::{spawn_with_stack, with_stack};
