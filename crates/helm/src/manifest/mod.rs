//! What templates gave, split into objects: sorted as Helm installs them, hooks apart.

mod head;
mod hook;
mod order;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

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
pub fn sort(files: Vec<(String, String)>) -> Result<(Vec<Document>, Vec<Hook>), Error> {
    Sorter::default().sort(files)
}

/// How many bytes of texts a [`Sorter`] keeps.
const KEPT: usize = 16 << 20;

/// [`sort`] for texts that are rendered again and again: what a file gave before is not read again.
#[derive(Debug, Default)]
pub struct Sorter {
    /// By file: its text, and what it holds. Those of the last time, unless they are too large to lie about.
    known: HashMap<String, (String, Vec<Part>)>,
}

#[derive(Clone, Debug)]
enum Part {
    Document(Document),
    Hook(Hook),
}

impl Sorter {
    /// As [`sort`].
    ///
    /// # Errors
    /// As there.
    pub fn sort(&mut self, mut files: Vec<(String, String)>) -> Result<(Vec<Document>, Vec<Hook>), Error> {
        files.sort_by(|a, b| a.0.cmp(&b.0));
        let (mut documents, mut hooks) = (Vec::new(), Vec::new());
        let mut known = std::mem::take(&mut self.known);
        let mut kept = 0;
        for (source, text) in files {
            let base = source.rsplit('/').next().unwrap_or(&source);
            if base.starts_with('_') || text.trim().is_empty() {
                continue;
            }
            let parts = match known.remove(&source) {
                Some((before, parts)) if before == text => parts,
                _ => read(&source, &text)?,
            };
            for part in &parts {
                match part {
                    Part::Document(document) => documents.push(document.clone()),
                    Part::Hook(hook) => hooks.push(hook.clone()),
                }
            }
            kept += text.len();
            self.known.insert(source, (text, parts));
        }
        if kept > KEPT {
            self.known.clear();
        }
        sort_install(&mut documents, |document| &document.head.kind);
        sort_install(&mut hooks, |hook| &hook.kind);
        Ok((documents, hooks))
    }
}

/// What stands in a file's text.
fn read(source: &str, text: &str) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::new();
    for part in split(text) {
        let head = Head::read(part).map_err(|(line, message)| {
            // Where the part lies in the whole: both are of one text.
            let before = part.as_ptr() as usize - text.as_ptr() as usize;
            let line = line + text[..before].matches('\n').count();
            Error { file: source.to_owned(), line, message }
        })?;
        match Hook::of(source, part, &head) {
            hook::Kind::None => {
                parts.push(Part::Document(Document {
                    source: source.to_owned(),
                    text: part.to_owned(),
                    head,
                }));
            }
            hook::Kind::Hook(hook) => parts.push(Part::Hook(*hook)),
            // As Helm: what has an event nobody knows is dropped.
            hook::Kind::Unknown => {}
        }
    }
    Ok(parts)
}

/// The objects as one text, as it stands in a release's record.
pub fn join(documents: &[Document]) -> String {
    documents
        .iter()
        .map(|document| format!("---\n# Source: {}\n{}\n", document.source, document.text))
        .collect()
}
