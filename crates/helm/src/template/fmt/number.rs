//! Integers and floats.

use super::{
    pad::{Flags, Printer},
    quote,
};
use crate::value::{IntKind, Value};

impl Printer<'_> {
    pub(super) fn integer(&mut self, number: i64, kind: IntKind, verb: char, flags: &Flags) {
        match verb {
            'v' if flags.syntax && kind == IntKind::Uint8 => {
                self.radix(number, 'x', &Flags { sharp: true, ..flags.clone() });
            }
            'v' => self.radix(number, 'd', flags),
            'd' | 'b' | 'o' | 'O' | 'x' | 'X' => self.radix(number, verb, flags),
            'c' => self.pad(character(number).encode_utf8(&mut [0; 4]).as_bytes(), flags),
            'q' => {
                let text = character(number).to_string();
                self.pad(&quote::quote(text.as_bytes(), b'\'', flags.plus), flags);
            }
            'U' => {
                let digits = flags.precision.filter(|precision| *precision > 4).unwrap_or(4);
                let mut text = format!("U+{:01$X}", number as u64, digits);
                let shown = u32::try_from(number).ok().and_then(char::from_u32);
                if let Some(c) = shown.filter(|c| flags.sharp && quote::is_printable(*c)) {
                    text += &format!(" '{c}'");
                }
                self.pad(text.as_bytes(), flags);
            }
            _ => self.bad_verb(&Value::Int(number, kind), verb, flags),
        }
    }

    fn radix(&mut self, number: i64, verb: char, flags: &Flags) {
        let magnitude = number.unsigned_abs();
        let mut digits = match verb {
            'b' => format!("{magnitude:b}"),
            'o' | 'O' => format!("{magnitude:o}"),
            'x' => format!("{magnitude:x}"),
            'X' => format!("{magnitude:X}"),
            _ => magnitude.to_string(),
        };
        if let Some(precision) = flags.precision {
            // No digits at all for a zero that may have none.
            if precision == 0 && number == 0 {
                return self.pad(b"", flags);
            }
            digits = format!("{digits:0>precision$}");
        }
        let mut lead = String::new();
        match number {
            ..0 => lead.push('-'),
            _ if flags.plus => lead.push('+'),
            _ if flags.space => lead.push(' '),
            _ => {}
        }
        let zero = flags.zero && flags.precision.is_none();
        // Zeros that fill the width count as digits, so the prefix of a base widens the number.
        if let (true, false, Some(width)) = (zero, flags.minus, flags.width) {
            let width = width.saturating_sub(lead.len()).min(1 << 20);
            digits = format!("{digits:0>width$}");
        }
        match verb {
            'b' if flags.sharp => lead.push_str("0b"),
            'o' if flags.sharp && !digits.starts_with('0') => lead.push('0'),
            'x' if flags.sharp => lead.push_str("0x"),
            'X' if flags.sharp => lead.push_str("0X"),
            'O' => lead.push_str("0o"),
            _ => {}
        }
        self.pad_number(lead.as_bytes(), digits.as_bytes(), false, flags);
    }

    pub(super) fn float(&mut self, number: f64, verb: char, flags: &Flags) {
        let (style, default) = match verb {
            'v' => ('g', None),
            'g' | 'G' | 'x' | 'X' | 'b' => (verb, None),
            'f' | 'e' | 'E' => (verb, Some(6)),
            'F' => ('f', Some(6)),
            _ => return self.bad_verb(&Value::Float(number), verb, flags),
        };
        let precision = flags.precision.or(default);
        let mut text = format_float(number.abs(), style, precision);
        if flags.sharp && style != 'b' && number.is_finite() {
            text = sharp(&text, style, precision);
        }
        let sign = match number {
            n if n.is_sign_negative() && !n.is_nan() => "-",
            _ if flags.plus => "+",
            _ if flags.space => " ",
            n if n.is_infinite() && verb != 'v' => "+",
            n if n.is_infinite() => "+",
            _ => "",
        };
        self.pad_number(sign.as_bytes(), text.as_bytes(), flags.zero && number.is_finite(), flags);
    }
}

