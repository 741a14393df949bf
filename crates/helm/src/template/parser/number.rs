//! Go's numbers.

use super::{
    super::{ast::Number, fmt},
    Kind, quoted,
};

/// The number a token stands for, as every kind that can hold it.
pub(super) fn parse(kind: Kind, text: &[u8]) -> Result<Number, String> {
    let shown = || fmt::quoted(text);
    let text_of = String::from_utf8_lossy(text).into_owned();
    if kind == Kind::CharConstant {
        let Some(rune) = quoted::unquote_character(text) else {
            return Err(format!("malformed character constant: {text_of}"));
        };
        return Ok(Number {
            text: text_of,
            int: Some(rune),
            uint: u64::try_from(rune).ok(),
            float: Some(rune as f64),
        });
    }
    if kind == Kind::Complex || text_of.ends_with('i') {
        return Err(format!("complex numbers are not supported: {text_of}"));
    }
    let mut number = Number { text: text_of.clone(), ..Number::default() };
    number.uint = unsigned(&text_of);
    number.int = signed(&text_of);
    if number.int == Some(0) {
        number.uint = Some(0);
    }
    if let Some(int) = number.int {
        number.float = Some(int as f64);
    } else if let Some(uint) = number.uint {
        number.float = Some(uint as f64);
    } else if let Some(float) = float(&text_of) {
        if !text_of.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", shown()));
        }
        number.float = Some(float);
        if float as i64 as f64 == float {
            number.int = Some(float as i64);
        }
        if float >= 0.0 && float as u64 as f64 == float {
            number.uint = Some(float as u64);
        }
    } else {
        return Err(format!("illegal number syntax: {}", shown()));
    }
    Ok(number)
}

fn signed(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    let value = i128::from(unsigned(digits)?);
    i64::try_from(if negative { -value } else { value }).ok()
}

/// `ParseUint` with base 0: the prefix tells the base, `_` may separate digits.
fn unsigned(text: &str) -> Option<u64> {
    if text.starts_with(['+', '-']) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let (radix, digits) = if let Some(digits) = lower.strip_prefix("0x") {
        (16, digits)
    } else if let Some(digits) = lower.strip_prefix("0b") {
        (2, digits)
    } else if let Some(digits) = lower.strip_prefix("0o") {
        (8, digits)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, lower.get(1..)?)
    } else {
        (10, lower.as_str())
    };
    u64::from_str_radix(&separated(digits, radix != 10)?, radix).ok()
}

/// The digits without their separators, if those stand where they may: between digits, and behind a prefix.
fn separated(digits: &str, prefixed: bool) -> Option<String> {
    let stray = digits.contains("__") || digits.ends_with('_') || (digits.starts_with('_') && !prefixed);
    (!stray && !digits.starts_with(['+', '-'])).then(|| digits.replace('_', ""))
}

fn float(text: &str) -> Option<f64> {
    let (negative, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let value = match lower.strip_prefix("0x") {
        Some(digits) => hexadecimal(&separated(digits, true)?)?,
        None if lower.starts_with(|c: char| c.is_ascii_digit() || c == '.') && !lower.contains('_') => {
            lower.parse::<f64>().ok().filter(|value| value.is_finite())?
        }
        None => return None,
    };
    Some(if negative { -value } else { value })
}

/// `1.8p3`: hexadecimal digits and a power of two, which must be there.
fn hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0_f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let exponent: i32 = exponent.parse().ok()?;
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?.checked_mul(4)?)?;
    Some(value * 2.0_f64.powi(shift)).filter(|value| value.is_finite())
}
