//! `time.Time`.

use std::{any::Any, cmp::Ordering, rc::Rc};

use jiff::{Timestamp, tz::TimeZone};

use super::{duration, layout};
use crate::value::{Object, Value};

/// Where a time is seen from.
#[derive(Clone, Debug)]
pub enum Zone {
    /// UTC, which is our local zone too: what a server renders must not depend on where it stands.
    Utc,
    /// A region of the database of zones.
    Region(TimeZone),
    /// A distance, in seconds east of Greenwich, and its name if it has one.
    Fixed(i32, String),
}

impl Zone {
    /// The zone of that name; UTC for one that is not known, as sprig has it.
    pub fn named(name: &str) -> Self {
        match name {
            "" | "UTC" | "Local" => Self::Utc,
            name => jiff::tz::TimeZoneDatabase::bundled().get(name).map_or(Self::Utc, Self::Region),
        }
    }
}

/// A moment, seen from a zone.
#[derive(Clone, Debug)]
pub struct Time {
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// Nanoseconds above.
    pub nanoseconds: u32,
    /// Where it is seen from.
    pub zone: Zone,
}

/// A time as calendar and clock show it in its zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
    /// 0 is Sunday.
    pub weekday: u8,
    /// From 1.
    pub year_day: u16,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub nanosecond: u32,
    /// Seconds east of Greenwich.
    pub offset: i32,
    /// What the zone is called then.
    pub zone: String,
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Days since 1970 of a day in the Gregorian calendar, which goes on for ever both ways.
pub fn days(year: i64, month: u8, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is their last.
    let (month, year) =
        if month > 2 { (i64::from(month) - 3, year) } else { (i64::from(month) + 9, year - 1) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of so many days since 1970.
fn date(days: i64) -> (i64, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

impl Time {
    /// A moment in UTC.
    pub fn utc(seconds: i64, nanoseconds: u32) -> Self {
        Self { seconds, nanoseconds, zone: Zone::Utc }
    }

    /// Go's zero time: the first of January of the year 1.
    pub fn zero() -> Self {
        Self::utc(-62_135_596_800, 0)
    }

    /// The same moment seen from there.
    pub fn seen_from(&self, zone: Zone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// Seconds east of Greenwich, and the zone's name.
    fn offset(&self) -> (i32, String) {
        let region = match &self.zone {
            Zone::Utc => return (0, "UTC".into()),
            Zone::Fixed(offset, name) => {
                let name =
                    if name.is_empty() { layout::offset(*offset, false, true, false) } else { name.clone() };
                return (*offset, name);
            }
            Zone::Region(region) => region,
        };
        // What is further away than zones know is seen as at the end of what they do.
        let moment = Timestamp::from_second(self.seconds).unwrap_or(if self.seconds < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        });
        let info = region.to_offset_info(moment);
        (info.offset().seconds(), info.abbreviation().to_owned())
    }

    /// What calendar and clock show.
    pub fn civil(&self) -> Civil {
        let (offset, zone) = self.offset();
        let local = self.seconds.saturating_add(i64::from(offset));
        let day_number = local.div_euclid(DAY);
        let of_day = u32::try_from(local.rem_euclid(DAY)).unwrap_or_default();
        let (year, month, day) = date(day_number);
        let small = |number: u32| u8::try_from(number).unwrap_or_default();
        Civil {
            year,
            month,
            day,
            weekday: u8::try_from((day_number + 4).rem_euclid(7)).unwrap_or_default(),
            year_day: u16::try_from(day_number - days(year, 1, 1) + 1).unwrap_or_default(),
            hour: small(of_day / 3600),
            minute: small(of_day % 3600 / 60),
            second: small(of_day % 60),
            nanosecond: self.nanoseconds,
            offset,
            zone,
        }
    }

    /// By a layout.
    pub fn format(&self, layout: &str) -> String {
        String::from_utf8_lossy(&layout::format(self, layout.as_bytes())).into_owned()
    }

    /// So many nanoseconds later.
    pub fn plus(&self, nanoseconds: i64) -> Self {
        let total = i64::from(self.nanoseconds) + nanoseconds.rem_euclid(duration::SECOND);
        Self {
            seconds: self
                .seconds
                .saturating_add(nanoseconds.div_euclid(duration::SECOND))
                .saturating_add(total.div_euclid(duration::SECOND)),
            nanoseconds: u32::try_from(total.rem_euclid(duration::SECOND)).unwrap_or_default(),
            zone: self.zone.clone(),
        }
    }

    /// How many nanoseconds it is after the other: what does not fit is the longest or shortest duration.
    pub fn since(&self, other: &Self) -> i64 {
        let seconds = i128::from(self.seconds) - i128::from(other.seconds);
        let total = seconds * i128::from(duration::SECOND) + i128::from(self.nanoseconds)
            - i128::from(other.nanoseconds);
        i64::try_from(total).unwrap_or(if total < 0 { i64::MIN } else { i64::MAX })
    }

    /// Years, months and days later; what overflows a month goes on in the next.
    fn plus_date(&self, years: i64, months: i64, days_later: i64) -> Self {
        let civil = self.civil();
        let months = i64::from(civil.month) - 1 + months;
        let year = civil.year.saturating_add(years).saturating_add(months.div_euclid(12));
        let month = u8::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
        // Beyond this everything overflows, and no calendar needs it.
        let year = year.clamp(-1_000_000_000, 1_000_000_000);
        let day =
            i64::from(civil.day).saturating_add(days_later).clamp(-1_000_000_000_000, 1_000_000_000_000);
        let of_day = i64::from(civil.hour) * 3600 + i64::from(civil.minute) * 60 + i64::from(civil.second);
        Self::from_local(days(year, month, day) * DAY + of_day, self.nanoseconds, self.zone.clone())
    }

    /// The moment when the clock in that zone shows so many seconds since 1970.
    pub fn from_local(local: i64, nanoseconds: u32, zone: Zone) -> Self {
        let mut time = Self { seconds: local, nanoseconds, zone };
        // The offset of a guess, then that of what it leads to: Go does it in this order too.
        for _ in 0..2 {
            let (offset, _) = time.offset();
            time.seconds = local.saturating_sub(i64::from(offset));
        }
        time
    }

    fn compare(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanoseconds).cmp(&(other.seconds, other.nanoseconds))
    }

    /// The time an argument is.
    pub fn of(value: &Value) -> Option<&Self> {
        match value {
            Value::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// As a value of templates.
    pub fn value(self) -> Value {
        Value::Object(Rc::new(self))
    }
}

fn text(arguments: &[Value], index: usize) -> Result<String, String> {
    match arguments.get(index) {
        Some(Value::String(text)) => Ok(text.to_string()),
        _ => Err("a string is wanted".into()),
    }
}

fn int(arguments: &[Value], index: usize) -> Result<i64, String> {
    match arguments.get(index) {
        Some(Value::Int(number, _)) => Ok(*number),
        _ => Err("an int is wanted".into()),
    }
}

fn other(arguments: &[Value]) -> Result<&Time, String> {
    arguments.first().and_then(Time::of).ok_or_else(|| "a time.Time is wanted".into())
}

impl Object for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let civil = || self.civil();
        let whole = |number: i64| Ok(Value::int(number));
        Some(match name {
            "Format" => text(arguments, 0).map(|layout| self.format(&layout).into()),
            "Unix" => Ok(Value::int64(self.seconds)),
            "UnixMilli" => {
                Ok(Value::int64(self.seconds.wrapping_mul(1_000) + i64::from(self.nanoseconds / 1_000_000)))
            }
            "UnixMicro" => {
                Ok(Value::int64(self.seconds.wrapping_mul(1_000_000) + i64::from(self.nanoseconds / 1_000)))
            }
            "UnixNano" => {
                Ok(Value::int64(self.seconds.wrapping_mul(1_000_000_000) + i64::from(self.nanoseconds)))
            }
            "Year" => whole(civil().year),
            "Month" => Ok(name_of(&layout::MONTHS, civil().month.wrapping_sub(1))),
            "Day" => whole(civil().day.into()),
            "Hour" => whole(civil().hour.into()),
            "Minute" => whole(civil().minute.into()),
            "Second" => whole(civil().second.into()),
            "Nanosecond" => whole(self.nanoseconds.into()),
            "Weekday" => Ok(name_of(&layout::DAYS, civil().weekday)),
            "YearDay" => whole(civil().year_day.into()),
            "UTC" => Ok(self.seen_from(Zone::Utc).value()),
            "Local" => Ok(self.seen_from(Zone::Utc).value()),
            "String" => Ok(self.print().into()),
            "IsZero" => Ok(self.compare(&Self::zero()).is_eq().into()),
            "Add" => duration::argument(arguments).map(|duration| self.plus(duration).value()),
            "AddDate" => add_date(self, arguments),
            "Sub" => other(arguments).map(|other| duration::value(self.since(other))),
            "Before" => other(arguments).map(|other| self.compare(other).is_lt().into()),
            "After" => other(arguments).map(|other| self.compare(other).is_gt().into()),
            "Equal" => other(arguments).map(|other| self.compare(other).is_eq().into()),
            _ => return None,
        })
    }

    fn print(&self) -> String {
        self.format("2006-01-02 15:04:05.999999999 -0700 MST")
    }

    fn data(&self) -> Value {
        self.format("2006-01-02T15:04:05.999999999Z07:00").into()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn name_of(names: &[&'static str], index: u8) -> Value {
    names.get(usize::from(index)).copied().unwrap_or_default().into()
}

fn add_date(time: &Time, arguments: &[Value]) -> Result<Value, String> {
    Ok(time.plus_date(int(arguments, 0)?, int(arguments, 1)?, int(arguments, 2)?).value())
}
