//! `nagaya apply`: makes objects be as files say.
//!
//! Everything is checked before anything is changed: a file with one bad object changes nothing.

use nagaya_api::{ApiError, RawObject};

use super::same;
use crate::{
    CliError, Client,
    client::ApplyOptions,
    documents::{self, Document},
    output::short_name,
    terminal::{complain, note, say},
};

/// `nagaya apply`
#[derive(Clone, Debug, clap::Args)]
pub struct Apply {
    /// File, folder, or - for standard input; may be given again
    #[arg(short = 'f', long = "filename", required = true, value_name = "FILE|DIR|-")]
    files: Vec<String>,
    /// Take over fields that others own, for instance the console
    #[arg(long)]
    force: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there and asks for something else now.
    Changed,
    /// It was so already.
    Unchanged,
}

impl Outcome {
    /// As printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Runs `apply`.
///
/// # Errors
/// When a file is bad or the server refuses an object.
pub async fn run(args: Apply, client: &Client) -> Result<(), CliError> {
    let documents = documents::read(&args.files)?;
    let outcomes = apply(client, &documents, args.force, args.dry_run, |document, outcome| {
        let dry = if args.dry_run { " (dry run)" } else { "" };
        say(&format!("{} {}{dry}", short_name(document.kind, &document.name), outcome.word()));
    })
    .await?;
    if outcomes.iter().all(|outcome| *outcome == Outcome::Unchanged) {
        note("everything is as the files say: nothing changed");
    }
    Ok(())
}

/// Checks all documents, then applies them in order, telling of each.
///
/// # Errors
/// When one is refused; what was refused was printed, with its place.
pub async fn apply(
    client: &Client,
    documents: &[Document],
    force: bool,
    dry_run: bool,
    mut tell: impl FnMut(&Document, Outcome),
) -> Result<Vec<Outcome>, CliError> {
    let mut before = Vec::new();
    let mut refused: Option<CliError> = None;
    for document in documents {
        match check(client, document, force).await {
            Ok(live) => before.push(live),
            Err(error @ (CliError::Unreachable { .. } | CliError::NotLoggedIn(_))) => return Err(error),
            Err(error) => {
                complain(&format!("{}: {error}", document.place));
                refused.get_or_insert(error);
            }
        }
    }
    if let Some(error) = refused {
        note("nothing was changed");
        return Err(CliError::Silent(error.code()));
    }
    let mut outcomes = Vec::new();
    for (document, live) in documents.iter().zip(before) {
        let outcome = if dry_run && live.is_none() {
            // Checked above as far as it can be: what it names may be in the same file.
            Outcome::Created
        } else {
            let options = ApplyOptions { force, dry_run };
            match client.apply(document.kind, &document.name, &document.object, options).await {
                Ok(after) => match &live {
                    None => Outcome::Created,
                    Some(live) if same(live, &after) => Outcome::Unchanged,
                    Some(_) => Outcome::Changed,
                },
                Err(error) => {
                    complain(&format!("{}: {error}", document.place));
                    let done = outcomes.iter().filter(|outcome| **outcome != Outcome::Unchanged).count();
                    note(&format!("{done} objects before it were applied; mend this one and apply again"));
                    return Err(CliError::Silent(error.code()));
                }
            }
        };
        tell(document, outcome);
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// Whether the document can be applied, and the object as it is now.
async fn check(client: &Client, document: &Document, force: bool) -> Result<Option<RawObject>, CliError> {
    match client.get(document.kind, &document.name).await {
        Ok(live) => {
            let options = ApplyOptions { force, dry_run: true };
            match client.apply(document.kind, &document.name, &document.object, options).await {
                Ok(_) => Ok(Some(live)),
                Err(CliError::Api(error)) if only_missing_references(&error) => Ok(Some(live)),
                Err(error) => Err(error),
            }
        }
        Err(error) if error.is_not_found() => {
            let raw: RawObject = serde_json::from_value(document.object.clone())
                .map_err(|error| CliError::Usage(error.to_string()))?;
            raw.validated()?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// An object may name another one that the same files are about to create.
fn only_missing_references(error: &ApiError) -> bool {
    let causes = &error.details.causes;
    error.code == 422 && !causes.is_empty() && causes.iter().all(|cause| cause.reason == "FieldValueNotFound")
}

#[cfg(test)]
mod tests {
    use nagaya_api::Cause;

    use super::*;

    #[test]
    fn only_what_may_still_be_created_is_let_pass_the_check() {
        let missing = Cause::not_found("spec.cluster", "no such cluster", "create it");
        let wrong = Cause::invalid("spec.namespace", "wrong", "mend it");
        let error = |causes| ApiError::invalid("Team", "t", causes);
        assert!(only_missing_references(&error(vec![missing.clone()])));
        assert!(!only_missing_references(&error(vec![missing, wrong])));
        assert!(!only_missing_references(&error(vec![])));
    }
}
