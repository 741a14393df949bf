//! YAML as Go writes it for Helm: `toYaml` makes JSON and has go-yaml v2 read and write it, `toYamlPretty` is go-yaml v3's own.
//! Checksums in annotations depend on every byte.

mod scalar;
mod sort;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{MAX_DEPTH, build::json_text, number};
use crate::{
    functions::arguments::check_bytes,
    value::{Element, Map, Str, Value},
};

/// Where go-yaml begins a new line within a text.
const WIDTH: usize = 80;
/// Keys longer than this stand behind a `?`.
const SIMPLE_KEY: usize = 128;
/// The longest key of JSON that YAML reads, with its quotes.
const JSON_KEY: usize = 1024;

/// Whose YAML it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Library {
    /// sigs.k8s.io/yaml: JSON, read and written by go-yaml v2.
    Json,
    /// go-yaml v3 with an indent of two.
    V3,
}

/// The value as YAML, ending with a line break; nothing when it cannot be written, as `toYaml` has it.
pub fn emit(value: &Value) -> String {
    try_emit(value).unwrap_or_default()
}

/// The value as YAML, ending with a line break.
///
/// # Errors
/// A number that is none, a character that no YAML may hold, nesting without end, or a text that is too long.
pub fn try_emit(value: &Value) -> Result<String, String> {
    write(value, Library::Json)
}

/// The value as `toYamlPretty` has it, ending with a line break.
///
/// # Errors
/// Nesting without end, or a text that is too long.
pub fn try_emit_pretty(value: &Value) -> Result<String, String> {
    write(value, Library::V3)
}

fn write(value: &Value, library: Library) -> Result<String, String> {
    let mut writer =
        Writer { library, text: String::new(), column: 0, indent: None, whitespace: true, indention: true };
    writer.node(value, Context::Root, 0)?;
    if writer.column > 0 {
        writer.line();
    }
    Ok(writer.text)
}

/// How many characters Go's JSON has for a text, with its quotes.
fn json_length(text: &str) -> usize {
    let escaped = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    text.chars().map(escaped).sum::<usize>() + 2
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Root,
    Mapping,
    Sequence,
}

struct Writer {
    library: Library,
    text: String,
    /// In characters.
    column: usize,
    indent: Option<usize>,
    /// The last written was white.
    whitespace: bool,
    /// Only indentation and indicators stand on this line.
    indention: bool,
}

impl Writer {
    fn node(&mut self, value: &Value, context: Context, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH}, or within itself"));
        }
        // Lists of lists of lists, each the same one twice, are small as values.
        check_bytes(self.text.len())?;
        match value {
            Value::List(list, Element::Byte) if self.library == Library::Json => {
                let bytes = list.iter().map(|byte| match byte {
                    Value::Int(byte, _) => u8::try_from(*byte).unwrap_or_default(),
                    _ => 0,
                });
                self.string(STANDARD.encode(bytes.collect::<Vec<u8>>()).as_bytes(), false)
            }
            Value::List(_, Element::Absent) if self.library == Library::Json => {
                self.node(&Value::Nil, context, depth)
            }
            Value::List(list, _) if list.is_empty() => {
                self.indicator("[", true, true, false);
                self.indicator("]", false, false, false);
                Ok(())
            }
            Value::List(list, _) => {
                let indentless =
                    self.library == Library::Json && context == Context::Mapping && !self.indention;
                let outer = self.deepen(false, indentless);
                for value in list.iter() {
                    self.write_indent();
                    self.indicator("-", true, false, true);
                    self.node(value, Context::Sequence, depth + 1)?;
                }
                self.indent = outer;
                Ok(())
            }
            Value::Map(map) if map.is_empty() => {
                self.indicator("{", true, true, false);
                self.indicator("}", false, false, false);
                Ok(())
            }
            Value::Map(map) => {
                let outer = self.deepen(false, false);
                for (key, value) in self.entries(map)? {
                    self.write_indent();
                    let text = key.to_text();
                    if text.len() <= SIMPLE_KEY && !scalar::is_multiline(&text) {
                        self.string(key.as_bytes(), true)?;
                        self.indicator(":", false, false, false);
                    } else {
                        self.indicator("?", true, false, true);
                        self.string(key.as_bytes(), false)?;
                        self.write_indent();
                        self.indicator(":", true, false, true);
                    }
                    self.node(&value, Context::Mapping, depth + 1)?;
                }
                self.indent = outer;
                Ok(())
            }
            Value::Float(float) if self.library == Library::Json && !float.is_finite() => {
                Err("unsupported value: no number".into())
            }
            Value::Nil | Value::Bool(_) | Value::Int(..) | Value::Float(_) => {
                let text = match value {
                    Value::Bool(bool) => bool.to_string(),
                    Value::Int(int, _) => int.to_string(),
                    Value::Float(float) if self.library == Library::V3 => number::float(*float),
                    Value::Float(float) => {
                        number::json_integer(*float).unwrap_or_else(|| number::float(*float))
                    }
                    _ => "null".to_owned(),
                };
                self.plain(&text);
                Ok(())
            }
            Value::String(text) => self.string(text.as_bytes(), false),
            Value::Object(object) => self.node(&object.data(), context, depth + 1),
        }
    }

    /// A map's entries in the order in which they are written.
    fn entries(&self, map: &Map) -> Result<Vec<(Str, Value)>, String> {
        let mut entries: Vec<(String, Str, Value)> = Vec::with_capacity(map.len());
        for (key, value) in map.sorted() {
            let text = json_text(key.as_bytes());
            // YAML reads a key of JSON only from one line, and not from a long one.
            if self.library == Library::Json && (text.contains('\u{85}') || json_length(&text) > JSON_KEY) {
                return Err("did not find expected ',' or '}'".into());
            }
            entries.push((text, key, value));
        }
        entries.sort_by(|a, b| sort::compare(&a.0, &b.0, self.library == Library::V3));
        Ok(entries.into_iter().map(|(_, key, value)| (key, value)).collect())
    }

    /// Goes one level in, and gives the level to return to.
    fn deepen(&mut self, scalar: bool, indentless: bool) -> Option<usize> {
        let outer = self.indent;
        self.indent = Some(match outer {
            None => {
                if scalar {
                    2
                } else {
                    0
                }
            }
            Some(indent) if indentless => indent,
            Some(indent) => indent + 2,
        });
        outer
    }

    fn put(&mut self, character: char) {
        self.text.push(character);
        self.column += 1;
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.column = 0;
    }

    fn write_indent(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.line();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn indicator(&mut self, text: &str, need_whitespace: bool, is_whitespace: bool, is_indention: bool) {
        if need_whitespace && !self.whitespace {
            self.put(' ');
        }
        self.text.push_str(text);
        self.column += text.chars().count();
        self.whitespace = is_whitespace;
        self.indention = self.indention && is_indention;
    }

    fn plain(&mut self, text: &str) {
        self.indicator(text, true, false, false);
    }
}
