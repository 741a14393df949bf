//! `nagaya cluster agent`.

use nagaya_api::{
    Cluster, Kind, Resource as _,
    kinds::cluster::{AGENT_UPDATES_ANNOTATION, AGENT_UPDATES_PAUSED},
};
use serde_json::{Value, json};

use crate::{CliError, Client, terminal::say};

/// `nagaya cluster agent`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The cluster's name
    name: String,
    /// Have the server leave its agent as it is
    #[arg(long, conflicts_with = "resume")]
    pause: bool,
    /// Have the server update it again
    #[arg(long)]
    resume: bool,
}

/// Shows how a cluster's agent is, or says whether the server may update it.
///
/// # Errors
/// The server's.
pub(super) async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    let Args { name, pause, resume } = args;
    if pause || resume {
        client.merge_as("nagaya-agent-updates", Kind::Cluster, &name, &word(pause)).await?;
        say(&format!("cluster/{name}: updates of its agent {}", if pause { "paused" } else { "resumed" }));
        return Ok(());
    }
    let cluster = Cluster::from_raw(&client.get(Kind::Cluster, &name).await?)?;
    for line in lines(&cluster) {
        say(&line);
    }
    Ok(())
}

fn word(pause: bool) -> Value {
    let value = if pause { Value::from(AGENT_UPDATES_PAUSED) } else { Value::Null };
    json!({ "metadata": { "annotations": { AGENT_UPDATES_ANNOTATION: value } } })
}

fn lines(cluster: &Cluster) -> Vec<String> {
    let (agent, annotations) = (&cluster.status.agent, &cluster.metadata.annotations);
    let connected = if agent.connected { "connected" } else { "away" };
    let paused = annotations.get(AGENT_UPDATES_ANNOTATION).is_some_and(|word| word == AGENT_UPDATES_PAUSED);
    let mut lines = vec![
        format!("{connected}, version {}", if agent.version.is_empty() { "unknown" } else { &agent.version }),
        format!("updates {}", if paused { "paused" } else { "by the server" }),
    ];
    let current = cluster.status.conditions.iter().find(|one| one.kind == "AgentCurrent");
    lines.extend(current.filter(|one| !one.status).map(|one| one.message.clone()));
    lines
}

#[cfg(test)]
mod tests {
    use nagaya_api::kinds::cluster::{ClusterSpec, Provider};

    use super::*;

    #[test]
    fn pausing_sets_the_word_and_resuming_takes_it_away() {
        assert_eq!(word(true)["metadata"]["annotations"]["nagaya.dev/agent-updates"], "paused");
        assert_eq!(word(false)["metadata"]["annotations"]["nagaya.dev/agent-updates"], Value::Null);
        let mut cluster =
            Cluster::new("c", ClusterSpec { provider: Provider::Import, ..ClusterSpec::default() });
        assert_eq!(lines(&cluster), ["away, version unknown", "updates by the server"]);
        cluster.metadata.annotations.insert(AGENT_UPDATES_ANNOTATION.into(), AGENT_UPDATES_PAUSED.into());
        assert_eq!(lines(&cluster)[1], "updates paused");
    }
}
