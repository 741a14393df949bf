//! From events to a value.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    Error, MAX_DEPTH,
    events::{Event, Events, Mark, Problem, Scalar},
    number,
    resolve::{self, Resolved},
};
use crate::value::{Map, Str, Value};

/// Aliases may make a document larger by so many nodes; more is a bomb. Go-yaml's bound on small documents is of this
/// order.
const MAX_ALIASED: usize = 400_000;

enum Frame {
    Sequence { values: Vec<Value>, anchor: Option<Vec<u8>> },
    Mapping { map: Map, key: Option<Key>, anchor: Option<Vec<u8>> },
}

enum Key {
    Name(Str),
    Merge,
}

/// What was read, with what is only known as long as it stands at its place.
struct Node {
    value: Value,
    mark: Mark,
    /// A scalar's own text, for keys.
    key: Option<Result<Key, String>>,
}

pub(super) struct Builder<'a> {
    events: Events<'a>,
    anchors: HashMap<Vec<u8>, Option<Value>>,
    aliased: usize,
    /// Only these keys of the root are of interest; empty: all.
    wanted: &'static [&'static str],
    /// What is not of interest cannot be passed over in this text.
    entangled: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a [u8]) -> Result<Self, Error> {
        let events = Events::new(text).ok_or_else(|| failure(Mark::default(), "no memory".into()))?;
        Ok(Self { events, anchors: HashMap::new(), aliased: 0, wanted: &[], entangled: false })
    }

    /// The first document with only these keys of its root: the others are looked at, so that what is no YAML is refused
    /// all the same, but not made. None: it must be read whole, for its parts refer to each other.
    pub(super) fn part(mut self, wanted: &'static [&'static str]) -> Result<Option<Value>, Error> {
        self.wanted = wanted;
        let document = self.document()?;
        Ok((!self.entangled).then(|| document.unwrap_or_default()))
    }

    /// The next document, unless that was the last.
    pub(super) fn document(&mut self) -> Result<Option<Value>, Error> {
        self.anchors.clear();
        let mut stack: Vec<Frame> = Vec::new();
        let mut root = None;
        // Within a value that is passed over.
        let mut within = false;
        loop {
            let (event, mark) = self.events.next().map_err(refusal)?;
            let passed = within || self.passes(&stack);
            if passed && is_entangled(&event) {
                self.entangled = true;
                return Ok(None);
            }
            let node = match event {
                Event::StreamEnd => return Ok(None),
                Event::DocumentStart => continue,
                Event::DocumentEnd => return Ok(Some(root.unwrap_or_default())),
                Event::SequenceStart(anchor) => {
                    self.open(&stack, anchor.as_ref(), mark)?;
                    stack.push(Frame::Sequence { values: Vec::new(), anchor });
                    within = passed;
                    continue;
                }
                Event::MappingStart(anchor) => {
                    self.open(&stack, anchor.as_ref(), mark)?;
                    stack.push(Frame::Mapping { map: Map::new(), key: None, anchor });
                    within = passed;
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let (value, anchor) = match stack.pop() {
                        Some(Frame::Sequence { values, anchor }) => (Value::list(values), anchor),
                        Some(Frame::Mapping { map, anchor, .. }) => (Value::Map(map), anchor),
                        None => continue,
                    };
                    within = within && stack.len() > 1;
                    self.keep(anchor, &value);
                    Node { value, mark, key: None }
                }
                Event::Scalar(scalar) if passed && is_text(&scalar) => Node::passed(mark),
                Event::Scalar(scalar) => self.scalar(scalar, mark)?,
                Event::Alias(name) => self.alias(&name, mark)?,
            };
            match stack.last_mut() {
                None => root = Some(node.value),
                Some(Frame::Sequence { .. }) if passed => {}
                Some(Frame::Sequence { values, .. }) => values.push(node.value),
                Some(Frame::Mapping { map, key, .. }) => match key.take() {
                    None => *key = Some(as_key(node)?),
                    Some(Key::Name(_)) if passed => {}
                    Some(Key::Name(name)) => map.insert_new(name, node.value),
                    Some(Key::Merge) => merge(map, node)?,
                },
            }
        }
    }

    /// Whether the next value of this place is of no interest.
    fn passes(&self, stack: &[Frame]) -> bool {
        match stack {
            [Frame::Mapping { key: Some(Key::Name(name)), .. }] if !self.wanted.is_empty() => {
                !self.wanted.iter().any(|wanted| wanted.as_bytes() == name.as_bytes())
            }
            _ => false,
        }
    }

    fn open(&mut self, stack: &[Frame], anchor: Option<&Vec<u8>>, mark: Mark) -> Result<(), Error> {
        if stack.len() >= MAX_DEPTH {
            return Err(failure(mark, format!("exceeded max depth of {MAX_DEPTH}")));
        }
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor.clone(), None);
        }
        Ok(())
    }

    fn keep(&mut self, anchor: Option<Vec<u8>>, value: &Value) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, Some(value.clone()));
        }
    }

    fn alias(&mut self, name: &[u8], mark: Mark) -> Result<Node, Error> {
        let text = String::from_utf8_lossy(name);
        let value = match self.anchors.get(name) {
            None => return Err(failure(mark, format!("unknown anchor '{text}' referenced"))),
            Some(None) => return Err(failure(mark, format!("anchor '{text}' value contains itself"))),
            Some(Some(value)) => copy(value, &mut self.aliased),
        };
        // Each use is a copy of its own, since templates may change it.
        let value = value.ok_or_else(|| failure(mark, "document contains excessive aliasing".into()))?;
        let key = match &value {
            Value::Map(_) | Value::List(..) => None,
            scalar => Some(key_of(scalar)),
        };
        Ok(Node { value, mark, key })
    }

    fn scalar(&mut self, scalar: Scalar, mark: Mark) -> Result<Node, Error> {
        let text = std::str::from_utf8(&scalar.value).map_err(|_| failure(mark, "invalid UTF-8".into()))?;
        let tag = scalar.tag.as_deref().map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag));
        if text == "<<" && (scalar.implicit || tag == Some("merge")) {
            return Ok(Node { value: Value::string(text), mark, key: Some(Ok(Key::Merge)) });
        }
        let resolved = match tag {
            None if scalar.implicit => resolve::resolve(text),
            Some(tag @ ("bool" | "int" | "float" | "null" | "timestamp")) => tagged(tag, text, mark)?,
            _ => Resolved::String,
        };
        let mut key = None;
        let value = match resolved {
            Resolved::Null => Value::Nil,
            Resolved::Bool(bool) => Value::Bool(bool),
            #[allow(clippy::cast_precision_loss, reason = "JSON's numbers are float64")]
            Resolved::Int(int) => {
                key = Some(Ok(Key::Name(int.to_string().into())));
                Value::Float(int as f64)
            }
            #[allow(clippy::cast_precision_loss, reason = "JSON's numbers are float64")]
            Resolved::Uint(int) => {
                key = Some(Err(format!("unsupported map key of type: uint64, key: {int:#x}")));
                Value::Float(int as f64)
            }
            Resolved::Float(float) if !float.is_finite() => {
                let name = if float.is_nan() {
                    "NaN"
                } else if float > 0.0 {
                    "+Inf"
                } else {
                    "-Inf"
                };
                let error = failure(mark, format!("unsupported value: {name}"));
                return Err(Error {
                    go: format!("error converting YAML to JSON: json: unsupported value: {name}"),
                    ..error
                });
            }
            Resolved::Float(float) => Value::Float(float),
            Resolved::Timestamp => Value::string(text),
            Resolved::String if tag == Some("binary") => {
                let bytes = STANDARD
                    .decode(text.replace(['\n', '\r'], ""))
                    .map_err(|_| failure(mark, "!!binary value contains invalid base64 data".into()))?;
                Value::string(json_text(&bytes))
            }
            Resolved::String => Value::String(scalar.value.as_slice().into()),
        };
        self.keep(scalar.anchor, &value);
        let key = Some(key.unwrap_or_else(|| key_of(&value)));
        Ok(Node { value, mark, key })
    }
}

