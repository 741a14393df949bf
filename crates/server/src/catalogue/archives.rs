//! Charts' archives, kept by what they are made of.

use std::path::{Path, PathBuf};

use super::{index::hex, write};

/// The largest archive: agents take no larger one.
pub const LIMIT: usize = nagaya_api::agent::CHART_LIMIT;

/// Where archives are, below a folder of charts.
pub fn folder(charts: &Path) -> PathBuf {
    charts.join("archives")
}

/// Charts' archives.
#[derive(Clone, Debug)]
pub struct Archives(PathBuf);

impl Archives {
    /// Below a folder of charts.
    pub fn new(charts: &Path) -> Self {
        Self(folder(charts))
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.0.join(format!("{digest}.tgz"))
    }

    /// An archive, if it is here and what its name says.
    pub fn get(&self, digest: &str) -> Option<Vec<u8>> {
        if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let bytes = std::fs::read(self.path(digest)).ok()?;
        if hex(&bytes) == digest {
            return Some(bytes);
        }
        tracing::error!(digest, "a kept chart is not what it was: it is fetched again");
        let _ = std::fs::remove_file(self.path(digest));
        None
    }

    /// Keeps an archive. Returns its digest.
    ///
    /// # Errors
    /// When the disk does.
    pub fn put(&self, bytes: &[u8]) -> std::io::Result<String> {
        let digest = hex(bytes);
        let path = self.path(&digest);
        if !path.exists() {
            write(&path, bytes)?;
        }
        Ok(digest)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_archive_is_found_by_what_it_is_and_one_that_was_changed_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let archives = Archives::new(dir.path());
        let digest = archives.put(b"chart").unwrap();
        assert_eq!(archives.get(&digest).unwrap(), b"chart");
        assert!(archives.get("../index/stable").is_none());
        std::fs::write(dir.path().join(format!("archives/{digest}.tgz")), b"other").unwrap();
        assert!(archives.get(&digest).is_none());
        assert!(!dir.path().join(format!("archives/{digest}.tgz")).exists());
    }
}
