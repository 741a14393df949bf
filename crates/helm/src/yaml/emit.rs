//! YAML as go-yaml v2 writes what came through JSON: Helm's `toYaml`. Checksums in annotations depend on every byte.

mod scalar;
mod sort;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{MAX_DEPTH, build::json_text, number};
use crate::{
    functions::arguments::check_bytes,
    value::{Element, Value},
};

/// Where go-yaml begins a new line within a text.
const WIDTH: usize = 80;
/// Keys longer than this stand behind a `?`.
const SIMPLE_KEY: usize = 128;

/// The value as YAML, ending with a line break; nothing when it cannot be written, as `toYaml` has it.
pub fn emit(value: &Value) -> String {
    try_emit(value).unwrap_or_default()
}

/// The value as YAML, ending with a line break.
///
/// # Errors
/// A number that is none, a character that no YAML may hold, nesting without end, or a text that is too long.
pub fn try_emit(value: &Value) -> Result<String, String> {
    let mut writer =
        Writer { text: String::new(), column: 0, indent: None, whitespace: true, indention: true };
    writer.node(value, Context::Root, 0)?;
    if writer.column > 0 {
        writer.line();
    }
    Ok(writer.text)
}

/// A map's keys in the order in which they are written.
pub fn sorted_keys(map: &crate::value::Map) -> Vec<crate::value::Str> {
    let mut keys: Vec<_> = map.sorted().into_iter().map(|(key, _)| key).collect();
    keys.sort_by(|a, b| sort::compare(&a.to_text(), &b.to_text()));
    keys
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Root,
    Mapping,
    Sequence,
}

struct Writer {
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
            Value::List(list, Element::Byte) => {
                let bytes = list.iter().map(|byte| match byte {
                    Value::Int(byte, _) => u8::try_from(*byte).unwrap_or_default(),
                    _ => 0,
                });
                self.string(&STANDARD.encode(bytes.collect::<Vec<u8>>()), false)
            }
            Value::List(_, Element::Absent) => self.node(&Value::Nil, context, depth),
            Value::List(list, _) if list.is_empty() => {
                self.indicator("[", true, true, false);
                self.indicator("]", false, false, false);
                Ok(())
            }
            Value::List(list, _) => {
                let outer = self.deepen(false, context == Context::Mapping && !self.indention);
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
                let mut entries: Vec<(String, Value)> =
                    map.sorted().into_iter().map(|(key, value)| (json_text(key.as_bytes()), value)).collect();
                entries.sort_by(|a, b| sort::compare(&a.0, &b.0));
                let outer = self.deepen(false, false);
                for (key, value) in &entries {
                    self.write_indent();
                    if key.len() <= SIMPLE_KEY && !scalar::is_multiline(key) {
                        self.string(key, true)?;
                        self.indicator(":", false, false, false);
                    } else {
                        self.indicator("?", true, false, true);
                        self.string(key, false)?;
                        self.write_indent();
                        self.indicator(":", true, false, true);
                    }
                    self.node(value, Context::Mapping, depth + 1)?;
                }
                self.indent = outer;
                Ok(())
            }
            Value::Float(float) if !float.is_finite() => Err("unsupported value: no number".into()),
            Value::Nil | Value::Bool(_) | Value::Int(..) | Value::Float(_) => {
                let text = match value {
                    Value::Bool(bool) => bool.to_string(),
                    Value::Int(int, _) => int.to_string(),
                    Value::Float(float) => {
                        number::json_integer(*float).unwrap_or_else(|| number::float(*float))
                    }
                    _ => "null".to_owned(),
                };
                self.plain(&text);
                Ok(())
            }
            Value::String(text) => self.string(&json_text(text.as_bytes()), false),
            Value::Object(object) => self.node(&object.data(), context, depth + 1),
        }
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
