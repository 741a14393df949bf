//! Regular expressions in RE2's syntax, which Rust's `regex` shares but for details that are evened out here.

use std::{cell::RefCell, rc::Rc};

use regex::bytes::{Captures, Match, Regex, RegexBuilder};

use super::{
    Function,
    Parameter::{Int, String as Text},
    arguments::{bytes, check_bytes, int, position},
    fixed, runes, text,
};
use crate::value::{Str, Value};

mod syntax;

/// How many expressions a thread keeps.
const KEPT: usize = 64;

thread_local! {
    /// Charts ask for the same few in loops, and compiling costs more than matching. Outcome does not depend on it.
    static COMPILED: RefCell<Vec<(Str, Rc<Regex>)>> = const { RefCell::new(Vec::new()) };
}

fn compile(pattern: &[u8]) -> Result<Rc<Regex>, String> {
    COMPILED.with_borrow_mut(|compiled| {
        if let Some((_, regex)) = compiled.iter().find(|(of, _)| of.as_bytes() == pattern) {
            return Ok(regex.clone());
        }
        let regex = Rc::new(build(pattern)?);
        if compiled.len() == KEPT {
            compiled.remove(0);
        }
        compiled.push((pattern.into(), regex.clone()));
        Ok(regex)
    })
}

fn build(pattern: &[u8]) -> Result<Regex, String> {
    let source =
        std::str::from_utf8(pattern).map_err(|_| "error parsing regexp: invalid UTF-8".to_owned())?;
    let failed = |reason: &str| format!("error parsing regexp: {reason}: `{source}`");
    let translated = syntax::translate(source).map_err(|error| format!("error parsing regexp: {error}"))?;
    // Size is bounded so that a pattern like (x{1000}){1000} is refused.
    RegexBuilder::new(&translated).size_limit(8 << 20).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => failed("expression too large"),
        other => failed(&reason(&other.to_string())),
    })
}

