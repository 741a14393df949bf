//! Makes a template of tokens.

mod control;
mod number;
mod operand;
mod quoted;

use std::sync::Arc;

use super::{
    ast::{Command, Definition, List, Node, Pipe, Source, Variable},
    error::Error,
    fmt,
    lexer::{Kind, Lexer, Token},
};
use crate::value::Str;

type Result<T> = std::result::Result<T, Error>;

/// How deep actions and parentheses may nest. Charts stay below 30.
const DEPTH: usize = 500;

/// All that a text defines, itself last.
pub(super) fn parse(name: &str, text: &[u8]) -> Result<Vec<Definition>> {
    let source = Arc::new(Source { name: name.to_owned(), text: text.into() });
    if u32::try_from(text.len()).is_err() {
        return Err(Error::parse(name, 1, "the template is larger than 4 GiB".to_owned()));
    }
    let mut parser = Parser {
        source: source.clone(),
        text,
        lexer: Lexer::new(text),
        waiting: Vec::new(),
        last: Token { kind: Kind::Eof, start: 0, end: 0 },
        action: None,
        scope: Scope::default(),
        definitions: Vec::new(),
        depth: 0,
    };
    let body = parser.file()?;
    let slots = parser.scope.most;
    parser.define(Definition { name: name.into(), source, body, slots })?;
    Ok(parser.definitions)
}

/// The variables that are known at a place of one template.
struct Scope {
    names: Vec<Str>,
    most: usize,
    ranges: usize,
}

impl Default for Scope {
    fn default() -> Self {
        Self { names: vec!["$".into()], most: 1, ranges: 0 }
    }
}

impl Scope {
    fn declare(&mut self, name: Str) -> u32 {
        self.names.push(name);
        self.most = self.most.max(self.names.len());
        self.names.len() as u32 - 1
    }

    fn find(&self, name: &[u8]) -> Option<u32> {
        self.names.iter().rposition(|known| known.as_bytes() == name).map(|slot| slot as u32)
    }
}

struct Parser<'a> {
    source: Arc<Source>,
    text: &'a [u8],
    lexer: Lexer<'a>,
    /// Tokens that were looked at and put back, the next one last.
    waiting: Vec<Token>,
    /// The token cut last: errors name its line.
    last: Token,
    /// Where the action began that is read.
    action: Option<usize>,
    scope: Scope,
    definitions: Vec<Definition>,
    depth: usize,
}

/// What ended a list of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    End,
    Else,
}

