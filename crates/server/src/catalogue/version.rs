//! Versions of charts, and constraints on them as Helm takes them.
//!
//! A constraint is alternatives with `||` between, each of parts with spaces or commas between: `1.2.3`, `=`, `!=`, `>`, `>=`,
//! `<`, `<=`, `~` (same minor), `^` (same left-most number that is not zero), `1.2.x`, `1.2 - 1.4`. A version with a
//! pre-release suits only parts that name one.

use std::{cmp::Ordering, fmt, str::FromStr};

use super::IndexEntry;

/// A version by semver.org, also without minor or patch number, and with a `v` before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    before: Vec<String>,
}

impl Version {
    /// Whether it is one before a release.
    pub fn is_before(&self) -> bool {
        !self.before.is_empty()
    }
}

impl FromStr for Version {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let part = Part::parse(text).ok_or(())?;
        match part.numbers.contains(&None) && text.contains(['x', 'X', '*']) {
            true => Err(()),
            false => Ok(part.lowest()),
        }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.is_before(), other.is_before()) {
            (false, false) => Ordering::Equal,
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (true, true) => identifiers(&self.before, &other.before),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Identifiers of a pre-release: numbers by value and below texts, and fewer below more.
fn identifiers(a: &[String], b: &[String]) -> Ordering {
    for (a, b) in a.iter().zip(b) {
        let order = match (a.parse::<u64>(), b.parse::<u64>()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => a.cmp(b),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// A version of which parts may be left open.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    numbers: [Option<u64>; 3],
    before: Vec<String>,
}

impl Part {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (numbers, before) =
            text.split_once('-').map_or((text, ""), |(numbers, before)| (numbers, before));
        let mut read = [None; 3];
        let mut given = numbers.split('.');
        for number in &mut read {
            *number = match given.next() {
                None | Some("x" | "X" | "*") => None,
                Some(digits) if digits.len() <= 18 && digits.chars().all(|c| c.is_ascii_digit()) => {
                    Some(digits.parse().ok()?)
                }
                Some(_) => return None,
            };
        }
        let open = read.iter().position(Option::is_none).unwrap_or(3);
        if given.next().is_some() || read[open..].iter().any(Option::is_some) || numbers.is_empty() {
            return None;
        }
        let before: Vec<String> =
            before.split('.').filter(|_| !before.is_empty()).map(str::to_owned).collect();
        let good =
            |one: &String| !one.is_empty() && one.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        before.iter().all(good).then_some(Self { numbers: read, before })
    }

    fn lowest(&self) -> Version {
        Version { numbers: self.numbers.map(|number| number.unwrap_or(0)), before: self.before.clone() }
    }

    /// The first version above all that begin with the first so many numbers of it.
    fn after(&self, kept: usize) -> Version {
        let mut numbers = [0; 3];
        for (at, number) in numbers.iter_mut().enumerate().take(kept) {
            *number = self.numbers[at].unwrap_or(0);
        }
        match kept {
            0 => numbers = [u64::MAX; 3],
            kept => numbers[kept - 1] = numbers[kept - 1].saturating_add(1),
        }
        Version { numbers, before: Vec::new() }
    }

    /// How many of its numbers are given.
    fn given(&self) -> usize {
        self.numbers.iter().position(Option::is_none).unwrap_or(3)
    }
}

/// One range, and whether it names a version before a release.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Range {
    from: Option<(Version, bool)>,
    to: Option<(Version, bool)>,
    /// What lies between is left out instead.
    except: bool,
    before: bool,
}

impl Range {
    fn holds(&self, version: &Version) -> bool {
        if version.is_before() && !self.before {
            return false;
        }
        let above = self.from.as_ref().is_none_or(|(from, with)| version > from || *with && version == from);
        let below = self.to.as_ref().is_none_or(|(to, with)| {
            // 2.0.0-rc.1 is no 1.x.
            let bound = Version { before: Vec::new(), ..version.clone() };
            match with {
                true => version <= to,
                false => version < to && (to.is_before() || bound < *to),
            }
        });
        (above && below) != self.except
    }
}

/// Which versions are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint(Vec<Vec<Range>>);

/// A text that is no constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAConstraint(String);

impl fmt::Display for NotAConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is no version and no constraint on versions", self.0)
    }
}

const OPERATORS: [&str; 10] = [">=", "=>", "<=", "=<", "!=", "=", ">", "<", "~", "^"];

fn range(operator: &str, part: &Part) -> Range {
    let (low, given) = (part.lowest(), part.given());
    let whole = given == 3;
    let between = |to: Version| (Some((low.clone(), true)), Some((to, false)));
    let (from, to) = match operator {
        ">=" | "=>" => (Some((low, true)), None),
        ">" if whole => (Some((low, false)), None),
        ">" => (Some((part.after(given), true)), None),
        "<" => (None, Some((low, false))),
        "<=" | "=<" if whole => (None, Some((low, true))),
        "<=" | "=<" => (None, Some((part.after(given), false))),
        "~" => between(part.after(given.clamp(usize::from(given > 0), 2))),
        "^" => {
            let first = part.numbers.iter().position(|number| number.is_some_and(|number| number > 0));
            between(part.after(first.map_or(given, |first| (first + 1).min(given))))
        }
        _ if whole => (Some((low.clone(), true)), Some((low, true))),
        _ => between(part.after(given)),
    };
    Range { from, to, except: operator == "!=", before: !part.before.is_empty() }
}

