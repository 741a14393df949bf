//! Reads times by a layout.

use super::{
    duration::quote,
    layout::{self, Part},
    time::{Time, Zone, days},
};

/// What was read so far.
#[derive(Default)]
struct Read {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: u32,
    afternoon: Option<bool>,
    utc: bool,
    offset: Option<i64>,
    zone: String,
}

/// Why a part was not read.
enum Fault {
    /// It is not there.
    Missing,
    /// It is too large.
    Range(&'static str),
}

type Step<'a> = Result<&'a str, Fault>;

/// Reads `value` by `layout`; without a zone in it it is UTC.
///
/// # Errors
/// In Go's words.
pub fn parse(layout: &str, value: &str) -> Result<Time, String> {
    let fail = |rest: &str, part: &str| {
        format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quote(value),
            quote(layout),
            quote(rest),
            quote(part)
        )
    };
    let wrong = |what: &str| format!("parsing time {}{what}", quote(value));
    let mut read = Read::default();
    let (mut pattern, mut rest) = (layout.as_bytes(), value);
    loop {
        let (before, part, after) = layout::next(pattern);
        let before = String::from_utf8_lossy(before);
        rest = skip(rest, &before).map_err(|rest| fail(rest, &before))?;
        let Some((text, part)) = part else {
            if !rest.is_empty() {
                return Err(wrong(&format!(": extra text: {}", quote(rest))));
            }
            break;
        };
        rest = match read.part(part, rest, after) {
            Ok(rest) => rest,
            Err(Fault::Missing) => return Err(fail(rest, &String::from_utf8_lossy(text))),
            Err(Fault::Range(what)) => return Err(wrong(&format!(": {what} out of range"))),
        };
        pattern = after;
    }
    read.time().map_err(|what| wrong(what))
}

/// What follows `before`; any spaces fit any others.
fn skip<'a>(mut value: &'a str, before: &str) -> Result<&'a str, &'a str> {
    let mut before = before;
    while let Some(next) = before.chars().next() {
        if next == ' ' {
            if !value.is_empty() && !value.starts_with(' ') {
                return Err(value);
            }
            before = before.trim_start_matches(' ');
            value = value.trim_start_matches(' ');
            continue;
        }
        value = value.strip_prefix(next).ok_or(value)?;
        before = before.get(next.len_utf8()..).unwrap_or_default();
    }
    Ok(value)
}

fn is_digit(value: &str, at: usize) -> bool {
    value.as_bytes().get(at).is_some_and(u8::is_ascii_digit)
}

/// A number of `least` to `most` digits.
fn number(value: &str, least: usize, most: usize) -> Result<(i64, &str), Fault> {
    let count = (0..most).take_while(|at| is_digit(value, *at)).count();
    if count < least.max(1) {
        return Err(Fault::Missing);
    }
    let (digits, rest) = value.split_at(count);
    Ok((digits.parse().map_err(|_| Fault::Missing)?, rest))
}

/// A number, and that it is below.
fn below<'a>(value: &'a str, fixed: bool, limit: i64, what: &'static str) -> Result<(i64, &'a str), Fault> {
    let (number, rest) = number(value, if fixed { 2 } else { 1 }, 2)?;
    if number < limit { Ok((number, rest)) } else { Err(Fault::Range(what)) }
}

/// Which name the value begins with, in any case.
fn lookup<'a>(names: &[&str], length: Option<usize>, value: &'a str) -> Result<(i64, &'a str), Fault> {
    for (index, name) in names.iter().enumerate() {
        let name = length.and_then(|length| name.get(..length)).unwrap_or(name);
        if value.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            let rest = value.get(name.len()..).unwrap_or_default();
            return Ok((i64::try_from(index).unwrap_or_default(), rest));
        }
    }
    Err(Fault::Missing)
}

/// The fraction that `length` bytes are, the first being its separator.
fn nanoseconds(value: &str, length: usize) -> Result<(u32, &str), Fault> {
    if !value.starts_with(['.', ',']) {
        return Err(Fault::Missing);
    }
    let digits = value.get(1..length).ok_or(Fault::Missing)?;
    let digits = digits.get(..9).unwrap_or(digits);
    let number: u32 = digits.parse().map_err(|_| Fault::Missing)?;
    let missing = u32::try_from(9 - digits.len()).unwrap_or_default();
    Ok((number * 10u32.pow(missing), value.get(length..).unwrap_or_default()))
}

