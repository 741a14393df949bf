//! Go's syntax of regular expressions in terms of Rust's.
//!
//! Perl's classes and word boundaries are ASCII's, `\Q…\E` quotes, there are octal escapes, braces that are no
//! repetition are themselves, and within brackets all punctuation is. What only Go refuses is refused here, and the
//! commonest mistakes are told in its words.

use std::{iter::Peekable, str::CharIndices};

/// The most repetitions Go counts.
const MOST: u32 = 1_000;

/// The expression in Rust's syntax.
///
/// # Errors
/// What Go says is wrong, the expression included.
pub fn translate(source: &str) -> Result<String, String> {
    let mut translator = Translator {
        source,
        rest: source.char_indices().peekable(),
        out: String::with_capacity(source.len()),
        groups: 0,
    };
    translator.run()?;
    Ok(translator.out)
}

struct Translator<'a> {
    source: &'a str,
    rest: Peekable<CharIndices<'a>>,
    out: String,
    groups: usize,
}

impl Translator<'_> {
    fn take(&mut self) -> Option<char> {
        self.rest.next().map(|(_, next)| next)
    }

    fn take_if(&mut self, wanted: char) -> bool {
        self.rest.next_if(|(_, next)| *next == wanted).is_some()
    }

    fn peek(&mut self) -> Option<char> {
        self.rest.peek().map(|(_, next)| *next)
    }

    /// What was not taken yet.
    fn ahead(&mut self) -> &str {
        self.rest.peek().and_then(|(at, _)| self.source.get(*at..)).unwrap_or_default()
    }

    fn run(&mut self) -> Result<(), String> {
        // Where the last repetition begins, when one has just been read.
        let mut repeated: Option<usize> = None;
        while let Some((at, next)) = self.rest.next() {
            let before = repeated.take();
            match next {
                '\\' => self.escape()?,
                '[' => self.class(at)?,
                '(' => {
                    self.groups += 1;
                    self.out.push('(');
                    for look in ["?=", "?!"] {
                        if self.ahead().starts_with(look) {
                            return Err(format!("invalid or unsupported Perl syntax: `({look}`"));
                        }
                    }
                }
                ')' => {
                    self.groups = self
                        .groups
                        .checked_sub(1)
                        .ok_or_else(|| format!("unexpected ): `{}`", self.source))?;
                    self.out.push(')');
                }
                '*' | '+' | '?' => {
                    self.out.push(next);
                    repeated = Some(self.repetition(at, before)?);
                }
                '{' => match self.counts() {
                    Some(counts) => {
                        self.check(&counts)?;
                        self.out.push_str(&format!("{{{counts}}}"));
                        for _ in 0..=counts.len() {
                            self.take();
                        }
                        repeated = Some(self.repetition(at, before)?);
                    }
                    None => self.out.push_str(r"\{"),
                },
                other => self.out.push(other),
            }
        }
        if self.groups > 0 {
            return Err(format!("missing closing ): `{}`", self.source));
        }
        Ok(())
    }

    /// Ends a repetition that begins `at`; one right behind another is none.
    fn repetition(&mut self, at: usize, before: Option<usize>) -> Result<usize, String> {
        if self.take_if('?') {
            self.out.push('?');
        }
        match before {
            Some(before) => {
                let end = self.rest.peek().map_or(self.source.len(), |(at, _)| *at);
                let both = self.source.get(before..end).unwrap_or_default();
                Err(format!("invalid nested repetition operator: `{both}`"))
            }
            None => Ok(at),
        }
    }

    /// What stands between braces that count: `2`, `2,` or `2,3`.
    fn counts(&mut self) -> Option<String> {
        let (counts, _) = self.ahead().split_once('}')?;
        let (least, most) = counts.split_once(',').unwrap_or((counts, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        (!least.is_empty() && digits(least) && digits(most)).then(|| counts.to_owned())
    }

    fn check(&self, counts: &str) -> Result<(), String> {
        let numbers: Vec<Option<u32>> =
            counts.split(',').filter(|number| !number.is_empty()).map(|number| number.parse().ok()).collect();
        let fits =
            numbers.iter().all(|number| number.is_some_and(|number| number <= MOST)) && numbers.is_sorted();
        if fits { Ok(()) } else { Err(format!("invalid repeat count: `{{{counts}}}`")) }
    }

    /// An escape outside of brackets.
    fn escape(&mut self) -> Result<(), String> {
        match self.take().ok_or("trailing backslash at end of expression: ``")? {
            'Q' => {
                let (quoted, length) = match self.ahead().split_once(r"\E") {
                    Some((quoted, _)) => (quoted.to_owned(), quoted.chars().count() + 2),
                    None => (self.ahead().to_owned(), usize::MAX),
                };
                self.out.push_str(&regex::escape(&quoted));
                for _ in 0..length {
                    if self.take().is_none() {
                        break;
                    }
                }
            }
            class @ ('d' | 'w' | 's') => self.out.push_str(&format!("[{}]", perl(class))),
            class @ ('D' | 'W' | 'S') => {
                self.out.push_str(&format!("[^{}]", perl(class.to_ascii_lowercase())))
            }
            'b' => self.out.push_str(r"(?-u:\b)"),
            'B' => self.out.push_str(r"(?-u:\B)"),
            'C' => self.out.push_str("(?s-u:.)"),
            class @ ('p' | 'P') => self.property(class),
            other => self.character(other),
        }
        Ok(())
    }

    /// A class by property: `\pL` or `\p{Greek}`.
    fn property(&mut self, class: char) {
        self.out.extend(['\\', class]);
        if !self.take_if('{') {
            self.out.extend(self.rest.next().map(|(_, name)| name));
            return;
        }
        self.out.push('{');
        while let Some(next) = self.take() {
            self.out.push(next);
            if next == '}' {
                break;
            }
        }
    }

    /// An escape that is told alike within brackets and outside.
    fn character(&mut self, escaped: char) {
        let follows = self.peek().is_some_and(|next| ('0'..='7').contains(&next));
        // A single digit but 0 is a reference back, which neither knows.
        if !(escaped == '0' || ('1'..='7').contains(&escaped) && follows) {
            self.out.extend(['\\', escaped]);
            return;
        }
        let mut code = escaped.to_digit(8).unwrap_or_default();
        for _ in 0..2 {
            let Some((_, digit)) = self.rest.next_if(|(_, next)| ('0'..='7').contains(next)) else { break };
            code = code * 8 + digit.to_digit(8).unwrap_or_default();
        }
        self.out.push_str(&format!("\\x{{{code:x}}}"));
    }

    /// What stands in brackets that begin `at`.
    fn class(&mut self, at: usize) -> Result<(), String> {
        let open = || format!("missing closing ]: `{}`", self.source.get(at..).unwrap_or_default());
        let open = open();
        self.out.push('[');
        if self.take_if('^') {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            // A bracket that comes first is a member.
            if !first && self.take_if(']') {
                self.out.push(']');
                return Ok(());
            }
            first = false;
            let single = self.member(&open)?;
            let mut ahead = self.ahead().chars();
            if single && ahead.next() == Some('-') && ahead.next().is_some_and(|next| next != ']') {
                self.take();
                self.out.push('-');
                self.member(&open)?;
            }
        }
    }

    /// A member of a class; whether it is a single character.
    fn member(&mut self, open: &str) -> Result<bool, String> {
        match self.take().ok_or(open)? {
            '\\' => match self.take().ok_or("trailing backslash at end of expression: ``")? {
                class @ ('d' | 'w' | 's') => self.out.push_str(perl(class)),
                class @ ('D' | 'W' | 'S') => {
                    self.out.push_str(&format!("[^{}]", perl(class.to_ascii_lowercase())));
                }
                class @ ('p' | 'P') => self.property(class),
                other => {
                    self.character(other);
                    return Ok(true);
                }
            },
            '[' if self.peek() == Some(':') && self.ahead().contains(":]") => {
                let (name, _) = self.ahead().split_once(']').unwrap_or_default();
                let name = name.to_owned();
                self.out.push_str(&format!("[{name}]"));
                for _ in 0..=name.chars().count() {
                    self.take();
                }
            }
            plain => {
                // These two escaped are word boundaries.
                if plain.is_ascii_punctuation() && !matches!(plain, '<' | '>') {
                    self.out.push('\\');
                }
                self.out.push(plain);
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Perl's classes, as they stand in brackets.
fn perl(class: char) -> &'static str {
    match class {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        _ => r"\t\n\f\r ",
    }
}
