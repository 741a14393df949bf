//! Commands and what stands in them.

use super::{
    super::{
        ast::{Callee, Command, Expression, Operand, Variable},
        fmt, show,
    },
    Kind, Parser, Result, number, quoted,
};
use crate::value::Str;

impl Command {
    /// Whether it may stand behind a `|`: something that takes an argument, by its looks.
    pub(super) fn may_follow(&self) -> bool {
        !matches!(
            self.words.first().map(|word| &word.expression),
            Some(
                Expression::Bool(_)
                    | Expression::Dot
                    | Expression::Nil
                    | Expression::Number(_)
                    | Expression::String(..)
            )
        )
    }
}

impl Parser<'_> {
    /// Operands with space between, up to a `|`, which is taken, or to the end, which is left.
    /// `pending`: variables that this pipeline declares. They are known, but not yet set.
    pub(super) fn command(&mut self, pending: &[Str]) -> Result<Command> {
        let at = self.peek_solid().start as u32;
        let mut words = Vec::new();
        loop {
            self.peek_solid();
            if let Some(operand) = self.operand(pending)? {
                words.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => {}
                Kind::RightDelimiter | Kind::RightParenthesis => {
                    self.back(token);
                    break;
                }
                Kind::Pipe => break,
                _ => return self.unexpected(token, "operand"),
            }
        }
        if words.is_empty() {
            return self.fail("empty command");
        }
        Ok(Command { at, words: words.into() })
    }

    /// A term and the fields behind it.
    fn operand(&mut self, pending: &[Str]) -> Result<Option<Operand>> {
        let Some(Operand { at, expression }) = self.term(pending)? else {
            return Ok(None);
        };
        let token = self.peek();
        if token.kind != Kind::Field {
            return Ok(Some(Operand { at, expression }));
        }
        let mut fields: Vec<Str> = Vec::new();
        while self.peek().kind == Kind::Field {
            let field = self.next();
            fields.push(self.field(field));
        }
        let expression = match expression {
            Expression::Field(first) => Expression::Field(first.iter().cloned().chain(fields).collect()),
            Expression::Variable(variable, _) => Expression::Variable(variable, fields.into()),
            Expression::Bool(_)
            | Expression::String(..)
            | Expression::Number(_)
            | Expression::Nil
            | Expression::Dot => {
                let term = show::expression(&expression, &self.source);
                return self.fail(format!("unexpected . after term {}", fmt::quoted(term.as_bytes())));
            }
            other => Expression::Chain(Box::new(Operand { at, expression: other }), fields.into()),
        };
        Ok(Some(Operand { at: token.start as u32, expression }))
    }

    /// The name behind the dot.
    fn field(&self, token: super::Token) -> Str {
        self.slice(token).get(1..).unwrap_or_default().into()
    }

    fn term(&mut self, pending: &[Str]) -> Result<Option<Operand>> {
        let token = self.next_solid();
        let text = self.slice(token);
        let expression = match token.kind {
            Kind::Identifier => {
                let name = String::from_utf8_lossy(text);
                match Callee::find(&name) {
                    Some(callee) => Expression::Function(callee),
                    None => return self.fail(format!("function {} not defined", fmt::quoted(text))),
                }
            }
            Kind::Dot => Expression::Dot,
            Kind::Nil => Expression::Nil,
            Kind::Variable => {
                let slot = self.scope.find(text);
                if slot.is_none() && !pending.iter().any(|name| name.as_bytes() == text) {
                    let name = fmt::quoted(text);
                    return self.fail(format!("undefined variable {name}"));
                }
                Expression::Variable(Variable { name: text.into(), slot }, Box::default())
            }
            Kind::Field => Expression::Field(Box::new([self.field(token)])),
            Kind::Bool => Expression::Bool(text == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => match number::parse(token.kind, text) {
                Ok(number) => Expression::Number(Box::new(number)),
                Err(message) => return self.fail(message),
            },
            Kind::LeftParenthesis => Expression::Pipe(Box::new(
                self.nested(|parser| parser.pipeline("parenthesized pipeline", Kind::RightParenthesis))?,
            )),
            Kind::String | Kind::RawString => {
                let span = (token.start as u32, token.end as u32);
                Expression::String(self.unquote(token)?, span)
            }
            _ => {
                self.back(token);
                return Ok(None);
            }
        };
        // A pipeline in parentheses begins behind its parenthesis.
        let at = match &expression {
            Expression::Pipe(pipe) => pipe.at,
            _ => token.start as u32,
        };
        Ok(Some(Operand { at, expression }))
    }

    pub(super) fn unquote(&self, token: super::Token) -> Result<Str> {
        match quoted::unquote(self.slice(token)) {
            Some(text) => Ok(text.into()),
            None => self.fail("invalid syntax"),
        }
    }
}
