//! `time.Duration`: nanoseconds, read and written as in `1h2m3.5s`.

use std::{any::Any, rc::Rc};

use crate::{
    functions::convert,
    value::{Object, Value},
};

/// A second's nanoseconds.
pub const SECOND: i64 = 1_000_000_000;
/// A minute's.
pub const MINUTE: i64 = 60 * SECOND;
/// An hour's.
pub const HOUR: i64 = 60 * MINUTE;

/// Nanoseconds as a value of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration(pub i64);

/// As a value of templates.
pub fn value(nanoseconds: i64) -> Value {
    Value::Object(Rc::new(Duration(nanoseconds)))
}

/// The nanoseconds of a value that is a duration.
pub fn of(value: &Value) -> Option<i64> {
    match value {
        Value::Object(object) => object.as_any().downcast_ref::<Duration>().map(|duration| duration.0),
        _ => None,
    }
}

/// A method's argument: a duration, or an untyped number.
pub fn argument(arguments: &[Value]) -> Result<i64, String> {
    match arguments.first() {
        Some(Value::Int(number, _)) => Ok(*number),
        Some(other) => {
            of(other).ok_or_else(|| format!("a time.Duration is wanted, not {}", other.type_name()))
        }
        None => Err("a time.Duration is wanted".into()),
    }
}

/// Reads `1h2m3.5s`, `-1.5h`, `300ms`.
///
/// # Errors
/// In Go's words.
pub fn parse(source: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote(source));
    let (negative, mut rest) = match source.as_bytes().first() {
        Some(b'-') => (true, source.get(1..).unwrap_or_default()),
        Some(b'+') => (false, source.get(1..).unwrap_or_default()),
        _ => (false, source),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0u64;
    // i64::MIN has one more than i64::MAX, and is written with a sign.
    let limit = 1u64 << 63;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after.find(|next: char| next == '.' || next.is_ascii_digit()).unwrap_or(after.len());
        let (unit_text, after) = after.split_at(end);
        if unit_text.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote(source)));
        }
        let unit: u64 = match unit_text {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => {
                return Err(format!("time: unknown unit {} in duration {}", quote(unit_text), quote(source)));
            }
        };
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        let nanoseconds = whole.checked_mul(unit).and_then(|whole| whole.checked_add(part(fraction, unit)));
        total = nanoseconds
            .and_then(|nanoseconds| total.checked_add(nanoseconds))
            .filter(|total| *total <= limit)
            .ok_or_else(invalid)?;
        rest = after;
    }
    if negative {
        return Ok((total as i64).wrapping_neg());
    }
    i64::try_from(total).map_err(|_| invalid())
}

fn digits(source: &str) -> (&str, &str) {
    source.split_at(source.find(|next: char| !next.is_ascii_digit()).unwrap_or(source.len()))
}

/// A fraction of a unit, cut off at nanoseconds; more digits than fit change nothing.
fn part(fraction: &str, unit: u64) -> u64 {
    let (mut number, mut scale) = (0u128, 1u128);
    for digit in fraction.bytes().take(30) {
        number = number * 10 + u128::from(digit - b'0');
        scale *= 10;
    }
    u64::try_from(number * u128::from(unit) / scale).unwrap_or_default()
}

/// Go's quotes in errors of this package.
pub fn quote(text: &str) -> String {
    let mut out = String::from('"');
    for rune in text.chars() {
        match rune {
            '"' | '\\' => out.extend(['\\', rune]),
            ' '..='~' => out.push(rune),
            other => {
                let mut buffer = [0; 4];
                other
                    .encode_utf8(&mut buffer)
                    .bytes()
                    .for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
            }
        }
    }
    out.push('"');
    out
}

