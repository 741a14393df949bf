//! What can go wrong, on which object, and the mend.

use std::path::{Path, PathBuf};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value given by the caller cannot be used.
    #[error("{field}: {problem}; {mend}")]
    Config {
        /// Which value.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        mend: String,
    },
    /// A file operation failed.
    #[error("cannot {what} {path}: {source}", path = path.display())]
    Io {
        /// In words: `write`, `create directory`, …
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A helper program failed or is missing.
    #[error("cannot {what}: `{program}` {problem}")]
    Program {
        /// What it was to do, in words, naming the object.
        what: String,
        /// The command line.
        program: String,
        /// Exit status and what it said, or that it is not installed and the package that has it.
        problem: String,
    },
    /// There is no such cluster in this instance.
    #[error("there is no cluster {0} in this instance; `nagaya get clusters` lists them")]
    NoCluster(String),
    /// There is no such distribution in this instance.
    #[error(
        "there is no Kubernetes distribution {0}; `nagaya kubernetes list` shows them, `nagaya kubernetes add` adds one"
    )]
    NoDistribution(String),
    /// A distribution cannot be had or used.
    #[error("distribution {name}: {problem}; {mend}")]
    Distribution {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: String,
        /// What to do.
        mend: String,
    },
    /// The hub (network and registry of the instance) is not up.
    #[error("the network of instance {0} is not up; `nagaya up` brings it up")]
    HubDown(String),
    /// A cluster (or the hub) did not get where it should.
    #[error("cluster {cluster}: {problem}{tail}", tail = log_tail(.log))]
    Cluster {
        /// Its name; `hub` for the instance's own network and registry.
        cluster: String,
        /// Which component, in which state, since when, and the mend.
        problem: String,
        /// The last lines of that component's log.
        log: Vec<String>,
    },
    /// A certificate could not be made or read.
    #[error("certificate {name}: {problem}")]
    Pki {
        /// Which one.
        name: String,
        /// Why.
        problem: String,
    },
    /// The cluster's API server refused or could not be reached.
    #[error("cluster {cluster}: cannot {what}: {source}")]
    Kubernetes {
        /// Its name.
        cluster: String,
        /// What was asked.
        what: String,
        /// Why.
        source: Box<kube::Error>,
    },
    /// Something of the instance is still there after `down`, in words.
    #[error("left over of instance {instance}: {what}")]
    LeftOver {
        /// Its name.
        instance: String,
        /// What, in words.
        what: String,
    },
}

impl Error {
    pub(crate) fn io(what: &'static str, path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self::Io { what, path: path.as_ref().into(), source }
    }
}

fn log_tail(log: &[String]) -> String {
    if log.is_empty() { String::new() } else { format!("\n  {}", log.join("\n  ")) }
}