impl Node {
    /// What nobody asks for.
    fn passed(mark: Mark) -> Self {
        Self { value: Value::Nil, mark, key: Some(Ok(Key::Name(Str::default()))) }
    }
}

/// Whether other parts of the document may refer to it, or it to them.
fn is_entangled(event: &Event) -> bool {
    match event {
        Event::Alias(_) | Event::SequenceStart(Some(_)) | Event::MappingStart(Some(_)) => true,
        Event::Scalar(scalar) => {
            scalar.anchor.is_some() || scalar.tag.is_some() || scalar.implicit && scalar.value == b"<<"
        }
        _ => false,
    }
}

/// Whether it can be nothing but a text: that is neither refused as a value nor as a key.
fn is_text(scalar: &Scalar) -> bool {
    let text = std::str::from_utf8(&scalar.value);
    text.is_ok_and(|text| !scalar.implicit || matches!(resolve::resolve(text), Resolved::String))
}

/// What JSON makes of bytes: each that is no part of UTF-8 becomes U+FFFD.
pub(super) fn json_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    text
}

/// A scalar with one of YAML's own tags.
fn tagged(tag: &str, text: &str, mark: Mark) -> Result<Resolved, Error> {
    let resolved = resolve::resolve(text);
    let (fits, is) = match resolved {
        Resolved::Null => (tag == "null", "null"),
        Resolved::Bool(_) => (tag == "bool", "bool"),
        Resolved::Int(_) | Resolved::Uint(_) => (matches!(tag, "int" | "float"), "int"),
        Resolved::Float(_) => (tag == "float", "float"),
        Resolved::Timestamp => (tag == "timestamp", "timestamp"),
        Resolved::String => (false, "str"),
    };
    if fits {
        Ok(resolved)
    } else {
        Err(failure(mark, format!("cannot decode !!{is} `{text}` as a !!{tag}")))
    }
}

