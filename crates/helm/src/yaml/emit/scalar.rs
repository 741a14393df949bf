//! Texts: which style they get, and how each style is written.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Library, WIDTH, Writer};
use crate::yaml::{
    build::json_text,
    resolve::{self, Resolved},
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// Whether a text has line breaks, of any of YAML 1.1's kinds.
pub(super) fn is_multiline(text: &str) -> bool {
    text.chars().any(is_break)
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// What a text allows.
#[derive(Default)]
struct Analysis {
    no_plain: bool,
    no_single: bool,
    no_literal: bool,
}

fn analyse(text: &str, library: Library) -> Analysis {
    let mut found = Analysis::default();
    if text.starts_with("---") || text.starts_with("...") {
        found.no_plain = true;
    }
    let characters: Vec<char> = text.chars().collect();
    let blank = |at: usize| characters.get(at).is_none_or(|c| matches!(c, ' ' | '\t'));
    let (mut previous_space, mut previous_break, mut after_white) = (false, false, true);
    for (i, c) in characters.iter().copied().enumerate() {
        let (first, last) = (i == 0, i + 1 == characters.len());
        let before_blank = blank(i + 1);
        let indicator = match c {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
            | '`'
                if first =>
            {
                true
            }
            '?' | '-' if first => before_blank,
            ':' => before_blank,
            '#' => after_white,
            _ => false,
        };
        found.no_plain |= indicator;
        if c == '\t' && library == Library::V3 {
            (found.no_plain, found.no_single) = (true, true);
        } else if !is_printable(c) {
            (found.no_plain, found.no_single, found.no_literal) = (true, true, true);
        }
        if c == ' ' {
            found.no_plain |= first || last;
            found.no_literal |= last;
            if previous_break {
                (found.no_plain, found.no_single) = (true, true);
            }
            (previous_space, previous_break) = (true, false);
        } else if is_break(c) {
            found.no_plain = true;
            if previous_space {
                (found.no_single, found.no_literal) = (true, true);
            }
            (previous_space, previous_break) = (false, true);
        } else {
            (previous_space, previous_break) = (false, false);
        }
        after_white = matches!(c, ' ' | '\t' | '\0') || is_break(c);
    }
    found
}

/// What the text would be without quotes decides whether it gets them.
fn needs_quotes(text: &str) -> bool {
    resolve::resolve(text) != Resolved::String || resolve::is_base60(text)
}

/// A text of which no character means anything to YAML, wherever it stands.
fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || matches!(first, '_' | '/'))
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b'='))
}

/// What JSON keeps as it is, and YAML's reader refuses.
fn is_refused(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Helm writes JSON and reads it as YAML. A next line (U+0085), which JSON does not escape, is a line break there: one is
/// read as a space, of several all but the first remain, and the spaces around them are gone.
fn fold(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{85}') {
        return text.into();
    }
    let mut folded = String::new();
    let mut empty = 0;
    let mut lines = text.split('\u{85}').enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        if at == 0 {
            folded.push_str(line.trim_end_matches(' '));
            continue;
        }
        let last = lines.peek().is_none();
        let start = line.trim_start_matches(' ');
        let kept = if last { start } else { start.trim_end_matches(' ') };
        if kept.is_empty() && !last {
            empty += 1;
            continue;
        }
        folded.push_str(&if empty == 0 { " ".to_owned() } else { "\n".repeat(empty) });
        empty = 0;
        folded.push_str(kept);
    }
    folded.into()
}

/// Bytes that are no text, in base64; more than a line of it in lines.
fn binary(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let encoded = STANDARD.encode(bytes);
    if encoded.len() < LINE {
        return encoded;
    }
    encoded
        .as_bytes()
        .chunks(LINE)
        .flat_map(|line| [line, b"\n"])
        .flatten()
        .map(|byte| char::from(*byte))
        .collect()
}

impl Writer {
    pub(super) fn string(&mut self, bytes: &[u8], key: bool) -> Result<(), String> {
        match (self.library, str::from_utf8(bytes)) {
            (Library::Json, _) => self.json_text(&json_text(bytes), key),
            (Library::V3, Ok(text)) => {
                self.text(text, key);
                Ok(())
            }
            (Library::V3, Err(_)) => {
                self.indicator("!!binary", true, false, false);
                self.text(&binary(bytes), key);
                Ok(())
            }
        }
    }

    /// A text that YAML reads from JSON first.
    fn json_text(&mut self, text: &str, key: bool) -> Result<(), String> {
        if text.chars().any(is_refused) {
            return Err("control characters are not allowed".into());
        }
        self.text(&fold(text), key);
        Ok(())
    }

