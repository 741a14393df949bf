//! `-f` and `--set…`.

use std::{fs, io::Read as _, path::Path};

use nagaya_helm::{
    value::Map,
    values::{
        self,
        set::{self, Kind},
    },
};

use super::other;
use crate::CliError;

/// Values over the chart's defaults; later ones win, and flags win over files.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Values {
    /// File of values, or - for standard input; may be given again
    #[arg(short = 'f', long = "values", value_name = "FILE|-")]
    files: Vec<String>,
    /// Values as JSON: key=JSON, or an object; may be given again
    #[arg(long, value_name = "KEY=JSON")]
    set_json: Vec<String>,
    /// Values: a.b=1,c[0]=x,d={x,y}; may be given again
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The same, but every value is a text
    #[arg(long, value_name = "KEY=VALUE")]
    set_string: Vec<String>,
    /// The same, but every value is what the file holds
    #[arg(long, value_name = "KEY=FILE")]
    set_file: Vec<String>,
    /// A value that is taken as it stands, commas and all
    #[arg(long, value_name = "KEY=VALUE")]
    set_literal: Vec<String>,
}

/// What files and flags say, read but not yet merged: texts go to other threads, values cannot.
pub struct Given {
    files: Vec<(String, Vec<u8>)>,
    flags: Values,
}

fn read(path: &str) -> Result<Vec<u8>, CliError> {
    if path.trim() == "-" {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).map_err(|error| CliError::file("-", error))?;
        return Ok(text);
    }
    fs::read(path).map_err(|error| CliError::file(Path::new(path), error))
}

impl Values {
    /// Reads the files.
    pub fn read(self) -> Result<Given, CliError> {
        let files =
            self.files.iter().map(|path| Ok((path.clone(), read(path)?))).collect::<Result<_, CliError>>()?;
        Ok(Given { files, flags: self })
    }
}

impl Given {
    /// Merges all of it, as Helm does: files, then each kind of flag.
    pub fn merge(&self) -> Result<Map, CliError> {
        let mut merged = Map::new();
        for (path, text) in &self.files {
            let file = values::read(text).map_err(|error| CliError::Usage(format!("{path}: {error}")))?;
            merged = values::overlay(&merged, &file);
        }
        let merged = values::copy(&merged);
        let file = |path: &str| read(path).map_err(|error| error.to_string());
        for (kind, flags) in [
            (Kind::Json, &self.flags.set_json),
            (Kind::Typed, &self.flags.set),
            (Kind::Text, &self.flags.set_string),
            (Kind::File, &self.flags.set_file),
            (Kind::Literal, &self.flags.set_literal),
        ] {
            for flag in flags {
                set::parse(kind, flag, &merged, &file).map_err(CliError::Usage)?;
            }
        }
        Ok(merged)
    }
}

/// Renders on a thread with room for it; what comes out may leave it.
pub fn on_stack<T: Send>(work: impl FnOnce() -> Result<T, CliError> + Send) -> Result<T, CliError> {
    nagaya_helm::template::with_stack(work).map_err(other)?
}
