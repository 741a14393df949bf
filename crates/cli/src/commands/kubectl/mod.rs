//! `nagaya kubectl`: one kubectl for many clusters.

mod ask;
mod merge;
mod one;

use std::{process::ExitStatus, sync::Arc};

use futures::StreamExt as _;
use nagaya_api::Kind;
use tokio::io::AsyncReadExt as _;

use crate::{
    CliError, Client,
    client::{Filter, encode},
    terminal::{note, print},
};
use ask::{Ask, Shape};
use one::{Kubeconfigs, Ran};

/// `nagaya kubectl`
#[derive(Clone, Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("where").required(true).multiple(false))]
pub struct Args {
    /// Over the clusters of a group
    #[arg(long, value_name = "NAME", group = "where")]
    group: Option<String>,
    /// Over the clusters with these labels, for instance tier=small
    #[arg(short = 'l', long, value_name = "LABELS", group = "where")]
    selector: Option<String>,
    /// Over these clusters
    #[arg(long = "cluster", value_name = "NAME", value_delimiter = ',', group = "where")]
    clusters: Vec<String>,
    /// Over all clusters
    #[arg(long, group = "where")]
    all: bool,
    /// How many at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    parallel: u16,
    /// What kubectl is given
    #[arg(last = true, required = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

/// Runs `kubectl`.
///
/// # Errors
/// The server's; when no cluster is meant; [`CliError::Silent`] when kubectl failed for one of them, which was said.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    let clusters = clusters(&args, client).await?;
    let kubeconfigs = Kubeconfigs::new(client.clone())?;
    if let [only] = clusters.as_slice() {
        // Nothing to merge: it is kubectl, terminal and all.
        return one::alone(&kubeconfigs, only, &args.arguments).await;
    }
    let ask = Ask::of(&args.arguments);
    if let Some(verb) = ask.wants_terminal {
        return Err(CliError::Usage(format!(
            "kubectl {verb} has a terminal or a port of its own: name one cluster, with --cluster"
        )));
    }
    let mut input = Vec::new();
    if ask.reads_input {
        let read = tokio::io::stdin().read_to_end(&mut input).await;
        read.map_err(|error| CliError::Other(format!("standard input: {error}")))?;
    }
    let input: Arc<[u8]> = input.into();
    // What goes on until it is ended must not wait for a turn.
    let at_once = if ask.shape == Shape::Stream { clusters.len() } else { usize::from(args.parallel) };
    let streams = ask.shape == Shape::Stream;
    let mut runs = futures::stream::iter(&clusters)
        .map(|cluster| one::among(&kubeconfigs, cluster, &args.arguments, input.clone(), streams))
        .buffered(at_once.max(1));
    let (mut good, mut failed) = (Vec::new(), Vec::new());
    let mut at = clusters.iter();
    while let (Some(ran), Some(cluster)) = (runs.next().await, at.next()) {
        match ran {
            Ok(Ran { status, output }) => {
                if !status.success() {
                    failed.push(format!("{cluster}: kubectl ended with {}", ended(status)));
                }
                good.push((cluster.clone(), output));
            }
            Err(error) => failed.push(format!("{cluster}: {error}")),
        }
    }
    if !streams {
        print(&merge::merge(&good, ask.shape)?);
    }
    if failed.is_empty() {
        return Ok(());
    }
    note(&format!("error: it failed for {} of {} clusters:", failed.len(), clusters.len()));
    for failure in failed {
        note(&format!("  {failure}"));
    }
    Err(CliError::Silent(1))
}

fn ended(status: ExitStatus) -> String {
    status.code().map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"))
}

/// The clusters that are meant, by name.
async fn clusters(args: &Args, client: &Client) -> Result<Vec<String>, CliError> {
    let mut names = if !args.clusters.is_empty() {
        args.clusters.clone()
    } else if let Some(group) = &args.group {
        let text = client.text(&format!("groups/{}", encode(group))).await?;
        in_group(&text)
            .ok_or_else(|| CliError::Other(format!("group \"{group}\": the server's answer does not read")))?
    } else {
        let filter = Filter { selector: args.selector.clone(), ..Filter::default() };
        let all = client.list(Kind::Cluster, &filter).await?;
        all.items.into_iter().map(|cluster| cluster.metadata.name).collect()
    };
    names.sort();
    names.dedup();
    if names.is_empty() {
        return Err(CliError::Usage(
            "no cluster is meant by that: see `nagaya get clusters --show-labels`".into(),
        ));
    }
    Ok(names)
}

/// The clusters in the status of a Group.
fn in_group(text: &str) -> Option<Vec<String>> {
    let group: serde_json::Value = serde_json::from_str(text).ok()?;
    match group.pointer("/status/clusters") {
        Some(clusters) => serde_json::from_value(clusters.clone()).ok(),
        // It was made a moment ago.
        None => group.get("spec").map(|_| Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn everything_behind_two_dashes_is_kubectls() {
        let line = |words: &str| Line::try_parse_from(words.split(' '));
        let args = line("kubectl --group java -- get pods -l app=x --all-namespaces").unwrap().args;
        assert_eq!(args.group.as_deref(), Some("java"));
        assert_eq!(args.arguments, ["get", "pods", "-l", "app=x", "--all-namespaces"]);
        assert_eq!(line("kubectl --cluster a,b -- version").unwrap().args.clusters, ["a", "b"]);
        for bad in [
            "kubectl -- get pods",
            "kubectl --all",
            "kubectl --all --group x -- get pods",
            "kubectl --all --parallel 0 -- version",
        ] {
            assert!(line(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_group_names_its_clusters_in_its_status() {
        let text = r#"{"spec": {"selector": "x"}, "status": {"clusters": ["b", "a"]}}"#;
        assert_eq!(in_group(text).unwrap(), ["b", "a"]);
        assert_eq!(in_group(r#"{"spec": {}}"#).unwrap(), Vec::<String>::new());
        assert_eq!(in_group("[]"), None);
    }
}
