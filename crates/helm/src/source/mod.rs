//! Where charts come from: repositories with an index.yaml, OCI registries, folders.

pub mod dependency;
mod folder;
mod http;
pub mod index;
mod oci;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::version::{Constraint, Version};

/// How large an index may be.
const MAX_INDEX: usize = 64 << 20;
/// How large an archive may be.
const MAX_ARCHIVE: usize = 32 << 20;

/// Why nothing was got.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The address is of no kind that is known.
    #[error("{0}: a repository's address begins with https://, http://, oci:// or file://")]
    Address(String),
    /// The repository does not answer as it should.
    #[error("{url}: {problem}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// What came instead.
        problem: String,
    },
    /// It wants to know who asks, or does not let them in.
    #[error("{url}: access is denied ({status}); check the repository's user and password")]
    Denied {
        /// What was asked for.
        url: String,
        /// The status of HTTP.
        status: u16,
    },
    /// What it says cannot be read.
    #[error("{url}: {problem}")]
    Index {
        /// What was read.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no chart of that name.
    #[error("chart {chart:?} is not in {repository}")]
    NoChart {
        /// Its name.
        chart: String,
        /// Where it was sought.
        repository: String,
    },
    /// There is no version that fits.
    #[error("no version of chart {chart:?} in {repository} fits {constraint:?}; the newest is {newest}")]
    NoVersion {
        /// Its name.
        chart: String,
        /// Where it was sought.
        repository: String,
        /// What was wanted.
        constraint: String,
        /// What there is.
        newest: String,
    },
    /// What was wanted is neither version nor constraint.
    #[error("{0:?} is neither a version nor a constraint, as ^5.1")]
    Constraint(String),
    /// What came is not what was promised.
    #[error(
        "{url}: the archive's digest is {is}, the index promises {promised}; the repository is damaged, or somebody tampers with it"
    )]
    Digest {
        /// What was fetched.
        url: String,
        /// Of what came.
        is: String,
        /// Of what should have come.
        promised: String,
    },
    /// More than anybody needs.
    #[error("{url}: larger than {limit} bytes")]
    TooLarge {
        /// What was fetched.
        url: String,
        /// The bound.
        limit: usize,
    },
}

/// A user and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// Who.
    pub user: String,
    /// With what.
    pub password: String,
}

/// A repository, and how it is reached.
#[derive(Clone)]
pub struct Repository {
    url: String,
    login: Option<Login>,
    ca: Option<String>,
    proxy: Option<String>,
}

enum Kind {
    Http,
    Oci,
    Folder(PathBuf),
}

/// A version of a chart, as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The chart's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `sha256:` over the archive, where the repository says so.
    pub digest: Option<String>,
    /// Where the archive is.
    pub url: String,
}

impl Repository {
    /// A repository by its address; `ca` is PEM.
    pub fn new(url: &str, login: Option<Login>, ca: Option<String>) -> Self {
        Self { url: url.trim_end_matches('/').to_owned(), login, ca, proxy: None }
    }

