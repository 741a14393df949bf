//! Numbers as Go writes them.

/// `strconv.FormatFloat(number, 'g', -1, 64)`, and `.inf`, `-.inf`, `.nan` as YAML has them.
pub fn float(number: f64) -> String {
    digits(&format!("{number:e}"), number.is_finite(), number)
}

/// The same with the precision of `float32`: what sigs.k8s.io/yaml makes of a number where a text is wanted.
pub fn short_float(number: f64) -> String {
    #[allow(clippy::cast_possible_truncation, reason = "the loss is what is asked for")]
    let number = number as f32;
    digits(&format!("{number:e}"), number.is_finite(), f64::from(number))
}

/// A number of values where a text is wanted: integers in full, others as [`short_float`].
pub fn text(number: f64) -> String {
    integer(number).unwrap_or_else(|| short_float(number))
}

/// The number in full when it is an integer that an `int64` or `uint64` holds.
pub fn integer(number: f64) -> Option<String> {
    const MIN: f64 = -9_223_372_036_854_775_808.0;
    const MAX: f64 = 18_446_744_073_709_551_616.0;
    if number.fract() != 0.0 || !(MIN..MAX).contains(&number) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, reason = "the range was checked")]
    let whole = number as i128;
    Some(whole.to_string())
}

/// The integer YAML reads of what JSON writes of a number: the shortest digits, filled up with zeros.
pub fn json_integer(number: f64) -> Option<String> {
    if number.fract() != 0.0 {
        return None;
    }
    let text = number.to_string();
    let signed = text.parse::<i64>().map(|integer| integer.to_string());
    signed.or_else(|_| text.parse::<u64>().map(|integer| integer.to_string())).ok()
}

/// From Rust's shortest digits (`1.25e-7`) to Go's `%g`.
fn digits(scientific: &str, finite: bool, number: f64) -> String {
    if !finite {
        return match (number.is_nan(), number > 0.0) {
            (true, _) => ".nan",
            (false, true) => ".inf",
            (false, false) => "-.inf",
        }
        .into();
    }
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let figures: String = mantissa.chars().filter(|c| *c != '.').collect();
    // With the shortest digits Go decides by a precision of 6, however many digits there are.
    if !(-4..6).contains(&exponent) {
        let rest = &figures[1..];
        let point = if rest.is_empty() { "" } else { "." };
        let mark = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{}{point}{rest}e{mark}{:02}", &figures[..1], exponent.abs());
    }
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("{sign}0.{zeros}{figures}");
    }
    let whole = usize::try_from(exponent).unwrap_or(0) + 1;
    if figures.len() <= whole {
        return format!("{sign}{figures}{}", "0".repeat(whole - figures.len()));
    }
    format!("{sign}{}.{}", &figures[..whole], &figures[whole..])
}
