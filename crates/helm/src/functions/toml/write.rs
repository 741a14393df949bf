//! Writes TOML: a table's own values first, then tables and lists of tables, indented by depth.

use crate::{
    functions::{
        arguments::{check_bytes, check_depth},
        text,
    },
    value::{Map, Str, Value},
};

/// The value as TOML.
///
/// # Errors
/// In the words of Helm's library, or that the value holds itself.
pub fn write(value: &Value) -> Result<String, String> {
    let mut writer = Writer { out: String::new() };
    match value {
        Value::Nil => return Err("reflect: call of reflect.Value.Type on zero Value".into()),
        Value::Map(map) => writer.table(&mut Vec::new(), map)?,
        other => writer.inline(other, 0)?,
    }
    Ok(writer.out)
}

struct Writer {
    out: String,
}

/// A list of tables and nothing else.
fn tables(value: &Value) -> Option<Vec<Map>> {
    let Value::List(list, _) = value else { return None };
    let tables = list.iter().map(|value| if let Value::Map(map) = value { Some(map.clone()) } else { None });
    tables.collect::<Option<Vec<_>>>().filter(|tables| !tables.is_empty())
}

/// Whether a value stands after those that are none: a table, or tables.
fn is_table(value: &Value) -> bool {
    matches!(value, Value::Map(_)) || tables(value).is_some()
}

impl Writer {
    fn indent(&mut self, names: usize) {
        self.out.extend(std::iter::repeat_n("  ", names.saturating_sub(1)));
    }

    /// An empty line between tables.
    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// What a table holds.
    fn table(&mut self, path: &mut Vec<String>, map: &Map) -> Result<(), String> {
        check_depth(path.len())?;
        check_bytes(self.out.len())?;
        let entries = map.sorted();
        let (own, below): (Vec<_>, Vec<_>) =
            entries.into_iter().filter(|(_, value)| !value.is_nil()).partition(|(_, value)| !is_table(value));
        for (name, value) in own {
            self.indent(path.len() + 1);
            self.out.push_str(&key(&name.to_text()));
            self.out.push_str(" = ");
            self.inline(&value, path.len())?;
            self.out.push('\n');
        }
        for (name, value) in below {
            path.push(key(&name.to_text()));
            if let Value::Map(map) = &value {
                // Only those of the first level stand apart.
                if path.len() == 1 {
                    self.gap();
                }
                self.head(path, "[", "]");
                self.table(path, map)?;
            }
            for map in tables(&value).unwrap_or_default() {
                self.gap();
                self.head(path, "[[", "]]");
                self.table(path, &map)?;
            }
            path.pop();
        }
        Ok(())
    }

    fn head(&mut self, path: &[String], open: &str, close: &str) {
        self.indent(path.len());
        self.out.push_str(&format!("{open}{}{close}\n", path.join(".")));
    }

    /// A value on its line.
    fn inline(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        check_depth(depth)?;
        check_bytes(self.out.len())?;
        match value {
            Value::Nil => return Err("toml: cannot encode array with nil element".into()),
            Value::Bool(bool) => self.out.push_str(&bool.to_string()),
            Value::Int(number, _) => self.out.push_str(&number.to_string()),
            Value::Float(number) => self.out.push_str(&float(*number)),
            Value::String(text) => self.string(&text.to_text()),
            Value::List(list, _) => {
                self.out.push('[');
                for (index, value) in list.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(", ");
                    }
                    self.inline(value, depth + 1)?;
                }
                self.out.push(']');
            }
            Value::Map(map) => {
                self.out.push('{');
                let (tables, direct): (Vec<_>, Vec<_>) =
                    map.sorted().into_iter().partition(|(_, value)| is_table(value));
                let follows = !tables.is_empty();
                self.pairs(&direct, follows, depth)?;
                self.pairs(&tables, false, depth)?;
                self.out.push('}');
            }
            // Times stand without quotes.
            Value::Object(object) if object.type_name() == "time.Time" => {
                self.out.push_str(&text::string(&object.data())?.to_text());
            }
            Value::Object(object) => match object.data() {
                Value::Nil => return Err(format!("unsupported type: {}", object.type_name())),
                data => self.inline(&data, depth + 1)?,
            },
        }
        Ok(())
    }

    /// The entries of an inline table. Go leaves out what is nil, but not the comma before it.
    fn pairs(&mut self, pairs: &[(Str, Value)], follows: bool, depth: usize) -> Result<(), String> {
        for (index, (name, value)) in pairs.iter().enumerate() {
            if value.is_nil() {
                continue;
            }
            self.out.push_str(&key(&name.to_text()));
            self.out.push_str(" = ");
            self.inline(value, depth + 1)?;
            if follows || index + 1 < pairs.len() {
                self.out.push_str(", ");
            }
        }
        Ok(())
    }

    fn string(&mut self, text: &str) {
        self.out.push_str(&quoted(text));
    }
}

/// Floats are told from integers by a point or an exponent.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+inf" } else { "-inf" }.into();
    }
    let text = text::float(number);
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}

fn key(name: &str) -> String {
    let bare = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if bare { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for rune in text.chars() {
        match rune {
            '"' | '\\' => out.extend(['\\', rune]),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\0'..='\x1f' | '\x7f' => out.push_str(&format!("\\u{:04x}", u32::from(rune))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
