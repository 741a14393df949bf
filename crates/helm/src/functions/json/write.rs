//! Writes JSON.

use super::is_absent;
use crate::{
    functions::{
        arguments::{check_bytes, check_depth},
        encoding::base64,
        runes, text,
    },
    value::{Element, Value},
};

/// How it is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without space; `<`, `>` and `&` escaped.
    Compact,
    /// Indented by two; `<`, `>` and `&` escaped.
    Pretty,
    /// Without space and escapes of HTML.
    Raw,
}

/// The value as JSON.
///
/// # Errors
/// A float that is no number, or a value that holds itself.
pub fn write(value: &Value, style: Style) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    value_into(&mut out, value, style, 0)?;
    Ok(out)
}

fn value_into(out: &mut Vec<u8>, value: &Value, style: Style, depth: usize) -> Result<(), String> {
    check_depth(depth)?;
    check_bytes(out.len())?;
    match value {
        value if is_absent(value) => out.extend_from_slice(b"null"),
        Value::Nil => {}
        Value::Bool(bool) => out.extend_from_slice(bool.to_string().as_bytes()),
        Value::Int(number, _) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::Float(number) => out.extend_from_slice(float(*number)?.as_bytes()),
        Value::String(text) => string_into(out, text.as_bytes(), style),
        Value::List(list, Element::Byte) => {
            out.push(b'"');
            out.extend_from_slice(&base64(&text::raw(list)));
            out.push(b'"');
        }
        Value::List(list, _) => members(out, b"[]", list.len(), style, depth, |out, index| {
            value_into(out, list.get(index).unwrap_or(&Value::Nil), style, depth + 1)
        })?,
        Value::Map(map) => {
            let entries = map.sorted();
            members(out, b"{}", entries.len(), style, depth, |out, index| {
                let Some((key, value)) = entries.get(index) else { return Ok(()) };
                string_into(out, key.as_bytes(), style);
                out.extend_from_slice(if style == Style::Pretty { b": " } else { b":" });
                value_into(out, value, style, depth + 1)
            })?;
        }
        Value::Object(object) => value_into(out, &object.data(), style, depth + 1)?,
    }
    Ok(())
}

/// Brackets with what stands between, one a line when that is asked for.
fn members(
    out: &mut Vec<u8>,
    brackets: &[u8; 2],
    count: usize,
    style: Style,
    depth: usize,
    mut member: impl FnMut(&mut Vec<u8>, usize) -> Result<(), String>,
) -> Result<(), String> {
    let line = |out: &mut Vec<u8>, depth: usize| {
        if style == Style::Pretty && count > 0 {
            out.push(b'\n');
            out.resize(out.len() + depth * 2, b' ');
        }
    };
    let [open, close] = *brackets;
    out.push(open);
    for index in 0..count {
        if index > 0 {
            out.push(b',');
        }
        line(out, depth + 1);
        member(out, index)?;
    }
    line(out, depth);
    out.push(close);
    Ok(())
}

/// Like ECMAScript: an exponent from 1e21 on and below 1e-6.
fn float(number: f64) -> Result<String, String> {
    if !number.is_finite() {
        return Err(format!("json: unsupported value: {}", text::float(number)));
    }
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{number:e}");
        return Ok(if text.contains("e-") { text } else { text.replace('e', "e+") });
    }
    Ok(number.to_string())
}

fn string_into(out: &mut Vec<u8>, source: &[u8], style: Style) {
    out.push(b'"');
    for (rune, raw) in runes::decode(source) {
        match rune {
            None => out.extend_from_slice(b"\\ufffd"),
            Some('"') => out.extend_from_slice(b"\\\""),
            Some('\\') => out.extend_from_slice(b"\\\\"),
            Some('\n') => out.extend_from_slice(b"\\n"),
            Some('\r') => out.extend_from_slice(b"\\r"),
            Some('\t') => out.extend_from_slice(b"\\t"),
            Some('\x08') => out.extend_from_slice(b"\\b"),
            Some('\x0c') => out.extend_from_slice(b"\\f"),
            Some(rune @ ('\0'..' ' | '\u{2028}' | '\u{2029}')) => escape(out, rune),
            Some(rune @ ('<' | '>' | '&')) if style != Style::Raw => escape(out, rune),
            Some(_) => out.extend_from_slice(raw),
        }
    }
    out.push(b'"');
}

fn escape(out: &mut Vec<u8>, rune: char) {
    out.extend_from_slice(format!("\\u{:04x}", u32::from(rune)).as_bytes());
}
