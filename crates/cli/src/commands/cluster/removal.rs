//! What becomes of what Nagaya put into an imported cluster that is deleted.

use std::io::IsTerminal as _;

use nagaya_api::{
    Cluster, Kind, Resource as _,
    kinds::cluster::{Provider, Removal},
};

use crate::{CliError, Client, terminal::ask};

/// What becomes of what Nagaya put into an imported cluster.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "Imported clusters")]
pub struct Objects {
    /// What Nagaya put there stays; only the agent goes
    #[arg(long, group = "removal")]
    keep_objects: bool,
    /// What Nagaya put there goes, but for homes; then the agent
    #[arg(long, group = "removal")]
    remove_objects: bool,
    /// Forget a cluster that is not reached any more: nothing is done there
    #[arg(long, group = "removal")]
    force: bool,
}

impl Objects {
    /// What was said, if anything.
    pub fn said(self) -> Option<Removal> {
        let Self { keep_objects, remove_objects, force } = self;
        [(keep_objects, Removal::Keep), (remove_objects, Removal::Remove), (force, Removal::Forget)]
            .into_iter()
            .find_map(|(said, removal)| said.then_some(removal))
    }
}

/// What to do, for a cluster that is imported and whose agent was ever there; none for any other. Asks on a terminal when nothing was said.
///
/// # Errors
/// The server's; when there is nobody to ask.
pub async fn of(client: &Client, name: &str, objects: Objects) -> Result<Option<Removal>, CliError> {
    let cluster = Cluster::from_raw(&client.get(Kind::Cluster, name).await?)?;
    let said = objects.said();
    if cluster.spec.provider != Provider::Import {
        return match said {
            None => Ok(None),
            Some(_) => Err(CliError::Usage(format!(
                "cluster/{name} is one on the server's host: it goes with all that is in it (leave out --keep-objects, --remove-objects and --force)"
            ))),
        };
    }
    if said.is_some() || Removal::of(&cluster).is_some() || cluster.status.agent.since.is_none() {
        return Ok(said);
    }
    if !std::io::stdin().is_terminal() {
        return Err(CliError::Usage(format!(
            "say what becomes of what Nagaya put into cluster {name}: --keep-objects, or --remove-objects (all but homes); --force forgets a cluster that is not reached any more"
        )));
    }
    if !cluster.status.agent.connected {
        crate::terminal::note(
            "its agent is not connected: nothing can be removed there until it is (--force forgets it)",
        );
    }
    match ask(&format!(
        "what Nagaya put into cluster {name}: keep it there, or remove it (all but homes)? [keep/remove]"
    ))?
    .as_str()
    {
        "keep" => Ok(Some(Removal::Keep)),
        "remove" => Ok(Some(Removal::Remove)),
        _ => Err(CliError::Usage("that is neither keep nor remove: nothing was deleted".into())),
    }
}
