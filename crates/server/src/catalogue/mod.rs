//! The catalogue: what chart repositories offer, and which of it releases get.
//!
//! `watch` decides when a repository is looked at (by `crate::looks`), `refresh` reads its index and keeps it, `archives` keeps
//! charts by what they are made of, `resolve` finds which version a release asks for and keeps that as a ReleaseVersion,
//! which `control` brings to the clusters; `template` does so for templates whose workspaces are releases.

mod archives;
mod chart;
mod door;
mod fetch;
mod folder;
mod guard;
mod http;
mod index;
mod refresh;
mod resolve;
mod secret;
mod template;
mod version;
mod watch;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use nagaya_api::{ApiError, Cause, Kind, Repository};
use nagaya_helm::source;
use tokio::sync::Semaphore;

pub use archives::{Archives, folder as chart_archives};
pub use chart::Chart;
use door::Door;
pub use fetch::{bring, icon};
pub use index::{Index, IndexEntry};
pub use refresh::refresh;
pub use secret::{credential_secret, seal};
pub use version::Version;
pub use watch::watch;

use crate::{ServerState, answer::Answer, credential::Credential, looks::Asked};

/// Repositories that are read at one time.
const AT_ONCE: usize = 4;

/// How a server reads chart repositories.
#[derive(Clone, Debug)]
pub struct ChartConfig {
    /// Where indices and archives are kept.
    pub folder: PathBuf,
    /// Folders of this machine below which `file://` may name repositories. Empty: nowhere.
    pub paths: Vec<PathBuf>,
}

/// What the server remembers of chart repositories while it runs.
pub struct Catalogue {
    /// Who is to be looked at, and whose turn it is.
    pub(crate) asked: Asked,
    /// What each repository offers, as it was read last, by its name.
    indices: Mutex<BTreeMap<String, Arc<Index>>>,
    reads: Semaphore,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self { asked: Asked::default(), indices: Mutex::default(), reads: Semaphore::new(AT_ONCE) }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Catalogue {
    /// What a repository offers, if it was ever read; from the disk after a start.
    pub fn index(&self, config: &ChartConfig, repository: &Repository) -> Option<Arc<Index>> {
        let name = &repository.metadata.name;
        if let Some(known) = locked(&self.indices).get(name).filter(|known| known.is_of(repository)) {
            return Some(Arc::clone(known));
        }
        let read = Arc::new(Index::read(&config.folder, name)?);
        if !read.is_of(repository) {
            return None;
        }
        locked(&self.indices).insert(name.clone(), Arc::clone(&read));
        Some(read)
    }

    fn keep(&self, name: &str, index: Arc<Index>) {
        locked(&self.indices).insert(name.to_owned(), index);
    }

    /// Forgets all repositories but these.
    fn retain(&self, names: &BTreeSet<String>) {
        locked(&self.indices).retain(|name, _| names.contains(name));
    }
}

/// The settings, or why there are no charts.
///
/// # Errors
/// 503 on a server that reads no chart repositories.
pub fn config(state: &ServerState) -> Answer<&ChartConfig> {
    let none = || ApiError::unavailable("this server reads no chart repositories: run it as `nagaya server`");
    Ok(state.config.charts.as_ref().ok_or_else(none)?)
}

/// The index of a repository.
///
/// # Errors
/// 409 when it was not read yet, with why.
pub fn index(state: &ServerState, repository: &Repository) -> Answer<Arc<Index>> {
    let name = &repository.metadata.name;
    state.catalogue.index(config(state)?, repository).ok_or_else(|| {
        let said = repository.status.conditions.iter().find(|one| one.kind == "Ready" && !one.status);
        let why = said.map_or("it has not been read yet".to_owned(), |one| one.message.clone());
        ApiError::conflict(Kind::Repository, name, why).into()
    })
}

/// The line of a chart version in a repository's index.
///
/// # Errors
/// 422 that names what there is instead.
pub fn choose(index: &Index, repository: &str, chart: &str, constraint: &str) -> Result<IndexEntry, Cause> {
    let Some(entries) = index.charts.get(chart) else {
        let message = format!("repository \"{repository}\" has no chart \"{chart}\"");
        let near = near(index.charts.keys(), chart);
        let mend =
            near.map_or("see `nagaya chart search`".to_owned(), |near| format!("did you mean \"{near}\"?"));
        return Err(Cause::not_found("spec.chart", message, mend));
    };
    let found = version::newest(entries, constraint)
        .map_err(|why| Cause::invalid("spec.version", why, "for instance 5.1.0, ^5.1 or >=1.2 <2"))?;
    found.cloned().ok_or_else(|| {
        let newest = entries.first().map_or("", |entry| entry.version.as_str());
        let what = match constraint {
            "" => "a stable version".to_owned(),
            constraint => format!("a version that is {constraint}"),
        };
        let message = format!("repository \"{repository}\" has no chart \"{chart}\" of {what}");
        Cause::not_found("spec.version", message, format!("the newest there is {newest}"))
    })
}

/// A name that looks like another.
fn near<'a>(names: impl Iterator<Item = &'a String>, name: &str) -> Option<&'a str> {
    let name = name.to_lowercase();
    names.map(String::as_str).find(|one| one.contains(&name) || name.contains(*one))
}

/// A registry, asked as who was sealed for it, and the way there.
async fn oci(
    repository: &Repository,
    credential: Option<&Credential>,
) -> Result<(source::Repository, Door), String> {
    let url = &repository.spec.url;
    let door = Door::open(url).await.map_err(|error| format!("{url}: {error}"))?;
    let login =
        credential.map(|one| source::Login { user: one.user.clone(), password: one.password.clone() });
    let ca = Some(repository.spec.ca.clone()).filter(|ca| !ca.is_empty());
    Ok((source::Repository::new(url, login, ca).through(door.url()), door))
}

/// Why a registry was not read, with where it led when that is why.
fn refusal(error: &source::Error, door: &Door) -> String {
    door.refused().map_or_else(|| error.to_string(), |where_to| format!("{error}: {where_to}"))
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    std::fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}", uuid::Uuid::new_v4().simple()));
    std::fs::write(&temporary, bytes)?;
    std::fs::rename(&temporary, path).inspect_err(|_| drop(std::fs::remove_file(&temporary)))
}
