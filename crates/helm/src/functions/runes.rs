//! Go's view of text: bytes that decode to runes, each byte that does not being one U+FFFD, and the properties its
//! `unicode` package tells of them.

use std::sync::LazyLock;

use regex::Regex;

/// The runes of `bytes` with how many bytes each took; `None` for a byte that is not UTF-8.
pub fn decode(bytes: &[u8]) -> impl Iterator<Item = (Option<char>, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (rune, size) = bstr::decode_utf8(rest);
        if size == 0 {
            return None;
        }
        let (this, next) = rest.split_at(if rune.is_some() { size } else { 1 });
        rest = next;
        Some((rune, this))
    })
}

/// Go's `[]rune`.
pub fn runes(bytes: &[u8]) -> impl Iterator<Item = char> {
    decode(bytes).map(|(rune, _)| rune.unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// Go's `unicode.ToUpper`: one rune for one.
pub fn upper(rune: char) -> char {
    let mut mapped = rune.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => rune,
    }
}

/// Go's `unicode.ToLower`: one rune for one.
pub fn lower(rune: char) -> char {
    // The only rune whose full mapping has two characters and whose simple one differs from itself.
    if rune == '\u{130}' {
        return 'i';
    }
    let mut mapped = rune.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => rune,
    }
}

/// Go's `unicode.ToTitle`: upper case, but for the four letters that are two and have a case in between.
pub fn title(rune: char) -> char {
    match rune {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        other => upper(other),
    }
}

/// Go's `unicode.IsTitle`.
pub fn is_title(rune: char) -> bool {
    matches!(rune, '\u{1c5}' | '\u{1c8}' | '\u{1cb}' | '\u{1f2}'
        | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}' | '\u{1fa8}'..='\u{1faf}' | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}')
}

/// A class of characters by a pattern known to be right; without one nothing would be of it.
fn class(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

static PRINT: LazyLock<Option<Regex>> = LazyLock::new(|| class(r"^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$"));
static PUNCT: LazyLock<Option<Regex>> = LazyLock::new(|| class(r"^\p{P}$"));
static LETTER: LazyLock<Option<Regex>> = LazyLock::new(|| class(r"^\p{L}$"));
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| class(r"^\p{N}$"));

fn is(class: &Option<Regex>, rune: char) -> bool {
    let mut buffer = [0; 4];
    class.as_ref().is_some_and(|class| class.is_match(rune.encode_utf8(&mut buffer)))
}

/// Go's `unicode.IsPrint`.
pub fn is_print(rune: char) -> bool {
    if rune.is_ascii() { (' '..='~').contains(&rune) } else { is(&PRINT, rune) }
}

/// Go's `unicode.IsPunct`.
pub fn is_punct(rune: char) -> bool {
    // Rust's notion for ASCII has Unicode's symbols too.
    if rune.is_ascii() {
        rune.is_ascii_punctuation() && !"$+<=>^`|~".contains(rune)
    } else {
        is(&PUNCT, rune)
    }
}

/// Go's `unicode.IsLetter`.
pub fn is_letter(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_alphabetic() } else { is(&LETTER, rune) }
}

/// Go's `unicode.IsNumber`.
pub fn is_number(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_digit() } else { is(&NUMBER, rune) }
}
