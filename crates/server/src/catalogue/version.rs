//! Versions of charts, in the order of `nagaya_helm`, and which of them a constraint stands for.

use std::cmp::Ordering;

use nagaya_helm::source;

use super::IndexEntry;

/// A version that knows its place among others.
#[derive(Clone, Debug)]
pub struct Version(nagaya_helm::version::Version);

impl Version {
    /// Reads a version; none: it is no version.
    pub fn parse(text: &str) -> Option<Self> {
        nagaya_helm::version::Version::parse(text).ok().map(Self)
    }

    /// Whether it is one before a release.
    pub fn is_before(&self) -> bool {
        self.0.is_prerelease()
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The version that is wanted exactly, or the newest that fits; entries come newest first.
///
/// # Errors
/// When what is wanted is neither a version nor a constraint.
pub fn newest<'a>(entries: &'a [IndexEntry], wanted: &str) -> Result<Option<&'a IndexEntry>, String> {
    let versions: Vec<&str> = entries.iter().map(|entry| entry.version.as_str()).collect();
    let chosen = source::choose(&versions, wanted).map_err(|error| error.to_string())?;
    Ok(chosen.and_then(|chosen| entries.iter().find(|entry| entry.version == chosen)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_newest_that_fits_is_taken_and_none_before_a_release_unless_it_is_named() {
        let entries: Vec<IndexEntry> = ["2.0.0-rc.1", "1.10.0", "1.9.0", "0.9.0"]
            .map(|version| IndexEntry { version: version.into(), ..IndexEntry::default() })
            .into();
        let chosen = |wanted: &str| newest(&entries, wanted).unwrap().map(|entry| entry.version.as_str());
        for (wanted, version) in [
            ("", Some("1.10.0")),
            ("^1", Some("1.10.0")),
            ("~1.9", Some("1.9.0")),
            ("<1", Some("0.9.0")),
            ("2.0.0-rc.1", Some("2.0.0-rc.1")),
            (">=2", None),
        ] {
            assert_eq!(chosen(wanted), version, "{wanted}");
        }
        assert!(newest(&entries, "newest").is_err());
        assert!(Version::parse("1.10.0") > Version::parse("1.9.0"));
    }
}
