//! `nagaya release diff`: what would change on a cluster.

use nagaya_api::{
    Release,
    catalogue::{Preview, PreviewVerb},
};
use serde_json::json;
use similar::TextDiff;

use super::path;
use crate::{
    CliError, Client,
    terminal::{complain, note, print},
};

/// Exit code when something differs.
const DIFFERS: u8 = 1;

pub(super) async fn run(client: &Client, release: &Release, on: Option<String>) -> Result<(), CliError> {
    let name = &release.metadata.name;
    let body = json!({"spec": release.spec, "cluster": on});
    let answer = client.post(&path(name, "preview"), Some(&body)).await?;
    let preview: Preview =
        serde_json::from_value(answer).map_err(|error| CliError::Other(error.to_string()))?;
    for warning in &preview.warnings {
        note(&format!("warning: {warning}"));
    }
    if let Some(error) = &preview.error {
        let line = if error.line == 0 { String::new() } else { format!(":{}", error.line) };
        let place = format!("{}{line}", error.file);
        let parts = [place.as_str(), &error.path, &error.message].into_iter().filter(|part| !part.is_empty());
        let mend = if error.mend.is_empty() { String::new() } else { format!(" ({})", error.mend) };
        complain(&format!("{}{mend}", parts.collect::<Vec<_>>().join(": ")));
        return Err(CliError::Silent(DIFFERS + 1));
    }
    if !preview.schema.is_empty() {
        for wrong in &preview.schema {
            complain(&format!("values: {}: {}", wrong.path, wrong.message));
        }
        return Err(CliError::Silent(DIFFERS + 1));
    }
    let changes: Vec<_> = preview.changes.iter().filter(|one| one.change != PreviewVerb::Same).collect();
    if changes.is_empty() {
        note("no difference");
        return Ok(());
    }
    for change in changes {
        let diff = TextDiff::from_lines(&change.before, &change.after);
        let (old, new) =
            (format!("{}/{}", preview.cluster, change.object), format!("{name}/{}", change.object));
        print(&diff.unified_diff().header(&old, &new).to_string());
    }
    Err(CliError::Silent(DIFFERS))
}
