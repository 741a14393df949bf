//! Ages as kubectl prints them: `45s`, `12m`, `3h`, `5d`.

use jiff::Timestamp;

/// The time from `then` to `now`, in two figures at most.
pub fn age(then: Option<Timestamp>, now: Timestamp) -> String {
    let Some(then) = then else { return "<unknown>".into() };
    let seconds = now.as_second().saturating_sub(then.as_second()).max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    if seconds < 120 {
        format!("{seconds}s")
    } else if seconds < 600 && seconds % 60 != 0 {
        format!("{minutes}m{}s", seconds % 60)
    } else if seconds < 7200 {
        format!("{minutes}m")
    } else if seconds < 28_800 && minutes % 60 != 0 {
        format!("{hours}h{}m", minutes % 60)
    } else if seconds < 172_800 {
        format!("{hours}h")
    } else if seconds < 691_200 && hours % 24 != 0 {
        format!("{days}d{}h", hours % 24)
    } else {
        format!("{days}d")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ages_are_short() {
        let now = Timestamp::from_second(10_000_000).unwrap();
        for (seconds, text) in [
            (0, "0s"),
            (119, "119s"),
            (125, "2m5s"),
            (600, "10m"),
            (7200, "2h"),
            (7260, "2h1m"),
            (100_000, "27h"),
            (180_000, "2d2h"),
            (900_000, "10d"),
            (-5, "0s"),
        ] {
            let then = Timestamp::from_second(10_000_000 - seconds).unwrap();
            assert_eq!(age(Some(then), now), text);
        }
        assert_eq!(age(None, now), "<unknown>");
    }
}