/// The key a scalar makes: JSON knows only texts.
fn key_of(value: &Value) -> Result<Key, String> {
    Ok(Key::Name(match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "true".into(),
        Value::Bool(false) => "false".into(),
        Value::Float(number) => number::short_float(*number).into(),
        _ => return Err("unsupported map key of type: %!s(<nil>), key: <nil>".into()),
    }))
}

fn as_key(node: Node) -> Result<Key, Error> {
    match node.key {
        Some(Ok(key)) => Ok(key),
        Some(Err(message)) => {
            let error = failure(node.mark, message.clone());
            Err(Error { go: format!("error converting YAML to JSON: {message}"), ..error })
        }
        None => Err(failure(node.mark, "invalid map key: only scalars can be keys".into())),
    }
}

/// `<<`: takes over what the mappings have, over what stands before it, as go-yaml does.
fn merge(into: &Map, node: Node) -> Result<(), Error> {
    let refuse = || failure(node.mark, "map merge requires map or sequence of maps as the value".into());
    let mut maps = Vec::new();
    match &node.value {
        Value::Map(map) => maps.push(map.clone()),
        Value::List(list, _) => {
            // The first has precedence: it comes last.
            for value in list.iter().rev() {
                let Value::Map(map) = value else { return Err(refuse()) };
                maps.push(map.clone());
            }
        }
        _ => return Err(refuse()),
    }
    for map in maps {
        for (key, value) in map.sorted() {
            into.insert_new(key, value);
        }
    }
    Ok(())
}

/// A copy all through, unless it makes the document too large.
fn copy(value: &Value, count: &mut usize) -> Option<Value> {
    *count += 1;
    if *count > MAX_ALIASED {
        return None;
    }
    Some(match value {
        Value::List(list, element) => {
            let values: Option<Vec<Value>> = list.iter().map(|value| copy(value, count)).collect();
            Value::List(values?.into(), *element)
        }
        Value::Map(map) => {
            let copied = Map::new();
            for (key, value) in map.sorted() {
                copied.insert_new(key, copy(&value, count)?);
            }
            Value::Map(copied)
        }
        scalar => scalar.clone(),
    })
}

/// An error of the decoder: Go names no line.
fn failure(mark: Mark, message: String) -> Error {
    Error {
        line: mark.line + 1,
        column: mark.column + 1,
        go: format!("error converting YAML to JSON: yaml: {message}"),
        message,
    }
}

/// An error of scanner or parser. Go-yaml counts the scanner's lines from 1 and the parser's from 0.
fn refusal(problem: Problem) -> Error {
    let line = match (problem.mark.line, problem.context.line) {
        (0, context) => context,
        (line, _) => line + usize::from(problem.scanner),
    };
    let place = if line == 0 { String::new() } else { format!("line {line}: ") };
    Error {
        line: problem.mark.line + 1,
        column: problem.mark.column + 1,
        go: format!("error converting YAML to JSON: yaml: {place}{}", problem.message),
        message: problem.message,
    }
}
