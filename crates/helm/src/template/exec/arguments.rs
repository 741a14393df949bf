//! Arguments: evaluated as the parameter wants them, or refused in Go's words.

use super::{
    super::ast::{Expression, Operand},
    At, Call, Executor, Got, Result, is_constant,
};
use crate::{
    functions::Parameter,
    value::{Element, IntKind, Map, Value},
};

/// The type as Go writes it.
fn type_name(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Any => "interface {}",
        Parameter::String => "string",
        Parameter::Bool => "bool",
        Parameter::Int => "int",
        Parameter::Int64 => "int64",
        Parameter::Float => "float64",
        Parameter::Map => "map[string]interface {}",
        Parameter::List => "[]interface {}",
        Parameter::Strings => "[]string",
        Parameter::Object(name) => name,
    }
}

/// What nil becomes for the parameter; `None`: it may not be nil.
fn zero(parameter: Parameter) -> Option<Value> {
    match parameter {
        Parameter::Any => Some(Value::Nil),
        Parameter::Map => Some(Value::Map(Map::new())),
        Parameter::List => Some(Value::list(Vec::new())),
        Parameter::Strings => Some(Value::strings::<&str>([])),
        Parameter::Object(name) => name.starts_with(['*', '[']).then_some(Value::Nil),
        _ => None,
    }
}

fn fits(parameter: Parameter, value: &Value) -> bool {
    match (parameter, value) {
        (Parameter::Any, _)
        | (Parameter::String, Value::String(_))
        | (Parameter::Bool, Value::Bool(_))
        | (Parameter::Int, Value::Int(_, IntKind::Int))
        | (Parameter::Int64, Value::Int(_, IntKind::Int64))
        | (Parameter::Float, Value::Float(_))
        | (Parameter::Map, Value::Map(_))
        | (Parameter::List, Value::List(_, Element::Any))
        | (Parameter::Strings, Value::List(_, Element::String)) => true,
        (Parameter::Object(name), value) => value.type_name() == name,
        _ => false,
    }
}

impl Executor<'_, '_> {
    /// The value of an operand where any will do.
    pub(super) fn operand<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        operand: &'t Operand,
    ) -> Result<Got> {
        call.at = At::Operand(operand);
        match &operand.expression {
            Expression::Dot => Ok(dot.clone()),
            Expression::Nil => Ok(Got::interface(Value::Nil)),
            Expression::Field(names) => self.fields(call, dot, dot.clone(), names, &[], None),
            Expression::Variable(variable, names) => {
                self.variable(call, dot, variable, names, operand, (&[], None))
            }
            Expression::Pipe(pipe) => self.pipe(call, dot, pipe).map(Got::plain),
            Expression::Function(callee) => {
                self.function(call, dot, *callee, At::Operand(operand), &[], None).map(Got::plain)
            }
            Expression::Chain(inner, names) => self.chain(call, dot, operand, (inner, names), &[], None),
            constant => self.constant(call, constant).map(Got::plain),
        }
    }

    /// The value of an argument for a parameter.
    pub(super) fn argument<'t>(
        &mut self,
        call: &mut Call<'t>,
        dot: &Got,
        parameter: Parameter,
        operand: &'t Operand,
    ) -> Result<Value> {
        if parameter == Parameter::Any {
            return self.operand(call, dot, operand).map(|got| got.value);
        }
        let expression = &operand.expression;
        if matches!(expression, Expression::Nil) {
            call.at = At::Operand(operand);
            return zero(parameter)
                .ok_or_else(|| call.error(format!("cannot assign nil to {}", type_name(parameter))));
        }
        if !is_constant(expression) {
            let got = self.operand(call, dot, operand)?;
            return self.validate(call, parameter, got);
        }
        call.at = At::Operand(operand);
        let value = match (parameter, expression) {
            (Parameter::String, Expression::String(text, _)) => Some(Value::String(text.clone())),
            (Parameter::Bool, Expression::Bool(bool)) => Some(Value::Bool(*bool)),
            (Parameter::Int, Expression::Number(number)) => number.int.map(Value::int),
            (Parameter::Int64, Expression::Number(number)) => number.int.map(Value::int64),
            (Parameter::Float, Expression::Number(number)) => number.float.map(Value::Float),
            _ => None,
        };
        value.ok_or_else(|| {
            let shown = call.at.show(&call.definition.source);
            let kind = match parameter {
                Parameter::Int | Parameter::Int64 => "integer",
                Parameter::Float => "float",
                Parameter::String | Parameter::Bool => type_name(parameter),
                other => {
                    return call.error(format!("can't handle {shown} for arg of type {}", type_name(other)));
                }
            };
            call.error(format!("expected {kind}; found {shown}"))
        })
    }

    /// The value, if it is of the parameter's type.
    pub(super) fn validate(&self, call: &Call<'_>, parameter: Parameter, got: Got) -> Result<Value> {
        if got.value.is_nil() && !got.interface {
            return zero(parameter)
                .ok_or_else(|| call.error(format!("invalid value; expected {}", type_name(parameter))));
        }
        if fits(parameter, &got.value) {
            return Ok(got.value);
        }
        let actual = if got.value.is_nil() { "interface {}" } else { got.value.type_name() };
        Err(call.error(format!("wrong type for value; expected {}; got {actual}", type_name(parameter))))
    }
}
