//! Where things of an instance and of a cluster lie.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::Error;

/// Paths of one cluster (or of the hub).
#[derive(Debug, Clone)]
pub(crate) struct ClusterPaths {
    pub(crate) dir: PathBuf,
}

impl ClusterPaths {
    pub(crate) fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }
    pub(crate) fn spec(&self) -> PathBuf {
        self.dir.join("spec.json")
    }
    pub(crate) fn state(&self) -> PathBuf {
        self.dir.join("state.json")
    }
    pub(crate) fn lock(&self) -> PathBuf {
        self.dir.join("supervisor.lock")
    }
    pub(crate) fn pki(&self) -> PathBuf {
        self.dir.join("pki")
    }
    pub(crate) fn config(&self) -> PathBuf {
        self.dir.join("config")
    }
    pub(crate) fn logs(&self) -> PathBuf {
        self.dir.join("logs")
    }
    pub(crate) fn homes(&self) -> PathBuf {
        self.dir.join("homes")
    }
    pub(crate) fn manifests(&self) -> PathBuf {
        self.dir.join("manifests")
    }
    pub(crate) fn log_of(&self, component: &str) -> PathBuf {
        self.logs().join(format!("{component}.log"))
    }
}

/// Pins of mount namespaces and records about the host; gone after a reboot, as what they tell of is.
pub(crate) const RUN: &str = "/run/nagaya-local";

pub(crate) fn create_dir(path: impl AsRef<Path>) -> Result<(), Error> {
    fs::create_dir_all(&path).map_err(|e| Error::io("create directory", &path, e))
}

pub(crate) fn read(path: impl AsRef<Path>) -> Result<String, Error> {
    fs::read_to_string(&path).map_err(|e| Error::io("read", &path, e))
}

pub(crate) fn write(path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> Result<(), Error> {
    fs::write(&path, text).map_err(|e| Error::io("write", &path, e))
}

/// Replaces a file in one step: a reader, or a `kill -9` at any point, sees the old or the new text, never half.
pub(crate) fn replace(path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> Result<(), Error> {
    let path = path.as_ref();
    let folder = path.parent().unwrap_or(Path::new("."));
    let failed = |e| Error::io("write", path, e);
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_ref()).map_err(failed)?;
    file.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}

/// [`replace`], and only when the text differs; true when it did.
pub(crate) fn replace_if_changed(path: impl AsRef<Path>, text: &str) -> Result<bool, Error> {
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    replace(path, text)?;
    Ok(true)
}

/// Removes a folder and all below it, if it is there.
pub(crate) fn remove_tree(path: impl AsRef<Path>) -> Result<(), Error> {
    match fs::remove_dir_all(&path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", path, e)),
        _ => Ok(()),
    }
}

/// Names of the folders in `path`, sorted; none if it is not there.
pub(crate) fn folders_in(path: impl AsRef<Path>) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Err(e) => return Err(Error::io("read", path, e)),
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}
