//! Cuts a template into tokens.

use bstr::ByteSlice as _;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What cannot be cut; the token's text is in [`Lexer::complaint`].
    Error,
    Bool,
    /// A printable character that means something only at a few places: the comma.
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelimiter,
    LeftParenthesis,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParenthesis,
    Space,
    String,
    Text,
    Variable,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl Kind {
    /// Whether errors show it as a keyword.
    pub(super) fn is_keyword(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Block | Break | Continue | Dot | Define | Else | End | If | Nil | Range | Template | With
        )
    }
}

/// A piece of the template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Text,
    Action,
    Done,
}

/// Gives the tokens one by one.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    position: usize,
    mode: Mode,
    parentheses: usize,
    /// What is wrong, once an [`Kind::Error`] was given.
    pub complaint: String,
}

const LEFT: &[u8] = b"{{";
const RIGHT: &[u8] = b"}}";

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, position: 0, mode: Mode::Text, parentheses: 0, complaint: String::new() }
    }

    /// The next token; after the end or an error, [`Kind::Eof`] for ever.
    pub(super) fn next(&mut self) -> Token {
        match self.mode {
            Mode::Text => self.outside(),
            Mode::Action => self.inside(),
            Mode::Done => self.token(Kind::Eof, self.position),
        }
    }

    fn token(&self, kind: Kind, start: usize) -> Token {
        Token { kind, start, end: self.position }
    }

    fn error(&mut self, start: usize, complaint: impl Into<String>) -> Token {
        self.complaint = complaint.into();
        self.mode = Mode::Done;
        self.token(Kind::Error, start)
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.position..).unwrap_or_default()
    }

    /// Plain text up to the next action, or the start of that action. Comments are passed over.
    fn outside(&mut self) -> Token {
        loop {
            let start = self.position;
            let Some(length) = self.rest().find(LEFT) else {
                self.position = self.text.len();
                if start < self.position {
                    return self.token(Kind::Text, start);
                }
                self.mode = Mode::Done;
                return self.token(Kind::Eof, start);
            };
            let action = start + length;
            let trims = opens_trimming(self.text.get(action + LEFT.len()..).unwrap_or_default());
            if length > 0 {
                let text = self.text.get(start..action).unwrap_or_default();
                let kept = if trims { text.trim_end_with(is_space).len() } else { length };
                self.position = action;
                if kept > 0 {
                    return Token { kind: Kind::Text, start, end: start + kept };
                }
            }
            let body = action + LEFT.len() + if trims { 2 } else { 0 };
            if self.text.get(body..).unwrap_or_default().starts_with(b"/*") {
                self.position = body;
                if let Some(error) = self.comment() {
                    return error;
                }
                continue;
            }
            self.position = action + LEFT.len();
            let token = self.token(Kind::LeftDelimiter, action);
            self.position = body;
            self.parentheses = 0;
            self.mode = Mode::Action;
            return token;
        }
    }

    fn comment(&mut self) -> Option<Token> {
        let start = self.position;
        let Some(length) = self.rest().get(2..).and_then(|rest| rest.find(b"*/")) else {
            return Some(self.error(start, "unclosed comment"));
        };
        self.position += 2 + length + 2;
        let trims = match self.closing() {
            Some(trims) => trims,
            None => return Some(self.error(start, "comment ends before closing delimiter")),
        };
        self.close(trims);
        None
    }

    /// Whether the action ends here, and if so whether the space behind it goes.
    fn closing(&self) -> Option<bool> {
        let rest = self.rest();
        if closes_trimming(rest) && rest.get(2..).is_some_and(|rest| rest.starts_with(RIGHT)) {
            return Some(true);
        }
        rest.starts_with(RIGHT).then_some(false)
    }

    fn close(&mut self, trims: bool) -> Token {
        if trims {
            self.position += 2;
        }
        let start = self.position;
        self.position += RIGHT.len();
        let token = self.token(Kind::RightDelimiter, start);
        if trims {
            let rest = self.rest();
            self.position += rest.len() - rest.trim_start_with(is_space).len();
        }
        self.mode = Mode::Text;
        token
    }

    fn peek(&self) -> Option<char> {
        let rest = self.rest();
        match rest.first() {
            None => None,
            Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
            Some(_) => Some(bstr::decode_utf8(rest).0.unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }

    fn advance(&mut self) -> Option<char> {
        let rest = self.rest();
        let first = *rest.first()?;
        if first.is_ascii() {
            self.position += 1;
            return Some(char::from(first));
        }
        let (character, size) = bstr::decode_utf8(rest);
        self.position += size;
        Some(character.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn inside(&mut self) -> Token {
        let start = self.position;
        if let Some(trims) = self.closing() {
            if self.parentheses > 0 {
                return self.error(start, "unclosed left paren");
            }
            return self.close(trims);
        }
        let Some(character) = self.advance() else {
            return self.error(start, "unclosed action");
        };
        match character {
            ' ' | '\t' | '\r' | '\n' => self.space(start),
            '=' => self.token(Kind::Assign, start),
            ':' => match self.advance() {
                Some('=') => self.token(Kind::Declare, start),
                _ => self.error(start, "expected :="),
            },
            '|' => self.token(Kind::Pipe, start),
            '"' => self.quoted(start, '"', Kind::String, "unterminated quoted string"),
            '\'' => self.quoted(start, '\'', Kind::CharConstant, "unterminated character constant"),
            '`' => match self.rest().find_byte(b'`') {
                Some(length) => {
                    self.position += length + 1;
                    self.token(Kind::RawString, start)
                }
                None => {
                    self.position = self.text.len();
                    self.error(start, "unterminated raw quoted string")
                }
            },
            '$' => self.word(start, Kind::Variable, Kind::Variable),
            '.' if !self.peek().is_some_and(|c| c.is_ascii_digit()) => {
                self.word(start, Kind::Field, Kind::Dot)
            }
            '.' | '+' | '-' | '0'..='9' => self.number(start),
            '(' => {
                self.parentheses += 1;
                self.token(Kind::LeftParenthesis, start)
            }
            ')' => match self.parentheses.checked_sub(1) {
                Some(parentheses) => {
                    self.parentheses = parentheses;
                    self.token(Kind::RightParenthesis, start)
                }
                None => self.error(start, "unexpected right paren"),
            },
            c if is_alphanumeric(c) => self.word(start, Kind::Identifier, Kind::Identifier),
            c if c.is_ascii_graphic() => self.token(Kind::Char, start),
            c => self.error(start, format!("unrecognized character in action: {}", code_point(Some(c)))),
        }
    }

    /// A run of space; one that belongs to a closing ` -}}` is left for it.
    fn space(&mut self, start: usize) -> Token {
        while self.peek().is_some_and(is_space) {
            self.position += 1;
        }
        self.position -= 1;
        if self.closing() != Some(true) {
            self.position += 1;
        } else if self.position == start {
            return self.inside();
        }
        self.token(Kind::Space, start)
    }

    /// A field, variable or identifier; `bare` when nothing follows its first character.
    fn word(&mut self, start: usize, kind: Kind, bare: Kind) -> Token {
        while self.peek().is_some_and(is_alphanumeric) {
            self.position += self.peek().map_or(0, char::len_utf8);
        }
        if !self.at_terminator() {
            let character = self.peek();
            return self.error(start, format!("bad character {}", code_point(character)));
        }
        let word = self.text.get(start..self.position).unwrap_or_default();
        if kind != Kind::Identifier {
            return self.token(if word.len() == 1 { bare } else { kind }, start);
        }
        let kind = match word {
            b"block" => Kind::Block,
            b"break" => Kind::Break,
            b"continue" => Kind::Continue,
            b"define" => Kind::Define,
            b"else" => Kind::Else,
            b"end" => Kind::End,
            b"if" => Kind::If,
            b"range" => Kind::Range,
            b"nil" => Kind::Nil,
            b"template" => Kind::Template,
            b"with" => Kind::With,
            b"true" | b"false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        self.token(kind, start)
    }

    /// Whether what comes may stand right behind a word. `$x+2` may not.
    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some(' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(') => true,
            _ => self.rest().starts_with(RIGHT),
        }
    }

    fn quoted(&mut self, start: usize, quote: char, kind: Kind, complaint: &str) -> Token {
        loop {
            match self.advance() {
                Some('\\') if !matches!(self.advance(), None | Some('\n')) => {}
                None | Some('\\' | '\n') => return self.error(start, complaint),
                Some(c) if c == quote => return self.token(kind, start),
                Some(_) => {}
            }
        }
    }

    /// Anything that looks like a number. Whether it is one, the parser finds out.
    fn number(&mut self, start: usize) -> Token {
        self.position = start;
        let mut kind = Kind::Number;
        let mut good = self.scan_number();
        if good && matches!(self.peek(), Some('+' | '-')) {
            kind = Kind::Complex;
            good = self.scan_number() && self.text.get(self.position - 1) == Some(&b'i');
        }
        if good {
            return self.token(kind, start);
        }
        let text = self.text.get(start..self.position).unwrap_or_default();
        self.error(start, format!("bad number syntax: {}", super::fmt::quoted(text)))
    }

    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let mut digits: &[u8] = b"0123456789_";
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = b"0123456789abcdefABCDEF_";
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        while self.accept(digits) {}
        if self.accept(b".") {
            while self.accept(digits) {}
        }
        let exponent: &[u8] = match digits.len() {
            11 => b"eE",
            23 => b"pP",
            _ => b"",
        };
        if self.accept(exponent) {
            self.accept(b"+-");
            while self.accept(b"0123456789_") {}
        }
        self.accept(b"i");
        if self.peek().is_some_and(is_alphanumeric) {
            self.advance();
            return false;
        }
        true
    }

    fn accept(&mut self, set: &[u8]) -> bool {
        let accepted = self.rest().first().is_some_and(|byte| set.contains(byte));
        self.position += usize::from(accepted);
        accepted
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphabetic() || c.is_numeric()
}

fn opens_trimming(text: &[u8]) -> bool {
    matches!(text, [b'-', b' ' | b'\t' | b'\r' | b'\n', ..])
}

fn closes_trimming(text: &[u8]) -> bool {
    matches!(text, [b' ' | b'\t' | b'\r' | b'\n', b'-', ..])
}

/// A character as `%#U` shows it.
fn code_point(character: Option<char>) -> String {
    match character {
        None => "U+FFFFFFFFFFFFFFFF".to_owned(),
        Some(c) if c.is_control() => format!("U+{:04X}", u32::from(c)),
        Some(c) => format!("U+{:04X} '{c}'", u32::from(c)),
    }
}
