//! Strings: cut, joined, searched, quoted. What concerns the case of letters is in [`super::cases`].

use bstr::ByteSlice as _;

use super::{
    Function,
    Parameter::{Any, Int, String as Text},
    arguments::{any, bytes, check_bytes, int, position},
    convert, fixed, runes, text, variadic,
};
use crate::value::{Map, Value};

/// `strings.Replace` without a limit. An empty `old` is before each rune and at the end.
fn replace(source: &[u8], old: &[u8], new: &[u8]) -> Result<Vec<u8>, String> {
    let growth = if old.is_empty() { source.len() + 1 } else { source.find_iter(old).count() };
    check_bytes(source.len().saturating_add(growth.saturating_mul(new.len())))?;
    if !old.is_empty() {
        return Ok(source.replace(old, new));
    }
    let mut out = new.to_vec();
    for (_, raw) in runes::decode(source) {
        out.extend_from_slice(raw);
        out.extend_from_slice(new);
    }
    Ok(out)
}

/// `strings.SplitN`; a negative limit is none.
fn split<'a>(source: &'a [u8], separator: &'a [u8], limit: i64) -> Vec<&'a [u8]> {
    let limit = if limit < 0 { usize::MAX } else { position(limit).unwrap_or_default() };
    if limit == 0 {
        return Vec::new();
    }
    if !separator.is_empty() {
        return source.splitn_str(limit, separator).collect();
    }
    let mut parts = Vec::new();
    let mut at = 0;
    for (_, raw) in runes::decode(source) {
        if parts.len() + 1 == limit {
            parts.push(source.get(at..).unwrap_or_default());
            break;
        }
        parts.push(raw);
        at += raw.len();
    }
    parts
}

/// Parts under `_0`, `_1`…
fn numbered(parts: &[&[u8]]) -> Value {
    Value::Map(
        parts
            .iter()
            .enumerate()
            .map(|(index, part)| (format!("_{index}"), Value::string(*part)))
            .collect::<Map>(),
    )
}

/// Go's `source[start:end]`; both bounds given as `None` when they were left out.
fn cut(source: &[u8], start: Option<i64>, end: Option<i64>) -> Result<Value, String> {
    let length = source.len();
    let to = match end {
        None => length,
        Some(end) => position(end).filter(|end| *end <= length).ok_or_else(|| {
            if end < 0 {
                format!("runtime error: slice bounds out of range [:{end}]")
            } else {
                format!("runtime error: slice bounds out of range [:{end}] with length {length}")
            }
        })?,
    };
    let start = start.unwrap_or_default();
    let from = position(start).filter(|start| *start <= to).ok_or_else(|| match end {
        _ if start < 0 => format!("runtime error: slice bounds out of range [{start}:]"),
        None => format!("runtime error: slice bounds out of range [{start}:{length}]"),
        Some(end) => format!("runtime error: slice bounds out of range [{start}:{end}]"),
    })?;
    Ok(Value::string(source.get(from..to).unwrap_or_default()))
}

fn substr(start: i64, end: i64, source: &[u8]) -> Result<Value, String> {
    if start < 0 {
        cut(source, None, Some(end))
    } else if end < 0 || position(end).is_none_or(|end| end > source.len()) {
        cut(source, Some(start), None)
    } else {
        cut(source, Some(start), Some(end))
    }
}

fn trunc(count: i64, source: &[u8]) -> Value {
    let length = source.len();
    let magnitude = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    let kept = match magnitude < length {
        true if count < 0 => source.get(length - magnitude..),
        true => source.get(..magnitude),
        false => Some(source),
    };
    Value::string(kept.unwrap_or_default())
}

fn indent(spaces: i64, source: &[u8], before: &str) -> Result<Value, String> {
    let spaces = position(spaces).ok_or("strings: negative Repeat count")?;
    check_bytes(spaces)?;
    let pad = vec![b' '; spaces];
    let mut newline = vec![b'\n'];
    newline.extend_from_slice(&pad);
    let mut out = before.as_bytes().to_vec();
    out.extend_from_slice(&pad);
    out.extend_from_slice(&replace(source, b"\n", &newline)?);
    Ok(Value::string(out))
}

fn repeat(count: i64, source: &[u8]) -> Result<Value, String> {
    let count = position(count).ok_or("strings: negative Repeat count")?;
    check_bytes(source.len().saturating_mul(count))?;
    Ok(Value::string(source.repeat(count)))
}

/// Whitespace as Go's `DeleteWhiteSpace` sees it: it takes bytes for runes, so what is not ASCII comes out as Latin-1
/// read as UTF-8, unless there was nothing to delete.
fn nospace(source: &[u8]) -> Value {
    let kept: Vec<char> =
        source.iter().map(|byte| char::from(*byte)).filter(|rune| !rune.is_whitespace()).collect();
    if kept.len() == source.len() {
        return Value::string(source);
    }
    Value::string(kept.into_iter().collect::<String>())
}

fn quoted(values: &[Value], quote: impl Fn(&Value) -> Result<Vec<u8>, String>) -> Result<Value, String> {
    let parts = values.iter().filter(|value| !value.is_nil()).map(quote).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::string(bstr::join(" ", parts)))
}

fn squote(value: &Value) -> Result<Vec<u8>, String> {
    Ok([b"'", text::show(value)?.as_slice(), b"'"].concat())
}