/// The character, or U+FFFD if there is none.
fn character(number: i64) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `strconv.FormatFloat` of a number that is not negative. Without precision: as many digits as tell it from others.
pub(super) fn format_float(number: f64, style: char, precision: Option<usize>) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return "Inf".to_owned();
    }
    match style {
        'f' => match precision {
            Some(precision) => format!("{number:.precision$}"),
            None => format!("{number}"),
        },
        'e' | 'E' => exponential(number, precision, style),
        'x' | 'X' => hexadecimal(number, precision, style),
        'b' => {
            let bits = number.to_bits();
            let (exponent, mantissa) = match bits >> 52 & 0x7ff {
                0 => (1, bits & ((1 << 52) - 1)),
                exponent => (exponent as i64, bits & ((1 << 52) - 1) | 1 << 52),
            };
            format!("{mantissa}p{:+}", exponent - 1023 - 52)
        }
        _ => general(number, precision, if style == 'G' { 'E' } else { 'e' }),
    }
}

fn exponential(number: f64, precision: Option<usize>, letter: char) -> String {
    let text = match precision {
        Some(precision) => format!("{number:.precision$e}"),
        None => format!("{number:e}"),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{mantissa}{letter}{sign}{exponent:0>2}")
}

/// `%g`: with an exponent only where that is large, and without zeros at the end.
fn general(number: f64, precision: Option<usize>, letter: char) -> String {
    let significant = precision.map(|precision| precision.max(1));
    let text = match significant {
        Some(significant) => format!("{number:.*e}", significant - 1),
        None => format!("{number:e}"),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.truncate(digits.trim_end_matches('0').len().max(1));
    // The shortest form decides as if it had 6 digits, an exact one by those it has.
    let most = match significant {
        None => 6,
        Some(significant) if significant > digits.len() && digits.len() as i32 > exponent => digits.len(),
        Some(significant) => significant,
    };
    if exponent < -4 || exponent >= most as i32 {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{first}{point}{rest}{letter}{sign}{:02}", exponent.unsigned_abs());
    }
    if exponent < 0 {
        return format!("0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1));
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        return format!("{digits:0<whole$}");
    }
    let (whole, fraction) = digits.split_at(whole);
    format!("{whole}.{fraction}")
}

/// `%x`: `0x1.8p+01`.
fn hexadecimal(number: f64, precision: Option<usize>, style: char) -> String {
    let bits = number.to_bits();
    let mut exponent = (bits >> 52 & 0x7ff) as i64 - 1023;
    let mut mantissa = bits & ((1 << 52) - 1) | 1 << 52;
    if number == 0.0 {
        (exponent, mantissa) = (0, 0);
    } else if exponent == -1023 {
        // Subnormal numbers are shown as normal ones.
        mantissa &= (1 << 52) - 1;
        exponent = -1022;
        while mantissa & 1 << 52 == 0 {
            mantissa <<= 1;
            exponent -= 1;
        }
    }
    if let Some(precision) = precision.filter(|precision| *precision < 13) {
        let shift = 52 - 4 * precision as u32;
        let (kept, lost, half) = (mantissa >> shift, mantissa & ((1 << shift) - 1), 1_u64 << (shift - 1));
        let up = lost > half || (lost == half && kept & 1 == 1);
        mantissa = (kept + u64::from(up)) << shift;
        if mantissa >> 53 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut fraction = format!("{:013x}", mantissa & ((1 << 52) - 1));
    match precision {
        None => fraction.truncate(fraction.trim_end_matches('0').len()),
        Some(precision) => fraction = format!("{fraction:0<precision$.precision$}"),
    }
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    let text = format!("0x{}{point}{fraction}p{sign}{:02}", mantissa >> 52, exponent.unsigned_abs());
    if style == 'X' { text.to_ascii_uppercase() } else { text }
}

/// `#` keeps the point, and for `%g` the zeros.
fn sharp(text: &str, style: char, precision: Option<usize>) -> String {
    let at = text
        .char_indices()
        .find(|(index, c)| match style {
            'x' | 'X' => matches!(c, 'p' | 'P'),
            _ => matches!(c, 'e' | 'E') && *index > 0,
        })
        .map_or(text.len(), |(index, _)| index);
    let (mantissa, tail) = text.split_at(at);
    let mut mantissa = mantissa.to_owned();
    let wanted = match style {
        'g' | 'G' => precision.unwrap_or(6),
        'x' | 'X' => precision.unwrap_or(6),
        _ => 0,
    };
    if !mantissa.contains('.') {
        mantissa.push('.');
    }
    if matches!(style, 'g' | 'G') {
        let significant =
            mantissa.trim_start_matches(['0', '.']).chars().filter(char::is_ascii_digit).count();
        let have = if significant == 0 { 1 } else { significant };
        mantissa.extend(std::iter::repeat_n('0', wanted.saturating_sub(have)));
    }
    mantissa + tail
}