/// How long the fraction is that the value begins with.
fn fraction_length(value: &str) -> Option<usize> {
    let begins = value.starts_with(['.', ',']) && is_digit(value, 1);
    begins.then(|| 1 + value.bytes().skip(1).take_while(u8::is_ascii_digit).count())
}

impl Read {
    /// Reads a part; `after` is the layout behind it.
    fn part<'a>(&mut self, part: Part, value: &'a str, after: &[u8]) -> Step<'a> {
        let rest;
        match part {
            Part::Year => {
                let (year, after) = number(value, 2, 2)?;
                (self.year, rest) = (if year >= 69 { year + 1900 } else { year + 2000 }, after);
            }
            Part::LongYear => (self.year, rest) = number(value, 4, 4)?,
            Part::Month | Part::LongMonth => {
                let (month, after) = lookup(&layout::MONTHS, (part == Part::Month).then_some(3), value)?;
                (self.month, rest) = (Some(month + 1), after);
            }
            Part::NumMonth | Part::ZeroMonth => {
                let (month, after) = below(value, part == Part::ZeroMonth, 13, "month")?;
                if month == 0 {
                    return Err(Fault::Range("month"));
                }
                (self.month, rest) = (Some(month), after);
            }
            Part::WeekDay => (_, rest) = lookup(&layout::DAYS, Some(3), value)?,
            Part::LongWeekDay => (_, rest) = lookup(&layout::DAYS, None, value)?,
            Part::Day | Part::UnderDay | Part::ZeroDay => {
                let value =
                    if part == Part::UnderDay { value.strip_prefix(' ').unwrap_or(value) } else { value };
                let (day, after) = number(value, if part == Part::ZeroDay { 2 } else { 1 }, 2)?;
                (self.day, rest) = (Some(day), after);
            }
            Part::UnderYearDay | Part::ZeroYearDay => {
                let (value, least) = if part == Part::ZeroYearDay {
                    (value, 3)
                } else {
                    let value = value.strip_prefix(' ').unwrap_or(value);
                    (value.strip_prefix(' ').unwrap_or(value), 1)
                };
                let (day, after) = number(value, least, 3)?;
                (self.year_day, rest) = (Some(day), after);
            }
            Part::Hour => (self.hour, rest) = below(value, false, 24, "hour")?,
            Part::Hour12 | Part::ZeroHour12 => {
                (self.hour, rest) = below(value, part == Part::ZeroHour12, 13, "hour")?;
            }
            Part::Minute | Part::ZeroMinute => {
                (self.minute, rest) = below(value, part == Part::ZeroMinute, 60, "minute")?;
            }
            Part::Second | Part::ZeroSecond => {
                let (second, after_second) = below(value, part == Part::ZeroSecond, 60, "second")?;
                self.second = second;
                // A fraction may follow though the layout has none.
                let in_layout = matches!(layout::next(after), (_, Some((_, Part::Fraction { .. })), _));
                match fraction_length(after_second) {
                    Some(length) if !in_layout => {
                        (self.nanosecond, rest) = nanoseconds(after_second, length)?
                    }
                    _ => rest = after_second,
                }
            }
            Part::UpperPm | Part::LowerPm => {
                let (am, pm) = if part == Part::UpperPm { ("AM", "PM") } else { ("am", "pm") };
                self.afternoon = Some(value.starts_with(pm));
                rest = value.strip_prefix(pm).or_else(|| value.strip_prefix(am)).ok_or(Fault::Missing)?;
            }
            Part::Offset { z, colon, minutes, seconds } => match value.strip_prefix('Z').filter(|_| z) {
                Some(after) => (self.utc, rest) = (true, after),
                None => {
                    let (offset, after) = offset(value, colon, minutes, seconds)?;
                    (self.offset, rest) = (Some(offset), after);
                }
            },
            Part::Zone => match value.strip_prefix("UTC") {
                Some(after) => (self.utc, rest) = (true, after),
                None => {
                    let (zone, after) = value.split_at(zone_length(value).ok_or(Fault::Missing)?);
                    (self.zone, rest) = (zone.to_owned(), after);
                }
            },
            Part::Fraction { digits, zeros: true, .. } => {
                (self.nanosecond, rest) = nanoseconds(value, digits + 1)?;
            }
            Part::Fraction { .. } => match fraction_length(value) {
                Some(length) => (self.nanosecond, rest) = nanoseconds(value, length)?,
                None => rest = value,
            },
        }
        Ok(rest)
    }

    /// What all parts together are.
    fn time(mut self) -> Result<Time, &'static str> {
        match self.afternoon {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        if let Some(of_year) = self.year_day {
            self.place_in_year(of_year)?;
        }
        let month = u8::try_from(self.month.unwrap_or(1)).unwrap_or(1);
        let day = self.day.unwrap_or(1);
        let first = days(self.year, month, 1);
        let next = if month == 12 { days(self.year + 1, 1, 1) } else { days(self.year, month + 1, 1) };
        if day < 1 || day > next - first {
            return Err(": day out of range");
        }
        let local = (first + day - 1) * 86_400 + self.hour * 3600 + self.minute * 60 + self.second;
        let fixed = |seconds: i64, offset: i64, name: String| Time {
            seconds,
            nanoseconds: self.nanosecond,
            zone: Zone::Fixed(i32::try_from(offset).unwrap_or_default(), name),
        };
        Ok(match self.offset {
            _ if self.utc => Time::utc(local, self.nanosecond),
            Some(0) if self.zone.is_empty() => Time::utc(local, self.nanosecond),
            Some(offset) => fixed(local - offset, offset, self.zone),
            None if self.zone.is_empty() => Time::utc(local, self.nanosecond),
            // Only of names like GMT+3 is it known where they are; Go takes the time for one of Greenwich all the same.
            None => {
                let hours: i64 =
                    self.zone.strip_prefix("GMT").and_then(|hours| hours.parse().ok()).unwrap_or_default();
                fixed(local, hours * 3600, self.zone)
            }
        })
    }

    /// Month and day of a day of the year; what else was read of them must be the same.
    fn place_in_year(&mut self, of_year: i64) -> Result<(), &'static str> {
        let year = self.year;
        if of_year < 1 || of_year > days(year + 1, 1, 1) - days(year, 1, 1) {
            return Err(": day-of-year out of range");
        }
        let day = days(year, 1, 1) + of_year - 1;
        let month = (1..=12).rev().find(|month| days(year, *month, 1) <= day).unwrap_or(1);
        let of_month = day - days(year, month, 1) + 1;
        if self.month.is_some_and(|read| read != i64::from(month)) {
            return Err(": day-of-year does not match month");
        }
        if self.day.is_some_and(|read| read != of_month) {
            return Err(": day-of-year does not match day");
        }
        (self.month, self.day) = (Some(month.into()), Some(of_month));
        Ok(())
    }
}