fn cat(values: &[Value]) -> Result<Value, String> {
    let parts =
        values.iter().filter(|value| !value.is_nil()).map(text::show).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::string(bstr::join(" ", parts)))
}

fn join(separator: &[u8], value: &Value) -> Result<Value, String> {
    let parts = convert::strings(value)?;
    check_bytes(
        parts.iter().map(|part| part.len().saturating_add(separator.len())).fold(0, usize::saturating_add),
    )?;
    Ok(Value::string(bstr::join(separator, parts.iter().map(|part| part.as_bytes()))))
}

/// `strings.Trim`, which takes its characters off both ends.
fn trim_all(cutset: &[u8], source: &[u8]) -> Value {
    let cutset: Vec<char> = runes::runes(cutset).collect();
    Value::string(source.trim_with(|rune| cutset.contains(&rune)))
}

/// goutils' abbreviation: dots instead of what stands left of `offset` and right of `width`.
fn abbreviate(source: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let length = i64::try_from(source.len()).unwrap_or(i64::MAX);
    let part = |from: i64, to: i64| {
        source.get(position(from).unwrap_or_default()..position(to).unwrap_or_default()).unwrap_or_default()
    };
    if width < 4 || length == 0 {
        return Vec::new();
    }
    if length <= width {
        return source.to_vec();
    }
    let offset = offset.min(length);
    let offset = if length - offset < width - 3 { length - (width - 3) } else { offset };
    if offset <= 4 {
        return [part(0, width - 3), b"..."].concat();
    }
    if width < 7 {
        return Vec::new();
    }
    if offset + width - 3 < length {
        return [b"...".to_vec(), abbreviate(part(offset, length), 0, width - 3)].concat();
    }
    [b"...", part(length - (width - 3), length)].concat()
}

fn abbrev_both(left: i64, right: i64, source: &[u8]) -> Value {
    if right < 4 || left > 0 && right < 7 {
        return Value::string(source);
    }
    Value::string(abbreviate(source, left, right))
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("hello", &[], |_, _| Ok("Hello!".into())),
    fixed("trim", &[Text], |_, a| Ok(Value::string(bytes(a, 0).trim_with(char::is_whitespace)))),
    fixed("trimAll", &[Text, Text], |_, a| Ok(trim_all(bytes(a, 0), bytes(a, 1)))),
    fixed("trimall", &[Text, Text], |_, a| Ok(trim_all(bytes(a, 0), bytes(a, 1)))),
    fixed("trimPrefix", &[Text, Text], |_, a| {
        Ok(Value::string(bytes(a, 1).strip_prefix(bytes(a, 0)).unwrap_or(bytes(a, 1))))
    }),
    fixed("trimSuffix", &[Text, Text], |_, a| {
        Ok(Value::string(bytes(a, 1).strip_suffix(bytes(a, 0)).unwrap_or(bytes(a, 1))))
    }),
    fixed("contains", &[Text, Text], |_, a| Ok(bytes(a, 1).contains_str(bytes(a, 0)).into())),
    fixed("hasPrefix", &[Text, Text], |_, a| Ok(bytes(a, 1).starts_with(bytes(a, 0)).into())),
    fixed("hasSuffix", &[Text, Text], |_, a| Ok(bytes(a, 1).ends_with(bytes(a, 0)).into())),
    fixed("replace", &[Text, Text, Text], |_, a| {
        replace(bytes(a, 2), bytes(a, 0), bytes(a, 1)).map(Value::string)
    }),
    fixed("repeat", &[Int, Text], |_, a| repeat(int(a, 0), bytes(a, 1))),
    fixed("substr", &[Int, Int, Text], |_, a| substr(int(a, 0), int(a, 1), bytes(a, 2))),
    fixed("trunc", &[Int, Text], |_, a| Ok(trunc(int(a, 0), bytes(a, 1)))),
    fixed("abbrev", &[Int, Text], |_, a| Ok(abbrev_both(0, int(a, 0), bytes(a, 1)))),
    fixed("abbrevboth", &[Int, Int, Text], |_, a| Ok(abbrev_both(int(a, 0), int(a, 1), bytes(a, 2)))),
    fixed("indent", &[Int, Text], |_, a| indent(int(a, 0), bytes(a, 1), "")),
    fixed("nindent", &[Int, Text], |_, a| indent(int(a, 0), bytes(a, 1), "\n")),
    fixed("nospace", &[Text], |_, a| Ok(nospace(bytes(a, 0)))),
    fixed("plural", &[Text, Text, Int], |_, a| Ok(any(a, usize::from(int(a, 2) != 1)).clone())),
    variadic("quote", &[], Any, |_, a| quoted(a, |value| Ok(text::quote(text::string(value)?.as_bytes())))),
    variadic("squote", &[], Any, |_, a| quoted(a, squote)),
    variadic("cat", &[], Any, |_, a| cat(a)),
    fixed("join", &[Text, Any], |_, a| join(bytes(a, 0), any(a, 1))),
    fixed("split", &[Text, Text], |_, a| Ok(numbered(&split(bytes(a, 1), bytes(a, 0), -1)))),
    fixed("splitn", &[Text, Int, Text], |_, a| Ok(numbered(&split(bytes(a, 2), bytes(a, 0), int(a, 1))))),
    fixed("splitList", &[Text, Text], |_, a| Ok(Value::strings(split(bytes(a, 1), bytes(a, 0), -1)))),
];
