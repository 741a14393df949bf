//! `nagaya get` and `nagaya describe`.

use jiff::Timestamp;
use nagaya_api::{Kind, RawObject};

use super::targets;
use crate::{
    CliError, Client,
    client::{Filter, WatchEvent},
    output::{self, Format, columns},
    terminal::{note, print},
};

/// `nagaya get`
#[derive(Clone, Debug, clap::Args)]
pub struct Get {
    /// KIND[,KIND], KIND NAME…, or KIND/NAME…
    #[arg(required = true, value_name = "KIND [NAME]")]
    words: Vec<String>,
    #[command(flatten)]
    flags: ListFlags,
}

/// Which objects to list, and how.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ListFlags {
    #[command(flatten)]
    select: Select,
    /// How to print
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
    /// Print changes as they come, until interrupted
    #[arg(short, long)]
    watch: bool,
    /// Print no column names
    #[arg(long)]
    no_headers: bool,
}

impl ListFlags {
    /// `get KIND` with these flags.
    pub fn of(self, kind: Kind) -> Get {
        Get { words: vec![kind.plural().to_owned()], flags: self }
    }
}

/// Which objects.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Select {
    /// Label selector, for instance tier=a,!legacy
    #[arg(short = 'l', long = "selector", value_name = "SELECTOR")]
    selector: Option<String>,
    /// Only this team's
    #[arg(long)]
    team: Option<String>,
}

impl Select {
    /// As a filter of the API.
    ///
    /// # Errors
    /// When the selector is none.
    pub fn filter(&self) -> Result<Filter, CliError> {
        if let Some(selector) = &self.selector {
            selector
                .parse::<nagaya_api::selector::Selector>()
                .map_err(|error| CliError::Usage(error.to_string()))?;
        }
        Ok(Filter { selector: self.selector.clone(), team: self.team.clone() })
    }
}

/// `nagaya describe`
#[derive(Clone, Debug, clap::Args)]
pub struct Describe {
    /// KIND, KIND NAME…, or KIND/NAME…
    #[arg(required = true, value_name = "KIND [NAME]")]
    words: Vec<String>,
    #[command(flatten)]
    select: Select,
}

/// Runs `get`.
///
/// # Errors
/// The server's.
pub async fn get(args: Get, client: &Client) -> Result<(), CliError> {
    let targets = targets(&args.words)?;
    let filter = args.flags.select.filter()?;
    if args.flags.watch {
        return watch(&args, &targets, &filter, client).await;
    }
    let single = matches!(targets.as_slice(), [(_, Some(_))]);
    let objects = fetch(&targets, &filter, client).await?;
    match args.flags.output {
        Format::Table | Format::Wide => tables(&args, &targets, &objects),
        format => print(&output::render(&objects, single, format)?),
    }
    Ok(())
}

async fn fetch(
    targets: &[(Kind, Option<String>)],
    filter: &Filter,
    client: &Client,
) -> Result<Vec<RawObject>, CliError> {
    let mut objects = Vec::new();
    for (kind, name) in targets {
        match name {
            Some(name) => objects.push(client.get(*kind, name).await?),
            None => objects.extend(client.list(*kind, filter).await?.items),
        }
    }
    Ok(objects)
}

fn tables(args: &Get, targets: &[(Kind, Option<String>)], objects: &[RawObject]) {
    let wide = args.flags.output == Format::Wide;
    if objects.is_empty() {
        note("nothing found");
        return;
    }
    let mut kinds: Vec<Kind> = targets.iter().map(|(kind, _)| *kind).collect();
    kinds.dedup();
    let mut texts = Vec::new();
    for kind in kinds {
        let of_kind: Vec<_> = objects.iter().filter(|object| object.kind == kind).cloned().collect();
        if !of_kind.is_empty() {
            let table = columns::table(kind, &of_kind, wide, Timestamp::now());
            texts.push(table.render(!args.flags.no_headers, &[]).0);
        }
    }
    print(&texts.join("\n"));
}

async fn watch(
    args: &Get,
    targets: &[(Kind, Option<String>)],
    filter: &Filter,
    client: &Client,
) -> Result<(), CliError> {
    let [(kind, name)] = targets else {
        return Err(CliError::Usage("one kind, or one object, can be watched at a time".into()));
    };
    let wanted = |object: &RawObject| name.as_ref().is_none_or(|name| *name == object.metadata.name);
    let mut header = !args.flags.no_headers;
    let mut widths = Vec::new();
    let mut show = |objects: &[RawObject]| -> Result<(), CliError> {
        if objects.is_empty() {
            return Ok(());
        }
        match args.flags.output {
            Format::Table | Format::Wide => {
                let table =
                    columns::table(*kind, objects, args.flags.output == Format::Wide, Timestamp::now());
                let (text, used) = table.render(header, &widths);
                (header, widths) = (false, used);
                print(&text);
            }
            format => {
                for object in objects {
                    if format == Format::Yaml {
                        print("---\n");
                    }
                    print(&output::render(std::slice::from_ref(object), true, format)?);
                }
            }
        }
        Ok(())
    };
    loop {
        let list = client.list(*kind, filter).await?;
        let now: Vec<_> = list.items.into_iter().filter(|object| wanted(object)).collect();
        show(&now)?;
        let mut watch = client.watch(*kind, filter, &list.metadata.resource_version);
        loop {
            match watch.next().await {
                Ok(WatchEvent::Deleted(object)) if wanted(&object) => {
                    note(&format!("{} deleted", output::short_name(*kind, &object.metadata.name)));
                }
                Ok(event) if wanted(event.object()) => show(std::slice::from_ref(event.object()))?,
                Ok(_) => {}
                // Too old to go on from: begin anew.
                Err(CliError::Api(error)) if error.code == 410 => break,
                Err(error) => return Err(error),
            }
        }
    }
}

/// Runs `describe`.
///
/// # Errors
/// The server's.
pub async fn describe(args: Describe, client: &Client) -> Result<(), CliError> {
    let objects = fetch(&targets(&args.words)?, &args.select.filter()?, client).await?;
    if objects.is_empty() {
        note("nothing found");
    }
    let now = Timestamp::now();
    let texts: Vec<_> = objects.iter().map(|object| output::describe::describe(object, now)).collect();
    print(&texts.join("\n\n"));
    Ok(())
}