/// The last line of the library's report: what is wrong, without the drawing of where.
fn reason(report: &str) -> String {
    report.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

/// Matches that begin where a rune does: the library finds empty ones within runes too.
fn find_iter<'a>(regex: &'a Regex, source: &'a [u8]) -> impl Iterator<Item = Match<'a>> {
    regex.find_iter(source).filter(|found| begins_rune(source, found.start()))
}

fn begins_rune(source: &[u8], at: usize) -> bool {
    source.get(at).is_none_or(|byte| !(0x80..0xc0).contains(byte))
}

fn find_all(pattern: &[u8], source: &[u8], limit: i64) -> Result<Value, String> {
    let regex = compile(pattern)?;
    let limit = if limit < 0 { usize::MAX } else { position(limit).unwrap_or_default() };
    let found: Vec<&[u8]> = find_iter(&regex, source).take(limit).map(|found| found.as_bytes()).collect();
    Ok(if found.is_empty() { Value::no_list() } else { Value::strings(found) })
}

fn find(pattern: &[u8], source: &[u8]) -> Result<Value, String> {
    let regex = compile(pattern)?;
    Ok(Value::string(regex.find(source).map(|found| found.as_bytes()).unwrap_or_default()))
}

/// Go's `Split`: nothing empty before a match of nothing at the start, and no more than `limit` parts.
fn split(pattern: &[u8], source: &[u8], limit: i64) -> Result<Value, String> {
    if limit == 0 {
        return Ok(Value::no_list());
    }
    let regex = compile(pattern)?;
    if !pattern.is_empty() && source.is_empty() {
        return Ok(Value::strings([""]));
    }
    let limit = position(limit).unwrap_or(usize::MAX);
    let mut parts: Vec<&[u8]> = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for found in find_iter(&regex, source) {
        if parts.len() + 1 == limit {
            break;
        }
        end = found.start();
        if found.end() != 0 {
            parts.push(source.get(begin..end).unwrap_or_default());
        }
        begin = found.end();
    }
    if end != source.len() {
        parts.push(source.get(begin..).unwrap_or_default());
    }
    Ok(Value::strings(parts))
}

/// Replaces every match by what `replacement` writes for it.
fn replace(
    pattern: &[u8],
    source: &[u8],
    replacement: impl Fn(&Captures<'_>, &Regex, &mut Vec<u8>),
) -> Result<Value, String> {
    let regex = compile(pattern)?;
    let mut out = Vec::new();
    let mut at = 0;
    for found in regex.captures_iter(source) {
        check_bytes(out.len())?;
        let Some(whole) = found.get(0).filter(|whole| begins_rune(source, whole.start())) else { continue };
        out.extend_from_slice(source.get(at..whole.start()).unwrap_or_default());
        replacement(&found, &regex, &mut out);
        at = whole.end();
    }
    out.extend_from_slice(source.get(at..).unwrap_or_default());
    Ok(Value::string(out))
}

/// Writes a template of Go: `$1`, `${1}`, `$name`; the longest name counts, what is no group is nothing, and `$` before
/// anything else is itself.
fn expand(template: &[u8], found: &Captures<'_>, regex: &Regex, out: &mut Vec<u8>) {
    let mut rest = template;
    while let Some(at) = rest.iter().position(|byte| *byte == b'$') {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        let after = from.get(1..).unwrap_or_default();
        if let Some(after) = after.strip_prefix(b"$") {
            out.push(b'$');
            rest = after;
            continue;
        }
        let Some((name, after_name)) = name(after) else {
            out.push(b'$');
            rest = after;
            continue;
        };
        // Leading zeros make a number a name.
        let digits = name.iter().all(u8::is_ascii_digit) && (name == b"0" || !name.starts_with(b"0"));
        let name = String::from_utf8_lossy(name);
        let group = if digits {
            name.parse().ok().and_then(|index| found.get(index))
        } else if regex.capture_names().flatten().any(|known| known == name) {
            found.name(&name)
        } else {
            None
        };
        out.extend_from_slice(group.map(|group| group.as_bytes()).unwrap_or_default());
        rest = after_name;
    }
    out.extend_from_slice(rest);
}

/// A group's name behind `$`, with or without braces, and what follows.
fn name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (braced, text) = match text.strip_prefix(b"{") {
        Some(text) => (true, text),
        None => (false, text),
    };
    let length: usize = runes::decode(text)
        .take_while(|(rune, _)| rune.is_some_and(|rune| rune == '_' || rune.is_alphanumeric()))
        .map(|(_, raw)| raw.len())
        .sum();
    if length == 0 {
        return None;
    }
    let (name, after) = text.split_at(length);
    Some((name, if braced { after.strip_prefix(b"}")? } else { after }))
}

fn quote_meta(source: &[u8]) -> Value {
    let mut out = Vec::with_capacity(source.len());
    for byte in source {
        if br"\.+*?()|[]{}^$".contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    Value::string(out)
}

fn matches(pattern: &[u8], source: &[u8]) -> Result<Value, String> {
    Ok(compile(pattern)?.is_match(source).into())
}

/// What Go's `MustCompile` panics with.
fn or_panic(pattern: &[u8], result: Result<Value, String>) -> Result<Value, String> {
    result.map_err(|error| {
        let quoted = String::from_utf8_lossy(&text::quote(pattern)).into_owned();
        let raw = String::from_utf8_lossy(pattern);
        let quoted = if raw.contains(['`', '\n']) { quoted } else { format!("`{raw}`") };
        format!("regexp: Compile({quoted}): {error}")
    })
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("regexMatch", &[Text, Text], |_, a| {
        Ok(matches(bytes(a, 0), bytes(a, 1)).unwrap_or(Value::Bool(false)))
    }),
    fixed("mustRegexMatch", &[Text, Text], |_, a| matches(bytes(a, 0), bytes(a, 1))),
    fixed("regexFindAll", &[Text, Text, Int], |_, a| {
        or_panic(bytes(a, 0), find_all(bytes(a, 0), bytes(a, 1), int(a, 2)))
    }),
    fixed("mustRegexFindAll", &[Text, Text, Int], |_, a| find_all(bytes(a, 0), bytes(a, 1), int(a, 2))),
    fixed("regexFind", &[Text, Text], |_, a| or_panic(bytes(a, 0), find(bytes(a, 0), bytes(a, 1)))),
    fixed("mustRegexFind", &[Text, Text], |_, a| find(bytes(a, 0), bytes(a, 1))),
    fixed("regexReplaceAll", &[Text, Text, Text], |_, a| or_panic(bytes(a, 0), replace_all(a))),
    fixed("mustRegexReplaceAll", &[Text, Text, Text], |_, a| replace_all(a)),
    fixed("regexReplaceAllLiteral", &[Text, Text, Text], |_, a| or_panic(bytes(a, 0), replace_literal(a))),
    fixed("mustRegexReplaceAllLiteral", &[Text, Text, Text], |_, a| replace_literal(a)),
    fixed("regexSplit", &[Text, Text, Int], |_, a| {
        or_panic(bytes(a, 0), split(bytes(a, 0), bytes(a, 1), int(a, 2)))
    }),
    fixed("mustRegexSplit", &[Text, Text, Int], |_, a| split(bytes(a, 0), bytes(a, 1), int(a, 2))),
    fixed("regexQuoteMeta", &[Text], |_, a| Ok(quote_meta(bytes(a, 0)))),
];

fn replace_all(arguments: &[Value]) -> Result<Value, String> {
    let template = bytes(arguments, 2);
    replace(bytes(arguments, 0), bytes(arguments, 1), |found, regex, out| expand(template, found, regex, out))
}

fn replace_literal(arguments: &[Value]) -> Result<Value, String> {
    let literal = bytes(arguments, 2);
    replace(bytes(arguments, 0), bytes(arguments, 1), |_, _, out| out.extend_from_slice(literal))
}
