//! Where the chart is: on this machine, in a repository, in a registry.

use std::{
    fs,
    path::{Path, PathBuf},
    rc::Rc,
};

use nagaya_helm::{
    chart::{self, Chart, Limits, Symlinks, dependencies},
    source::{Found, Login, Repository, dependency},
};

use super::other;
use crate::{CliError, terminal};

/// Which chart, and how it is reached.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Location {
    /// Address of the repository the chart is in: https://, oci:// or file://
    #[arg(long, value_name = "URL")]
    pub repo: Option<String>,
    /// Version, or a constraint as "^5.1" (default: the newest that is no pre-release)
    #[arg(long, value_name = "VERSION")]
    pub version: Option<String>,
    /// User of the repository
    #[arg(long, value_name = "USER")]
    pub username: Option<String>,
    /// Read the user's password from standard input
    #[arg(long, requires = "username")]
    pub password_stdin: bool,
    /// Certificate authority of the repository, PEM
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Fetch dependencies that lie not in charts/; nothing is written there
    #[arg(long)]
    pub dependency_update: bool,
}

/// A chart that was found. It goes to other threads, which a read one cannot.
pub struct Located {
    what: What,
    dependencies: Vec<Vec<u8>>,
}

enum What {
    Folder(PathBuf),
    Archive(Vec<u8>),
}

impl Location {
    fn login(&self) -> Result<Option<Login>, CliError> {
        let Some(user) = &self.username else { return Ok(None) };
        let password = if self.password_stdin { terminal::password("Password: ")? } else { String::new() };
        Ok(Some(Login { user: user.clone(), password }))
    }

    fn ca(&self) -> Result<Option<String>, CliError> {
        let read = |path: &PathBuf| fs::read_to_string(path).map_err(|error| CliError::file(path, error));
        self.ca_file.as_ref().map(read).transpose()
    }

    /// Fetches an archive from where the chart's name and the flags say.
    pub async fn fetch(&self, chart: &str) -> Result<(Found, Vec<u8>), CliError> {
        let (login, ca) = (self.login()?, self.ca()?);
        let version = self.version.as_deref().unwrap_or_default();
        let (repository, found) = if let Some(url) = &self.repo {
            let repository = Repository::new(url, login, ca);
            let found = repository.resolve(chart, version).await.map_err(other)?;
            (repository, found)
        } else if let Some((base, name)) = chart.strip_prefix("oci://").and_then(|path| path.rsplit_once('/'))
        {
            let (name, tag) = name.split_once(':').unwrap_or((name, version));
            let repository = Repository::new(&format!("oci://{base}"), login, ca);
            let found = repository.resolve(name, tag).await.map_err(other)?;
            (repository, found)
        } else if chart.starts_with("https://") || chart.starts_with("http://") {
            let file = chart.rsplit('/').next().unwrap_or_default();
            let name = file.trim_end_matches(".tgz").to_owned();
            let found = Found { name, version: String::new(), digest: None, url: chart.to_owned() };
            (Repository::new(chart, login, ca), found)
        } else {
            return Err(CliError::Usage(format!(
                "{chart:?} is no folder and no archive here; for a chart in a repository give --repo URL, or write oci://…"
            )));
        };
        let bytes = repository.fetch(&found).await.map_err(other)?;
        Ok((found, bytes))
    }

    /// Reads a chart, whether what it depends on is there or not.
    pub async fn read_alone(&self, chart: &str) -> Result<Chart, CliError> {
        Located { what: self.find(chart).await?, dependencies: Vec::new() }.read()
    }

    async fn find(&self, chart: &str) -> Result<What, CliError> {
        let path = Path::new(chart);
        Ok(if path.is_dir() {
            What::Folder(path.to_owned())
        } else if path.is_file() {
            What::Archive(fs::read(path).map_err(|error| CliError::file(path, error))?)
        } else {
            What::Archive(self.fetch(chart).await?.1)
        })
    }

    /// Finds a chart, and what it depends on.
    pub async fn locate(&self, chart: &str) -> Result<Located, CliError> {
        let mut located = Located { what: self.find(chart).await?, dependencies: Vec::new() };
        let read = located.read()?;
        if dependencies::missing(&read).is_empty() {
            return Ok(located);
        }
        if !self.dependency_update {
            let names: Vec<_> =
                dependencies::missing(&read).iter().map(|wanted| wanted.name.clone()).collect();
            return Err(CliError::Usage(format!(
                "found in Chart.yaml, but missing in charts/ directory: {}; give --dependency-update to fetch them",
                names.join(", ")
            )));
        }
        let (login, ca) = (self.login()?, self.ca()?);
        let archives = dependency::fetch(&read, login.as_ref(), ca.as_deref()).await.map_err(other)?;
        located.dependencies = archives.into_iter().map(|archive| archive.bytes).collect();
        Ok(located)
    }
}

impl Located {
    /// Reads it.
    pub fn read(&self) -> Result<Chart, CliError> {
        let limits = Limits::default();
        let mut chart = match &self.what {
            What::Folder(path) => chart::load_dir(path, Symlinks::Follow, &limits),
            What::Archive(bytes) => chart::load_archive(bytes, &limits),
        }
        .map_err(other)?;
        for archive in &self.dependencies {
            chart.dependencies.push(Rc::new(chart::load_archive(archive, &limits).map_err(other)?));
        }
        Ok(chart)
    }
}
