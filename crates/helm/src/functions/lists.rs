//! Lists. Each function that Go's panics of and its `must` twin fail alike here: the template stops with the same text.

use std::rc::Rc;

use super::{
    Function,
    Parameter::{Any, Int},
    arguments::{NIL, any, check_elements, int, list, position},
    convert, defaults,
    equal::deep_equal,
    fixed, text, variadic,
};
use crate::value::{Element, Value};

fn holds(haystack: &[Value], needle: &Value) -> Result<bool, String> {
    for straw in haystack {
        if deep_equal(needle, straw)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn append(arguments: &[Value]) -> Result<Value, String> {
    let mut values = list(arguments, 0, "Cannot push on type")?.to_vec();
    check_elements(values.len())?;
    values.push(any(arguments, 1).clone());
    Ok(Value::list(values))
}

fn prepend(arguments: &[Value]) -> Result<Value, String> {
    let old = list(arguments, 0, "Cannot prepend on type")?;
    check_elements(old.len())?;
    let mut values = vec![any(arguments, 1).clone()];
    values.extend_from_slice(&old);
    Ok(Value::list(values))
}

fn first(arguments: &[Value]) -> Result<Value, String> {
    Ok(list(arguments, 0, "Cannot find first on type")?.first().cloned().unwrap_or_default())
}

fn last(arguments: &[Value]) -> Result<Value, String> {
    Ok(list(arguments, 0, "Cannot find last on type")?.last().cloned().unwrap_or_default())
}

fn rest(arguments: &[Value]) -> Result<Value, String> {
    let values = list(arguments, 0, "Cannot find rest on type")?;
    Ok(values.split_first().map_or_else(Value::no_list, |(_, rest)| Value::list(rest.to_vec())))
}

fn initial(arguments: &[Value]) -> Result<Value, String> {
    let values = list(arguments, 0, "Cannot find initial on type")?;
    Ok(values.split_last().map_or_else(Value::no_list, |(_, initial)| Value::list(initial.to_vec())))
}

fn reverse(arguments: &[Value]) -> Result<Value, String> {
    Ok(Value::list(list(arguments, 0, "Cannot find reverse on type")?.iter().rev().cloned().collect()))
}

fn compact(arguments: &[Value]) -> Result<Value, String> {
    let values = list(arguments, 0, "Cannot compact on type")?;
    Ok(Value::list(values.iter().filter(|value| !defaults::empty(value)).cloned().collect()))
}

fn uniq(arguments: &[Value]) -> Result<Value, String> {
    let mut kept: Vec<Value> = Vec::new();
    for value in list(arguments, 0, "Cannot find uniq on type")?.iter() {
        if !holds(&kept, value)? {
            kept.push(value.clone());
        }
    }
    Ok(Value::list(kept))
}

fn without(arguments: &[Value]) -> Result<Value, String> {
    let mut kept = Vec::new();
    for value in list(arguments, 0, "Cannot find without on type")?.iter() {
        if !holds(arguments.get(1..).unwrap_or_default(), value)? {
            kept.push(value.clone());
        }
    }
    Ok(Value::list(kept))
}

fn has(arguments: &[Value]) -> Result<Value, String> {
    if any(arguments, 1).is_nil() {
        return Ok(false.into());
    }
    Ok(holds(&list(arguments, 1, "Cannot find has on type")?, any(arguments, 0))?.into())
}

fn slice(arguments: &[Value]) -> Result<Value, String> {
    let values = list(arguments, 0, "list should be type of slice or array but")?;
    if values.is_empty() {
        return Ok(Value::Nil);
    }
    let from = arguments.get(1).map(convert::int).unwrap_or_default();
    let to = arguments.get(2).map(convert::int);
    let length = values.len();
    // Go slices up to the capacity, which for us is the length.
    let part = match (position(from), to.map_or(Some(length), position)) {
        (Some(from), Some(to)) => values.get(from..to),
        _ => None,
    };
    let part = part.ok_or("reflect.Value.Slice: slice index out of bounds")?.to_vec();
    let element = if let Value::List(_, element) = any(arguments, 0) { *element } else { Element::Any };
    Ok(Value::List(Rc::new(part), element))
}

fn concat(arguments: &[Value]) -> Result<Value, String> {
    let mut all = Vec::new();
    for argument in arguments {
        match argument {
            Value::List(values, _) => {
                check_elements(all.len() + values.len())?;
                all.extend_from_slice(values);
            }
            Value::Nil => return Err(NIL.into()),
            other => return Err(format!("Cannot concat type {} as list", other.kind())),
        }
    }
    Ok(if all.is_empty() { Value::no_list() } else { Value::list(all) })
}

fn chunk(arguments: &[Value]) -> Result<Value, String> {
    let values = list(arguments, 1, "Cannot chunk type")?;
    let size = position(int(arguments, 0))
        .filter(|size| *size > 0)
        .ok_or("runtime error: makeslice: len out of range")?;
    Ok(Value::list(values.chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect()))
}

fn sort_alpha(value: &Value) -> Result<Value, String> {
    let Value::List(..) = value else {
        return Ok(Value::strings([text::string(value)?]));
    };
    let mut texts = convert::strings(value)?;
    texts.sort();
    Ok(Value::strings(texts))
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    variadic("list", &[], Any, |_, a| Ok(Value::list(a.to_vec()))),
    variadic("tuple", &[], Any, |_, a| Ok(Value::list(a.to_vec()))),
    fixed("append", &[Any, Any], |_, a| append(a)),
    fixed("mustAppend", &[Any, Any], |_, a| append(a)),
    fixed("push", &[Any, Any], |_, a| append(a)),
    fixed("mustPush", &[Any, Any], |_, a| append(a)),
    fixed("prepend", &[Any, Any], |_, a| prepend(a)),
    fixed("mustPrepend", &[Any, Any], |_, a| prepend(a)),
    fixed("first", &[Any], |_, a| first(a)),
    fixed("mustFirst", &[Any], |_, a| first(a)),
    fixed("last", &[Any], |_, a| last(a)),
    fixed("mustLast", &[Any], |_, a| last(a)),
    fixed("rest", &[Any], |_, a| rest(a)),
    fixed("mustRest", &[Any], |_, a| rest(a)),
    fixed("initial", &[Any], |_, a| initial(a)),
    fixed("mustInitial", &[Any], |_, a| initial(a)),
    fixed("reverse", &[Any], |_, a| reverse(a)),
    fixed("mustReverse", &[Any], |_, a| reverse(a)),
    fixed("compact", &[Any], |_, a| compact(a)),
    fixed("mustCompact", &[Any], |_, a| compact(a)),
    fixed("uniq", &[Any], |_, a| uniq(a)),
    fixed("mustUniq", &[Any], |_, a| uniq(a)),
    variadic("without", &[Any], Any, |_, a| without(a)),
    variadic("mustWithout", &[Any], Any, |_, a| without(a)),
    fixed("has", &[Any, Any], |_, a| has(a)),
    fixed("mustHas", &[Any, Any], |_, a| has(a)),
    variadic("slice", &[Any], Any, |_, a| slice(a)),
    variadic("mustSlice", &[Any], Any, |_, a| slice(a)),
    variadic("concat", &[], Any, |_, a| concat(a)),
    fixed("chunk", &[Int, Any], |_, a| chunk(a)),
    fixed("mustChunk", &[Int, Any], |_, a| chunk(a)),
    fixed("sortAlpha", &[Any], |_, a| sort_alpha(any(a, 0))),
];
