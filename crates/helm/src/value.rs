//! The values that templates work on: Go's, as far as templates can tell.

use std::{any::Any, cell::RefCell, fmt, rc::Rc, sync::Arc};

use bstr::{BStr, ByteSlice as _};
use indexmap::IndexMap;

/// A string of Go: bytes, most often UTF-8. `.Files.Get` of an image is one too. Cheap to clone. May go to another
/// thread, so that a parsed template, which is full of them, may be kept and shared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Str(Arc<[u8]>);

impl Str {
    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its text; bytes that are no UTF-8 become U+FFFD, as in Go's `[]rune`.
    pub fn to_text(&self) -> std::borrow::Cow<'_, str> {
        self.0.to_str_lossy()
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether nobody else holds these bytes: they were made just now.
    pub(crate) fn is_unshared(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

impl std::ops::Deref for Str {
    type Target = BStr;
    fn deref(&self) -> &BStr {
        self.0.as_bstr()
    }
}

/// So that maps are looked into with `&[u8]` and `"text".as_bytes()` alike.
impl std::borrow::Borrow<[u8]> for Str {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self(text.into_bytes().into())
    }
}

impl From<&[u8]> for Str {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl From<Vec<u8>> for Str {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.as_bstr(), f)
    }
}

/// Which of Go's integers a number is: `kindOf`, `typeOf`, `%T` and a function's parameters tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntKind {
    /// `int`: literals in templates, `len`, most of sprig.
    Int,
    /// `int64`: sprig's arithmetic.
    Int64,
    /// `int32`: runes.
    Int32,
    /// `uint8`: bytes.
    Uint8,
}

/// What Go holds in a slice: only `typeOf`, `%T` and `%v` tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// `[]interface {}`.
    Any,
    /// `[]string`, as of `splitList`.
    String,
    /// `[]uint8`: bytes.
    Byte,
    /// `[]int`, as of `until`.
    Int,
    /// `[]interface {}` that is nil, as of `concat` without anything: an empty list that is null in JSON and YAML.
    Absent,
}

/// A map of Go with strings as keys. Shared and mutable: `set` and `merge` change it for everybody who holds it.
/// Ranging over it goes by sorted keys.
#[derive(Clone, Default)]
pub struct Map {
    entries: Rc<Entries>,
    /// Helm's `common.Values`, as `.Values` is, rather than a map of no name: it has methods. The type is that of whoever
    /// holds the map, not of the map.
    typed: bool,
}

// Seeded, and several times as fast as the standard one on keys as short as these.
type Entries = RefCell<IndexMap<Str, Value, foldhash::fast::RandomState>>;

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// A copy of the value under `key`. One that holds nil is there, and nil.
    pub fn get(&self, key: &[u8]) -> Option<Value> {
        self.entries.borrow().get(key).cloned()
    }

    /// Puts `value` under `key`.
    pub fn insert(&self, key: impl Into<Str>, value: impl Into<Value>) {
        let value = value.into();
        if matches!(value, Value::Map(_) | Value::List(..)) {
            cycles::watch(&self.entries);
        }
        // What was there is dropped when the map is free again.
        let _before = self.entries.borrow_mut().insert(key.into(), value);
    }

    /// [`Self::insert`] into a map that nobody else holds yet, so that nothing can come to hold itself.
    pub(crate) fn insert_new(&self, key: Str, value: Value) {
        let _before = self.entries.borrow_mut().insert(key, value);
    }

    /// Takes out what is under `key`.
    pub fn remove(&self, key: &[u8]) -> Option<Value> {
        self.entries.borrow_mut().swap_remove(key)
    }

    /// Whether there is something under `key`, be it nil.
    pub fn contains_key(&self, key: &[u8]) -> bool {
        self.entries.borrow().contains_key(key)
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A copy of its entries, sorted by key. The map may be changed while they are gone through.
    pub fn sorted(&self) -> Vec<(Str, Value)> {
        let mut entries: Vec<_> = self.entries.borrow().iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries
    }

    /// The same map, as Helm's `common.Values`.
    pub fn typed(&self) -> Self {
        Self { entries: Rc::clone(&self.entries), typed: true }
    }

    /// The same map, as a map of no name.
    pub fn untyped(&self) -> Self {
        Self { entries: Rc::clone(&self.entries), typed: false }
    }

    /// Whether it is held as Helm's `common.Values`.
    pub fn is_typed(&self) -> bool {
        self.typed
    }

    /// Another map with the same keys, and of the same type.
    pub(crate) fn with_each(&self, other: impl Fn(&Value) -> Value) -> Self {
        let entries = self.entries.borrow().iter().map(|(k, v)| (k.clone(), other(v))).collect();
        Self { entries: Rc::new(RefCell::new(entries)), typed: self.typed }
    }

    /// Whether both are one map, not only equal.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.entries, &other.entries)
    }
}

