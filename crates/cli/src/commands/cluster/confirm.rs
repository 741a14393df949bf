//! `nagaya cluster confirm`.

use nagaya_api::{
    Cluster, Kind, Resource as _,
    kinds::cluster::{CONFIRM_PRUNE_ANNOTATION, Unconfirmed},
};
use serde_json::{Value, json};

use crate::{
    CliError, Client,
    terminal::{ask, print, say},
};

/// `nagaya cluster confirm`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The cluster's name
    name: String,
    /// Ask nothing
    #[arg(short, long)]
    yes: bool,
}

/// Shows what waits for a person's word, asks, and gives it.
///
/// # Errors
/// The server's; a name that was not typed as asked.
pub(super) async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    let Args { name, yes } = args;
    let cluster = Cluster::from_raw(&client.get(Kind::Cluster, &name).await?)?;
    let Some(waiting) = cluster.status.intent.unconfirmed else {
        say(&format!("nothing waits to be removed from cluster/{name}"));
        return Ok(());
    };
    print(&list(&waiting));
    if !yes {
        let question =
            format!("{} objects are removed from cluster {name}; type its name to go on:", waiting.count);
        if ask(&question)? != name {
            return Err(CliError::Usage("that is not its name: nothing was confirmed".into()));
        }
    }
    client.merge_as("nagaya-confirm", Kind::Cluster, &name, &word(&waiting)).await?;
    say(&format!("cluster/{name}: {} objects are being removed", waiting.count));
    Ok(())
}

fn list(waiting: &Unconfirmed) -> String {
    let mut text: String = waiting.objects.iter().map(|object| format!("{object}\n")).collect();
    let listed = u32::try_from(waiting.objects.len()).unwrap_or(u32::MAX);
    if waiting.count > listed {
        text.push_str(&format!("and {} more\n", waiting.count - listed));
    }
    text
}

fn word(waiting: &Unconfirmed) -> Value {
    json!({ "metadata": { "annotations": { CONFIRM_PRUNE_ANNOTATION: waiting.incarnation } } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_when_it_is_not_whole_and_the_word_names_the_history_that_was_seen() {
        let objects = vec!["Secret java/a".to_owned(), "Secret java/b".to_owned()];
        let mut waiting = Unconfirmed { count: 2, objects, incarnation: "two".into() };
        assert_eq!(list(&waiting), "Secret java/a\nSecret java/b\n");
        waiting.count = 5;
        assert!(list(&waiting).ends_with("and 3 more\n"));
        assert_eq!(word(&waiting)["metadata"]["annotations"]["nagaya.dev/confirm-prune"], "two");
    }
}
