//! Versions and constraints on them, by the rules of Helm: semantic versions, read leniently.

use std::{cmp::Ordering, fmt};

mod constraint;
#[cfg(test)]
mod tests;

pub use constraint::Constraint;

/// Why a version or constraint was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is no version.
    #[error("invalid semantic version")]
    Version,
    /// A number in it does not fit.
    #[error("error parsing version segment: strconv.ParseUint: parsing \"{0}\": value out of range")]
    Range(String),
    /// A number of a pre-release begins with 0.
    #[error("version segment starts with 0")]
    LeadingZero,
    /// Its pre-release is not right.
    #[error("invalid prerelease string")]
    Prerelease,
    /// Its metadata are not right.
    #[error("invalid metadata string")]
    Metadata,
    /// It is no constraint.
    #[error("improper constraint: \"{0}\"")]
    Constraint(String),
}

/// A version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// What changes when something breaks.
    pub major: u64,
    /// What changes with features.
    pub minor: u64,
    /// What changes with mends.
    pub patch: u64,
    /// `alpha.1` in `1.0.0-alpha.1`.
    pub prerelease: String,
    /// `build` in `1.0.0+build`.
    pub metadata: String,
    /// As it was written.
    pub original: String,
}

/// Dotted names of letters, digits and hyphens, none empty.
fn is_dotted(text: &str) -> bool {
    text.split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

fn number(text: &str) -> Result<u64, Error> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::Version);
    }
    text.parse().map_err(|_| Error::Range(text.into()))
}

impl Version {
    /// Reads a version; minor and patch may be missing, a `v` may stand before it, numbers may begin with 0.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let rest = text.strip_prefix('v').unwrap_or(text);
        let (rest, metadata) = rest.split_once('+').map_or((rest, ""), |(rest, metadata)| (rest, metadata));
        let (core, prerelease) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
        let has_metadata = text.contains('+');
        if prerelease.is_some_and(|prerelease| !is_dotted(prerelease)) || has_metadata && !is_dotted(metadata)
        {
            return Err(Error::Version);
        }
        let mut parts = core.split('.');
        let (major, minor, patch) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        if parts.next().is_some() {
            return Err(Error::Version);
        }
        // That all are numbers comes before that one is too large.
        for part in [Some(major), minor, patch].into_iter().flatten() {
            if let Err(Error::Version) = number(part) {
                return Err(Error::Version);
            }
        }
        let prerelease = prerelease.unwrap_or_default();
        let version = Self {
            major: number(major)?,
            minor: minor.map_or(Ok(0), number)?,
            patch: patch.map_or(Ok(0), number)?,
            prerelease: prerelease.into(),
            metadata: metadata.into(),
            original: text.into(),
        };
        let leading_zero = |part: &str| {
            part.len() > 1 && part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if prerelease.split('.').any(leading_zero) {
            return Err(Error::LeadingZero);
        }
        Ok(version)
    }

    /// Whether it is one before a release.
    pub fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    fn core(&self) -> (u64, u64, u64) {
        (self.major, self.minor, self.patch)
    }

    /// Which of both is newer; metadata do not count.
    pub fn compare(&self, other: &Self) -> Ordering {
        self.core().cmp(&other.core()).then_with(|| compare_prereleases(&self.prerelease, &other.prerelease))
    }
}

/// A release is newer than what came before it.
pub(crate) fn compare_prereleases(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(left), Some(right)) => compare_parts(left, right),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Numbers come before names.
fn compare_parts(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// Whether a version is as a constraint wants it; what cannot be read fits nothing.
pub fn fits(constraint: &str, version: &str) -> bool {
    match (Constraint::parse(constraint), Version::parse(version)) {
        (Ok(constraint), Ok(version)) => constraint.check(&version),
        _ => false,
    }
}
