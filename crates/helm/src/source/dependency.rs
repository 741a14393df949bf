//! Dependencies that `charts/` does not hold: fetched for whoever renders a folder.

use super::{Error, Login, Repository};
use crate::chart::{Chart, Dependency, dependencies};

/// An archive that belongs into `charts/`.
pub struct Archive {
    /// `name-version.tgz`.
    pub file: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Fetches what is missing: the versions of Chart.lock, or the newest that fit.
///
/// # Errors
/// When one is not to be had.
pub async fn fetch(chart: &Chart, login: Option<&Login>, ca: Option<&str>) -> Result<Vec<Archive>, Error> {
    let mut archives = Vec::new();
    for wanted in dependencies::missing(chart) {
        archives.push(one(chart, wanted, login, ca).await?);
    }
    Ok(archives)
}

async fn one(
    chart: &Chart,
    wanted: &Dependency,
    login: Option<&Login>,
    ca: Option<&str>,
) -> Result<Archive, Error> {
    let repository = Repository::new(&wanted.repository, login.cloned(), ca.map(str::to_owned));
    let locked =
        chart.lock.iter().flat_map(|lock| &lock.dependencies).find(|locked| locked.name == wanted.name);
    let version = locked.map_or(&wanted.version, |locked| &locked.version);
    let found = repository.resolve(&wanted.name, version).await?;
    let bytes = repository.fetch(&found).await?;
    Ok(Archive { file: format!("{}-{}.tgz", found.name, found.version), bytes })
}
