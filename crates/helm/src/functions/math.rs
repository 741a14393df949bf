//! Arithmetic: on `int64`, which wraps, and on floats, which sprig reckons as decimals.

use super::{
    Function,
    Parameter::{Any, Float, Int},
    arguments::{any, check_elements, int},
    convert::{self, float},
    decimal::Decimal,
    fixed, variadic,
};
use crate::value::{Element, IntKind, Value};

fn fold(arguments: &[Value], operation: impl Fn(i64, i64) -> i64) -> Value {
    let mut numbers = arguments.iter().map(convert::int);
    let first = numbers.next().unwrap_or_default();
    Value::int64(numbers.fold(first, operation))
}

fn fold_float(arguments: &[Value], operation: impl Fn(f64, f64) -> f64) -> Value {
    let mut numbers = arguments.iter().map(float);
    let first = numbers.next().unwrap_or_default();
    Value::Float(numbers.fold(first, operation))
}

/// Go's `math.Max` and `math.Min`: NaN wins, and of two zeros the one with the fitting sign.
fn extreme(a: f64, b: f64, larger: bool) -> f64 {
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    if a == b {
        return if a.is_sign_negative() == larger { b } else { a };
    }
    if (a > b) == larger { a } else { b }
}

fn fold_decimal(
    arguments: &[Value],
    operation: impl Fn(Decimal, Decimal) -> Result<Decimal, String>,
) -> Result<Value, String> {
    let mut numbers = arguments.iter().map(|argument| Decimal::from_float(float(argument)));
    let mut result = numbers.next().unwrap_or_else(|| Decimal::from_float(0.0))?;
    for number in numbers {
        result = operation(result, number?)?;
    }
    Ok(Value::Float(result.to_float()))
}

fn divide(arguments: &[Value], operation: impl Fn(i64, i64) -> i64) -> Result<Value, String> {
    let (a, b) = (convert::int(any(arguments, 0)), convert::int(any(arguments, 1)));
    if b == 0 {
        return Err("runtime error: integer divide by zero".into());
    }
    Ok(Value::int64(operation(a, b)))
}

/// Rounds up from `on` at so many places; negative numbers go down.
fn round(arguments: &[Value]) -> Value {
    let on = arguments.get(2).map_or(0.5, float);
    let places = i32::try_from(int(arguments, 1)).unwrap_or(i32::MAX);
    let power = 10f64.powi(places);
    let digit = power * float(any(arguments, 0));
    let rounded = if digit.fract() >= on { digit.ceil() } else { digit.floor() };
    Value::Float(rounded / power)
}

fn steps(start: i64, stop: i64, step: i64) -> Result<Vec<i64>, String> {
    let down = stop < start;
    if down && step >= 0 || !down && step <= 0 {
        return Ok(Vec::new());
    }
    let count =
        (i128::from(stop) - i128::from(start)).unsigned_abs().div_ceil(u128::from(step.unsigned_abs()));
    check_elements(usize::try_from(count).unwrap_or(usize::MAX))?;
    let next = |at: &i64| at.checked_add(step).filter(|at| if down { *at > stop } else { *at < stop });
    Ok(std::iter::successors(Some(start).filter(|_| start != stop), next).collect())
}

fn until_step(start: i64, stop: i64, step: i64) -> Result<Value, String> {
    let numbers = steps(start, stop, step)?;
    Ok(Value::List(
        std::rc::Rc::new(numbers.into_iter().map(|number| Value::Int(number, IntKind::Int)).collect()),
        Element::Int,
    ))
}

/// Numbers from the first to the last, both in, as `seq` of a shell.
fn seq(arguments: &[Value]) -> Result<Value, String> {
    let (start, step, end) = match arguments.len() {
        1 => (1, None, int(arguments, 0)),
        2 => (int(arguments, 0), None, int(arguments, 1)),
        3 => (int(arguments, 0), Some(int(arguments, 1)), int(arguments, 2)),
        _ => return Ok("".into()),
    };
    let towards = if end < start { -1 } else { 1 };
    let numbers = match step {
        Some(step) if end < start && step > 0 => Vec::new(),
        step => steps(start, end.saturating_add(towards), step.unwrap_or(towards))?,
    };
    Ok(numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(" ").into())
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    variadic("add", &[], Any, |_, a| Ok(fold(a, i64::wrapping_add))),
    fixed("add1", &[Any], |_, a| Ok(Value::int64(convert::int(any(a, 0)).wrapping_add(1)))),
    fixed("sub", &[Any, Any], |_, a| Ok(fold(a, i64::wrapping_sub))),
    variadic("mul", &[Any], Any, |_, a| Ok(fold(a, i64::wrapping_mul))),
    fixed("div", &[Any, Any], |_, a| divide(a, i64::wrapping_div)),
    fixed("mod", &[Any, Any], |_, a| divide(a, i64::wrapping_rem)),
    variadic("max", &[Any], Any, |_, a| Ok(fold(a, i64::max))),
    variadic("biggest", &[Any], Any, |_, a| Ok(fold(a, i64::max))),
    variadic("min", &[Any], Any, |_, a| Ok(fold(a, i64::min))),
    variadic("maxf", &[Any], Any, |_, a| Ok(fold_float(a, |a, b| extreme(a, b, true)))),
    variadic("minf", &[Any], Any, |_, a| Ok(fold_float(a, |a, b| extreme(a, b, false)))),
    variadic("addf", &[], Any, |_, a| fold_decimal(a, |a, b| Ok(a.add(b)))),
    fixed("add1f", &[Any], |_, a| {
        Ok(Value::Float(Decimal::from_float(float(any(a, 0)))?.add(Decimal::from_float(1.0)?).to_float()))
    }),
    variadic("subf", &[Any], Any, |_, a| fold_decimal(a, |a, b| Ok(a.sub(b)))),
    variadic("mulf", &[Any], Any, |_, a| fold_decimal(a, |a, b| Ok(a.mul(b)))),
    variadic("divf", &[Any], Any, |_, a| fold_decimal(a, Decimal::div)),
    fixed("ceil", &[Any], |_, a| Ok(Value::Float(float(any(a, 0)).ceil()))),
    fixed("floor", &[Any], |_, a| Ok(Value::Float(float(any(a, 0)).floor()))),
    variadic("round", &[Any, Int], Float, |_, a| Ok(round(a))),
    fixed("until", &[Int], |_, a| until_step(0, int(a, 0), if int(a, 0) < 0 { -1 } else { 1 })),
    fixed("untilStep", &[Int, Int, Int], |_, a| until_step(int(a, 0), int(a, 1), int(a, 2))),
    variadic("seq", &[], Int, |_, a| seq(a)),
];
