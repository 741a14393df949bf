//! `nagaya delete`.

use nagaya_api::Kind;

use super::{cluster::removal, get::Select, targets};
use crate::{
    CliError, Client, documents,
    output::short_name,
    terminal::{ask, note, say},
};

/// `nagaya delete`
#[derive(Clone, Debug, clap::Args)]
pub struct Delete {
    /// KIND NAME…, KIND/NAME…, or KIND with --selector or --all
    #[arg(value_name = "KIND [NAME]")]
    words: Vec<String>,
    /// Delete the objects these files name, last first
    #[arg(short = 'f', long = "filename", value_name = "FILE|DIR|-", conflicts_with = "words")]
    files: Vec<String>,
    #[command(flatten)]
    select: Select,
    /// All objects of the kind
    #[arg(long)]
    all: bool,
    /// What is not there is no error
    #[arg(long)]
    ignore_not_found: bool,
    /// Ask nothing
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    objects: removal::Objects,
}

/// Runs `delete`.
///
/// # Errors
/// The server's.
pub async fn run(args: Delete, client: &Client) -> Result<(), CliError> {
    let filter = args.select.filter()?;
    let mut doomed = Vec::new();
    if args.files.is_empty() {
        for (kind, name) in targets(&args.words)? {
            match name {
                Some(name) => doomed.push((kind, name)),
                None if args.all || filter.selector.is_some() => {
                    let list = client.list(kind, &filter).await?;
                    doomed.extend(list.items.into_iter().map(|object| (kind, object.metadata.name)));
                }
                None => {
                    return Err(CliError::Usage(format!(
                        "say which {}: a name, --selector or --all",
                        kind.plural()
                    )));
                }
            }
        }
    } else {
        doomed = documents::read(&args.files)?
            .into_iter()
            .map(|document| (document.kind, document.name))
            .collect();
        // Who names others goes before them.
        doomed.reverse();
    }
    if doomed.len() > 1 && !args.yes {
        let names: Vec<_> = doomed.iter().map(|(kind, name)| short_name(*kind, name)).collect();
        note(&format!("about to delete: {}", names.join(", ")));
        if !ask(&format!("delete these {} objects? [y/N]", doomed.len()))?.eq_ignore_ascii_case("y") {
            return Err(CliError::Usage("nothing was deleted".into()));
        }
    }
    for (kind, name) in doomed {
        let removal = match kind {
            Kind::Cluster => removal::of(client, &name, args.objects).await,
            _ => Ok(None),
        };
        let deleted = match removal {
            Ok(Some(removal)) => client.delete_imported(&name, removal).await,
            Ok(None) => client.delete(kind, &name).await,
            Err(error) => Err(error),
        };
        match deleted {
            Ok(()) => say(&format!("{} deleted", short_name(kind, &name))),
            Err(error) if args.ignore_not_found && error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
