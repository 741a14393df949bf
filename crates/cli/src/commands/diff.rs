//! `nagaya diff`: what `apply` would change.

use similar::TextDiff;

use crate::{
    CliError, Client,
    client::ApplyOptions,
    documents,
    output::{owned_yaml, short_name, yaml},
    terminal::{complain, note, print},
};

/// `nagaya diff`
#[derive(Clone, Debug, clap::Args)]
pub struct Diff {
    /// File, folder, or - for standard input; may be given again
    #[arg(short = 'f', long = "filename", required = true, value_name = "FILE|DIR|-")]
    files: Vec<String>,
    /// As if fields that others own were taken over
    #[arg(long)]
    force: bool,
}

/// Exit code when something differs, as kubectl's; failures are above it.
const DIFFERS: u8 = 1;

/// Runs `diff`.
///
/// # Errors
/// Exit code 1 when something differs; more when it cannot be told.
pub async fn run(args: Diff, client: &Client) -> Result<(), CliError> {
    let mut differs = false;
    let mut failed = None;
    for document in documents::read(&args.files)? {
        let name = short_name(document.kind, &document.name);
        let live = match client.get(document.kind, &document.name).await {
            Ok(live) => Some(owned_yaml(&live)?),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error),
        };
        let wanted = if live.is_some() {
            let options = ApplyOptions { force: args.force, dry_run: true };
            match client.apply(document.kind, &document.name, &document.object, options).await {
                Ok(after) => owned_yaml(&after)?,
                Err(error) => {
                    complain(&format!("{}: {error}", document.place));
                    failed = Some(error.code().max(DIFFERS + 1));
                    continue;
                }
            }
        } else {
            yaml(&document.object)?
        };
        let live = live.unwrap_or_default();
        if live != wanted {
            differs = true;
            let diff = TextDiff::from_lines(&live, &wanted);
            print(&diff.unified_diff().header(&format!("live/{name}"), &format!("files/{name}")).to_string());
        }
    }
    match (failed, differs) {
        (Some(code), _) => Err(CliError::Silent(code)),
        (None, true) => Err(CliError::Silent(DIFFERS)),
        (None, false) => {
            note("no difference");
            Ok(())
        }
    }
}
