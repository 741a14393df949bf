//! Lengths of time as people write them.

/// Reads `45m`, `12h`, `30d`.
///
/// # Errors
/// How to write one.
pub fn duration(text: &str) -> Result<jiff::SignedDuration, String> {
    let hint = || format!("\"{text}\" is no time: write for instance 45m, 12h or 30d");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(hint)?;
    let number: i64 = number.parse().map_err(|_| hint())?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => return Err(hint()),
    };
    number.checked_mul(seconds).filter(|s| *s > 0).map(jiff::SignedDuration::from_secs).ok_or_else(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_read_as_people_write_them() {
        assert_eq!(duration("30d").map(|d| d.as_secs()), Ok(30 * 86400));
        assert_eq!(duration("12h").map(|d| d.as_secs()), Ok(43200));
        for bad in ["", "d", "0d", "-1h", "5", "5w", "あ"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
