//! What a scalar is, by the rules of go-yaml v2: YAML 1.1 with some of 1.2.

/// What a plain scalar turned out to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Resolved {
    /// `null`, `~`, nothing.
    Null,
    /// `yes`, `off`, `true`…
    Bool(bool),
    /// An integer of `int64`.
    Int(i64),
    /// One that only `uint64` holds.
    Uint(u64),
    /// A number with a fraction or exponent, or too large for an integer.
    Float(f64),
    /// A date or time; a text for whoever reads values.
    Timestamp,
    /// A text.
    String,
}

/// Resolves a scalar without a tag.
pub(super) fn resolve(text: &str) -> Resolved {
    let Some(first) = text.bytes().next() else { return Resolved::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => match special(text) {
            Some(float) => Resolved::Float(float),
            None => float(text),
        },
        b'+' | b'-' | b'0'..=b'9' => number(text),
        _ => Resolved::String,
    }
}

fn word(text: &str) -> Resolved {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Resolved::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Resolved::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        _ => Resolved::String,
    }
}

fn special(text: &str) -> Option<f64> {
    Some(match text {
        ".nan" | ".NaN" | ".NAN" => f64::NAN,
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => f64::INFINITY,
        "-.inf" | "-.Inf" | "-.INF" => f64::NEG_INFINITY,
        _ => return None,
    })
}

fn number(text: &str) -> Resolved {
    if let Some(float) = special(text) {
        return Resolved::Float(float);
    }
    if is_timestamp(text) {
        return Resolved::Timestamp;
    }
    let plain = text.replace('_', "");
    let (negative, magnitude) = match plain.as_bytes() {
        [b'-', ..] => (true, &plain[1..]),
        [b'+', ..] => (false, &plain[1..]),
        _ => (false, &plain[..]),
    };
    let (digits, radix) = match magnitude.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&magnitude[2..], 16),
        [b'0', b'b' | b'B', ..] => (&magnitude[2..], 2),
        [b'0', b'o' | b'O', ..] => (&magnitude[2..], 8),
        [b'0', _, ..] => (&magnitude[1..], 8),
        _ => (magnitude, 10),
    };
    if digits.bytes().all(|b| b.is_ascii_alphanumeric())
        && let Ok(whole) = u64::from_str_radix(digits, radix)
    {
        let signed = if negative { 0i64.checked_sub_unsigned(whole) } else { i64::try_from(whole).ok() };
        match signed {
            Some(signed) => return Resolved::Int(signed),
            // Go reads what is beyond int64 without any sign.
            None if plain.len() == magnitude.len() => return Resolved::Uint(whole),
            None => {}
        }
    }
    float(&plain)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, when a float64 holds it.
fn float(text: &str) -> Resolved {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes, [b'-' | b'+', ..]));
    let whole = digits(&bytes[at..]);
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        let fraction = digits(&bytes[at..]);
        at += fraction;
        if whole + fraction == 0 {
            return Resolved::String;
        }
    } else if whole == 0 {
        return Resolved::String;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'-' | b'+')));
        let exponent = digits(&bytes[at..]);
        if exponent == 0 {
            return Resolved::String;
        }
        at += exponent;
    }
    match text.parse::<f64>() {
        Ok(float) if at == bytes.len() && float.is_finite() => Resolved::Float(float),
        _ => Resolved::String,
    }
}

/// Whether it is a date, or a date and a time, as go-yaml knows them.
fn is_timestamp(text: &str) -> bool {
    let mut at = Cursor(text.as_bytes());
    let date = || -> Option<bool> {
        let year = at.digits(4, 4)?;
        at.byte(b'-')?;
        let month = at.digits(1, 2)?;
        at.byte(b'-')?;
        let day = at.digits(1, 2)?;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        if day == 0 || day > days {
            return None;
        }
        let separator = match at.0.first() {
            None => return Some(true),
            Some(separator @ (b'T' | b't' | b' ')) => *separator,
            Some(_) => return None,
        };
        at.byte(separator)?;
        if separator == b' ' {
            // The layout's space takes any number of them.
            while at.byte(b' ').is_some() {}
        }
        (at.digits(1, 2)? < 24).then_some(())?;
        at.byte(b':')?;
        (at.digits(1, 2)? < 60).then_some(())?;
        at.byte(b':')?;
        (at.digits(1, 2)? < 60).then_some(())?;
        if at.byte(b'.').or_else(|| at.byte(b',')).is_some() {
            at.digits(1, 9)?;
        }
        if separator != b' ' && at.byte(b'Z').is_none() {
            at.byte(b'+').or_else(|| at.byte(b'-'))?;
            (at.digits(2, 2)? <= 24).then_some(())?;
            at.byte(b':')?;
            (at.digits(2, 2)? < 60).then_some(())?;
        }
        Some(at.0.is_empty())
    };
    let mut date = date;
    date() == Some(true)
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn byte(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
    }
}

/// Whether YAML 1.1 would read it as a number of base 60: `1:30`. Read as text, and quoted when written.
pub(super) fn is_base60(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    if !first.starts_with(|c: char| c.is_ascii_digit())
        || !first.bytes().all(|b| b.is_ascii_digit() || b == b'_')
    {
        return false;
    }
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return false };
    let last = match last.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_') => whole,
        Some(_) => return false,
        None => last,
    };
    parts.into_iter().chain([last]).all(|part| match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => (b'0'..=b'5').contains(ten) && one.is_ascii_digit(),
        _ => false,
    })
}
