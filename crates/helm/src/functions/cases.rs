//! The case of letters, and what takes text for words.

use super::{
    Function,
    Parameter::{Int, String as Text},
    arguments::{bytes, check_bytes, int, position},
    fixed,
    runes::{self, is_letter, is_number, is_punct, is_title, lower, upper},
};
use crate::value::Value;

fn each(source: &[u8], map: impl FnMut(char) -> char) -> Value {
    Value::string(runes::runes(source).map(map).collect::<String>())
}

/// Go's `strings.Title`: what follows something that is neither letter, digit nor `_` becomes title case.
fn title(source: &[u8]) -> Value {
    let mut previous = ' ';
    each(source, |rune| {
        let starts = if previous.is_ascii() {
            !previous.is_ascii_alphanumeric() && previous != '_'
        } else {
            !previous.is_alphanumeric() && previous.is_whitespace()
        };
        previous = rune;
        if starts { runes::title(rune) } else { rune }
    })
}

fn untitle(source: &[u8]) -> Value {
    let mut starts = true;
    each(source, |rune| {
        let first = starts && !rune.is_whitespace();
        starts = rune.is_whitespace();
        if first { lower(rune) } else { rune }
    })
}

/// goutils' swap of cases: the first letter of a word becomes title case.
fn swapcase(source: &[u8]) -> Value {
    let mut space = true;
    each(source, |rune| {
        if rune.is_uppercase() || is_title(rune) {
            space = false;
            lower(rune)
        } else if rune.is_lowercase() {
            let starts = std::mem::take(&mut space);
            if starts { runes::title(rune) } else { upper(rune) }
        } else {
            space = rune.is_whitespace();
            rune
        }
    })
}

/// goutils takes bytes for runes here too, as [`super::strings`] `nospace` does.
fn initials(source: &[u8]) -> Value {
    let mut gap = true;
    let initials = source.iter().map(|byte| char::from(*byte)).filter(|rune| {
        let first = gap && !rune.is_whitespace();
        gap = rune.is_whitespace();
        first
    });
    Value::string(initials.collect::<String>())
}

fn is_connector(rune: char) -> bool {
    rune == '-' || rune == '_' || rune.is_whitespace()
}

/// xstrings' Pascal case: letters after connectors become upper case, further capitals of a word that began with one
/// lower case; connectors go, but for those in front and what there is more than one of.
fn camelcase(source: &[u8]) -> Value {
    let runes: Vec<char> = runes::runes(source).collect();
    let leading = runes.iter().take_while(|rune| is_connector(**rune)).count();
    let (front, rest) = runes.split_at(leading);
    let mut out: String = front.iter().collect();
    let Some((first, rest)) = rest.split_first() else {
        // Of connectors only the last one is written once more than it is there.
        out.extend(front.last());
        return Value::string(out);
    };
    let mut capitals = first.is_uppercase();
    let mut last = upper(*first);
    for rune in rest {
        let (previous, mut rune) = (last, *rune);
        if is_connector(previous) && !is_connector(rune) {
            capitals = rune.is_uppercase();
            last = upper(rune);
            continue;
        }
        if !is_connector(previous) && capitals {
            capitals = rune.is_uppercase();
            rune = lower(rune);
        }
        out.push(previous);
        last = rune;
    }
    out.push(last);
    Value::string(out)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Number,
    Upper,
    Alphabet,
    Connector,
    Punctuation,
    Other,
}

/// xstrings' notion of a letter that words are made of: Chinese ones are words of their own.
fn is_alphabet(rune: char) -> bool {
    is_letter(rune)
        && !matches!(rune, '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}')
}

fn kind(rune: char) -> Word {
    match rune {
        _ if is_connector(rune) => Word::Connector,
        _ if is_punct(rune) => Word::Punctuation,
        _ if rune.is_uppercase() => Word::Upper,
        _ if is_alphabet(rune) => Word::Alphabet,
        _ if is_number(rune) => Word::Number,
        _ => Word::Other,
    }
}

/// The word that `runes` begin with, and its length.
fn next_word(runes: &[char]) -> Option<(Word, usize)> {
    let word = kind(*runes.first()?);
    let run = |from: usize, of: &dyn Fn(char) -> bool| {
        from + runes.get(from..).unwrap_or_default().iter().take_while(|rune| of(**rune)).count()
    };
    let small = |rune: char| is_alphabet(rune) && !rune.is_uppercase();
    let length = match word {
        Word::Connector => run(1, &is_connector),
        Word::Punctuation => run(1, &is_punct),
        Word::Number => run(1, &is_number),
        Word::Alphabet => run(1, &small),
        Word::Other => {
            run(1, &|rune| !is_connector(rune) && !is_alphabet(rune) && !is_number(rune) && !is_punct(rune))
        }
        Word::Upper => {
            let capitals = run(1, &char::is_uppercase);
            match runes.get(capitals) {
                // In «HTTPStatus» the S begins the next word.
                Some(next) if capitals > 1 && is_alphabet(*next) => capitals - 1,
                Some(_) if capitals > 1 => capitals,
                _ => run(capitals, &small),
            }
        }
    };
    Some((word, length))
}

