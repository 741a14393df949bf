//! `nagaya bundle`.

mod diff;
mod show;

use nagaya_api::{
    Bundle, BundleVersion, Kind, Resource as _,
    kinds::{bundle::MaxUnready, bundle_version::BundleVersionSpec},
};
use serde_json::{Map, Value, json};

use crate::{
    CliError, Client,
    client::ApplyOptions,
    manifests,
    terminal::{note, say},
};

/// Annotation of a bundle that says why it was changed.
const MESSAGE: &str = "nagaya.dev/message";

/// `nagaya bundle`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Each {
    Cluster,
    Team,
}

/// What a bundle is made of, and how it goes out.
#[derive(Clone, Debug, Default, clap::Args)]
struct Content {
    /// Group whose clusters get it; may be given again
    #[arg(short, long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// Kubernetes objects: file, folder, Kustomization, or - for standard input; may be given again
    #[arg(short = 'f', long = "filename", value_name = "FILE|DIR|-")]
    files: Vec<String>,
    /// Once a cluster, or once for each team on it
    #[arg(long, value_enum)]
    each: Option<Each>,
    /// How many clusters may be not ready at one time: 3, or 25%
    #[arg(long, value_name = "N|N%")]
    max_unready: Option<MaxUnready>,
    /// Selector of clusters that go first; may be given again, in order
    #[arg(long = "wave", value_name = "SELECTOR")]
    waves: Vec<String>,
    /// Why, for the history
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Make a bundle of Kubernetes objects
    Create {
        /// Its name
        name: String,
        #[command(flatten)]
        content: Content,
    },
    /// Change what is given here; the rest stays
    Update {
        /// Its name
        name: String,
        #[command(flatten)]
        content: Content,
    },
    /// Let every cluster keep the version it has
    Pause {
        /// Its name
        name: String,
    },
    /// Let the rollout go on
    Resume {
        /// Its name
        name: String,
    },
    /// Make a new version with the content of an older one
    Rollback {
        /// Its name
        name: String,
        /// The version (default: the one before the newest)
        #[arg(long, value_name = "VERSION")]
        to: Option<u64>,
    },
    /// Show where it stands on each cluster
    Status {
        /// Its name
        name: String,
    },
    /// Show its versions
    History {
        /// Its name
        name: String,
    },
    /// Show what would change on a cluster (exit code 1 when something would)
    Diff {
        /// Its name
        name: String,
        /// The cluster
        #[arg(long)]
        cluster: String,
    },
}

/// Runs `bundle`.
///
/// # Errors
/// The server's; files that hold no objects.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    match args.command {
        Command::Create { name, content } => create(client, &name, content).await,
        Command::Update { name, content } => update(client, &name, content).await,
        Command::Pause { name } => {
            client.merge(Kind::Bundle, &name, &json!({"spec": {"rollout": {"paused": true}}})).await?;
            say(&format!("bundle/{name} paused"));
            Ok(())
        }
        Command::Resume { name } => {
            client.merge(Kind::Bundle, &name, &json!({"spec": {"rollout": {"paused": null}}})).await?;
            say(&format!("bundle/{name} resumed"));
            Ok(())
        }
        Command::Rollback { name, to } => rollback(client, &name, to).await,
        Command::Status { name } => show::status(client, &name).await,
        Command::History { name } => show::history(client, &name).await,
        Command::Diff { name, cluster } => diff::run(client, &name, &cluster).await,
    }
}

/// What is given, as fields of a bundle.
fn fields(content: Content) -> Result<Value, CliError> {
    let mut spec = Map::new();
    if !content.groups.is_empty() {
        spec.insert("groups".into(), json!(content.groups));
    }
    if !content.files.is_empty() {
        spec.insert("objects".into(), manifests::read(&content.files)?.into());
    }
    if let Some(each) = content.each {
        spec.insert("each".into(), json!(if each == Each::Team { "Team" } else { "Cluster" }));
    }
    let mut rollout = Map::new();
    if let Some(limit) = content.max_unready {
        rollout.insert("maxUnready".into(), json!(limit));
    }
    if !content.waves.is_empty() {
        rollout.insert("waves".into(), json!(content.waves));
    }
    if !rollout.is_empty() {
        spec.insert("rollout".into(), rollout.into());
    }
    // A reason is for one change: an older one does not stay with a newer change.
    Ok(json!({"metadata": {"annotations": {MESSAGE: content.message}}, "spec": spec}))
}