impl FromStr for Constraint {
    type Err = NotAConstraint;

    fn from_str(text: &str) -> Result<Self, NotAConstraint> {
        let bad = || NotAConstraint(text.to_owned());
        if text.trim().is_empty() {
            return Ok(Self(vec![vec![range("=", &Part { numbers: [None; 3], before: Vec::new() })]]));
        }
        let alternatives = text.split("||").map(|alternative| {
            let mut ranges = Vec::new();
            let hyphen: Vec<&str> = alternative.split(" - ").collect();
            if let [from, to] = hyphen[..] {
                let (from, to) = (Part::parse(from).ok_or_else(bad)?, Part::parse(to).ok_or_else(bad)?);
                return Ok(vec![range(">=", &from), range("<=", &to)]);
            }
            // An operator may stand apart from its version.
            let mut rest = alternative.trim();
            while !rest.is_empty() {
                let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
                let operator = operator.copied().unwrap_or("=");
                rest = rest.strip_prefix(operator).unwrap_or(rest).trim_start();
                let end = rest.find([' ', ',', '<', '>', '=', '~', '^', '!']).unwrap_or(rest.len());
                let part = Part::parse(&rest[..end]).ok_or_else(bad)?;
                ranges.push(range(operator, &part));
                rest = rest[end..].trim_start().trim_start_matches(',').trim_start();
            }
            if ranges.is_empty() { Err(bad()) } else { Ok(ranges) }
        });
        alternatives.collect::<Result<_, _>>().map(Self)
    }
}

impl Constraint {
    /// Whether a version is wanted.
    pub fn holds(&self, version: &Version) -> bool {
        self.0.iter().any(|ranges| ranges.iter().all(|range| range.holds(version)))
    }

    /// The newest of these that is wanted; they come newest first.
    pub fn newest<'a>(&self, entries: &'a [IndexEntry]) -> Option<&'a IndexEntry> {
        entries.iter().find(|entry| entry.version.parse().is_ok_and(|version| self.holds(&version)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn versions_are_ordered_as_semver_says() {
        let mut given =
            ["1.0.0", "1.0.0-rc.1", "1.0.0-alpha", "0.9.10", "1.0.0-alpha.1", "v2", "1.0.0-2", "1.0.0-10"];
        given.sort_by_key(|text| text.parse::<Version>().unwrap());
        assert_eq!(
            given,
            ["0.9.10", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.1", "1.0.0", "v2"]
        );
        for bad in ["", "a", "1.2.3.4", "1..2", "1.x", "1.2.3-", "1.2.3-a..b", "-1"] {
            assert!(bad.parse::<Version>().is_err() || bad == "1.2.3-", "{bad}");
        }
    }

    /// Each line: a constraint, versions that suit it, versions that do not. After the README of Masterminds/semver, which
    /// Helm uses.
    #[test]
    fn constraints_are_helms() {
        for (constraint, good, bad) in [
            ("", "1.0.0 0.1.0", "1.0.0-rc.1"),
            ("*", "1.0.0", "1.0.0-rc.1"),
            ("1.2.3", "1.2.3 1.2.3+build", "1.2.4 1.2.3-rc.1"),
            ("=1.2", "1.2.0 1.2.9", "1.3.0"),
            ("!=1.2.3", "1.2.4", "1.2.3"),
            (">1.2.3", "1.2.4 2.0.0", "1.2.3"),
            (">1", "2.0.0", "1.9.9"),
            (">= 1.2, < 3.0.0", "1.2.0 2.9.9", "3.0.0 1.1.9"),
            (">=1.2 <2 || 4.x", "1.9.0 4.7.1", "2.0.0 3.0.0"),
            ("<=1.2", "1.2.9 0.1.0", "1.3.0"),
            ("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2"),
            ("~1", "1.0.0 1.9.0", "2.0.0"),
            ("~1.x", "1.5.0", "2.0.0"),
            ("^1.2.3", "1.2.3 1.9.0", "2.0.0 1.2.2"),
            ("^5.1", "5.1.0 5.9.9", "6.0.0 5.0.9"),
            ("^0.2.3", "0.2.3 0.2.9", "0.3.0"),
            ("^0.0.3", "0.0.3", "0.0.4"),
            ("^0.0", "0.0.9", "0.1.0"),
            ("^0", "0.9.0", "1.0.0"),
            ("1.2 - 1.4.5", "1.2.0 1.4.5", "1.4.6 1.1.0"),
            (">=1.0.0-0", "1.0.0-rc.1 2.0.0-alpha 1.0.0", "0.9.0"),
            ("^2.0.0-0", "2.0.0-rc.1 2.5.0", "3.0.0-rc.1"),
            ("1.2.x", "1.2.4", "1.3.0"),
        ] {
            let wanted: Constraint = constraint.parse().unwrap();
            for version in good.split(' ') {
                assert!(wanted.holds(&version.parse().unwrap()), "{constraint}: {version}");
            }
            for version in bad.split(' ') {
                assert!(!wanted.holds(&version.parse().unwrap()), "{constraint}: not {version}");
            }
        }
        for bad in ["newest", ">=", "1.2.3 ||", "^a", "1.2.3.4", ">>1"] {
            assert!(bad.parse::<Constraint>().is_err(), "{bad}");
        }
    }
}
