//! `%q`: strings and characters in quotes.

/// The text in quotes, as `%q` shows it.
pub fn quoted(text: &[u8]) -> String {
    String::from_utf8(quote(text, b'"', false)).unwrap_or_default()
}

/// Its first characters in quotes, as `%.10q` shows it.
pub fn quoted_prefix(text: &[u8], characters: usize) -> String {
    use bstr::ByteSlice as _;
    let end = text.char_indices().nth(characters).map_or(text.len(), |(start, ..)| start);
    quoted(text.get(..end).unwrap_or(text))
}

/// Whether the character is shown as itself. The only space that is, is ASCII's.
pub fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return c == ' ' || c.is_ascii_graphic();
    }
    // `escape_debug` knows what is unassigned, a control or a separator, and escapes marks that would join the quote.
    !c.is_whitespace() && !is_format(c) && (c.escape_debug().len() == 1 || is_mark(c))
}

/// Marks are printable in Go, though they extend what is before them.
fn is_mark(c: char) -> bool {
    c.escape_debug().len() > 1 && c.escape_default().len() > 1 && !c.is_control() && is_grapheme_extension(c)
}

/// `str::escape_debug` escapes an extending character only where it begins the string.
fn is_grapheme_extension(c: char) -> bool {
    format!("a{c}").escape_debug().count() == 2
}

/// Invisible characters that steer layout (Cf).
fn is_format(c: char) -> bool {
    matches!(u32::from(c),
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2 | 0x180e | 0x200b..=0x200f
        | 0x202a..=0x202e | 0x2060..=0x2064 | 0x2066..=0x206f | 0xfeff | 0xfff9..=0xfffb | 0x110bd | 0x110cd
        | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0001 | 0xe0020..=0xe007f)
}

/// Whether it can stand between backquotes.
pub(super) fn can_backquote(text: &[u8]) -> bool {
    match std::str::from_utf8(text) {
        Ok(text) => {
            text.chars().all(|c| c == '\t' || !(c.is_ascii_control() || matches!(c, '`' | '\u{feff}')))
        }
        Err(_) => false,
    }
}

/// The text between `mark`s. `ascii`: all else is escaped.
pub(super) fn quote(text: &[u8], mark: u8, ascii: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    out.push(mark);
    let mut rest = text;
    while let Some(first) = rest.first() {
        let (character, size) = bstr::decode_utf8(rest);
        let (bytes, behind) = rest.split_at_checked(size).unwrap_or((rest, &[]));
        rest = behind;
        match character {
            None => out.extend_from_slice(format!("\\x{first:02x}").as_bytes()),
            Some(c) => escape(&mut out, c, bytes, mark, ascii),
        }
        if size == 0 {
            break;
        }
    }
    out.push(mark);
    out
}

fn escape(out: &mut Vec<u8>, c: char, bytes: &[u8], mark: u8, ascii: bool) {
    let simple = match c {
        '\x07' => Some(b'a'),
        '\x08' => Some(b'b'),
        '\x0c' => Some(b'f'),
        '\n' => Some(b'n'),
        '\r' => Some(b'r'),
        '\t' => Some(b't'),
        '\x0b' => Some(b'v'),
        '\\' => Some(b'\\'),
        c if c == char::from(mark) => Some(mark),
        _ => None,
    };
    if let Some(letter) = simple {
        out.extend_from_slice(&[b'\\', letter]);
    } else if is_printable(c) && (!ascii || c.is_ascii()) {
        out.extend_from_slice(bytes);
    } else {
        let code = u32::from(c);
        let escaped = match code {
            0..=0x1f | 0x7f => format!("\\x{code:02x}"),
            0..=0xffff => format!("\\u{code:04x}"),
            _ => format!("\\U{code:08x}"),
        };
        out.extend_from_slice(escaped.as_bytes());
    }
}
