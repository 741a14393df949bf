//! An instance on this host: its folders, its lock, its server's process.

mod binary;
mod lock;
mod process;

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

pub use binary::{identity, installed};
pub use lock::Lock;
pub use process::{ServerProcess, ServerRecord};

use crate::settings::Settings;

/// Where things lie below an instance's data directory. Clusters and distributions are nagaya-local's.
#[derive(Clone, Debug)]
pub struct Folders {
    root: PathBuf,
}

impl Folders {
    /// The folders of an instance.
    pub fn of(settings: &Settings) -> Self {
        Self { root: settings.data_dir.clone() }
    }

    /// The store.
    pub fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    /// Copies of the repositories of sources; they can be fetched again.
    pub fn sources(&self) -> PathBuf {
        self.root.join("sources")
    }

    /// What chart repositories offer, and archives of charts.
    pub fn charts(&self) -> PathBuf {
        self.root.join("charts")
    }

    /// The server's log.
    pub fn server_log(&self) -> PathBuf {
        self.root.join("logs/server.log")
    }

    /// Who the server is.
    pub fn server_record(&self) -> PathBuf {
        self.root.join("run/server.json")
    }

    /// The first administrator's way in, for root's eyes only.
    pub fn first_login(&self) -> PathBuf {
        self.root.join("run/first-login.json")
    }

    /// Held by the server as long as it lives.
    pub fn server_lock(&self) -> PathBuf {
        self.root.join("run/server.lock")
    }

    /// Held by `up`, `down` and `purge`: one at a time.
    pub fn work_lock(&self) -> PathBuf {
        self.root.join("run/work.lock")
    }

    /// Copies of the program that processes of the instance run.
    pub fn programs(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// Remembers which example was applied.
    pub fn example_mark(&self) -> PathBuf {
        self.root.join("run/example-applied")
    }
}

/// Writes a file whole or not at all, and durably.
///
/// # Errors
/// When it cannot be written.
pub fn write_atomically(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let write = || -> std::io::Result<()> {
        let dir = path.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(dir)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = dir.join(format!(".{name}.{}", std::process::id()));
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
