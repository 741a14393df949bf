//! `--set` and its sisters: `a.b=1,c[0].d={x,y}`.

use std::rc::Rc;

use crate::{
    value::{Element, Map, Str, Value},
    yaml::json,
};

/// The largest index of a list.
const MAX_INDEX: i64 = 65_536;
/// How many names may stand one below the other.
const MAX_NESTING: usize = 30;

/// Which of the flags it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `--set`: numbers, booleans and null are told from texts.
    Typed,
    /// `--set-string`: every value is a text.
    Text,
    /// `--set-json`: values are JSON; or the whole is an object of JSON.
    Json,
    /// `--set-file`: values are read from files.
    File,
    /// `--set-literal`: everything behind the `=` is one text.
    Literal,
}

/// Reads the file of `--set-file`.
pub type ReadFile<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

/// Puts what a flag says into `values`.
///
/// # Errors
/// When it cannot be read, with the flag and what is wrong.
pub fn parse(kind: Kind, text: &str, values: &Map, read: ReadFile<'_>) -> Result<(), String> {
    let flag = match kind {
        Kind::Typed => "--set",
        Kind::Text => "--set-string",
        Kind::Json => "--set-json",
        Kind::File => "--set-file",
        Kind::Literal => "--set-literal",
    };
    let fail = |problem: String| format!("failed parsing {flag} data: {problem}");
    if kind == Kind::Json && text.trim_start().starts_with('{') {
        let object: serde_json::Value =
            serde_json::from_str(text).map_err(|error| fail(error.to_string()))?;
        if let Value::Map(object) = json::from_json(&object) {
            for (key, value) in super::overlay(values, &object).sorted() {
                values.insert(key, value);
            }
        }
        return Ok(());
    }
    let mut parser = Parser { text, at: 0, kind, read };
    loop {
        match parser.key(values, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Problem(problem)) => return Err(fail(problem)),
        }
    }
}

enum Stop {
    /// Nothing more stands there.
    End,
    Problem(String),
}

