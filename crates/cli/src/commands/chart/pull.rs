//! `nagaya chart pull`.

use std::{fs, path::PathBuf};

use nagaya_helm::chart::{self, Limits};

use super::{locate::Location, other};
use crate::{CliError, terminal::say};

/// `nagaya chart pull`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The chart: a name in --repo, oci://…, or the archive's address
    chart: String,
    /// Folder to put it into
    #[arg(short, long, default_value = ".", value_name = "DIR")]
    destination: PathBuf,
    #[command(flatten)]
    location: Location,
}

/// Runs `nagaya chart pull`.
///
/// # Errors
/// When the chart is not to be had, or is none.
pub async fn run(args: Args) -> Result<(), CliError> {
    let (_, bytes) = args.location.fetch(&args.chart).await?;
    // A chart, or nothing: what is no chart is not left lying about.
    let metadata = chart::load_archive(&bytes, &Limits::default()).map_err(other)?.metadata;
    fs::create_dir_all(&args.destination).map_err(|error| CliError::file(&args.destination, error))?;
    let path = args.destination.join(format!("{}-{}.tgz", metadata.name, metadata.version));
    fs::write(&path, &bytes).map_err(|error| CliError::file(&path, error))?;
    say(&path.display().to_string());
    Ok(())
}