async fn create(client: &Client, name: &str, content: Content) -> Result<(), CliError> {
    if content.groups.is_empty() || content.files.is_empty() {
        return Err(CliError::Usage(
            "say which clusters and what: --group GROUP -f FILE (groups: `nagaya get groups`)".into(),
        ));
    }
    match client.get(Kind::Bundle, name).await {
        Ok(_) => {
            return Err(CliError::Usage(format!(
                "bundle/{name} is there already: change it with `nagaya bundle update {name}`"
            )));
        }
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error),
    }
    let mut object = fields(content)?;
    object["apiVersion"] = nagaya_api::API_VERSION.into();
    object["kind"] = Kind::Bundle.name().into();
    object["metadata"]["name"] = name.into();
    if object["metadata"]["annotations"][MESSAGE].is_null() {
        object["metadata"]["annotations"] = json!({});
    }
    client.apply(Kind::Bundle, name, &object, ApplyOptions::default()).await?;
    say(&format!("bundle/{name} created"));
    note(&format!("where it stands: nagaya bundle status {name}"));
    Ok(())
}

async fn update(client: &Client, name: &str, content: Content) -> Result<(), CliError> {
    let patch = fields(content)?;
    if patch["spec"].as_object().is_some_and(Map::is_empty) {
        return Err(CliError::Usage(
            "say what to change: -f FILE, --group, --each, --max-unready or --wave".into(),
        ));
    }
    let before = client.get(Kind::Bundle, name).await?;
    let after = client.merge(Kind::Bundle, name, &patch).await?;
    let word = if before.spec == after.spec { "unchanged" } else { "changed" };
    say(&format!("bundle/{name} {word}"));
    Ok(())
}

async fn rollback(client: &Client, name: &str, to: Option<u64>) -> Result<(), CliError> {
    let bundle = Bundle::from_raw(&client.get(Kind::Bundle, name).await?)?;
    let versions: Vec<u64> = bundle.status.versions.iter().map(|line| line.version).collect();
    let known = versions.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let to = match to {
        Some(to) if versions.contains(&to) => to,
        Some(to) => {
            return Err(CliError::Usage(format!("bundle/{name} has no version {to}; there are: {known}")));
        }
        None => *versions.get(1).ok_or_else(|| {
            CliError::Usage(format!("bundle/{name} has no version before its newest; there are: {known}"))
        })?,
    };
    let version = client.get(Kind::BundleVersion, &BundleVersion::name_of(name, to)).await?;
    let version = BundleVersion::from_raw(&version)?.spec;
    client.merge(Kind::Bundle, name, &back_to(&version)).await?;
    say(&format!("bundle/{name} has the content of version {to} again"));
    Ok(())
}

/// The change that gives a bundle the content of a version.
fn back_to(version: &BundleVersionSpec) -> Value {
    let message = format!("back to version {}", version.version);
    let (overrides, ignore) = (json!(version.overrides), json!(version.ignore));
    json!({
        "metadata": {"annotations": {MESSAGE: message}},
        "spec": {
            "each": version.each,
            "objects": version.objects,
            "overrides": overrides,
            "ignore": ignore,
        },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_what_is_given_is_changed() {
        let content = Content { groups: vec!["g".into()], ..Content::default() };
        let patch = fields(content).unwrap();
        assert_eq!(patch["spec"], json!({"groups": ["g"]}));
        let content = Content {
            max_unready: Some(MaxUnready::Clusters(2)),
            waves: vec!["a=b".into()],
            each: Some(Each::Team),
            message: Some("why".into()),
            ..Content::default()
        };
        let patch = fields(content).unwrap();
        assert_eq!(patch["spec"], json!({"each": "Team", "rollout": {"maxUnready": 2, "waves": ["a=b"]}}));
        assert_eq!(patch["metadata"]["annotations"][MESSAGE], "why");
    }

    #[test]
    fn going_back_takes_all_content_and_leaves_groups_and_rollout() {
        let version =
            BundleVersionSpec { version: 3, objects: vec![json!({"a": 1})], ..BundleVersionSpec::default() };
        let patch = back_to(&version);
        assert_eq!(
            patch["spec"],
            json!({"each": "Cluster", "objects": [{"a": 1}], "overrides": [], "ignore": []})
        );
        assert_eq!(patch["metadata"]["annotations"][MESSAGE], "back to version 3");
    }
}
