//! Constraints: `>=1.2 <3 || ^4.1`, `1.x`, `~2.3`, `1.0 - 2.0`.

use std::{cmp::Ordering, sync::LazyLock};

use regex::Regex;

use super::{Error, Version, compare_prereleases};

/// What a version must be: all of one of the groups.
#[derive(Clone, Debug)]
pub struct Constraint {
    groups: Vec<Vec<Rule>>,
}

/// A comparison with one version.
#[derive(Clone, Debug)]
struct Rule {
    operator: Operator,
    version: Version,
    /// How much of the version was written: what was left out or is `x` may be anything.
    written: Written,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    Tilde,
    Caret,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Nothing,
    Major,
    Minor,
    All,
}

/// A version in a constraint, with names for its parts when asked for.
const VERSION: &str = r"v?[0-9|xX*]+(?:\.[0-9|xX*]+)?(?:\.[0-9|xX*]+)?(?:-[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?(?:\+[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?";
const PARTS: &str = r"v?([0-9|xX*]+)(?:\.([0-9|xX*]+))?(?:\.([0-9|xX*]+))?(-[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?(?:\+[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?";
const OPERATORS: &str = r"=|!=|>|<|>=|=>|<=|=<|~|~>|\^|";
const SPACE: &str = r"[\t\n\f\r ]";

/// Patterns known to be right; without them nothing would be a constraint.
struct Patterns {
    range: Option<Regex>,
    each: Option<Regex>,
    whole: Option<Regex>,
    parts: Option<Regex>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let pattern = |text: String| Regex::new(&text).ok();
    Patterns {
        range: pattern(format!("{SPACE}*({VERSION}){SPACE}+-{SPACE}+({VERSION}){SPACE}*")),
        each: pattern(format!("(?:{OPERATORS}){SPACE}*(?:{VERSION})")),
        whole: pattern(format!(
            "^{SPACE}*(?:{OPERATORS}){SPACE}*(?:{VERSION}){SPACE}*(?:(?:{SPACE}+|,{SPACE}*)(?:{OPERATORS}){SPACE}*(?:{VERSION}){SPACE}*)*$"
        )),
        parts: pattern(format!("^({OPERATORS}){SPACE}*{PARTS}$")),
    }
});

impl Constraint {
    /// Reads a constraint.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = PATTERNS
            .range
            .as_ref()
            .map_or_else(|| text.into(), |range| range.replace_all(text, ">= $1, <= $2 "));
        Ok(Self { groups: text.split("||").map(group).collect::<Result<_, _>>()? })
    }

    /// Whether the version is as it must be. Pre-releases are only where a group names one.
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|rules| {
            let prereleases = rules.iter().any(|rule| rule.version.is_prerelease());
            (prereleases || !version.is_prerelease()) && rules.iter().all(|rule| rule.check(version))
        })
    }
}

fn group(text: &str) -> Result<Vec<Rule>, Error> {
    let improper = || Error::Constraint(text.into());
    let (Some(whole), Some(each)) = (&PATTERNS.whole, &PATTERNS.each) else { return Err(improper()) };
    if !whole.is_match(text) {
        return Err(improper());
    }
    each.find_iter(text).map(|found| rule(found.as_str())).collect()
}

fn rule(text: &str) -> Result<Rule, Error> {
    let improper = || Error::Constraint(text.into());
    let parts = PATTERNS.parts.as_ref().and_then(|parts| parts.captures(text)).ok_or_else(improper)?;
    let part = |index: usize| parts.get(index).map(|part| part.as_str());
    let operator = match part(1).unwrap_or_default() {
        "" | "=" => Operator::Equal,
        "!=" => Operator::NotEqual,
        ">" => Operator::Greater,
        "<" => Operator::Less,
        ">=" | "=>" => Operator::GreaterEqual,
        "<=" | "=<" => Operator::LessEqual,
        "~" | "~>" => Operator::Tilde,
        _ => Operator::Caret,
    };
    let known = |index: usize| part(index).filter(|part| !matches!(*part, "x" | "X" | "*"));
    let prerelease = part(5).unwrap_or_default();
    let (written, version) = match (known(2), known(3), known(4)) {
        (None, ..) => (Written::Nothing, format!("0.0.0{prerelease}")),
        (Some(major), None, _) => (Written::Major, format!("{major}.0.0{prerelease}")),
        (Some(major), Some(minor), None) => (Written::Minor, format!("{major}.{minor}.0{prerelease}")),
        (Some(major), Some(minor), Some(patch)) => {
            (Written::All, format!("{major}.{minor}.{patch}{prerelease}"))
        }
    };
    Ok(Rule { operator, version: Version::parse(&version).map_err(|_| improper())?, written })
}

impl Rule {
    fn check(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        match self.operator {
            Operator::Equal if self.written == Written::All => order.is_eq(),
            Operator::Equal | Operator::Tilde => self.tilde(version, order),
            Operator::NotEqual => self.not_equal(version, order),
            Operator::Greater => self.greater(version, order),
            Operator::Less => order.is_lt(),
            Operator::GreaterEqual => order.is_ge(),
            Operator::LessEqual => self.less_equal(version, order),
            Operator::Caret => self.caret(version, order),
        }
    }

    fn not_equal(&self, version: &Version, order: Ordering) -> bool {
        let rule = &self.version;
        match self.written {
            Written::All => order.is_ne(),
            // Nothing written means 0, and neither minor nor patch counts as left out.
            Written::Nothing => {
                version.major != rule.major
                    || version.minor != rule.minor
                    || version.patch != rule.patch
                    || order.is_ne()
            }
            Written::Major => version.major != rule.major,
            Written::Minor => {
                (version.major, version.minor) != (rule.major, rule.minor)
                    || (version.is_prerelease() || rule.is_prerelease())
                        && compare_prereleases(&version.prerelease, &rule.prerelease).is_ne()
            }
        }
    }

    /// `>11` begins at 12, `>11.1` at 11.2.
    fn greater(&self, version: &Version, order: Ordering) -> bool {
        if self.written == Written::All || version.major != self.version.major {
            return if self.written == Written::All {
                order.is_gt()
            } else {
                version.major > self.version.major
            };
        }
        match self.written {
            Written::Major => false,
            Written::Minor => version.minor > self.version.minor,
            _ => order.is_gt(),
        }
    }

    /// `<=11` has all of 11 in it, `<=11.2` all of 11.2.
    fn less_equal(&self, version: &Version, order: Ordering) -> bool {
        let rule = &self.version;
        if self.written == Written::All {
            return order.is_le();
        }
        version.major < rule.major
            || version.major == rule.major && (version.minor <= rule.minor || self.written == Written::Major)
    }

    /// The same minor version and not older; the same major one where only that was written.
    fn tilde(&self, version: &Version, order: Ordering) -> bool {
        if order.is_lt() {
            return false;
        }
        let rule = &self.version;
        // ~0.0.0 fits all.
        if rule.core() == (0, 0, 0) && !matches!(self.written, Written::Major | Written::Minor) {
            return true;
        }
        version.major == rule.major && (version.minor == rule.minor || self.written == Written::Major)
    }

    /// Not older, and the same in the first number that is not 0.
    fn caret(&self, version: &Version, order: Ordering) -> bool {
        if order.is_lt() {
            return false;
        }
        let rule = &self.version;
        if rule.major > 0 || self.written == Written::Major {
            return version.major == rule.major;
        }
        if version.major > 0 {
            return false;
        }
        if rule.minor > 0 || self.written == Written::Minor {
            return version.minor == rule.minor;
        }
        version.minor == 0 && version.patch == rule.patch
    }
}