    /// The same, of a registry that is reached through a proxy and in no other way, wherever it leads.
    #[must_use]
    pub fn through(mut self, proxy: &str) -> Self {
        self.proxy = Some(proxy.to_owned());
        self
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn kind(&self) -> Result<Kind, Error> {
        if self.url.starts_with("https://") || self.url.starts_with("http://") {
            Ok(Kind::Http)
        } else if self.url.starts_with("oci://") {
            Ok(Kind::Oci)
        } else if let Some(path) = self.url.strip_prefix("file://") {
            Ok(Kind::Folder(path.into()))
        } else {
            Err(Error::Address(self.url.clone()))
        }
    }

    /// Everything in it. A registry cannot be listed: ask it for a chart.
    ///
    /// # Errors
    /// When it is not reached, or its index cannot be read.
    pub async fn index(&self) -> Result<index::Index, Error> {
        match self.kind()? {
            Kind::Http => {
                let url = format!("{}/index.yaml", self.url);
                let text = http::get(self, &url, MAX_INDEX).await?;
                index::Index::parse(&text).map_err(|problem| Error::Index { url, problem })
            }
            Kind::Folder(path) => folder::index(&path),
            Kind::Oci => Err(Error::Index {
                url: self.url.clone(),
                problem: "a registry has no index; name the chart".into(),
            }),
        }
    }

    /// A chart's versions, the newest first.
    ///
    /// # Errors
    /// When the repository is not reached, or has no such chart.
    pub async fn versions(&self, chart: &str) -> Result<Vec<String>, Error> {
        if let Kind::Oci = self.kind()? {
            return oci::versions(self, chart).await;
        }
        let index = self.index().await?;
        let versions = index.versions(chart).iter().map(|entry| entry.version.clone()).collect::<Vec<_>>();
        if versions.is_empty() { Err(self.no_chart(chart)) } else { Ok(versions) }
    }

    /// The newest version of a chart that fits; without a constraint the newest that is no pre-release.
    ///
    /// # Errors
    /// When there is none.
    pub async fn resolve(&self, chart: &str, constraint: &str) -> Result<Found, Error> {
        if let Kind::Oci = self.kind()? {
            return oci::resolve(self, chart, constraint).await;
        }
        self.resolve_in(&self.index().await?, chart, constraint)
    }

    /// The same in an index that was read before.
    ///
    /// # Errors
    /// When there is none.
    pub fn resolve_in(&self, index: &index::Index, chart: &str, constraint: &str) -> Result<Found, Error> {
        let entries = index.versions(chart);
        let versions: Vec<&str> = entries.iter().map(|entry| entry.version.as_str()).collect();
        let version = self.choose(chart, &versions, constraint)?;
        let entry = entries.iter().find(|entry| entry.version == version);
        let Some((entry, url)) = entry.and_then(|entry| entry.urls.first().map(|url| (entry, url))) else {
            return Err(Error::Index {
                url: self.url.clone(),
                problem: format!("version {version} of {chart} has no address to fetch it from"),
            });
        };
        Ok(Found {
            name: chart.to_owned(),
            version: version.to_owned(),
            digest: entry.digest.clone(),
            url: if url.contains("://") {
                url.clone()
            } else {
                format!("{}/{}", self.url, url.trim_start_matches('/'))
            },
        })
    }

    fn no_chart(&self, chart: &str) -> Error {
        Error::NoChart { chart: chart.to_owned(), repository: self.url.clone() }
    }

    fn choose<'v>(&self, chart: &str, versions: &[&'v str], wanted: &str) -> Result<&'v str, Error> {
        let Some(newest) = versions.first() else { return Err(self.no_chart(chart)) };
        choose(versions, wanted)?.ok_or_else(|| Error::NoVersion {
            chart: chart.to_owned(),
            repository: self.url.clone(),
            constraint: wanted.to_owned(),
            newest: (*newest).to_owned(),
        })
    }

    /// The archive of a version, its digest checked.
    ///
    /// # Errors
    /// When it is not to be had, or is not what was promised.
    pub async fn fetch(&self, found: &Found) -> Result<Vec<u8>, Error> {
        let bytes = match self.kind()? {
            Kind::Oci => return oci::fetch(self, found).await,
            Kind::Folder(path) => folder::fetch(&path, &found.url)?,
            Kind::Http => http::get(self, &found.url, MAX_ARCHIVE).await?,
        };
        if let Some(promised) = &found.digest {
            let is = digest(&bytes);
            let promised = promised.strip_prefix("sha256:").unwrap_or(promised);
            if !is.eq_ignore_ascii_case(promised) {
                return Err(Error::Digest { url: found.url.clone(), is, promised: promised.to_owned() });
            }
        }
        Ok(bytes)
    }
}

/// SHA-256, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    ring::digest::digest(&ring::digest::SHA256, bytes)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The version that is wanted exactly, or the newest that fits; `versions`: the newest first.
///
/// # Errors
/// When what is wanted is neither a version nor a constraint.
pub fn choose<'v>(versions: &[&'v str], wanted: &str) -> Result<Option<&'v str>, Error> {
    if !wanted.is_empty()
        && let Some(exact) = versions.iter().find(|version| **version == wanted)
    {
        return Ok(Some(exact));
    }
    let constraint = if wanted.is_empty() { "*" } else { wanted };
    let constraint = Constraint::parse(constraint).map_err(|_| Error::Constraint(wanted.to_owned()))?;
    let fits = |version: &&&str| Version::parse(version).is_ok_and(|version| constraint.check(&version));
    Ok(versions.iter().find(fits).copied())
}

/// Sorts versions, the newest first; what is no version comes last.
pub(crate) fn sort_versions<T>(items: &mut [T], version: impl Fn(&T) -> &str) {
    items.sort_by_cached_key(|item| std::cmp::Reverse(Version::parse(version(item)).ok().map(Ordered)));
}

/// A version that knows its place.
struct Ordered(Version);

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.compare(&other.0)
    }
}