/// Writes words in lower case with connectors between.
struct Joined<'a> {
    rest: &'a [char],
    out: String,
    connector: char,
}

impl<'a> Joined<'a> {
    fn take(&mut self) -> Option<(Word, &'a [char])> {
        let (word, length) = next_word(self.rest)?;
        let (this, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        Some((word, this))
    }

    fn write(&mut self, word: Word, runes: &[char]) {
        for rune in runes {
            self.out.push(match word {
                Word::Connector => self.connector,
                Word::Upper => lower(*rune),
                _ => *rune,
            });
        }
    }

    /// Writes what belongs to a number: letters and digits behind it. Then a connector, when a word follows.
    fn number(&mut self, mut next: Option<(Word, &'a [char])>) -> Option<(Word, &'a [char])> {
        while let Some((word @ (Word::Alphabet | Word::Number), runes)) = next {
            self.write(word, runes);
            next = self.take();
        }
        self.connect(next);
        next
    }

    fn connect(&mut self, next: Option<(Word, &'a [char])>) {
        if next.is_some_and(|(word, _)| !matches!(word, Word::Connector | Word::Punctuation)) {
            self.out.push(self.connector);
        }
    }
}

/// xstrings' snake and kebab case.
fn joined(source: &[u8], connector: char) -> Value {
    let runes: Vec<char> = runes::runes(source).filter(|rune| *rune != char::REPLACEMENT_CHARACTER).collect();
    let mut words = Joined { rest: &runes, out: String::new(), connector };
    let mut current = words.take();
    while let Some((word, this)) = current {
        if words.rest.is_empty() {
            words.write(word, this);
            break;
        }
        if word != Word::Connector {
            words.write(word, this);
        }
        let next = words.take();
        current = match word {
            Word::Number => words.number(next),
            Word::Connector => {
                words.write(word, this);
                next
            }
            Word::Punctuation => next,
            _ => match next {
                Some((Word::Number, digits)) if !words.rest.is_empty() => {
                    let after = words.take();
                    if after.is_some_and(|(word, _)| word == Word::Alphabet) {
                        // In «http2xx» the number begins a word.
                        words.out.push(connector);
                        words.write(Word::Number, digits);
                        words.number(after)
                    } else {
                        // In «Bld4Floor» it ends one.
                        words.write(Word::Number, digits);
                        words.connect(after);
                        after
                    }
                }
                Some((Word::Number, _)) => next,
                _ => {
                    words.connect(next);
                    next
                }
            },
        };
    }
    Value::string(words.out)
}

/// goutils' wrap at columns, which are bytes.
fn wrap(source: &[u8], width: i64, newline: &[u8], cut_words: bool) -> Result<Value, String> {
    let width = position(width).unwrap_or_default().max(1);
    let newline = if newline.is_empty() { b"\n" } else { newline };
    let mut out = Vec::new();
    let mut rest = source;
    while rest.len() > width {
        check_bytes(out.len())?;
        if let Some(stripped) = rest.strip_prefix(b" ") {
            rest = stripped;
            continue;
        }
        let space = |range: &[u8]| range.iter().rposition(|byte| *byte == b' ');
        let (line, skip) = match space(rest.get(..=width).unwrap_or(rest)) {
            Some(at) => (at, 1),
            None if cut_words => (width, 0),
            None => match rest.iter().skip(width).position(|byte| *byte == b' ') {
                Some(at) => (width + at, 1),
                None => break,
            },
        };
        out.extend_from_slice(rest.get(..line).unwrap_or_default());
        out.extend_from_slice(newline);
        rest = rest.get(line + skip..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Ok(Value::string(out))
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("upper", &[Text], |_, a| Ok(each(bytes(a, 0), upper))),
    fixed("lower", &[Text], |_, a| Ok(each(bytes(a, 0), lower))),
    fixed("title", &[Text], |_, a| Ok(title(bytes(a, 0)))),
    fixed("untitle", &[Text], |_, a| Ok(untitle(bytes(a, 0)))),
    fixed("swapcase", &[Text], |_, a| Ok(swapcase(bytes(a, 0)))),
    fixed("camelcase", &[Text], |_, a| Ok(camelcase(bytes(a, 0)))),
    fixed("snakecase", &[Text], |_, a| Ok(joined(bytes(a, 0), '_'))),
    fixed("kebabcase", &[Text], |_, a| Ok(joined(bytes(a, 0), '-'))),
    fixed("initials", &[Text], |_, a| Ok(initials(bytes(a, 0)))),
    fixed("wrap", &[Int, Text], |_, a| wrap(bytes(a, 1), int(a, 0), b"", false)),
    fixed("wrapWith", &[Int, Text, Text], |_, a| wrap(bytes(a, 2), int(a, 0), bytes(a, 1), true)),
];
