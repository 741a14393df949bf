//! Executes templates.

mod arguments;
mod budget;
mod call;
mod evaluate;
mod own;

use std::{collections::HashMap, sync::Arc};

use self::budget::Budget;
use super::{
    ast::{Branch, Definition, Expression, Node, Pipe},
    engine::Templates,
    error::{Error, ErrorKind, Frame},
    fmt,
    limits::{Limits, Mode},
    show::At,
};
use crate::{
    environment::Environment,
    value::{Element, Str, Value},
};

pub(super) type Result<T> = std::result::Result<T, Error>;

/// What Go prints for nil. Helm takes it out of what a file gives.
pub(super) const NO_VALUE: &[u8] = b"<no value>";

/// A value, and whether Go holds it as an `interface{}`: then nil is one that has no fields, while the nil that a
/// pipeline gives has all of them, and they are nil.
#[derive(Clone, Default)]
pub(super) struct Got {
    pub value: Value,
    pub interface: bool,
}

impl Got {
    fn plain(value: Value) -> Self {
        Self { value, interface: false }
    }

    fn interface(value: Value) -> Self {
        Self { value, interface: true }
    }

    fn type_name(&self) -> &'static str {
        if self.interface { "interface {}" } else { self.value.type_name() }
    }
}

/// How execution goes on behind a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

/// One template being executed.
struct Call<'t> {
    definition: &'t Definition,
    /// Where its variables begin.
    base: usize,
    /// Errors tell this place. It moves as Go's does.
    at: At<'t>,
}

impl Call<'_> {
    fn frame(&self, message: &str) -> Frame {
        let source = &self.definition.source;
        let offset = self.at.offset() as usize;
        let before = source.text.get(..offset).unwrap_or_default();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        Frame {
            file: source.name.clone(),
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: Some(offset - line_start),
            template: self.definition.name.to_string(),
            action: self.at.show(source),
            message: message.to_owned(),
        }
    }

    /// An error here, in the engine's words.
    #[cold]
    fn error(&self, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Execution, message).placed(self.frame(""))
    }

    /// An error that gets its place here.
    #[cold]
    fn place(&self, error: Error) -> Error {
        error.placed(self.frame(""))
    }
}

/// Renders templates one after the other.
pub(super) struct Executor<'e, 'w> {
    templates: &'e Templates,
    environment: &'e Environment<'w>,
    mode: Mode,
    budget: Budget<'e>,
    out: Vec<u8>,
    variables: Vec<Got>,
    /// Arguments of the functions that are about to be called.
    arguments: Vec<Value>,
    /// What the texts define that `tpl` is working on, innermost last.
    scopes: Vec<Arc<Vec<Arc<Definition>>>>,
    /// How often each template is included and not yet left.
    included: HashMap<Str, usize, foldhash::fast::RandomState>,
}

impl<'e, 'w> Executor<'e, 'w> {
    pub(super) fn new(
        templates: &'e Templates,
        environment: &'e Environment<'w>,
        mode: Mode,
        limits: &'e Limits,
    ) -> Self {
        Self {
            templates,
            environment,
            mode,
            budget: Budget::new(limits),
            out: Vec::new(),
            variables: Vec::new(),
            arguments: Vec::new(),
            scopes: Vec::new(),
            included: HashMap::default(),
        }
    }

    /// Renders a template with `data` as its dot.
    pub(super) fn render(mut self, name: &str, data: Value) -> Result<Vec<u8>> {
        let definition = self.find(name.as_bytes()).ok_or_else(|| no_template(name.as_bytes()))?;
        self.run(&definition, Got::plain(data))?;
        Ok(super::engine::without_no_value(self.out))
    }

    /// The template of that name, as it is seen from here.
    fn find(&self, name: &[u8]) -> Option<Arc<Definition>> {
        for scope in self.scopes.iter().rev() {
            if let Some(definition) = scope.iter().find(|definition| definition.name.as_bytes() == name) {
                // One without content leaves what it would replace.
                if !definition.is_empty() {
                    return Some(definition.clone());
                }
            }
        }
        self.templates.get(name).cloned().or_else(|| {
            self.scopes
                .iter()
                .rev()
                .find_map(|scope| scope.iter().find(|definition| definition.name.as_bytes() == name).cloned())
        })
    }

    /// Executes a template; what it prints is appended to the output.
    fn run(&mut self, definition: &Definition, dot: Got) -> Result<()> {
        let base = self.variables.len();
        let mut call = Call { definition, base, at: At::Nowhere };
        if let Err(error) = self.budget.check_stack() {
            return Err(call.place(error));
        }
        self.variables.resize(base + definition.slots, Got::default());
        if let Some(first) = self.variables.get_mut(base) {
            *first = dot.clone();
        }
        let done = self.walk(&mut call, &dot, &definition.body);
        self.variables.truncate(base);
        done.map(drop)
    }

    /// Executes a template and gives what it prints.
    fn capture(&mut self, definition: &Definition, dot: Got) -> Result<Str> {
        let mark = self.out.len();
        let done = self.run(definition, dot);
        let text = self.out.get(mark..).unwrap_or_default();
        let text = done.map(|()| Str::from(text));
        self.out.truncate(mark);
        text
    }

