//! Values as text: `%v`, `%q` and what sprig takes for a value's string.

use super::{
    arguments::{check_bytes, check_depth},
    runes,
};
use crate::value::{Element, Str, Value};

/// What `%v` makes of a value.
///
/// # Errors
/// It holds itself, or is larger than a function may make.
pub fn show(value: &Value) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    write(&mut out, value, 0)?;
    Ok(out)
}

fn write(out: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), String> {
    check_depth(depth)?;
    check_bytes(out.len())?;
    match value {
        Value::Nil => out.extend_from_slice(b"<nil>"),
        Value::Bool(bool) => out.extend_from_slice(bool.to_string().as_bytes()),
        Value::Int(number, _) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::Float(number) => out.extend_from_slice(float(*number).as_bytes()),
        Value::String(text) => out.extend_from_slice(text.as_bytes()),
        Value::List(list, _) => {
            out.push(b'[');
            for (index, element) in list.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write(out, element, depth + 1)?;
            }
            out.push(b']');
        }
        Value::Map(map) => {
            out.extend_from_slice(b"map[");
            for (index, (key, element)) in map.sorted().iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                out.extend_from_slice(key.as_bytes());
                out.push(b':');
                write(out, element, depth + 1)?;
            }
            out.push(b']');
        }
        Value::Object(object) => out.extend_from_slice(object.print().as_bytes()),
    }
    Ok(())
}

/// A float as `%v` writes it: the shortest digits that read back the same, with an exponent when that is below -4 or
/// above 5.
pub fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// sprig's string of a value: strings and bytes as they are, anything else as `%v`.
///
/// # Errors
/// As [`show`].
pub fn string(value: &Value) -> Result<Str, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::List(list, Element::Byte) => Ok(raw(list).into()),
        other => show(other).map(Str::from),
    }
}

/// The bytes a `[]uint8` holds.
pub fn raw(list: &[Value]) -> Vec<u8> {
    list.iter()
        .map(
            |value| if let Value::Int(byte, _) = value { u8::try_from(*byte).unwrap_or_default() } else { 0 },
        )
        .collect()
}

/// Go's `strconv.Quote`.
pub fn quote(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for (rune, raw) in runes::decode(bytes) {
        match rune {
            None => raw.iter().for_each(|byte| out.extend_from_slice(format!("\\x{byte:02x}").as_bytes())),
            Some('"') => out.extend_from_slice(b"\\\""),
            Some('\\') => out.extend_from_slice(b"\\\\"),
            Some(rune) if runes::is_print(rune) => out.extend_from_slice(raw),
            Some('\x07') => out.extend_from_slice(b"\\a"),
            Some('\x08') => out.extend_from_slice(b"\\b"),
            Some('\x0c') => out.extend_from_slice(b"\\f"),
            Some('\n') => out.extend_from_slice(b"\\n"),
            Some('\r') => out.extend_from_slice(b"\\r"),
            Some('\t') => out.extend_from_slice(b"\\t"),
            Some('\x0b') => out.extend_from_slice(b"\\v"),
            Some(rune) => {
                let code = u32::from(rune);
                let escape = match code {
                    0..0x80 => format!("\\x{code:02x}"),
                    0x80..0x10000 => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                };
                out.extend_from_slice(escape.as_bytes());
            }
        }
    }
    out.push(b'"');
    out
}
