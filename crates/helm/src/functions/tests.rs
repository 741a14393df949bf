//! Tables of expressions and what Helm 4.2.3 makes of them: `expression<TAB>result`, a result that begins with `!` being
//! the error of the function. `durations` has functions that come after 4.2.3: its results are from reading. Backslashes in results escape as in Go.

#![allow(clippy::unwrap_used)]

use super::find;
use crate::value::{Map, Value};

mod expression;

/// Undoes the escapes of a result.
fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next().unwrap() {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'\\' => out.push(b'\\'),
            b'x' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            other => panic!("no escape: \\{}", char::from(other)),
        }
    }
    out
}

/// Tries every line, and tells all that differ.
fn check(table: &str) {
    let mut differing = Vec::new();
    for line in table.lines() {
        let (expression, expected) = line.split_once('\t').unwrap();
        let found = expression::evaluate(expression);
        let same = match (&found, expected.strip_prefix('!')) {
            (Ok(found), None) => *found == unescape(expected),
            (Err(found), Some(expected)) => found.as_bytes() == unescape(expected),
            _ => false,
        };
        if !same {
            let found = found.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            differing.push(format!("{expression}\n  expected {expected}\n  found    {found:?}"));
        }
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}

macro_rules! tables {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            check(include_str!(concat!("tables/", stringify!($name), ".txt")));
        })*
    };
}

tables!(cases, dates, dicts, durations, encoding, hashes, lists, math, paths, regexes, strings, versions);

#[test]
fn a_map_that_holds_itself_ends_in_an_error() {
    let map = Map::new();
    map.insert("self", Value::Map(map.clone()));
    for name in ["toString", "mustToJson", "deepCopy", "quote"] {
        let error =
            (find(name).unwrap().call)(&expression::environment(), &[Value::Map(map.clone())]).err().unwrap();
        assert!(error.contains("holds itself"), "{name}: {error}");
    }
}

#[test]
fn what_would_take_the_memory_ends_in_an_error() {
    for expression in [
        "repeat 1000000000 \"x\"",
        "until 1000000000",
        "untilStep 0 -9000000000000000000 -1",
        "seq 1000000000",
        "indent 1000000000 \"x\"",
        "replace \"\" (repeat 10000 \"x\") (repeat 10000 \"x\")",
    ] {
        let error = expression::evaluate(expression).unwrap_err();
        assert!(error.contains("more than"), "{expression}: {error}");
    }
}
