//! Times and durations. The local zone is UTC, and now is the environment's.

use super::{
    Function,
    Parameter::{Any, Object, String as Text},
    arguments::{any, bytes, text},
    fixed,
};
use crate::{
    environment::Environment,
    value::{IntKind, Value},
};

mod duration;
mod layout;
mod parse;
mod time;

use time::{Time, Zone};

const TIME: super::Parameter = Object("time.Time");

fn now(environment: &Environment<'_>) -> Time {
    let (seconds, nanoseconds) = environment.now;
    Time::utc(seconds, nanoseconds)
}

/// A time, seconds since 1970, or now for anything else.
fn moment(environment: &Environment<'_>, value: &Value) -> Time {
    match value {
        Value::Int(seconds, IntKind::Int | IntKind::Int64 | IntKind::Int32) => Time::utc(*seconds, 0),
        other => Time::of(other).cloned().unwrap_or_else(|| now(environment)),
    }
}

fn date(environment: &Environment<'_>, layout: &[u8], value: &Value, zone: &str) -> Value {
    Value::string(layout::format(&moment(environment, value).seen_from(Zone::named(zone)), layout))
}

const HTML: &[u8] = b"2006-01-02";

/// The time an argument is.
fn time(arguments: &[Value], index: usize) -> Time {
    Time::of(any(arguments, index)).cloned().unwrap_or_else(Time::zero)
}

fn modify(arguments: &[Value]) -> Result<Value, String> {
    Ok(time(arguments, 1).plus(duration::parse(&text(arguments, 0))?).value())
}

fn modify_or_leave(arguments: &[Value]) -> Value {
    modify(arguments).unwrap_or_else(|_| time(arguments, 1).value())
}

fn ago(environment: &Environment<'_>, value: &Value) -> Value {
    let moment = match value {
        // sprig reads `int32` as seconds for `date`, but not here.
        Value::Int(_, IntKind::Int32) => now(environment),
        other => moment(environment, other),
    };
    duration::print(duration::round(now(environment).since(&moment), duration::SECOND)).into()
}

/// Seconds as `1m35s`: of text and of `int64` only.
fn seconds(value: &Value) -> Value {
    let seconds = match value {
        Value::Int(seconds, IntKind::Int64) => *seconds,
        Value::String(text) => {
            std::str::from_utf8(text.as_bytes()).ok().map(parse_seconds).unwrap_or_default()
        }
        _ => 0,
    };
    duration::print(seconds.wrapping_mul(duration::SECOND)).into()
}

/// `strconv.ParseInt`, whose result is the nearest one where it does not fit.
fn parse_seconds(text: &str) -> i64 {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    text.parse::<i64>().unwrap_or_else(|error| match error.kind() {
        PosOverflow => i64::MAX,
        NegOverflow => i64::MIN,
        _ => 0,
    })
}

/// The largest unit of a duration, and how many of it.
fn round(environment: &Environment<'_>, value: &Value) -> Value {
    let nanoseconds = match value {
        Value::String(text) => duration::parse(&text.to_text()).unwrap_or_default(),
        Value::Int(nanoseconds, IntKind::Int64) => *nanoseconds,
        other => Time::of(other).map(|time| now(environment).since(time)).unwrap_or_default(),
    };
    let magnitude = nanoseconds.unsigned_abs();
    let hour = duration::HOUR.unsigned_abs();
    let units = [
        ("y", 365 * 24 * hour),
        ("mo", 30 * 24 * hour),
        ("d", 24 * hour),
        ("h", hour),
        ("m", hour / 60),
        ("s", hour / 3600),
    ];
    let largest = units.into_iter().find(|(_, unit)| magnitude > *unit);
    largest.map_or_else(|| "0s".into(), |(name, unit)| format!("{}{name}", magnitude / unit).into())
}

fn to_date(arguments: &[Value]) -> Result<Value, String> {
    parse::parse(&text(arguments, 0), &text(arguments, 1)).map(Time::value)
}

/// A duration in units, or 0 for what is none.
fn units(value: &Value, unit: i64) -> Value {
    Value::Float(
        duration::from_value(value)
            .map(|nanoseconds| duration::in_units(nanoseconds, unit))
            .unwrap_or_default(),
    )
}

