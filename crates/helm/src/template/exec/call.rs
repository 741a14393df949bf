//! Calls of functions.

use super::{
    super::{
        ast::{Callee, Operand},
        builtins::Builtin,
    },
    At, Call, Error, ErrorKind, Executor, Got, Result,
};
use crate::{functions::Parameter, value::Value};

impl Executor<'_, '_> {
    /// Calls a function. `node`: what errors show as having failed.
    pub(super) fn function<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        callee: Callee,
        node: At<'t>,
        operands: &'t [Operand],
        last: Option<Value>,
    ) -> Result<Value> {
        self.budget.step().map_err(|error| call.place(error))?;
        let (parameters, rest) = match callee {
            Callee::Builtin(builtin) => builtin.parameters(),
            Callee::Library(function) => (function.parameters, function.rest),
        };
        let given = operands.len() + usize::from(last.is_some());
        let name = callee.name();
        if rest.is_some() && given < parameters.len() {
            let (want, got) = (parameters.len(), operands.len());
            return Err(
                call.error(format!("wrong number of args for {name}: want at least {want} got {got}"))
            );
        }
        if rest.is_none() && given != parameters.len() {
            let want = parameters.len();
            return Err(call.error(format!("wrong number of args for {name}: want {want} got {given}")));
        }
        if let Callee::Builtin(which @ (Builtin::And | Builtin::Or)) = callee {
            return self.circuit(call, dot, which == Builtin::Or, operands, last);
        }
        let parameter = |index: usize| parameters.get(index).copied().or(rest).unwrap_or(Parameter::Any);
        let base = self.arguments.len();
        for (index, operand) in operands.iter().enumerate() {
            match self.argument(call, dot, parameter(index), operand) {
                Ok(value) => self.arguments.push(value),
                Err(error) => {
                    self.arguments.truncate(base);
                    return Err(error);
                }
            }
        }
        if let Some(last) = last {
            match self.validate(call, parameter(operands.len()), Got::plain(last)) {
                Ok(value) => self.arguments.push(value),
                Err(error) => {
                    self.arguments.truncate(base);
                    return Err(error);
                }
            }
        }
        let result = match callee {
            Callee::Library(function) => {
                let arguments = self.arguments.get(base..).unwrap_or_default();
                (function.call)(self.environment, arguments)
            }
            Callee::Builtin(builtin) if builtin.is_engines() => {
                let arguments = self.arguments.split_off(base);
                return self.own(call, builtin, node, arguments);
            }
            Callee::Builtin(builtin) => {
                let arguments = self.arguments.get(base..).unwrap_or_default();
                builtin.call(arguments, self.budget.room())
            }
        };
        self.arguments.truncate(base);
        match result {
            Ok(value) => {
                self.budget.spend_value(&value).map_err(|error| call.place(error))?;
                Ok(value)
            }
            Err(message) => {
                call.at = node;
                let error = Error::new(ErrorKind::Execution, format!("error calling {name}: {message}"));
                Err(call.place(error.said()))
            }
        }
    }

    /// `and` and `or` evaluate only what they need.
    fn circuit<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        until: bool,
        operands: &'t [Operand],
        last: Option<Value>,
    ) -> Result<Value> {
        let mut value = Value::Nil;
        for operand in operands {
            value = self.operand(call, dot, operand)?.value;
            if value.truth() == until {
                return Ok(value);
            }
        }
        Ok(last.unwrap_or(value))
    }
}
