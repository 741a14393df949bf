//! Templates rendered, and what came out.
#![allow(clippy::unwrap_used)]

mod language;

use std::cell::RefCell;

use super::{Engine, Error, Limits, Mode, Template};
use crate::{
    environment::{Environment, NoCluster},
    value::{Map, Value},
};

pub(super) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().collect::<Map>())
}

/// What most templates below are given.
fn data() -> Value {
    map([
        ("name", "dev-01".into()),
        ("empty", "".into()),
        ("one", 1.0.into()),
        ("million", 1e6.into()),
        ("yes", true.into()),
        ("list", Value::list(vec!["a".into(), 2.0.into(), Value::Nil])),
        ("map", map([("b", 2.0.into()), ("a", "x".into()), ("deep", map([("c", Value::int(3))]))])),
        ("nothing", Value::Nil),
    ])
}

pub(super) fn render_files(mode: Mode, files: &[(&str, &str)], data: Value) -> Result<String, Error> {
    let mut engine = Engine::new(mode);
    for (name, text) in files {
        engine.add(&Template::parse(name, text)?);
    }
    let environment = Environment { now: (0, 0), random: RefCell::new(Box::new(|_| {})), lookup: &NoCluster };
    let text = engine.render(&environment, files.last().unwrap().0, data, &Limits::default())?;
    Ok(String::from_utf8(text).unwrap())
}

pub(super) fn render(text: &str) -> Result<String, Error> {
    render_files(Mode::default(), &[("c/templates/t.yaml", text)], data())
}

/// Every template gives the text beside it.
fn check(cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        match render(template) {
            Ok(text) => assert_eq!(text, *expected, "{template}"),
            Err(error) => panic!("{template}: {error}"),
        }
    }
}

/// Every template ends in the error beside it.
fn check_errors(cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        match render(template) {
            Ok(text) => panic!("{template}: gives {text:?}"),
            Err(error) => assert_eq!(error.to_string(), *expected, "{template}"),
        }
    }
}
