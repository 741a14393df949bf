//! The format of `printf`.

use super::pad::{Flags, Printer};
use crate::value::Value;

/// A width or precision beyond this is an error, as in Go.
const MOST: usize = 1_000_000;

struct Format<'a> {
    text: &'a [u8],
    at: usize,
    values: &'a [Value],
    next: usize,
    /// `[n]` was used: what is left over is no mistake.
    reordered: bool,
    good_index: bool,
}

/// Prints `values` as the format says.
pub(super) fn run(printer: &mut Printer<'_>, text: &[u8], values: &[Value]) {
    let mut format = Format { text, at: 0, values, next: 0, reordered: false, good_index: true };
    while format.at < text.len() && !printer.is_full() {
        let rest = text.get(format.at..).unwrap_or_default();
        let plain = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
        printer.write(rest.get(..plain).unwrap_or_default());
        format.at += plain;
        if format.at < text.len() {
            format.at += 1;
            format.verb(printer);
        }
    }
    let extra = values.get(format.next..).unwrap_or_default();
    if !format.reordered && !extra.is_empty() {
        printer.write(b"%!(EXTRA ");
        for (number, value) in extra.iter().enumerate() {
            if number > 0 {
                printer.write(b", ");
            }
            match value {
                Value::Nil => printer.write(b"<nil>"),
                value => {
                    printer.write(value.type_name().as_bytes());
                    printer.byte(b'=');
                    printer.argument(value, 'v', &Flags::default());
                }
            }
        }
        printer.byte(b')');
    }
}

impl Format<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn verb(&mut self, printer: &mut Printer<'_>) {
        let mut flags = self.flags();
        self.good_index = true;
        let mut after_index = self.index();
        if self.peek() == Some(b'*') {
            self.at += 1;
            match self.star() {
                Some(width) => {
                    flags.minus |= width < 0;
                    flags.width = Some(width.unsigned_abs() as usize);
                }
                None => printer.write(b"%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            flags.width = self.number();
            if after_index && flags.width.is_some() {
                self.good_index = false;
            }
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if after_index {
                self.good_index = false;
            }
            after_index = self.index();
            if self.peek() == Some(b'*') {
                self.at += 1;
                match self.star() {
                    Some(precision) => flags.precision = usize::try_from(precision).ok(),
                    None => printer.write(b"%!(BADPREC)"),
                }
                after_index = false;
            } else {
                flags.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.index();
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return printer.write(b"%!(NOVERB)");
        }
        let (verb, size) = bstr::decode_utf8(rest);
        let verb = verb.unwrap_or(char::REPLACEMENT_CHARACTER);
        self.at += size.max(1);
        match self.values.get(self.next) {
            _ if verb == '%' => printer.byte(b'%'),
            _ if !self.good_index => printer.write(format!("%!{verb}(BADINDEX)").as_bytes()),
            None => printer.write(format!("%!{verb}(MISSING)").as_bytes()),
            Some(value) => {
                self.next += 1;
                if verb == 'v' {
                    flags.syntax = std::mem::take(&mut flags.sharp);
                    flags.names = std::mem::take(&mut flags.plus);
                }
                printer.argument(value, verb, &flags);
            }
        }
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        loop {
            match self.peek() {
                Some(b'#') => flags.sharp = true,
                Some(b'0') => flags.zero = true,
                Some(b'+') => flags.plus = true,
                Some(b'-') => flags.minus = true,
                Some(b' ') => flags.space = true,
                _ => return flags,
            }
            self.at += 1;
        }
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.at;
        let mut number = 0_usize;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            self.at += 1;
            number = number * 10 + usize::from(digit - b'0');
            if number > MOST {
                self.at = self.text.len();
                return None;
            }
        }
        (self.at > start).then_some(number)
    }

    /// The operand that `*` stands for: an integer of a width that makes sense.
    fn star(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        match value {
            Value::Int(number, _) if number.unsigned_abs() <= MOST as u64 => Some(*number),
            _ => None,
        }
    }

    /// `[n]`: the operand to go on with.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(end) = rest.iter().position(|byte| *byte == b']') else {
            self.good_index = false;
            self.at += 1;
            return false;
        };
        let digits = rest.get(1..end).unwrap_or_default();
        self.at += end + 1;
        let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<usize>().ok());
        match number {
            Some(number) if (1..=self.values.len()).contains(&number) => {
                self.next = number - 1;
                true
            }
            _ => {
                self.good_index = false;
                // Go goes on as if the index were there when it is a number out of range.
                number.is_some()
            }
        }
    }
}
