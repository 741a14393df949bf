//! Go's layouts: a time is written as one would write Monday, 2 January 2006, 15:04:05 at seven hours west.

use super::time::{Civil, Time};

/// A part of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekDay,
    WeekDay,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    /// The zone's name.
    Zone,
    /// Its distance: whether 0 is written as `Z`, whether with colons, with minutes, with seconds.
    Offset {
        z: bool,
        colon: bool,
        minutes: bool,
        seconds: bool,
    },
    /// A fraction: the separator, how many digits, whether zeros at the end are written.
    Fraction {
        separator: u8,
        digits: usize,
        zeros: bool,
    },
}

/// Offsets by how they are written, longer ones first.
const OFFSETS: [(&[u8], bool, bool, bool); 5] = [
    (b"07:00:00", true, true, true),
    (b"070000", false, true, true),
    (b"07:00", true, true, false),
    (b"0700", false, true, false),
    (b"07", false, false, false),
];

/// Fixed texts, longer ones first where one begins with another.
const FIXED: [(&[u8], Part); 20] = [
    (b"January", Part::LongMonth),
    (b"Jan", Part::Month),
    (b"Monday", Part::LongWeekDay),
    (b"Mon", Part::WeekDay),
    (b"MST", Part::Zone),
    (b"002", Part::ZeroYearDay),
    (b"01", Part::ZeroMonth),
    (b"02", Part::ZeroDay),
    (b"03", Part::ZeroHour12),
    (b"04", Part::ZeroMinute),
    (b"05", Part::ZeroSecond),
    (b"06", Part::Year),
    (b"15", Part::Hour),
    (b"1", Part::NumMonth),
    (b"2006", Part::LongYear),
    (b"2", Part::Day),
    (b"3", Part::Hour12),
    (b"4", Part::Minute),
    (b"5", Part::Second),
    (b"PM", Part::UpperPm),
];

/// The part that `layout` begins with, and its length.
fn part_here(layout: &[u8]) -> Option<(Part, usize)> {
    let first = *layout.first()?;
    for (text, part) in FIXED {
        // «Jan» in «Janet» is no month.
        let within_word = || {
            matches!(part, Part::Month | Part::WeekDay) && layout.get(3).is_some_and(u8::is_ascii_lowercase)
        };
        if first == text[0] && layout.starts_with(text) && !within_word() {
            return Some((part, text.len()));
        }
    }
    match first {
        b'p' if layout.starts_with(b"pm") => Some((Part::LowerPm, 2)),
        b'_' if layout.starts_with(b"__2") => Some((Part::UnderYearDay, 3)),
        b'_' if layout.starts_with(b"_2") && !layout.starts_with(b"_2006") => Some((Part::UnderDay, 2)),
        b'-' | b'Z' => {
            let rest = layout.get(1..)?;
            OFFSETS.iter().find(|(text, ..)| rest.starts_with(text)).map(|(text, colon, minutes, seconds)| {
                let part =
                    Part::Offset { z: first == b'Z', colon: *colon, minutes: *minutes, seconds: *seconds };
                (part, text.len() + 1)
            })
        }
        b'.' | b',' => {
            let digit = *layout.get(1)?;
            if digit != b'0' && digit != b'9' {
                return None;
            }
            let digits = layout.get(1..)?.iter().take_while(|byte| **byte == digit).count();
            let more = layout.get(1 + digits).is_some_and(u8::is_ascii_digit);
            (!more).then_some((Part::Fraction { separator: first, digits, zeros: digit == b'0' }, 1 + digits))
        }
        _ => None,
    }
}

/// What stands before the first part, the part as it is written, the part, and what follows.
pub fn next(layout: &[u8]) -> (&[u8], Option<(&[u8], Part)>, &[u8]) {
    for at in 0..layout.len() {
        let (before, from) = layout.split_at(at);
        if let Some((part, length)) = part_here(from) {
            let (text, after) = from.split_at(length);
            return (before, Some((text, part)), after);
        }
    }
    (layout, None, b"")
}

