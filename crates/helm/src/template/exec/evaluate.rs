//! Pipelines, commands, fields and variables.

use super::{
    super::ast::{Command, Expression, Operand, Pipe, Variable},
    At, Call, Executor, Got, Result, fmt,
};
use crate::{
    value::{Str, Value},
    values::methods,
};

impl Executor<'_, '_> {
    /// The value of the last command. What it declares is set.
    pub(super) fn pipe<'t>(&mut self, call: &mut Call<'t>, dot: &Got, pipe: &'t Pipe) -> Result<Value> {
        call.at = At::Pipe(pipe);
        let mut value: Option<Value> = None;
        for command in &pipe.commands {
            value = Some(self.command(call, dot, command, value)?.value);
        }
        let value = value.unwrap_or_default();
        for variable in &pipe.variables {
            self.set(call, variable, Got::plain(value.clone()))?;
        }
        Ok(value)
    }

    /// `last`: what the command before it gave, its last argument.
    fn command<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        command: &'t Command,
        last: Option<Value>,
    ) -> Result<Got> {
        let Some((first, arguments)) = command.words.split_first() else {
            return Ok(Got::default());
        };
        match &first.expression {
            Expression::Field(names) => {
                call.at = At::Operand(first);
                self.fields(call, dot, dot.clone(), names, arguments, last)
            }
            Expression::Chain(operand, names) => {
                self.chain(call, dot, first, (operand, names), arguments, last)
            }
            Expression::Function(callee) => {
                call.at = At::Operand(first);
                self.function(call, dot, *callee, At::Command(command), arguments, last).map(Got::plain)
            }
            Expression::Variable(variable, names) => {
                call.at = At::Operand(first);
                self.variable(call, dot, variable, names, first, (arguments, last))
            }
            Expression::Pipe(pipe) => {
                self.no_function(call, first, arguments, last.as_ref())?;
                self.pipe(call, dot, pipe).map(Got::plain)
            }
            other => {
                call.at = At::Operand(first);
                self.no_function(call, first, arguments, last.as_ref())?;
                match other {
                    Expression::Dot => Ok(dot.clone()),
                    Expression::Nil => Err(call.error("nil is not a command")),
                    other => self.constant(call, other).map(Got::plain),
                }
            }
        }
    }

    /// What is written as it is.
    pub(super) fn constant(&self, call: &Call<'_>, expression: &Expression) -> Result<Value> {
        match expression {
            Expression::Bool(bool) => Ok(Value::Bool(*bool)),
            Expression::String(text, _) => Ok(Value::String(text.clone())),
            Expression::Number(number) => {
                number.ideal().ok_or_else(|| call.error(format!("{} overflows int", number.text)))
            }
            _ => Ok(Value::Nil),
        }
    }

    fn no_function(
        &self,
        call: &Call<'_>,
        first: &Operand,
        arguments: &[Operand],
        last: Option<&Value>,
    ) -> Result<()> {
        if arguments.is_empty() && last.is_none() {
            return Ok(());
        }
        let shown = At::Operand(first).show(&call.definition.source);
        Err(call.error(format!("can't give argument to non-function {shown}")))
    }

    pub(super) fn chain<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        whole: &'t Operand,
        (operand, names): (&'t Operand, &'t [Str]),
        arguments: &'t [Operand],
        last: Option<Value>,
    ) -> Result<Got> {
        call.at = At::Operand(whole);
        if matches!(operand.expression, Expression::Nil) {
            let shown = At::Operand(whole).show(&call.definition.source);
            return Err(call.error(format!("indirection through explicit nil in {shown}")));
        }
        let receiver = self.operand(call, dot, operand)?;
        self.fields(call, dot, receiver, names, arguments, last)
    }

    pub(super) fn variable<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        variable: &'t Variable,
        names: &'t [Str],
        whole: &'t Operand,
        (arguments, last): (&'t [Operand], Option<Value>),
    ) -> Result<Got> {
        let slot = variable.slot.map(|slot| call.base + slot as usize);
        let Some(value) = slot.and_then(|slot| self.variables.get(slot)).cloned() else {
            return Err(call.error(format!("undefined variable: {}", variable.name)));
        };
        if names.is_empty() {
            self.no_function(call, whole, arguments, last.as_ref())?;
            return Ok(value);
        }
        self.fields(call, dot, value, names, arguments, last)
    }

    pub(super) fn set(&mut self, call: &Call<'_>, variable: &Variable, value: Got) -> Result<()> {
        match variable.slot.and_then(|slot| self.variables.get_mut(call.base + slot as usize)) {
            Some(place) => {
                *place = value;
                Ok(())
            }
            None => Err(call.error(format!("undefined variable: {}", variable.name))),
        }
    }

    /// Walks `.a.b.c`; the last may be a method and gets the arguments.
    pub(super) fn fields<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        mut receiver: Got,
        names: &'t [Str],
        arguments: &'t [Operand],
        last: Option<Value>,
    ) -> Result<Got> {
        let Some((method, path)) = names.split_last() else {
            return Ok(receiver);
        };
        for name in path {
            receiver = self.field(call, dot, &receiver, name, &[], None)?;
        }
        self.field(call, dot, &receiver, method, arguments, last)
    }

    fn field<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        receiver: &Got,
        name: &Str,
        arguments: &'t [Operand],
        last: Option<Value>,
    ) -> Result<Got> {
        match &receiver.value {
            Value::Map(map) if map.is_typed() && methods::is_method(name.as_bytes()) => {
                let map = map.clone();
                let called = |name: &str, values: &[Value]| methods::call(&map, name, values);
                let answer = self.method(call, dot, name, arguments, last, called)?;
                Ok(Got::plain(answer.unwrap_or_default()))
            }
            Value::Map(map) => {
                if !arguments.is_empty() || last.is_some() {
                    return Err(call.error(format!("{name} is not a method but has arguments")));
                }
                match map.get(name.as_bytes()) {
                    Some(value) => Ok(Got::interface(value)),
                    None if self.mode.strict => {
                        let name = fmt::quoted(name.as_bytes());
                        Err(call.error(format!("map has no entry for key {name}")))
                    }
                    None => Ok(Got::interface(Value::Nil)),
                }
            }
            Value::Nil if receiver.interface => {
                Err(call.error(format!("nil pointer evaluating interface {{}}.{name}")))
            }
            Value::Nil if self.mode.strict => {
                let name = fmt::quoted(name.as_bytes());
                Err(call.error(format!("nil data; no entry for key {name}")))
            }
            Value::Nil => Ok(Got::default()),
            Value::Object(object) => {
                let object = object.clone();
                let answer =
                    self.method(call, dot, name, arguments, last, |name, values| object.call(name, values))?;
                match answer {
                    Some(value) => Ok(Got::plain(value)),
                    None => match object.data() {
                        Value::Map(map) if object.kind() == "map" => {
                            Ok(Got::plain(map.get(name.as_bytes()).unwrap_or_default()))
                        }
                        _ => Err(self.no_field(call, receiver, &name.to_text())),
                    },
                }
            }
            _ => Err(self.no_field(call, receiver, &name.to_text())),
        }
    }

    /// Calls a method: `None` when there is none of this name.
    fn method<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        name: &Str,
        arguments: &'t [Operand],
        last: Option<Value>,
        method: impl FnOnce(&str, &[Value]) -> Option<std::result::Result<Value, String>>,
    ) -> Result<Option<Value>> {
        let at = call.at;
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.operand(call, dot, argument)?.value);
        }
        values.extend(last);
        let name = name.to_text();
        method(&name, &values).transpose().map_err(|message| {
            call.at = at;
            let message = format!("error calling {name}: {message}");
            call.place(super::Error::new(super::ErrorKind::Execution, message).said())
        })
    }

    #[cold]
    fn no_field(&self, call: &Call<'_>, receiver: &Got, name: &str) -> super::Error {
        call.error(format!("can't evaluate field {name} in type {}", receiver.type_name()))
    }
}