/// A distance such as `+07:30`.
fn offset(value: &str, colon: bool, minutes: bool, seconds: bool) -> Result<(i64, &str), Fault> {
    let sign = match value.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Err(Fault::Missing),
    };
    let mut rest = value.get(1..).unwrap_or_default();
    let mut total = 0;
    let units = [
        (true, 3600, 24, "time zone offset hour"),
        (minutes, 60, 60, "time zone offset minute"),
        (seconds, 1, 60, "time zone offset second"),
    ];
    for (index, (wanted, unit, limit, what)) in units.into_iter().enumerate() {
        if !wanted {
            break;
        }
        if index > 0 && colon {
            rest = rest.strip_prefix(':').ok_or(Fault::Missing)?;
        }
        let (number, after) = number(rest, 2, 2)?;
        if number > limit {
            return Err(Fault::Range(what));
        }
        total += number * unit;
        rest = after;
    }
    Ok((sign * total, rest))
}

/// How long the name of a zone is that the value begins with.
fn zone_length(value: &str) -> Option<usize> {
    let bytes = value.as_bytes();
    if bytes.len() < 3 {
        return None;
    }
    if value.starts_with("ChST") || value.starts_with("MeST") {
        return Some(4);
    }
    if let Some(rest) = value.strip_prefix("GMT") {
        return Some(3 + signed_length(rest));
    }
    if value.starts_with(['+', '-']) {
        return Some(signed_length(value)).filter(|length| *length > 0);
    }
    let capitals = bytes.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count();
    match capitals {
        3 => Some(3),
        4 if bytes.get(3) == Some(&b'T') || value.starts_with("WITA") => Some(4),
        5 if bytes.get(4) == Some(&b'T') => Some(5),
        _ => None,
    }
}

/// How long a signed number of hours is.
fn signed_length(value: &str) -> usize {
    if !value.starts_with(['+', '-']) {
        return 0;
    }
    let digits = value.bytes().skip(1).take_while(u8::is_ascii_digit).count();
    match value.get(1..=digits).and_then(|digits| digits.parse::<u32>().ok()) {
        Some(hours) if hours <= 23 => digits + 1,
        _ => 0,
    }
}
