//! Go's `fmt` for template values: <https://pkg.go.dev/fmt>.
//!
//! What prints is bounded: maps may hold themselves, and a few lines of a template can make a value that would print
//! for hours.

mod number;
mod pad;
mod printf;
mod quote;
mod value;

pub use quote::{is_printable, quoted, quoted_prefix};

use self::pad::{Flags, Printer};
use crate::value::Value;

/// What a text may have at most where nobody says otherwise.
const ROOM: usize = 16 << 20;

/// Appends the value as `print` shows it. `false`: it is longer than `room`, or holds itself, and is cut off.
pub fn append(out: &mut Vec<u8>, value: &Value, room: usize) -> bool {
    let mut printer = Printer::new(out, room);
    printer.argument(value, 'v', &Flags::default());
    !printer.is_full()
}

/// The value as `%v` shows it.
pub fn text(value: &Value) -> String {
    let mut out = Vec::new();
    append(&mut out, value, ROOM);
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// `fmt.Sprint`: a space stands between operands when neither is a string. `None`: longer than `room`, or without end.
pub fn sprint(values: &[Value], room: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut printer = Printer::new(&mut out, room);
    let mut before_is_string = true;
    for (number, value) in values.iter().enumerate() {
        let is_string = matches!(value, Value::String(_));
        if number > 0 && !is_string && !before_is_string {
            printer.byte(b' ');
        }
        printer.argument(value, 'v', &Flags::default());
        before_is_string = is_string;
    }
    let full = printer.is_full();
    (!full).then_some(out)
}

/// `fmt.Sprintln`: spaces between all, and a new line. `None`: longer than `room`, or without end.
pub fn sprintln(values: &[Value], room: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut printer = Printer::new(&mut out, room);
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            printer.byte(b' ');
        }
        printer.argument(value, 'v', &Flags::default());
    }
    printer.byte(b'\n');
    let full = printer.is_full();
    (!full).then_some(out)
}

/// `fmt.Sprintf`. `None`: longer than `room`, or without end.
pub fn sprintf(format: &[u8], values: &[Value], room: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(format.len() + 16 * values.len());
    let mut printer = Printer::new(&mut out, room);
    printf::run(&mut printer, format, values);
    let full = printer.is_full();
    (!full).then_some(out)
}