    fn text(&mut self, text: &str, key: bool) {
        if is_word(text) {
            // Most texts are; they need none of what follows.
            if needs_quotes(text) {
                self.indicator("\"", true, false, false);
                self.indicator(text, false, false, false);
                self.indicator("\"", false, false, false);
            } else {
                self.plain(text);
            }
            return;
        }
        let allowed = analyse(text, self.library);
        let mut style = if text.contains('\n') {
            Style::Literal
        } else if needs_quotes(text) {
            Style::Double
        } else {
            Style::Plain
        };
        if style == Style::Plain && allowed.no_plain {
            style = Style::Single;
        }
        if style == Style::Single && allowed.no_single || style == Style::Literal && allowed.no_literal {
            style = Style::Double;
        }
        let outer = self.deepen(true, false);
        match style {
            Style::Plain => self.write_plain(text, !key),
            Style::Single => self.write_single(text, !key),
            Style::Double => self.write_double(text, !key),
            Style::Literal => self.write_literal(text),
        }
        self.indent = outer;
    }

    /// Whether the line is long enough; go-yaml v3 makes them of any length.
    fn is_full(&self) -> bool {
        self.library == Library::Json && self.column > WIDTH
    }

    /// Whether the space at `at` becomes a line break.
    fn folds(&self, text: &[char], at: usize, spaces: bool) -> bool {
        self.is_full() && !spaces && text.get(at + 1) != Some(&' ')
    }

    fn write_plain(&mut self, text: &str, breaks: bool) {
        if !self.whitespace {
            self.put(' ');
        }
        let text: Vec<char> = text.chars().collect();
        let mut spaces = false;
        for (i, c) in text.iter().copied().enumerate() {
            if c == ' ' {
                if breaks && self.folds(&text, i, spaces) {
                    self.write_indent();
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                self.indention = false;
                spaces = false;
            }
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn write_single(&mut self, text: &str, allow_breaks: bool) {
        self.indicator("'", true, false, false);
        let text: Vec<char> = text.chars().collect();
        let (mut spaces, mut breaks) = (false, false);
        for (i, c) in text.iter().copied().enumerate() {
            if c == ' ' {
                if allow_breaks && i > 0 && i + 1 < text.len() && self.folds(&text, i, spaces) {
                    self.write_indent();
                } else {
                    self.put(c);
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.line();
                }
                self.write_break(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                if c == '\'' {
                    self.put('\'');
                }
                self.put(c);
                self.indention = false;
                (spaces, breaks) = (false, false);
            }
        }
        self.indicator("'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn write_double(&mut self, text: &str, allow_breaks: bool) {
        self.indicator("\"", true, false, false);
        let text: Vec<char> = text.chars().collect();
        // A byte order mark at the start makes go-yaml escape everything.
        let marked = text.first() == Some(&'\u{feff}');
        let mut spaces = false;
        for (i, c) in text.iter().copied().enumerate() {
            if marked || !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
                spaces = false;
            } else if c == ' ' {
                if allow_breaks && !spaces && self.is_full() && i > 0 && i + 1 < text.len() {
                    self.write_indent();
                    if text[i + 1] == ' ' {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
        }
        self.indicator("\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn escape(&mut self, c: char) {
        let code = u32::from(c);
        let escaped = match c {
            '\0' => "0".into(),
            '\u{7}' => "a".into(),
            '\u{8}' => "b".into(),
            '\t' => "t".into(),
            '\n' => "n".into(),
            '\u{b}' => "v".into(),
            '\u{c}' => "f".into(),
            '\r' => "r".into(),
            '\u{1b}' => "e".into(),
            '"' => "\"".into(),
            '\\' => "\\".into(),
            '\u{85}' => "N".into(),
            '\u{a0}' => "_".into(),
            '\u{2028}' => "L".into(),
            '\u{2029}' => "P".into(),
            _ if code <= 0xff => format!("x{code:02X}"),
            _ if code <= 0xffff => format!("u{code:04X}"),
            _ => format!("U{code:08X}"),
        };
        self.put('\\');
        for c in escaped.chars() {
            self.put(c);
        }
    }

    fn write_break(&mut self, c: char) {
        if c == '\n' {
            self.line();
        } else {
            self.text.push(c);
            self.column = 0;
        }
    }

    fn write_literal(&mut self, text: &str) {
        self.indicator("|", true, false, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator("2", false, false, false);
        }
        let mut from_end = text.chars().rev();
        let chomp = match (from_end.next().is_some_and(is_break), from_end.next()) {
            (false, _) => "-",
            (true, None) => "+",
            (true, Some(c)) if is_break(c) => "+",
            (true, Some(_)) => "",
        };
        if !chomp.is_empty() {
            self.indicator(chomp, false, false, false);
        }
        self.line();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for c in text.chars() {
            if is_break(c) {
                self.write_break(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                self.put(c);
                self.indention = false;
                breaks = false;
            }
        }
    }
}