impl<K: Into<Str>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(entries: T) -> Self {
        let entries = entries.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        Self { entries: Rc::new(RefCell::new(entries)), typed: false }
    }
}

mod cycles;

pub(crate) use cycles::confined;

/// A value of Go that is not plain data: `.Files`, `.Capabilities`, a time, a version.
pub trait Object: Any {
    /// Its type as `%T` tells it, for instance `time.Time`.
    fn type_name(&self) -> &'static str;

    /// Its kind as `kindOf` tells it.
    fn kind(&self) -> &'static str {
        "struct"
    }

    /// The field, or what the method answers, by name; `None`: there is neither.
    ///
    /// # Errors
    /// What the method failed with, or that the arguments do not suit it.
    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>>;

    /// What stands in the text when it is printed.
    fn print(&self) -> String;

    /// Its fields, for `toYaml`, `toJson` and `range`; nil when it has none to show.
    fn data(&self) -> Value {
        Value::Nil
    }

    /// Whether `if` takes it for true. Structs are.
    fn truth(&self) -> bool {
        true
    }

    /// For functions that need the type itself.
    fn as_any(&self) -> &dyn Any;
}

/// A value of Go.
#[derive(Clone, Default)]
pub enum Value {
    /// nil, and what is not there.
    #[default]
    Nil,
    /// `bool`.
    Bool(bool),
    /// An integer.
    Int(i64, IntKind),
    /// `float64`: every number that comes from values.
    Float(f64),
    /// `string`.
    String(Str),
    /// A slice. Go's functions make new ones, so it is never changed.
    List(Rc<Vec<Value>>, Element),
    /// A map.
    Map(Map),
    /// Anything else.
    Object(Rc<dyn Object>),
}

impl Value {
    /// A string.
    pub fn string(text: impl Into<Str>) -> Self {
        Self::String(text.into())
    }

    /// An `int`.
    pub fn int(number: i64) -> Self {
        Self::Int(number, IntKind::Int)
    }

    /// An `int64`.
    pub fn int64(number: i64) -> Self {
        Self::Int(number, IntKind::Int64)
    }

    /// An `[]interface {}`.
    pub fn list(values: Vec<Value>) -> Self {
        Self::List(Rc::new(values), Element::Any)
    }

    /// A `[]string`.
    pub fn strings<S: Into<Str>>(texts: impl IntoIterator<Item = S>) -> Self {
        Self::List(Rc::new(texts.into_iter().map(Value::string).collect()), Element::String)
    }

    /// An `[]interface {}` that is nil.
    pub fn no_list() -> Self {
        Self::List(Rc::new(Vec::new()), Element::Absent)
    }

    /// Whether it is nil.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// Whether `if` takes it for true (text/template `IsTrue`): not false, 0, nil, or empty.
    pub fn truth(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(bool) => *bool,
            Self::Int(number, _) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::String(text) => !text.is_empty(),
            Self::List(list, _) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => object.truth(),
        }
    }

    /// The type as `%T` and `typeOf` tell it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_, IntKind::Int) => "int",
            Self::Int(_, IntKind::Int64) => "int64",
            Self::Int(_, IntKind::Int32) => "int32",
            Self::Int(_, IntKind::Uint8) => "uint8",
            Self::Float(_) => "float64",
            Self::String(_) => "string",
            Self::List(_, Element::Any | Element::Absent) => "[]interface {}",
            Self::List(_, Element::String) => "[]string",
            Self::List(_, Element::Byte) => "[]uint8",
            Self::List(_, Element::Int) => "[]int",
            Self::Map(map) if map.typed => "common.Values",
            Self::Map(_) => "map[string]interface {}",
            Self::Object(object) => object.type_name(),
        }
    }

    /// The kind as `kindOf` tells it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::List(..) => "slice",
            Self::Map(_) => "map",
            Self::Object(object) => object.kind(),
            other => other.type_name(),
        }
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::string(text)
    }
}

impl From<Str> for Value {
    fn from(text: Str) -> Self {
        Self::String(text)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}