/// Whole units of a duration, or 0 for what is none.
fn whole(value: &Value, unit: i64) -> Value {
    Value::int64(duration::from_value(value).unwrap_or_default() / unit)
}

/// Hours of a duration by a divisor.
fn hours(value: &Value, divisors: &[f64]) -> Value {
    let hours =
        duration::from_value(value).map(|nanoseconds| duration::in_units(nanoseconds, duration::HOUR));
    Value::Float(divisors.iter().fold(hours.unwrap_or_default(), |hours, divisor| hours / divisor))
}

/// A duration to a multiple: nothing for what is none, itself where the multiple is none.
fn to_multiple(arguments: &[Value], operation: fn(i64, i64) -> i64) -> Value {
    let Ok(nanoseconds) = duration::from_value(any(arguments, 0)) else {
        return duration::value(0);
    };
    let multiple = duration::from_value(any(arguments, 1));
    duration::value(multiple.map_or(nanoseconds, |multiple| operation(nanoseconds, multiple)))
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("now", &[], |environment, _| Ok(now(environment).value())),
    fixed("date", &[Text, Any], |environment, a| Ok(date(environment, bytes(a, 0), any(a, 1), "Local"))),
    fixed("dateInZone", &[Text, Any, Text], |environment, a| {
        Ok(date(environment, bytes(a, 0), any(a, 1), &text(a, 2)))
    }),
    fixed("date_in_zone", &[Text, Any, Text], |environment, a| {
        Ok(date(environment, bytes(a, 0), any(a, 1), &text(a, 2)))
    }),
    fixed("htmlDate", &[Any], |environment, a| Ok(date(environment, HTML, any(a, 0), "Local"))),
    fixed("htmlDateInZone", &[Any, Text], |environment, a| {
        Ok(date(environment, HTML, any(a, 0), &text(a, 1)))
    }),
    fixed("dateModify", &[Text, TIME], |_, a| Ok(modify_or_leave(a))),
    fixed("date_modify", &[Text, TIME], |_, a| Ok(modify_or_leave(a))),
    fixed("mustDateModify", &[Text, TIME], |_, a| modify(a)),
    fixed("must_date_modify", &[Text, TIME], |_, a| modify(a)),
    fixed("toDate", &[Text, Text], |_, a| Ok(to_date(a).unwrap_or_else(|_| Time::zero().value()))),
    fixed("mustToDate", &[Text, Text], |_, a| to_date(a)),
    fixed("unixEpoch", &[TIME], |_, a| Ok(time(a, 0).seconds.to_string().into())),
    fixed("ago", &[Any], |environment, a| Ok(ago(environment, any(a, 0)))),
    fixed("duration", &[Any], |_, a| Ok(seconds(any(a, 0)))),
    fixed("durationRound", &[Any], |environment, a| Ok(round(environment, any(a, 0)))),
    fixed("mustToDuration", &[Any], |_, a| duration::from_value(any(a, 0)).map(duration::value)),
    fixed("durationSeconds", &[Any], |_, a| Ok(units(any(a, 0), duration::SECOND))),
    fixed("durationMilliseconds", &[Any], |_, a| Ok(whole(any(a, 0), 1_000_000))),
    fixed("durationMicroseconds", &[Any], |_, a| Ok(whole(any(a, 0), 1_000))),
    fixed("durationNanoseconds", &[Any], |_, a| Ok(whole(any(a, 0), 1))),
    fixed("durationMinutes", &[Any], |_, a| Ok(units(any(a, 0), duration::MINUTE))),
    fixed("durationHours", &[Any], |_, a| Ok(hours(any(a, 0), &[]))),
    fixed("durationDays", &[Any], |_, a| Ok(hours(any(a, 0), &[24.0]))),
    fixed("durationWeeks", &[Any], |_, a| Ok(hours(any(a, 0), &[24.0, 7.0]))),
    fixed("durationRoundTo", &[Any, Any], |_, a| Ok(to_multiple(a, duration::round))),
    fixed("durationTruncateTo", &[Any, Any], |_, a| Ok(to_multiple(a, duration::truncate))),
];
