//! Sources: folders of objects in Git repositories that are kept in sync.
//!
//! `watch` decides when (by `crate::looks`), `sync` brings a commit here and applies it in one transaction, whole or not at
//! all, by the path that every write takes; `stamp` is what it changes of objects before. `owned` keeps others from
//! changing what a source owns unasked.

mod apply;
mod contents;
mod owned;
mod secret;
mod stamp;
mod sync;
mod watch;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::sync::Semaphore;

use crate::looks::Asked;

pub use apply::release;
pub use owned::check as check_owned;
pub use secret::{NewSecret, credential_secret, seal, signed, webhook_secret};
pub use sync::{Difference, difference, sync};
pub use watch::watch;

/// Repositories that are fetched at one time.
const AT_ONCE: usize = 4;

/// How a server reads repositories.
#[derive(Clone, Debug)]
pub struct SourceConfig {
    /// Where copies are kept.
    pub folder: PathBuf,
    /// Folders of this machine below which `file://` may name repositories. Empty: nowhere.
    pub paths: Vec<PathBuf>,
}

/// What the server remembers of sources while it runs.
pub struct Sources {
    /// Who is to be looked at, and whose turn it is: each has one copy.
    pub(crate) asked: Asked,
    fetches: Arc<Semaphore>,
}

impl Default for Sources {
    fn default() -> Self {
        Self { asked: Asked::default(), fetches: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

/// Whether a `file://` address leads to a place below one of these folders, links followed. Returns the address of that
/// place.
///
/// # Errors
/// Why not, in words that tell nothing of the disk.
pub fn allowed(url: &str, folders: &[PathBuf]) -> Result<String, String> {
    let refused = || format!("{url} is not in a folder that this server may read repositories from");
    let path = url.strip_prefix("file://").ok_or_else(refused)?;
    let real = Path::new(path).canonicalize().map_err(|_| refused())?;
    let below =
        folders.iter().filter_map(|folder| folder.canonicalize().ok()).any(|folder| real.starts_with(folder));
    if below { Ok(format!("file://{}", real.display())) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_folders_that_are_named_may_be_read_and_links_lead_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let (git, secret) = (dir.path().join("git"), dir.path().join("secret"));
        std::fs::create_dir_all(git.join("fleet")).unwrap();
        std::fs::create_dir_all(&secret).unwrap();
        std::os::unix::fs::symlink(&secret, git.join("link")).unwrap();
        let may = |path: PathBuf, folders: &[PathBuf]| {
            allowed(&format!("file://{}", path.display()), folders).is_ok()
        };
        let folders = [git.clone()];
        assert!(may(git.join("fleet"), &folders));
        assert!(!may(git.join("fleet"), &[]), "nothing is allowed unless it is said");
        assert!(!may(secret.clone(), &folders));
        assert!(!may(git.join("link"), &folders));
        assert!(!may(git.join("../secret"), &folders));
        let (there, absent) =
            (allowed(&format!("file://{}", secret.display()), &folders), "file:///none/at/all");
        let shape = |refused: String, url: &str| refused.replace(url, "");
        assert_eq!(
            shape(there.unwrap_err(), &format!("file://{}", secret.display())),
            shape(allowed(absent, &folders).unwrap_err(), absent),
            "a refusal does not tell whether there is something"
        );
    }
}
