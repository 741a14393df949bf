//! Charts: what they are made of, and how they are read from folders and archives.

mod archive;
mod assemble;
pub mod dependencies;
mod folder;
pub mod glob;
mod ignore;
mod limits;
mod metadata;
#[cfg(test)]
mod tests;

use std::rc::Rc;

pub use archive::load_archive;
pub use folder::{Symlinks, load_dir};
pub use limits::Limits;
pub use metadata::{Dependency, ImportValues, Lock, Maintainer, Metadata};

use crate::value::{Map, Str};

/// Why a chart cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No archive, or a damaged one.
    #[error("the archive cannot be read: {0}")]
    Archive(String),
    /// A file that may not be in a chart.
    #[error("{file}: {problem}")]
    File {
        /// Its name, as it stands there.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Larger than a chart may be.
    #[error("{0}")]
    TooLarge(String),
    /// Chart.yaml does not say what it must.
    #[error("validation: {0}")]
    Invalid(String),
    /// A chart below this one.
    #[error("error unpacking subchart {file} in {chart}: {error}")]
    Subchart {
        /// Where it lies below `charts/`.
        file: String,
        /// The chart it belongs to.
        chart: String,
        /// What is wrong with it.
        error: Box<Error>,
    },
}

impl Error {
    fn file(file: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::File { file: file.into(), problem: problem.into() }
    }
}

/// A file of a chart. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the chart's folder, with `/`.
    pub name: Str,
    /// What is in it, without a byte order mark.
    pub data: Str,
}

impl File {
    /// Its path as text.
    pub fn path(&self) -> std::borrow::Cow<'_, str> {
        self.name.to_text()
    }
}

/// A chart as it was read: nothing of it depends on values.
#[derive(Clone)]
pub struct Chart {
    /// Chart.yaml, with the dependencies of requirements.yaml.
    pub metadata: Metadata,
    /// Chart.lock or requirements.lock.
    pub lock: Option<Lock>,
    /// values.yaml as it was read.
    pub values: Map,
    /// values.yaml as it stands there, with its comments.
    pub values_text: Option<Str>,
    /// values.schema.json.
    pub schema: Option<Str>,
    /// What lies in `templates/`.
    pub templates: Vec<File>,
    /// All other files: `.Files` of templates.
    pub files: Vec<File>,
    /// The charts in `charts/`.
    pub dependencies: Vec<Rc<Chart>>,
    /// What is odd, but no error.
    pub warnings: Vec<String>,
}

impl Chart {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// How many bytes its files have, those of charts below included.
    pub fn bytes(&self) -> usize {
        let files = self.templates.iter().chain(&self.files).map(|file| file.data.len());
        let read = self.values_text.iter().chain(&self.schema).map(|text| text.len());
        files.chain(read).sum::<usize>() + self.dependencies.iter().map(|chart| chart.bytes()).sum::<usize>()
    }

    /// Its readme.
    pub fn readme(&self) -> Option<&File> {
        let is = |file: &&File| {
            let name = file.path().to_lowercase();
            matches!(name.as_str(), "readme.md" | "readme.txt" | "readme")
        };
        self.files.iter().find(is)
    }

    /// The files in `crds/` that Helm installs before anything else, those of charts below come after.
    pub fn crds(&self) -> Vec<&File> {
        let mut files: Vec<&File> = self.own_crds().collect();
        for dependency in &self.dependencies {
            files.extend(dependency.crds());
        }
        files
    }

    /// The dependencies that it names and does not have, be they on or off.
    pub fn missing(&self) -> Vec<String> {
        let has = |name: &str| self.dependencies.iter().any(|chart| chart.name() == name);
        let wanted = self.metadata.dependencies.iter().map(|dependency| dependency.name.clone());
        wanted.filter(|name| !has(name)).collect()
    }

    /// The files in its own `crds/`.
    pub fn own_crds(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| {
            let name = file.path();
            let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
            name.starts_with("crds/") && matches!(extension.as_deref(), Some("yaml" | "yml" | "json"))
        })
    }
}
