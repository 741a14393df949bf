//! What a repository offers.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use nagaya_api::Repository;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Version, write};

/// Charts of a repository that are kept in mind.
const CHARTS: usize = 20_000;
/// Versions of one chart.
const VERSIONS: usize = 2_000;
/// Longest text of an entry.
const TEXT: usize = 2_048;

/// One version of a chart, as its repository lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IndexEntry {
    /// The version.
    pub version: String,
    /// The version of what it installs.
    pub app_version: String,
    /// When it was made.
    pub created: String,
    /// SHA-256 of its archive, in hexadecimal; empty when that is not known.
    pub digest: String,
    /// What it is.
    pub description: String,
    /// Address of its icon.
    pub icon: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Whether its makers advise against it.
    pub deprecated: bool,
    /// Where its archive is.
    pub url: String,
}

/// What a repository offers, as it was read last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Index {
    /// The address it was read from.
    pub url: String,
    /// Uid of the repository: another one of its name has an index of its own.
    pub uid: String,
    /// Charts by name, of each the versions, newest first.
    pub charts: BTreeMap<String, Vec<IndexEntry>>,
}

fn short(text: String) -> String {
    match text.len() > TEXT {
        true => text[..text.floor_char_boundary(TEXT)].to_owned(),
        false => text,
    }
}

impl Index {
    /// Of entries as they come: bounded, versions that are none left out, the newest first.
    pub fn of(charts: impl IntoIterator<Item = (String, Vec<IndexEntry>)>) -> Self {
        let mut all = BTreeMap::new();
        for (name, entries) in charts.into_iter().take(CHARTS) {
            let mut read: Vec<(Version, IndexEntry)> = entries
                .into_iter()
                .filter_map(|entry| {
                    let version = Version::parse(&entry.version)?;
                    let entry = IndexEntry {
                        app_version: short(entry.app_version),
                        description: short(entry.description),
                        keywords: entry.keywords.into_iter().take(50).map(short).collect(),
                        ..entry
                    };
                    Some((version, entry))
                })
                .collect();
            read.sort_by(|(a, _), (b, _)| b.cmp(a));
            read.truncate(VERSIONS);
            if !read.is_empty() && name.len() <= 250 {
                all.insert(name, read.into_iter().map(|(_, entry)| entry).collect());
            }
        }
        Self { charts: all, ..Self::default() }
    }

    /// Whether it is of this repository as it is now.
    pub fn is_of(&self, repository: &Repository) -> bool {
        self.uid == repository.metadata.uid && self.url == repository.spec.url
    }

    /// Number of versions of all charts.
    pub fn versions(&self) -> usize {
        self.charts.values().map(Vec::len).sum()
    }

    /// SHA-256 of what it offers.
    pub fn digest(&self) -> String {
        hex(&serde_json::to_vec(&self.charts).unwrap_or_default())
    }

    fn path(folder: &Path, repository: &str) -> PathBuf {
        folder.join("index").join(format!("{repository}.json"))
    }

    /// What was kept of a repository.
    pub fn read(folder: &Path, repository: &str) -> Option<Self> {
        let bytes = std::fs::read(Self::path(folder, repository)).ok()?;
        serde_json::from_slice(&bytes)
            .inspect_err(|error| tracing::warn!(repository, %error, "a kept index does not read"))
            .ok()
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the disk does.
    pub fn keep(&self, folder: &Path, repository: &str) -> std::io::Result<()> {
        write(&Self::path(folder, repository), &serde_json::to_vec(self)?)
    }
}

/// SHA-256 in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads an index.yaml. Charts' archives are where it says, from `base` on.
///
/// # Errors
/// Why it does not read.
pub fn parse(bytes: &[u8], base: &str) -> Result<Index, String> {
    let file = nagaya_helm::source::index::Index::parse(bytes)?;
    let charts = file.charts().map(|(name, entries)| {
        let entries = entries.iter().filter_map(|entry| {
            let url = entry.urls.first()?;
            let digest = entry.digest.as_deref().unwrap_or_default();
            Some(IndexEntry {
                version: entry.version.clone(),
                app_version: entry.app_version.clone(),
                created: entry.created.clone(),
                digest: digest.trim_start_matches("sha256:").to_lowercase(),
                description: entry.description.to_string(),
                icon: entry.icon.to_string(),
                keywords: entry.keywords.to_vec(),
                deprecated: entry.deprecated,
                url: absolute(base, url),
            })
        });
        (name.to_owned(), entries.collect())
    });
    Ok(Index::of(charts))
}

/// An address that may be relative to its index.
fn absolute(base: &str, url: &str) -> String {
    if url.contains("://") {
        return url.to_owned();
    }
    let base = base.trim_end_matches('/');
    match url.strip_prefix('/') {
        Some(rooted) => format!("{}/{rooted}", nagaya_api::kinds::source::origin(base)),
        None => format!("{base}/{url}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_index_is_read_newest_first_and_what_is_no_version_is_left_out() {
        let text = "apiVersion: v1\nentries:\n  jenkins:\n  - {version: 1.9.0, appVersion: 2.1, urls: [jenkins-1.9.0.tgz], digest: 'sha256:AB'}\n  - {version: 1.10.0, urls: ['https://dl.example.com/j.tgz'], keywords: [ci]}\n  - {version: newest, urls: [x.tgz]}\n  - {version: 0.1.0}\n  empty: null\n";
        let index = parse(text.as_bytes(), "https://charts.example.com/stable/").unwrap();
        let entries = &index.charts["jenkins"];
        assert_eq!(entries.iter().map(|one| one.version.as_str()).collect::<Vec<_>>(), ["1.10.0", "1.9.0"]);
        assert_eq!(entries[0].url, "https://dl.example.com/j.tgz");
        assert_eq!(entries[1].url, "https://charts.example.com/stable/jenkins-1.9.0.tgz");
        assert_eq!((entries[1].digest.as_str(), entries[1].app_version.as_str()), ("ab", "2.1"));
        assert_eq!(index.charts.len(), 1);
        assert_eq!(absolute("https://a.example.com/x", "/y.tgz"), "https://a.example.com/y.tgz");
    }

    #[test]
    fn an_index_that_offers_the_same_has_the_same_digest() {
        let one = Index::of([(
            "a".to_owned(),
            vec![IndexEntry { version: "1.0.0".into(), ..IndexEntry::default() }],
        )]);
        let other = Index { uid: "u".into(), ..one.clone() };
        assert_eq!(one.digest(), other.digest());
        assert_ne!(one.digest(), Index::default().digest());
    }
}
