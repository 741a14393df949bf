//! As much of the template language as the tables need: calls, parentheses, pipes, literals and fields of maps.

use std::{cell::RefCell, iter::Peekable, str::Chars};

use crate::{
    environment::{Environment, NoCluster},
    functions::{Function, Parameter, find, text},
    value::{IntKind, Value},
};

/// 2024-05-06 07:08:09.123456789 UTC, and «random» bytes that count up.
pub fn environment() -> Environment<'static> {
    let mut next = 0u8;
    Environment {
        now: (1_714_979_289, 123_456_789),
        random: RefCell::new(Box::new(move |buffer: &mut [u8]| {
            for byte in buffer {
                *byte = next;
                next = next.wrapping_add(1);
            }
        })),
        lookup: &NoCluster,
    }
}

/// What the template `{{ expression }}` prints.
pub fn evaluate(expression: &str) -> Result<Vec<u8>, String> {
    let mut reader = Reader { rest: expression.chars().peekable(), environment: environment() };
    let value = reader.pipeline()?;
    assert!(reader.rest.next().is_none(), "{expression}: something follows");
    text::show(&value)
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    environment: Environment<'static>,
}

enum Operand {
    Function(String),
    Value(Value),
}

impl Reader<'_> {
    fn space(&mut self) {
        while self.rest.next_if(|next| *next == ' ').is_some() {}
    }

    fn pipeline(&mut self) -> Result<Value, String> {
        let mut last = None;
        loop {
            let value = self.command(last.take())?;
            self.space();
            if self.rest.next_if_eq(&'|').is_none() {
                return Ok(value);
            }
            last = Some(value);
        }
    }

    fn command(&mut self, last: Option<Value>) -> Result<Value, String> {
        let mut operands = Vec::new();
        loop {
            self.space();
            if matches!(self.rest.peek(), None | Some('|' | ')')) {
                break;
            }
            operands.push(self.operand()?);
        }
        let mut operands = operands.into_iter();
        let name = match operands.next().unwrap() {
            Operand::Value(value) => return Ok(value),
            Operand::Function(name) => name,
        };
        let function = find(&name).unwrap_or_else(|| panic!("no function {name}"));
        let arguments = operands.map(|operand| match operand {
            Operand::Value(value) => value,
            Operand::Function(name) => self.call(find(&name).unwrap(), Vec::new()).unwrap(),
        });
        let arguments = arguments.chain(last).collect();
        self.call(function, arguments)
    }

    fn call(&self, function: &Function, arguments: Vec<Value>) -> Result<Value, String> {
        let fixed = function.parameters.len();
        assert!(
            arguments.len() == fixed || arguments.len() > fixed && function.rest.is_some(),
            "{}: {} arguments",
            function.name,
            arguments.len()
        );
        let arguments: Vec<_> = arguments
            .into_iter()
            .enumerate()
            .map(|(index, value)| {
                let parameter = function.parameters.get(index).copied().or(function.rest).unwrap();
                convert(value, parameter, function.name)
            })
            .collect();
        (function.call)(&self.environment, &arguments)
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let first = *self.rest.peek().unwrap();
        let value = match first {
            '(' => {
                self.rest.next();
                let mut value = self.pipeline()?;
                assert_eq!(self.rest.next(), Some(')'));
                while self.rest.next_if_eq(&'.').is_some() {
                    let field = self.field();
                    value = match value {
                        Value::Map(map) => map.get(field.as_bytes()).unwrap_or_default(),
                        Value::Object(object) => object.call(&field, &[]).unwrap()?,
                        other => panic!("{} has no {field}", other.type_name()),
                    };
                }
                value
            }
            '"' => Value::string(self.string()),
            '-' | '0'..='9' => number(&self.word()),
            _ => match self.word().as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "nil" => Value::Nil,
                name => return Ok(Operand::Function(name.into())),
            },
        };
        Ok(Operand::Value(value))
    }

    fn word(&mut self) -> String {
        std::iter::from_fn(|| self.rest.next_if(|next| !" |()".contains(*next))).collect()
    }

    fn field(&mut self) -> String {
        std::iter::from_fn(|| self.rest.next_if(|next| next.is_alphanumeric() || *next == '_')).collect()
    }

    fn string(&mut self) -> Vec<u8> {
        self.rest.next();
        let mut out = Vec::new();
        let mut buffer = [0; 4];
        loop {
            let rune = match self.rest.next().unwrap() {
                '"' => return out,
                '\\' => match self.rest.next().unwrap() {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\x08',
                    'f' => '\x0c',
                    'x' => {
                        out.push(u8::try_from(self.code(2)).unwrap());
                        continue;
                    }
                    'u' => char::from_u32(self.code(4)).unwrap(),
                    'U' => char::from_u32(self.code(8)).unwrap(),
                    other => other,
                },
                other => other,
            };
            out.extend_from_slice(rune.encode_utf8(&mut buffer).as_bytes());
        }
    }

    fn code(&mut self, digits: usize) -> u32 {
        let digits: String = self.rest.by_ref().take(digits).collect();
        u32::from_str_radix(&digits, 16).unwrap()
    }
}

fn number(word: &str) -> Value {
    word.parse().map(Value::int).unwrap_or_else(|_| Value::Float(word.parse().unwrap()))
}

fn convert(value: Value, parameter: Parameter, function: &str) -> Value {
    match (parameter, value) {
        (Parameter::Int64, Value::Int(number, _)) => Value::Int(number, IntKind::Int64),
        (Parameter::Float, Value::Int(number, _)) => Value::Float(number as f64),
        (Parameter::Any, value)
        | (Parameter::String, value @ Value::String(_))
        | (Parameter::Bool, value @ Value::Bool(_))
        | (Parameter::Int, value @ Value::Int(..))
        | (Parameter::Float, value @ Value::Float(_))
        | (Parameter::Map, value @ Value::Map(_))
        | (Parameter::List | Parameter::Strings, value @ Value::List(..))
        | (Parameter::Object(_), value @ Value::Object(_)) => value,
        (parameter, value) => panic!("{function}: a {} is no {parameter:?}", value.type_name()),
    }
}