    fn walk<'t>(&mut self, call: &mut Call<'t>, dot: &Got, nodes: &'t [Node]) -> Result<Flow> {
        for node in nodes {
            self.budget.step().map_err(|error| call.place(error))?;
            let flow = match node {
                Node::Text { start, end } => {
                    let text = call.definition.source.text.get(*start as usize..*end as usize);
                    self.write(call, text.unwrap_or_default())?;
                    Flow::Next
                }
                Node::Action(pipe) => {
                    let value = self.pipe(call, dot, pipe)?;
                    if pipe.variables.is_empty() {
                        call.at = At::Pipe(pipe);
                        self.print(call, &value)?;
                    }
                    Flow::Next
                }
                Node::If(branch) => self.branch(call, dot, branch, false)?,
                Node::With(branch) => self.branch(call, dot, branch, true)?,
                Node::Range(branch) => self.range(call, dot, branch)?,
                Node::Template { at, name, pipe } => {
                    self.template(call, dot, *at, name, pipe.as_ref())?;
                    Flow::Next
                }
                Node::Break => Flow::Break,
                Node::Continue => Flow::Continue,
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn write(&mut self, call: &Call<'_>, text: &[u8]) -> Result<()> {
        self.budget.spend(text.len()).map_err(|error| call.place(error))?;
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn print(&mut self, call: &Call<'_>, value: &Value) -> Result<()> {
        match value {
            Value::Nil => self.write(call, NO_VALUE),
            Value::String(text) => self.write(call, text.as_bytes()),
            other => {
                let before = self.out.len();
                let room = self.budget.room();
                let fits = fmt::append(&mut self.out, other, room);
                let length = self.out.len() - before;
                if !fits {
                    let message =
                        format!("the value is longer than the {room} bytes left to it, or holds itself");
                    return Err(call.place(Error::new(ErrorKind::Limit, message)));
                }
                self.budget.spend(length).map_err(|error| call.place(error))
            }
        }
    }

    fn branch<'t>(&mut self, call: &mut Call<'t>, dot: &Got, branch: &'t Branch, with: bool) -> Result<Flow> {
        for (pipe, then) in &branch.arms {
            let value = self.pipe(call, dot, pipe)?;
            if value.truth() {
                if with {
                    return self.walk(call, &Got::plain(value), then);
                }
                return self.walk(call, dot, then);
            }
        }
        match &branch.otherwise {
            Some(otherwise) => self.walk(call, dot, otherwise),
            None => Ok(Flow::Next),
        }
    }

    fn range<'t>(&mut self, call: &mut Call<'t>, dot: &Got, branch: &'t Branch) -> Result<Flow> {
        let [(pipe, body)] = &*branch.arms else {
            return Ok(Flow::Next);
        };
        let mut value = self.pipe(call, dot, pipe)?;
        if let Value::Object(object) = &value {
            value = match object.data() {
                data @ (Value::Map(_) | Value::List(..)) => data,
                _ => value,
            };
        }
        let mut any = false;
        match &value {
            Value::Nil => {}
            Value::List(list, element) => {
                for (index, value) in list.iter().enumerate() {
                    any = true;
                    let interface = matches!(element, Element::Any | Element::Absent);
                    let element = Got { value: value.clone(), interface };
                    if !self.round(call, pipe, Some(Value::int(index as i64)), element, body)? {
                        break;
                    }
                }
            }
            Value::Map(map) => {
                let entries = map.sorted();
                self.budget
                    .spend(entries.len() * size_of::<(Str, Value)>())
                    .map_err(|error| call.place(error))?;
                for (key, value) in entries {
                    any = true;
                    if !self.round(call, pipe, Some(Value::String(key)), Got::interface(value), body)? {
                        break;
                    }
                }
            }
            Value::Int(end, kind) => {
                if pipe.variables.len() > 1 {
                    return Err(call.error(format!("can't use {end} to iterate over more than one variable")));
                }
                for number in 0..*end {
                    any = true;
                    if !self.round(call, pipe, None, Got::plain(Value::Int(number, *kind)), body)? {
                        break;
                    }
                }
            }
            other => {
                return Err(call.error(format!("range can't iterate over {}", fmt::text(other))));
            }
        }
        match &branch.otherwise {
            Some(otherwise) if !any => self.walk(call, dot, otherwise),
            _ => Ok(Flow::Next),
        }
    }

    /// One round of `range`. Whether it goes on.
    fn round<'t>(
        &mut self,
        call: &mut Call<'t>,
        pipe: &'t Pipe,
        index: Option<Value>,
        element: Got,
        body: &'t [Node],
    ) -> Result<bool> {
        self.budget.step().map_err(|error| call.place(error))?;
        match &*pipe.variables {
            [] => {}
            [only] => self.set(call, only, element.clone())?,
            [first, second, ..] => {
                self.set(call, second, element.clone())?;
                self.set(call, first, Got::plain(index.unwrap_or_default()))?;
            }
        }
        Ok(self.walk(call, &element, body)? != Flow::Break)
    }

    fn template<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        at: u32,
        name: &'t Str,
        pipe: Option<&'t Pipe>,
    ) -> Result<()> {
        call.at = At::Template(at, name, pipe);
        let Some(definition) = self.find(name.as_bytes()) else {
            return Err(call.error(format!("template {} not defined", fmt::quoted(name.as_bytes()))));
        };
        let data = match pipe {
            Some(pipe) => self.pipe(call, dot, pipe)?,
            None => Value::Nil,
        };
        self.run(&definition, Got::plain(data))
    }
}

/// What `include` says of a name that nobody defined.
fn no_template(name: &[u8]) -> Error {
    let name = fmt::quoted(name);
    Error::new(
        ErrorKind::Execution,
        format!("template: no template {name} associated with template \"gotpl\""),
    )
}

/// Whether the expression is one whose value Go finds by walking, not a constant.
fn is_constant(expression: &Expression) -> bool {
    matches!(expression, Expression::Bool(_) | Expression::Number(_) | Expression::String(..))
}
