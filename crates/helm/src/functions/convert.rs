//! Conversions as sprig makes them: what does not convert is zero, never an error.

use super::{
    Function,
    Parameter::{Any, String as Text},
    arguments::{any, bytes},
    fixed, text,
};
use crate::value::{Element, Str, Value};

/// Go's `strconv.ParseInt(_, 0, 64)`: a base by prefix, underscores between digits; out of range is none.
pub fn parse_int(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let prefix = |length: usize| digits.get(..length).map(str::to_ascii_lowercase);
    let (radix, rest) = match prefix(2).as_deref() {
        Some("0x") => (16, digits.get(2..)?),
        Some("0b") => (2, digits.get(2..)?),
        Some("0o") => (8, digits.get(2..)?),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    let prefixed = rest.len() != digits.len();
    if !underscores_stand_well(rest, prefixed) {
        return None;
    }
    let rest = rest.replace('_', "");
    if rest.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = i128::from(u64::from_str_radix(&rest, radix).ok()?);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// Underscores stand between digits, or between a prefix and the first.
fn underscores_stand_well(digits: &str, prefixed: bool) -> bool {
    let bytes = digits.as_bytes();
    let digit =
        |index: Option<usize>| index.and_then(|index| bytes.get(index)).is_some_and(u8::is_ascii_hexdigit);
    let well =
        |index: usize| (digit(index.checked_sub(1)) || index == 0 && prefixed) && digit(Some(index + 1));
    bytes.iter().enumerate().all(|(index, byte)| *byte != b'_' || well(index))
}

/// Cuts off a fraction that is all zeros, as spf13/cast does before it reads an integer.
fn trim_zero_decimal(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|byte| **byte == b'0').count();
    let at = text.len() - zeros;
    match at.checked_sub(1) {
        Some(point) if zeros > 0 && text.get(point) == Some(&b'.') => text.get(..point).unwrap_or(text),
        _ => text,
    }
}

/// Go's conversion of a float to an integer on amd64.
fn truncate(number: f64) -> i64 {
    // i64::MAX is no float: the next one above is the first out of range.
    if number >= -9_223_372_036_854_775_808.0 && number < 9_223_372_036_854_775_808.0 {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "the range was looked at, and the fraction is to go"
        )]
        return number as i64;
    }
    i64::MIN
}

/// sprig's `int64`, and `int` which has as many bits.
pub fn int(value: &Value) -> i64 {
    match value {
        Value::Int(number, _) => *number,
        Value::Float(number) => truncate(*number),
        Value::Bool(bool) => i64::from(*bool),
        Value::String(text) => parse_int(trim_zero_decimal(text.as_bytes())).unwrap_or_default(),
        _ => 0,
    }
}

/// Go's `strconv.ParseFloat`, but for hexadecimal ones, which are none here.
pub fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    if !underscores_stand_well(text, false) {
        return None;
    }
    let text = text.replace('_', "");
    let number: f64 = text.parse().ok()?;
    // Rust reads «1e999» as infinity, Go as out of range.
    let infinite = text.trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("inf");
    (number.is_finite() || number.is_nan() || infinite).then_some(number)
}

/// sprig's `float64`.
pub fn float(value: &Value) -> f64 {
    match value {
        #[allow(clippy::cast_precision_loss, reason = "Go's float64 of an int64 loses as much")]
        Value::Int(number, _) => *number as f64,
        Value::Float(number) => *number,
        Value::Bool(bool) => f64::from(u8::from(*bool)),
        Value::String(text) => parse_float(text.as_bytes()).unwrap_or_default(),
        _ => 0.0,
    }
}

/// sprig's list of strings: elements that are nil go, what is no list is the one element.
pub fn strings(value: &Value) -> Result<Vec<Str>, String> {
    match value {
        Value::Nil => Ok(Vec::new()),
        Value::List(list, _) => list.iter().filter(|element| !element.is_nil()).map(text::string).collect(),
        other => Ok(vec![text::string(other)?]),
    }
}

fn atoi(text: &[u8]) -> i64 {
    // Atoi knows no prefixes and no underscores; `from_str` is the same but for a lone sign.
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Reads a number written in octal.
fn decimal(value: &Value) -> Result<i64, String> {
    let text = text::show(value)?;
    Ok(std::str::from_utf8(&text).ok().and_then(|text| i64::from_str_radix(text, 8).ok()).unwrap_or_default())
}

fn to_strings(value: &Value) -> Result<Value, String> {
    match value {
        Value::List(_, Element::String) => Ok(value.clone()),
        other => strings(other).map(Value::strings),
    }
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("int", &[Any], |_, a| Ok(Value::int(int(any(a, 0))))),
    fixed("int64", &[Any], |_, a| Ok(Value::int64(int(any(a, 0))))),
    fixed("float64", &[Any], |_, a| Ok(Value::Float(float(any(a, 0))))),
    fixed("atoi", &[Text], |_, a| Ok(Value::int(atoi(bytes(a, 0))))),
    fixed("toDecimal", &[Any], |_, a| decimal(any(a, 0)).map(Value::int64)),
    fixed("toString", &[Any], |_, a| text::string(any(a, 0)).map(Value::String)),
    fixed("toStrings", &[Any], |_, a| to_strings(any(a, 0))),
];
