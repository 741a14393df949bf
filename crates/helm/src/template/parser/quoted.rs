//! Go's quoted strings and characters.

use bstr::ByteSlice as _;

/// The bytes that a string stands for, given with its quotes: `"a\n"` or `` `a` ``.
pub(super) fn unquote(text: &[u8]) -> Option<Vec<u8>> {
    let (quote, inner) = match text {
        [first, inner @ .., last] if first == last => (*first, inner),
        _ => return None,
    };
    if quote == b'`' {
        // Raw strings lose their carriage returns.
        return Some(inner.iter().copied().filter(|byte| *byte != b'\r').collect());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while !rest.is_empty() {
        let (character, behind) = unescape(rest, quote)?;
        match character {
            Character::Byte(byte) => bytes.push(byte),
            Character::Rune(rune) => {
                bytes.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        rest = behind;
    }
    Some(bytes)
}

/// What a character constant stands for.
pub(super) fn unquote_character(text: &[u8]) -> Option<i64> {
    let inner = text.strip_prefix(b"'")?.strip_suffix(b"'")?;
    match unescape(inner, b'\'')? {
        (Character::Byte(byte), []) => Some(i64::from(byte)),
        (Character::Rune(rune), []) => Some(i64::from(u32::from(rune))),
        _ => None,
    }
}

enum Character {
    /// Of `\xff` and `\377`.
    Byte(u8),
    Rune(char),
}

/// The first character of `text`, and what stands behind it.
fn unescape(text: &[u8], quote: u8) -> Option<(Character, &[u8])> {
    let (first, rest) = text.split_first()?;
    if *first == quote || *first == b'\n' {
        return None;
    }
    if *first != b'\\' {
        let (rune, size) = bstr::decode_utf8(text);
        return match rune {
            Some(rune) => Some((Character::Rune(rune), text.get(size..)?)),
            None => Some((Character::Byte(*first), rest)),
        };
    }
    let (kind, rest) = rest.split_first()?;
    let simple = |c: char| Some((Character::Rune(c), rest));
    match kind {
        b'a' => simple('\x07'),
        b'b' => simple('\x08'),
        b'f' => simple('\x0c'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\x0b'),
        b'\\' => simple('\\'),
        b'\'' | b'"' if *kind == quote => simple(char::from(*kind)),
        b'x' => {
            let (value, rest) = digits(rest, 2, 16)?;
            Some((Character::Byte(u8::try_from(value).ok()?), rest))
        }
        b'u' | b'U' => {
            let (value, rest) = digits(rest, if *kind == b'u' { 4 } else { 8 }, 16)?;
            Some((Character::Rune(char::from_u32(value)?), rest))
        }
        b'0'..=b'7' => {
            let (value, rest) = digits(text.get(1..)?, 3, 8)?;
            Some((Character::Byte(u8::try_from(value).ok()?), rest))
        }
        _ => None,
    }
}

fn digits(text: &[u8], count: usize, radix: u32) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(count)?;
    if digits.contains(&b'+') {
        return None;
    }
    Some((u32::from_str_radix(digits.to_str().ok()?, radix).ok()?, rest))
}
