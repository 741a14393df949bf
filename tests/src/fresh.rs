//! A second instance beside the one of `scripts/e2e.sh`, from nothing.

use std::{
    ops::Deref,
    path::PathBuf,
    process::{Child, Stdio},
};

use crate::Instance;

/// A fresh instance, gone when this is dropped. `scripts/reap.sh` knows its name too, for a run that was killed.
#[derive(Debug)]
pub struct Fresh {
    instance: Instance,
    _config: tempfile::TempDir,
}

impl Fresh {
    /// Nothing of it is there yet.
    pub fn beside(other: &Instance) -> Self {
        let config = tempfile::tempdir().expect("a folder");
        let name = format!("{}fresh", other.name);
        let data = PathBuf::from(format!("{}fresh", other.data.display()));
        let instance = Instance { name, data, config: config.path().join("config.yaml"), ..other.clone() };
        let fresh = Self { instance, _config: config };
        fresh.purge();
        fresh
    }

    /// `nagaya up` on its way.
    pub fn begin_up(&self) -> Child {
        self.command(&Self::up_args()).stdin(Stdio::null()).spawn().expect("nagaya runs")
    }

    /// `nagaya up`, which must succeed.
    pub fn finish_up(&self) {
        self.ok(&Self::up_args());
    }

    const fn up_args() -> [&'static str; 5] {
        ["up", "--ports", "auto", "--organisation", "fresh.yaml"]
    }

    fn purge(&self) {
        if self.data.exists() {
            self.ok(&["purge", "--yes"]);
        }
    }
}

impl Deref for Fresh {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        &self.instance
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // A second panic would hide the first; what is left is the reaper's.
        if self.data.exists() {
            self.run(&["purge", "--yes"]);
        }
    }
}