impl Ending {
    fn show(self) -> &'static str {
        match self {
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

/// A node, or what ends the list it would stand in.
enum Item {
    Node(Node),
    Ending(Ending),
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Token {
        self.waiting.pop().unwrap_or_else(|| {
            self.last = self.lexer.next();
            self.last
        })
    }

    fn back(&mut self, token: Token) {
        self.waiting.push(token);
    }

    fn peek(&mut self) -> Token {
        let token = self.next();
        self.back(token);
        token
    }

    fn next_solid(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_solid(&mut self) -> Token {
        let token = self.next_solid();
        self.back(token);
        token
    }

    fn slice(&self, token: Token) -> &'a [u8] {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    fn line(&self, offset: usize) -> usize {
        1 + self.text.iter().take(offset).filter(|byte| **byte == b'\n').count()
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(Error::parse(&self.source.name, self.line(self.last.start), message.into()))
    }

    /// The token as errors show it.
    fn show(&self, token: Token) -> String {
        let text = self.slice(token);
        match token.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.lexer.complaint.clone(),
            kind if kind.is_keyword() => format!("<{}>", String::from_utf8_lossy(text)),
            _ if text.len() > 10 => format!("{}...", fmt::quoted_prefix(text, 10)),
            _ => fmt::quoted(text),
        }
    }

    fn unexpected<T>(&self, token: Token, context: &str) -> Result<T> {
        let shown = self.show(token);
        if token.kind != Kind::Error {
            return self.fail(format!("unexpected {shown} in {context}"));
        }
        match self.action.map(|start| self.line(start)) {
            Some(line) if line != self.line(token.start) => {
                let within = if shown.ends_with(" action") { "" } else { " in action" };
                self.fail(format!("{shown}{within} started at {}:{line}", self.source.name))
            }
            _ => self.fail(shown),
        }
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<Token> {
        let token = self.next_solid();
        if token.kind == kind { Ok(token) } else { self.unexpected(token, context) }
    }

    /// Runs `parse` one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == DEPTH {
            return self.fail("max expression depth exceeded");
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// The whole text. Only here a `define` may stand.
    fn file(&mut self) -> Result<List> {
        let mut nodes = Vec::new();
        loop {
            let token = self.peek();
            match token.kind {
                Kind::Eof => return Ok(nodes.into()),
                Kind::LeftDelimiter => {
                    self.next();
                    let keyword = self.next_solid();
                    if keyword.kind == Kind::Define {
                        self.action = Some(token.start);
                        self.definition()?;
                        continue;
                    }
                    self.back(keyword);
                    self.back(token);
                }
                _ => {}
            }
            match self.text_or_action()? {
                Item::Node(node) => nodes.push(node),
                Item::Ending(ending) => return self.fail(format!("unexpected {}", ending.show())),
            }
        }
    }

    /// Nodes up to `end` or `else`.
    fn list(&mut self) -> Result<(List, Ending)> {
        let mut nodes = Vec::new();
        while self.peek_solid().kind != Kind::Eof {
            match self.text_or_action()? {
                Item::Node(node) => nodes.push(node),
                Item::Ending(ending) => return Ok((nodes.into(), ending)),
            }
        }
        self.fail("unexpected EOF")
    }

    fn text_or_action(&mut self) -> Result<Item> {
        let token = self.next_solid();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node::Text { start: token.start as u32, end: token.end as u32 })),
            Kind::LeftDelimiter => {
                self.action = Some(token.start);
                let item = self.nested(Self::action)?;
                self.action = None;
                Ok(item)
            }
            _ => self.unexpected(token, "input"),
        }
    }

    /// The body of a `define` or `block`, in a scope of its own.
    fn definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let token = self.next_solid();
        let name = self.template_name(token, CONTEXT)?;
        self.expect(Kind::RightDelimiter, CONTEXT)?;
        self.body(name, CONTEXT)
    }

    fn body(&mut self, name: Str, context: &str) -> Result<()> {
        let outer = std::mem::take(&mut self.scope);
        let (body, ending) = self.list()?;
        if ending != Ending::End {
            return self.fail(format!("unexpected {} in {context}", ending.show()));
        }
        let slots = std::mem::replace(&mut self.scope, outer).most;
        self.define(Definition { name, source: self.source.clone(), body, slots })
    }

    /// Within one text a name is defined once, but for definitions without content.
    fn define(&mut self, definition: Definition) -> Result<()> {
        match self.definitions.iter_mut().find(|known| known.name == definition.name) {
            None => self.definitions.push(definition),
            Some(known) if known.is_empty() => *known = definition,
            Some(_) if definition.is_empty() => {}
            Some(_) => {
                let name = fmt::quoted(definition.name.as_bytes());
                return self.fail(format!("template: multiple definition of template {name}"));
            }
        }
        Ok(())
    }

    fn template_name(&mut self, token: Token, context: &str) -> Result<Str> {
        match token.kind {
            Kind::String | Kind::RawString => self.unquote(token),
            _ => self.unexpected(token, context),
        }
    }

    /// `$a, $b := command | command`, up to `end`, which is taken too.
    fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe> {
        let at = self.peek_solid().start as u32;
        let (names, assigns) = self.declarations(context)?;
        let mut commands: Vec<Command> = Vec::new();
        loop {
            let token = self.next_solid();
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParenthesis => {
                    self.back(token);
                    let command = self.nested(|parser| parser.command(&names))?;
                    commands.push(command);
                }
                _ => return self.unexpected(token, context),
            }
        }
        if commands.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        if let Some(stage) = commands.iter().skip(1).position(|command| !command.may_follow()) {
            return self.fail(format!("non executable command in pipeline stage {}", stage + 2));
        }
        let variables = names
            .into_iter()
            .map(|name| {
                let slot = if assigns {
                    self.scope.find(name.as_bytes())
                } else {
                    Some(self.scope.declare(name.clone()))
                };
                Variable { name, slot }
            })
            .collect();
        Ok(Pipe { at, variables, assigns, commands: commands.into() })
    }

    fn declarations(&mut self, context: &str) -> Result<(Vec<Str>, bool)> {
        let mut names: Vec<Str> = Vec::new();
        loop {
            let variable = self.peek_solid();
            if variable.kind != Kind::Variable {
                return Ok((names, false));
            }
            self.next_solid();
            let behind = self.peek();
            let next = self.peek_solid();
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    self.next_solid();
                    names.push(self.slice(variable).into());
                    return Ok((names, next.kind == Kind::Assign));
                }
                Kind::Char if self.slice(next) == b"," => {
                    self.next_solid();
                    names.push(self.slice(variable).into());
                    if context != "range" || names.len() > 1 {
                        return self.fail(format!("too many declarations in {context}"));
                    }
                    let second = self.peek_solid().kind;
                    if !matches!(second, Kind::Variable | Kind::RightDelimiter | Kind::RightParenthesis) {
                        return self.fail("range can only initialize variables");
                    }
                }
                // An argument after all. The space behind it tells it from `$a.b`.
                _ => {
                    if behind.kind == Kind::Space {
                        self.back(behind);
                    }
                    self.back(variable);
                    return Ok((names, false));
                }
            }
        }
    }
}
