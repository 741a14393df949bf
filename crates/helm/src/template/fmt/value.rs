//! A value and a verb.

use bstr::ByteSlice as _;

use super::{
    pad::{Flags, Printer},
    quote,
};
use crate::value::{Element, Value};

/// How deep values are shown. Deeper than any that is meant: what is nested deeper holds itself, and Go would die of it.
const DEPTH: usize = 1_000;

impl Printer<'_> {
    /// An operand of its own.
    pub(super) fn argument(&mut self, value: &Value, verb: char, flags: &Flags) {
        match (value, verb) {
            (Value::Nil, 'v' | 'T') => self.pad(b"<nil>", flags),
            (Value::Nil, _) => self.bad_verb(value, verb, flags),
            // The verb of wrapped errors has no meaning here.
            (_, 'w') => self.bad_verb(value, verb, flags),
            (_, 'T') => self.string(value.type_name().as_bytes(), 's', flags),
            _ => self.value(value, verb, flags, 0),
        }
    }

    fn value(&mut self, value: &Value, verb: char, flags: &Flags, depth: usize) {
        if self.is_full() {
            return;
        }
        match value {
            Value::Nil if flags.syntax => self.write(b"interface {}(nil)"),
            Value::Nil => self.write(b"<nil>"),
            Value::Bool(bool) if matches!(verb, 't' | 'v') => {
                self.pad(if *bool { b"true" } else { b"false" }, flags);
            }
            Value::Int(number, kind) => self.integer(*number, *kind, verb, flags),
            Value::Float(number) => self.float(*number, verb, flags),
            Value::String(text) if matches!(verb, 'v' | 's' | 'x' | 'X' | 'q') => {
                self.string(text.as_bytes(), verb, flags);
            }
            Value::List(list, Element::Byte) if matches!(verb, 's' | 'x' | 'X' | 'q') => {
                let bytes: Vec<u8> = list.iter().map(byte).collect();
                self.string(&bytes, verb, flags);
            }
            Value::Object(object) => self.object(value, &**object, verb, flags, depth),
            Value::List(..) | Value::Map(_) if verb == 'p' => self.pad(b"0xc000000000", flags),
            Value::List(..) | Value::Map(_) if depth == DEPTH => self.stop(),
            Value::List(list, element) if flags.syntax => {
                self.write(value.type_name().as_bytes());
                self.byte(b'{');
                for (number, item) in list.iter().enumerate() {
                    if number > 0 {
                        self.write(b", ");
                    }
                    match (element, item) {
                        (Element::Byte, item) => self.write(format!("0x{:x}", byte(item)).as_bytes()),
                        (_, item) => self.value(item, verb, flags, depth + 1),
                    }
                }
                self.byte(b'}');
            }
            Value::List(list, _) => {
                self.byte(b'[');
                for (number, item) in list.iter().enumerate() {
                    if number > 0 {
                        self.byte(b' ');
                    }
                    self.value(item, verb, flags, depth + 1);
                }
                self.byte(b']');
            }
            Value::Map(map) => {
                let separator: &[u8] = if flags.syntax { b", " } else { b" " };
                if flags.syntax {
                    self.write(value.type_name().as_bytes());
                    self.byte(b'{');
                } else {
                    self.write(b"map[");
                }
                for (number, (key, item)) in map.sorted().into_iter().enumerate() {
                    if number > 0 {
                        self.write(separator);
                    }
                    self.value(&Value::String(key), verb, flags, depth + 1);
                    self.byte(b':');
                    self.value(&item, verb, flags, depth + 1);
                }
                self.byte(if flags.syntax { b'}' } else { b']' });
            }
            _ => self.bad_verb(value, verb, flags),
        }
    }

    /// What has words of its own uses them where text is wanted.
    fn object(
        &mut self,
        value: &Value,
        object: &dyn crate::value::Object,
        verb: char,
        flags: &Flags,
        depth: usize,
    ) {
        match (verb, object.data()) {
            ('v' | 's' | 'x' | 'X' | 'q', _) if !flags.syntax => {
                self.string(object.print().as_bytes(), verb, flags);
            }
            (_, Value::Nil) => self.bad_verb(value, verb, flags),
            (_, data) => self.value(&data, verb, flags, depth + 1),
        }
    }

    pub(super) fn bad_verb(&mut self, value: &Value, verb: char, flags: &Flags) {
        self.write(format!("%!{verb}(").as_bytes());
        match value {
            Value::Nil => self.write(b"<nil>"),
            other => {
                self.write(other.type_name().as_bytes());
                self.byte(b'=');
                match other {
                    Value::Object(object) => self.write(object.print().as_bytes()),
                    other => self.argument(other, 'v', flags),
                }
            }
        }
        self.byte(b')');
    }

    fn string(&mut self, text: &[u8], verb: char, flags: &Flags) {
        match verb {
            'x' | 'X' => return self.hexadecimal(text, verb, flags),
            _ => {}
        }
        let cut = match flags.precision {
            Some(precision) => {
                let end = text.char_indices().nth(precision).map_or(text.len(), |(start, ..)| start);
                text.get(..end).unwrap_or(text)
            }
            None => text,
        };
        if verb == 'q' || flags.syntax {
            let quoted = if flags.sharp && quote::can_backquote(cut) {
                [b"`", cut, b"`"].concat()
            } else {
                quote::quote(cut, b'"', flags.plus)
            };
            self.pad(&quoted, flags);
        } else {
            self.pad(cut, flags);
        }
    }

    fn hexadecimal(&mut self, text: &[u8], verb: char, flags: &Flags) {
        let text = match flags.precision {
            Some(precision) => text.get(..precision).unwrap_or(text),
            None => text,
        };
        let prefix = if verb == 'x' { "0x" } else { "0X" };
        let mut shown = String::new();
        for (number, byte) in text.iter().enumerate() {
            if flags.space && number > 0 {
                shown.push(' ');
            }
            if flags.sharp && (number == 0 || flags.space) {
                shown.push_str(prefix);
            }
            shown += &if verb == 'x' { format!("{byte:02x}") } else { format!("{byte:02X}") };
        }
        self.pad(shown.as_bytes(), flags);
    }
}

fn byte(value: &Value) -> u8 {
    match value {
        Value::Int(number, _) => *number as u8,
        _ => 0,
    }
}