/// As in `1h2m3.5s`.
pub fn print(nanoseconds: i64) -> String {
    let magnitude = nanoseconds.unsigned_abs();
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let second = SECOND.unsigned_abs();
    if magnitude < second {
        return match magnitude {
            0 => "0s".into(),
            1..1_000 => format!("{sign}{magnitude}ns"),
            1_000..1_000_000 => format!("{sign}{}µs", decimal(magnitude, 1_000)),
            _ => format!("{sign}{}ms", decimal(magnitude, 1_000_000)),
        };
    }
    let (minutes, rest) = (magnitude / (60 * second), magnitude % (60 * second));
    let seconds = decimal(rest, second);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// A quotient by a power of ten, without zeros at the end.
fn decimal(number: u64, unit: u64) -> String {
    let places = unit.ilog10() as usize;
    let fraction = format!("{:0places$}", number % unit);
    match fraction.trim_end_matches('0') {
        "" => (number / unit).to_string(),
        fraction => format!("{}.{fraction}", number / unit),
    }
}

/// To the nearest multiple, half away from zero; what would not fit is the longest duration.
pub fn round(nanoseconds: i64, multiple: i64) -> i64 {
    if multiple <= 0 {
        return nanoseconds;
    }
    let (value, multiple) = (i128::from(nanoseconds), i128::from(multiple));
    let rest = (value % multiple).abs();
    let down = value.abs() - rest;
    let rounded = if rest * 2 < multiple { down } else { down + multiple } * value.signum();
    i64::try_from(rounded).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

/// Towards zero to a multiple.
pub fn truncate(nanoseconds: i64, multiple: i64) -> i64 {
    if multiple <= 0 { nanoseconds } else { nanoseconds - nanoseconds % multiple }
}

/// In units of so many nanoseconds, the whole ones and the rest reckoned apart as Go does.
pub fn in_units(nanoseconds: i64, unit: i64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "Go's float64 loses as much")]
    let float = |number: i64| number as f64;
    float(nanoseconds / unit) + float(nanoseconds % unit) / float(unit)
}

fn from_seconds(seconds: f64) -> Result<i64, String> {
    if !seconds.is_finite() {
        return Err(format!("invalid duration seconds: {}", crate::functions::text::float(seconds)));
    }
    let nanoseconds = seconds * 1e9;
    if nanoseconds.abs() > 9_223_372_036_854_775_807.0 {
        return Err(format!("duration seconds overflow: {}", crate::functions::text::float(seconds)));
    }
    #[allow(clippy::cast_possible_truncation, reason = "the range was looked at")]
    Ok(nanoseconds as i64)
}

/// What Helm takes for a duration: one, its text, or seconds as number or text.
///
/// # Errors
/// In Helm's words.
pub fn from_value(value: &Value) -> Result<i64, String> {
    match value {
        Value::Nil => Err("invalid duration".into()),
        Value::String(text) => {
            let text = text.to_string();
            let trimmed = text.trim();
            if trimmed.is_empty() {
                return Err("empty duration".into());
            }
            parse(trimmed).or_else(|_| {
                let seconds = convert::parse_float(trimmed.as_bytes());
                from_seconds(seconds.ok_or_else(|| format!("could not parse duration {}", quote(&text)))?)
            })
        }
        Value::Int(seconds, _) => {
            seconds.checked_mul(SECOND).ok_or_else(|| format!("duration seconds overflow: {seconds}"))
        }
        Value::Float(seconds) => from_seconds(*seconds),
        other => of(other).ok_or_else(|| format!("unsupported duration type {}", other.type_name())),
    }
}

impl Object for Duration {
    fn type_name(&self) -> &'static str {
        "time.Duration"
    }

    fn kind(&self) -> &'static str {
        "int64"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        Some(match name {
            "Hours" => Ok(in_units(self.0, HOUR).into()),
            "Minutes" => Ok(in_units(self.0, MINUTE).into()),
            "Seconds" => Ok(in_units(self.0, SECOND).into()),
            "Milliseconds" => Ok(Value::int64(self.0 / 1_000_000)),
            "Microseconds" => Ok(Value::int64(self.0 / 1_000)),
            "Nanoseconds" => Ok(Value::int64(self.0)),
            "Abs" => Ok(value(self.0.saturating_abs())),
            "Round" => argument(arguments).map(|multiple| value(round(self.0, multiple))),
            "Truncate" => argument(arguments).map(|multiple| value(truncate(self.0, multiple))),
            "String" => Ok(print(self.0).into()),
            _ => return None,
        })
    }

    fn print(&self) -> String {
        print(self.0)
    }

    fn data(&self) -> Value {
        Value::int64(self.0)
    }

    fn truth(&self) -> bool {
        self.0 != 0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
