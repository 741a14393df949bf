//! Where printing goes, and how it is padded.

use bstr::ByteSlice as _;

/// What stands between `%` and the verb.
#[derive(Clone, Default)]
pub(super) struct Flags {
    pub width: Option<usize>,
    pub precision: Option<usize>,
    pub plus: bool,
    pub minus: bool,
    pub sharp: bool,
    pub space: bool,
    pub zero: bool,
    /// `%#v`: as Go writes it.
    pub syntax: bool,
    /// `%+v`: with names of fields.
    pub names: bool,
}

/// Appends to a text that has an end.
pub(super) struct Printer<'o> {
    out: &'o mut Vec<u8>,
    limit: usize,
    full: bool,
}

impl<'o> Printer<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>, room: usize) -> Self {
        let limit = out.len().saturating_add(room);
        Self { out, limit, full: false }
    }

    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Ends the text here: it is not to be shown.
    pub(super) fn stop(&mut self) {
        self.full = true;
    }

    pub(super) fn write(&mut self, text: &[u8]) {
        if self.out.len().saturating_add(text.len()) > self.limit {
            self.full = true;
        }
        if !self.full {
            self.out.extend_from_slice(text);
        }
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.write(&[byte]);
    }

    fn fill(&mut self, byte: u8, count: usize) {
        if self.out.len().saturating_add(count) > self.limit {
            self.full = true;
        }
        if !self.full {
            self.out.resize(self.out.len() + count, byte);
        }
    }

    /// Text in its width, counted in characters. `0` fills text, too, as long as it stands to the right.
    pub(super) fn pad(&mut self, text: &[u8], flags: &Flags) {
        self.pad_with(if flags.zero && !flags.minus { b'0' } else { b' ' }, text, flags);
    }

    /// Text in its width, filled with space whatever the flags.
    pub(super) fn pad_space(&mut self, text: &[u8], flags: &Flags) {
        self.pad_with(b' ', text, flags);
    }

    fn pad_with(&mut self, filler: u8, text: &[u8], flags: &Flags) {
        let missing = match flags.width {
            Some(width) => width.saturating_sub(text.chars().count()),
            None => 0,
        };
        if flags.minus {
            self.write(text);
            self.fill(b' ', missing);
        } else {
            self.fill(filler, missing);
            self.write(text);
        }
    }

    /// A number in its width: zeros go behind the sign, and not to the right.
    pub(super) fn pad_number(&mut self, sign: &[u8], digits: &[u8], zero: bool, flags: &Flags) {
        let missing = match flags.width {
            Some(width) if zero && !flags.minus => width.saturating_sub(sign.len() + digits.len()),
            _ => {
                let mut text = sign.to_vec();
                text.extend_from_slice(digits);
                return self.pad_space(&text, flags);
            }
        };
        self.write(sign);
        self.fill(b'0', missing);
        self.write(digits);
    }
}
