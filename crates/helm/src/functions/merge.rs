//! `merge` and `mergeOverwrite`, as mergo merges maps: into the first, which is changed.

use super::{
    Function,
    Parameter::Map as Dict,
    arguments::{check_depth, map},
    defaults::empty,
    variadic,
};
use crate::value::{Map, Value};

/// Puts into `into` what `from` has: where `into` has nothing or something empty, or everywhere when `overwrite`.
/// Maps that `into` did not have are shared with `from`, not copied.
fn merge(into: &Map, from: &Map, overwrite: bool, depth: usize) -> Result<(), String> {
    check_depth(depth)?;
    if into.is(from) {
        return Ok(());
    }
    for (key, new) in from.sorted() {
        let old = into.get(key.as_bytes());
        match (&old, &new) {
            // Nil is written by overwriting only.
            (_, Value::Nil) => {
                if overwrite {
                    into.insert(key, Value::Nil);
                }
            }
            (Some(Value::Map(old)), Value::Map(new)) => {
                merge(old, new, overwrite, depth + 1)?;
                if old.is_empty() {
                    into.insert(key, Value::Map(new.clone()));
                }
            }
            _ => {
                let nothing_there = old.as_ref().is_none_or(empty);
                if overwrite || nothing_there {
                    into.insert(key, new);
                }
            }
        }
    }
    Ok(())
}

fn merge_all(arguments: &[Value], overwrite: bool) -> Result<Value, String> {
    let into = map(arguments, 0);
    for index in 1..arguments.len() {
        merge(&into, &map(arguments, index), overwrite, 0)?;
    }
    Ok(Value::Map(into))
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    variadic("merge", &[Dict], Dict, |_, a| merge_all(a, false)),
    variadic("mustMerge", &[Dict], Dict, |_, a| merge_all(a, false)),
    variadic("mergeOverwrite", &[Dict], Dict, |_, a| merge_all(a, true)),
    variadic("mustMergeOverwrite", &[Dict], Dict, |_, a| merge_all(a, true)),
];