fn problem<T>(problem: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Problem(problem.into()))
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    kind: Kind,
    read: ReadFile<'a>,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.text[self.at..].chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn next_if(&mut self, wanted: char) -> bool {
        let is = self.text[self.at..].starts_with(wanted);
        if is {
            self.at += wanted.len_utf8();
        }
        is
    }

    /// What stands before one of the characters, and which of them; `None`: the end.
    fn until(&mut self, stop: &[char]) -> (String, Option<char>) {
        let mut text = String::new();
        while let Some(next) = self.next() {
            if stop.contains(&next) {
                return (text, Some(next));
            }
            if next == '\\' && self.kind != Kind::Literal {
                match self.next() {
                    Some(escaped) => text.push(escaped),
                    None => return (text, None),
                }
            } else {
                text.push(next);
            }
        }
        (text, None)
    }

    fn key(&mut self, data: &Map, nesting: usize) -> Result<(), Stop> {
        let stop: &[char] = if self.kind == Kind::Literal { &['=', '[', '.'] } else { &['=', '[', ',', '.'] };
        let (key, last) = self.until(stop);
        match last {
            None if key.is_empty() => Err(Stop::End),
            None => problem(format!("key {key:?} has no value")),
            Some('[') => {
                let index = self.index()?;
                let list = match data.get(key.as_bytes()) {
                    None => Vec::new(),
                    Some(Value::List(list, _)) => list.to_vec(),
                    Some(other) => return self.mismatch(&key, &other, "a list"),
                };
                let (list, end) = self.item(list, index, nesting);
                set(data, &key, Value::list(list));
                end
            }
            Some('=') => self.value(data, &key),
            Some(',') => {
                set(data, &key, Value::string(""));
                problem(format!("key {key:?} has no value (cannot end with ,)"))
            }
            Some(_) => {
                let nesting = nesting + 1;
                if nesting > MAX_NESTING {
                    return problem(format!(
                        "value name nested level is greater than maximum supported nested level of {MAX_NESTING}"
                    ));
                }
                let inner = match data.get(key.as_bytes()) {
                    None => Map::new(),
                    Some(Value::Map(inner)) => inner,
                    Some(other) => return self.mismatch(&key, &other, "a table"),
                };
                let end = self.key(&inner, nesting);
                if end.is_ok() && inner.is_empty() {
                    return problem(format!("key map {key:?} has no value"));
                }
                if !inner.is_empty() {
                    set(data, &key, inner.into());
                }
                end
            }
        }
    }

    fn mismatch(&self, key: &str, value: &Value, wanted: &str) -> Result<(), Stop> {
        let is = if value.is_nil() { "null".to_owned() } else { format!("a {}", value.kind()) };
        problem(format!("unable to parse key: {key:?} is already {is}, and not {wanted}"))
    }

    fn value(&mut self, data: &Map, key: &str) -> Result<(), Stop> {
        match self.kind {
            Kind::Literal => {
                let rest = self.text[self.at..].to_owned();
                self.at = self.text.len();
                set(data, key, rest.into());
                Ok(())
            }
            Kind::Json => {
                let value = self.json()?;
                set(data, key, value);
                Ok(())
            }
            _ if self.at == self.text.len() => {
                set(data, key, Value::string(""));
                Err(Stop::End)
            }
            _ => {
                let value = self.plain()?;
                set(data, key, value);
                Ok(())
            }
        }
    }

    /// A list in braces, or everything up to the comma.
    fn plain(&mut self) -> Result<Value, Stop> {
        if !self.next_if('{') {
            let (text, _) = self.until(&[',']);
            return self.typed(text);
        }
        let mut list = Vec::new();
        loop {
            let (text, last) = self.until(&[',', '}']);
            match last {
                None => return problem("list must terminate with '}'"),
                Some('}') => {
                    self.next_if(',');
                    list.push(self.typed(text)?);
                    return Ok(Value::list(list));
                }
                Some(_) => list.push(self.typed(text)?),
            }
        }
    }

    fn typed(&self, text: String) -> Result<Value, Stop> {
        match self.kind {
            Kind::File => {
                let bytes = (self.read)(&text).map_err(Stop::Problem)?;
                return Ok(Value::string(bytes));
            }
            Kind::Typed => {}
            _ => return Ok(text.into()),
        }
        if text.eq_ignore_ascii_case("true") {
            return Ok(true.into());
        }
        if text.eq_ignore_ascii_case("false") {
            return Ok(false.into());
        }
        if text.eq_ignore_ascii_case("null") {
            return Ok(Value::Nil);
        }
        if text == "0" {
            return Ok(Value::int64(0));
        }
        // A leading zero makes a text of it: it may be a PIN, or a mode.
        let number = if text.starts_with('0') { None } else { text.parse().ok() };
        Ok(number.map_or_else(|| text.into(), Value::int64))
    }

    /// A value of JSON, and the comma behind it; nothing is null.
    fn json(&mut self) -> Result<Value, Stop> {
        if self.skip_to_comma() {
            return Ok(Value::Nil);
        }
        let mut values =
            serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<serde_json::Value>();
        let value = match values.next() {
            Some(Ok(value)) => value,
            Some(Err(error)) => return problem(error.to_string()),
            None => return Ok(Value::Nil),
        };
        self.at += values.byte_offset();
        self.skip_to_comma();
        Ok(json::from_json(&value))
    }

    /// Skips white space; whether the end or a comma came, which is skipped too.
    fn skip_to_comma(&mut self) -> bool {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
        rest.is_empty() || self.next_if(',')
    }

    fn index(&mut self) -> Result<i64, Stop> {
        let (text, last) = self.until(&[']']);
        if last.is_none() {
            return problem("error parsing index: ']' is missing");
        }
        text.parse().or_else(|_| problem(format!("error parsing index: {text:?} is no number")))
    }

    /// The list with what is set in it, and how it ended: Helm keeps what it has on an error.
    fn item(&mut self, list: Vec<Value>, index: i64, nesting: usize) -> (Vec<Value>, Result<(), Stop>) {
        let position = match place(index) {
            Ok(position) => position,
            Err(stop) => return (list, Err(stop)),
        };
        let (extra, last) = self.until(&['[', '.', '=']);
        if !extra.is_empty() {
            return (list, problem(format!("unexpected data at end of array index: {extra:?}")));
        }
        let current = list.get(position).cloned().unwrap_or_default();
        let value = match last {
            None => return (list, Err(Stop::End)),
            Some('=') => match self.kind {
                Kind::Json => self.json(),
                Kind::Literal => {
                    let rest = self.text[self.at..].to_owned();
                    self.at = self.text.len();
                    Ok(rest.into())
                }
                _ if self.at == self.text.len() => Ok(Value::string("")),
                _ => self.plain(),
            },
            Some('[') => self.index().and_then(|next| {
                let inner = match &current {
                    Value::List(inner, _) => inner.to_vec(),
                    Value::Nil => Vec::new(),
                    other => {
                        return problem(format!(
                            "unable to parse key: an item is already a {}, and no list",
                            other.kind()
                        ));
                    }
                };
                let (inner, end) = self.item(inner, next, nesting);
                end.map(|()| Value::List(Rc::new(inner), Element::Any))
            }),
            Some(_) => {
                let inner = match &current {
                    Value::Map(inner) => inner.clone(),
                    _ => Map::new(),
                };
                match self.key(&inner, nesting) {
                    Ok(()) => Ok(Value::Map(inner)),
                    // What ends with `=` at the very end: the empty text is set.
                    Err(Stop::End) if !inner.is_empty() => Ok(Value::Map(inner)),
                    Err(stop) => Err(stop),
                }
            }
        };
        match value {
            Ok(value) => (with(list, position, value), Ok(())),
            Err(stop) => (list, Err(stop)),
        }
    }
}

fn place(index: i64) -> Result<usize, Stop> {
    if index < 0 {
        return problem(format!("negative {index} index not allowed"));
    }
    if index > MAX_INDEX {
        return problem(format!("index of {index} is greater than maximum supported index of {MAX_INDEX}"));
    }
    Ok(usize::try_from(index).unwrap_or(usize::MAX))
}

fn with(mut list: Vec<Value>, position: usize, value: Value) -> Vec<Value> {
    if list.len() <= position {
        list.resize(position + 1, Value::Nil);
    }
    list[position] = value;
    list
}

/// Without a name nothing is set.
fn set(data: &Map, key: &str, value: Value) {
    if !key.is_empty() {
        data.insert(Str::from(key), value);
    }
}
