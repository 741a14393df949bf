//! `nagaya label`.

use nagaya_api::Kind;
use serde_json::{Map, Value, json};

use super::targets;
use crate::{CliError, Client, output::short_name, terminal::say};

/// Field manager of labels set here: applying a file that says nothing of them leaves them.
const MANAGER: &str = "nagaya-label";

/// `nagaya label`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// KIND NAME… or KIND/NAME…, then KEY=VALUE to set and KEY- to remove
    #[arg(required = true, value_name = "KIND NAME KEY=VALUE|KEY-")]
    words: Vec<String>,
}

/// Runs `label`.
///
/// # Errors
/// The server's; words that are no labels.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    let (objects, labels) = parse(args.words)?;
    for (kind, name) in objects {
        client.merge_as(MANAGER, kind, &name, &json!({"metadata": {"labels": labels}})).await?;
        say(&format!("{} labelled", short_name(kind, &name)));
    }
    Ok(())
}

type Wanted = (Vec<(Kind, String)>, Map<String, Value>);

fn parse(words: Vec<String>) -> Result<Wanted, CliError> {
    let usage = || CliError::Usage("write for instance: nagaya label cluster one tier=small old-".into());
    // Names end in a letter or digit, so what ends in '-' is a label to remove.
    let is_label = |word: &String| word.contains('=') || word.ends_with('-');
    let (labels, objects): (Vec<_>, Vec<_>) = words.into_iter().partition(is_label);
    let labels: Map<String, Value> = labels
        .iter()
        .map(|word| match word.split_once('=') {
            Some((key, value)) => (key.to_owned(), value.into()),
            None => (word.trim_end_matches('-').to_owned(), Value::Null),
        })
        .collect();
    if labels.is_empty() || labels.keys().any(String::is_empty) {
        return Err(usage());
    }
    let named = targets(&objects)?.into_iter().map(|(kind, name)| Some((kind, name?)));
    Ok((named.collect::<Option<Vec<_>>>().ok_or_else(usage)?, labels))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn labels_are_set_and_removed_as_with_kubectl() {
        let words = |text: &str| parse(text.split(' ').map(str::to_owned).collect());
        let (objects, labels) = words("cluster one two tier=small old- empty=").unwrap();
        assert_eq!(objects, [(Kind::Cluster, "one".to_owned()), (Kind::Cluster, "two".to_owned())]);
        assert_eq!(Value::Object(labels), json!({"tier": "small", "old": null, "empty": ""}));
        assert_eq!(words("cluster/one a=b").unwrap().0, [(Kind::Cluster, "one".to_owned())]);
        for bad in ["cluster one", "cluster a=b", "cluster one =x", "a=b"] {
            assert!(words(bad).is_err(), "{bad}");
        }
    }
}
