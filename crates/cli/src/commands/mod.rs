//! The commands that talk to a server, one file a group.

pub mod apply;
pub mod bundle;
pub mod chart;
pub mod cluster;
pub mod delete;
pub mod diff;
mod duration;
pub mod explain;
pub mod get;
pub mod kubeconfig;
pub mod kubectl;
pub mod label;
pub mod release;
pub mod repository;
pub mod seal;
pub mod session;
pub mod source;
pub mod token;
pub mod user;
pub mod workspace;

use nagaya_api::{Kind, RawObject};

use crate::{CliError, Client, ConfigFile, Global, config};

/// Commands that talk to a server.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Log in at a server and keep a token for it
    Login(session::Login),
    /// End the token kept for a server, and forget it
    Logout,
    /// Show who is logged in, and where
    Whoami,
    /// List contexts, or choose one
    Context(session::ContextArgs),
    /// Show objects: clusters, groups, users, teams, images, templates, bundles, releases, workspaces
    Get(get::Get),
    /// Show all that is known of an object
    Describe(get::Describe),
    /// Make objects be as files say; what files do not say stays
    Apply(apply::Apply),
    /// Show what `apply` would change (exit code 1 when it would)
    Diff(diff::Diff),
    /// Set and remove labels, which groups pick clusters by
    Label(label::Args),
    /// Delete objects. A deleted workspace's home stays until it is purged
    Delete(delete::Delete),
    /// Create, open, start, stop and enter workspaces
    #[command(alias = "ws")]
    Workspace(workspace::Args),
    /// Make, change, pause and roll back bundles, and see where they stand
    Bundle(bundle::Args),
    /// Sync, compare, suspend and resume sources: folders in Git repositories
    Source(source::Args),
    /// Install charts, change, compare, roll back and remove them
    #[command(alias = "rel")]
    Release(release::Args),
    /// Make chart repositories known, and read them
    #[command(alias = "repo")]
    Repository(repository::Args),
    /// Render, show, check and fetch Helm charts, without server and cluster
    Chart(chart::Args),
    /// Create, start, stop and delete clusters
    Cluster(cluster::Args),
    /// Print a kubeconfig for a cluster or for all, or put it into ~/.kube/config; it ends after 12 hours
    Kubeconfig(kubeconfig::Args),
    /// Run kubectl over the clusters of a group, by label or all, and merge what it prints
    Kubectl(kubectl::Args),
    /// Make, list and revoke tokens
    Token(token::Args),
    /// Create users and set passwords
    User(user::Args),
    /// Show and rotate the key that seals secrets
    Seal(seal::Args),
    /// Explain the fields of a kind
    Explain(explain::Args),
}

/// Runs a command.
///
/// # Errors
/// The command's.
pub async fn run(command: Command, global: &Global) -> Result<(), CliError> {
    match command {
        Command::Login(args) => session::login(args, global).await,
        Command::Logout => session::logout(global).await,
        Command::Whoami => session::whoami(global).await,
        Command::Context(args) => session::context(args, global),
        Command::Get(args) => get::get(args, &client(global)?).await,
        Command::Describe(args) => get::describe(args, &client(global)?).await,
        Command::Apply(args) => apply::run(args, &client(global)?).await,
        Command::Diff(args) => diff::run(args, &client(global)?).await,
        Command::Label(args) => label::run(args, &client(global)?).await,
        Command::Delete(args) => delete::run(args, &client(global)?).await,
        Command::Source(args) => source::run(args, &client(global)?).await,
        Command::Workspace(args) => workspace::run(args, &client(global)?).await,
        Command::Bundle(args) => bundle::run(args, &client(global)?).await,
        Command::Release(args) => release::run(args, &client(global)?).await,
        Command::Repository(args) => repository::run(args, &client(global)?).await,
        Command::Chart(args) => chart::run(args).await,
        Command::Cluster(args) => cluster::run(args, &client(global)?).await,
        Command::Kubeconfig(args) => kubeconfig::run(args, global).await,
        Command::Kubectl(args) => kubectl::run(args, &client(global)?).await,
        Command::Token(args) => token::run(args, &client(global)?).await,
        Command::User(args) => user::run(args, &client(global)?).await,
        Command::Seal(args) => seal::run(args, &client(global)?).await,
        Command::Explain(args) => explain::run(&args),
    }
}

/// A client of the server that flags, environment and file choose.
///
/// # Errors
/// When none is chosen.
pub fn client(global: &Global) -> Result<Client, CliError> {
    Client::new(ConfigFile::load(&config::path(global))?.connection(global)?)
}

/// Kinds and names as kubectl takes them: `KIND[,KIND]`, `KIND NAME…`, `KIND/NAME…`.
///
/// # Errors
/// When a word is no kind, or both forms are mixed.
pub fn targets(words: &[String]) -> Result<Vec<(Kind, Option<String>)>, CliError> {
    let Some((first, rest)) = words.split_first() else {
        let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.plural()).collect();
        return Err(CliError::Usage(format!("say which kind: {}", kinds.join(", "))));
    };
    let kind_of = |word: &str| word.parse::<Kind>().map_err(|error| CliError::Usage(error.message));
    if first.contains('/') {
        return words
            .iter()
            .map(|word| {
                let (kind, name) = word
                    .split_once('/')
                    .ok_or_else(|| CliError::Usage(format!("\"{word}\": write KIND/NAME like the others")))?;
                Ok((kind_of(kind)?, Some(name.to_owned())))
            })
            .collect();
    }
    let kinds = if first == "all" {
        Kind::ALL.to_vec()
    } else {
        first.split(',').map(kind_of).collect::<Result<Vec<_>, _>>()?
    };
    match (kinds.as_slice(), rest) {
        (_, []) => Ok(kinds.into_iter().map(|kind| (kind, None)).collect()),
        ([kind], names) => Ok(names.iter().map(|name| (*kind, Some(name.clone()))).collect()),
        _ => Err(CliError::Usage("names go with one kind only: write KIND/NAME for several".into())),
    }
}

/// Whether two forms of an object ask for the same: what the server keeps about it does not count.
pub fn same(before: &RawObject, after: &RawObject) -> bool {
    before.spec == after.spec
        && before.metadata.labels == after.metadata.labels
        && before.metadata.annotations == after.metadata.annotations
        && before.metadata.team == after.metadata.team
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn kinds_and_names_are_taken_as_kubectl_takes_them() {
        let words = |text: &str| targets(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let named = |kind, name: &str| (kind, Some(name.to_owned()));
        assert_eq!(words("ws").unwrap(), [(Kind::Workspace, None)]);
        assert_eq!(words("Team,u").unwrap(), [(Kind::Team, None), (Kind::User, None)]);
        assert_eq!(words("team a b").unwrap(), [named(Kind::Team, "a"), named(Kind::Team, "b")]);
        assert_eq!(words("team/a ws/b").unwrap(), [named(Kind::Team, "a"), named(Kind::Workspace, "b")]);
        assert_eq!(words("all").unwrap().len(), Kind::ALL.len());
        for bad in ["pods", "team,user a", "team/a b"] {
            assert!(words(bad).is_err(), "{bad}");
        }
    }
}