/// Months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days of the week.
pub const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Time by layout.
pub fn format(time: &Time, layout: &[u8]) -> Vec<u8> {
    let civil = time.civil();
    let mut out = Vec::new();
    let mut rest = layout;
    loop {
        let (before, part, after) = next(rest);
        out.extend_from_slice(before);
        let Some((_, part)) = part else { return out };
        out.extend_from_slice(written(&civil, part).as_bytes());
        rest = after;
    }
}

fn written(civil: &Civil, part: Part) -> String {
    let name = |names: &[&'static str], index: u8| names.get(usize::from(index)).copied().unwrap_or_default();
    let month = name(&MONTHS, civil.month.wrapping_sub(1));
    let weekday = name(&DAYS, civil.weekday);
    let hour12 = if civil.hour.is_multiple_of(12) { 12 } else { civil.hour % 12 };
    match part {
        Part::LongMonth => month.into(),
        Part::Month => month.get(..3).unwrap_or_default().into(),
        Part::NumMonth => civil.month.to_string(),
        Part::ZeroMonth => format!("{:02}", civil.month),
        Part::LongWeekDay => weekday.into(),
        Part::WeekDay => weekday.get(..3).unwrap_or_default().into(),
        Part::Day => civil.day.to_string(),
        Part::UnderDay => format!("{:2}", civil.day),
        Part::ZeroDay => format!("{:02}", civil.day),
        Part::UnderYearDay => format!("{:3}", civil.year_day),
        Part::ZeroYearDay => format!("{:03}", civil.year_day),
        Part::Hour => format!("{:02}", civil.hour),
        Part::Hour12 => hour12.to_string(),
        Part::ZeroHour12 => format!("{hour12:02}"),
        Part::Minute => civil.minute.to_string(),
        Part::ZeroMinute => format!("{:02}", civil.minute),
        Part::Second => civil.second.to_string(),
        Part::ZeroSecond => format!("{:02}", civil.second),
        Part::LongYear if civil.year < 0 => format!("-{:04}", civil.year.unsigned_abs()),
        Part::LongYear => format!("{:04}", civil.year),
        Part::Year => format!("{:02}", civil.year.rem_euclid(100)),
        Part::UpperPm => if civil.hour >= 12 { "PM" } else { "AM" }.into(),
        Part::LowerPm => if civil.hour >= 12 { "pm" } else { "am" }.into(),
        Part::Zone => civil.zone.clone(),
        Part::Offset { z: true, .. } if civil.offset == 0 => "Z".into(),
        Part::Offset { colon, minutes, seconds, .. } => offset(civil.offset, colon, minutes, seconds),
        Part::Fraction { separator, digits, zeros } => fraction(civil.nanosecond, separator, digits, zeros),
    }
}

/// A distance as `+0730`, with colons and seconds where they are asked for.
pub fn offset(offset: i32, colon: bool, minutes: bool, seconds: bool) -> String {
    let magnitude = offset.unsigned_abs();
    let mut out = format!("{}{:02}", if offset < 0 { '-' } else { '+' }, magnitude / 3600);
    let colon = if colon { ":" } else { "" };
    if minutes {
        out.push_str(&format!("{colon}{:02}", magnitude % 3600 / 60));
    }
    if seconds {
        out.push_str(&format!("{colon}{:02}", magnitude % 60));
    }
    out
}

fn fraction(nanosecond: u32, separator: u8, digits: usize, zeros: bool) -> String {
    let all = format!("{nanosecond:09}");
    let kept = all.get(..digits.min(9)).unwrap_or_default();
    let kept = if zeros { kept } else { kept.trim_end_matches('0') };
    if kept.is_empty() { String::new() } else { format!("{}{kept}", char::from(separator)) }
}
