//! What templates gave, split into objects: sorted as Helm installs them, hooks apart.

mod head;
mod hook;
mod order;
#[cfg(test)]
mod tests;

pub use head::Head;
pub use hook::{DeletePolicy, Event, Hook, LogPolicy};
pub use order::{sort_install, sort_uninstall};

/// An object's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The file it came from, for instance `chart/templates/service.yaml`.
    pub source: String,
    /// Its YAML.
    pub text: String,
    /// What it says of itself.
    pub head: Head,
}

/// A text that is no object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("YAML parse error on {file}: {message}")]
pub struct Error {
    /// The file it came from.
    pub file: String,
    /// The line in what the file's template gave, from 1.
    pub line: usize,
    /// What is wrong, in Go's words.
    pub message: String,
}

/// Splits a text at `---`, however badly it stands there.
pub fn split(text: &str) -> Vec<&str> {
    let space = |c: char| matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' ');
    let text = text.trim_start();
    let mut parts = Vec::new();
    let mut rest = text.strip_prefix("---").map_or(text, |rest| rest.trim_start_matches(space));
    while let Some(at) = rest.find("\n---") {
        parts.push(rest[..at].trim_end_matches(space));
        rest = rest[at + 4..].trim_start_matches(space);
    }
    parts.push(rest);
    parts.into_iter().filter(|part| !part.trim().is_empty()).map(str::trim_start).collect()
}

/// Sorts what files gave into objects and hooks, both in the order of installing.
///
/// # Errors
/// The first text that is no YAML, or no object.
pub fn sort(mut files: Vec<(String, String)>) -> Result<(Vec<Document>, Vec<Hook>), Error> {
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let (mut documents, mut hooks) = (Vec::new(), Vec::new());
    for (source, text) in files {
        let base = source.rsplit('/').next().unwrap_or(&source);
        if base.starts_with('_') || text.trim().is_empty() {
            continue;
        }
        for part in split(&text) {
            let head = Head::read(part).map_err(|(line, message)| {
                // Where the part lies in the whole: both are of one text.
                let before = part.as_ptr() as usize - text.as_ptr() as usize;
                let line = line + text[..before].matches('\n').count();
                Error { file: source.clone(), line, message }
            })?;
            match Hook::of(&source, part, &head) {
                hook::Kind::None => {
                    documents.push(Document { source: source.clone(), text: part.to_owned(), head })
                }
                hook::Kind::Hook(hook) => hooks.push(*hook),
                // As Helm: what has an event nobody knows is dropped.
                hook::Kind::Unknown => {}
            }
        }
    }
    sort_install(&mut documents, |document| &document.head.kind);
    sort_install(&mut hooks, |hook| &hook.kind);
    Ok((documents, hooks))
}

/// The objects as one text, as it stands in a release's record.
pub fn join(documents: &[Document]) -> String {
    documents
        .iter()
        .map(|document| format!("---\n# Source: {}\n{}\n", document.source, document.text))
        .collect()
}
