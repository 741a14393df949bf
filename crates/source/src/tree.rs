//! The files of a folder of a commit, within limits. Nothing is written to a disk, and no link is followed.

use std::time::Duration;

use gix::objs::tree::EntryKind;

use crate::FetchError;

/// What is taken at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the copy of the repository.
    pub repository: u64,
    /// Files with objects.
    pub files: usize,
    /// Bytes of one of them.
    pub file: u64,
    /// Bytes of all of them.
    pub all: u64,
    /// Time that one fetch takes.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            repository: 256 << 20,
            files: 2_000,
            file: 2 << 20,
            all: 16 << 20,
            time: Duration::from_secs(120),
        }
    }
}

/// Folders within folders; more is no folder of a person's.
const DEPTH: usize = 32;

/// A file with objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the root of the repository.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Whether a file of this name holds objects.
fn holds_objects(name: &str) -> bool {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    matches!(end.as_deref(), Some("yaml" | "yml" | "json"))
}

/// Reads the files with objects below a folder of a commit, in the lexical order of their paths. What begins with a
/// dot is left out.
pub(crate) fn read(
    repository: &gix::Repository,
    commit: gix::ObjectId,
    folder: &str,
    limits: &Limits,
) -> Result<Vec<File>, FetchError> {
    let mut tree = repository
        .find_object(commit)
        .and_then(|object| object.peel_to_tree())
        .map_err(|e| damaged("", &e))?;
    if !folder.is_empty() {
        let missing = |what: &str| FetchError::Tree {
            file: folder.to_owned(),
            what: what.to_owned(),
            mend: "mend spec.path, or put the folder there",
        };
        let entry = tree.lookup_entry_by_path(folder).map_err(|e| damaged(folder, &e))?;
        let entry = entry.ok_or_else(|| missing("is not in the repository"))?;
        if !entry.mode().is_tree() {
            return Err(missing("is no folder"));
        }
        tree = entry.object().and_then(|object| object.peel_to_tree()).map_err(|e| damaged(folder, &e))?;
    }
    let mut reading = Reading { limits, files: Vec::new(), bytes: 0 };
    reading.folder(&tree, folder, 0)?;
    let mut files = reading.files;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn damaged(file: &str, error: &gix::Error) -> FetchError {
    FetchError::Copy { folder: format!("the repository, at \"{file}\""), why: error.to_string() }
}

struct Reading<'a> {
    limits: &'a Limits,
    files: Vec<File>,
    bytes: u64,
}

impl Reading<'_> {
    fn folder(&mut self, tree: &gix::Tree<'_>, path: &str, depth: usize) -> Result<(), FetchError> {
        let bad = |file: &str, what: &str, mend| FetchError::Tree {
            file: file.to_owned(),
            what: what.to_owned(),
            mend,
        };
        if depth > DEPTH {
            return Err(bad(path, "is too deep", "use fewer folders within folders"));
        }
        for entry in tree.iter() {
            let entry = entry.map_err(|e| damaged(path, &e))?;
            let name = entry.filename().to_string();
            if name.starts_with('.') {
                continue;
            }
            let here = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            match entry.kind() {
                EntryKind::Tree => {
                    let object = entry.object().map_err(|e| damaged(&here, &e))?;
                    self.folder(&object.peel_to_tree().map_err(|e| damaged(&here, &e))?, &here, depth + 1)?;
                }
                EntryKind::Blob | EntryKind::BlobExecutable if holds_objects(&name) => {
                    let header = entry.id().header().map_err(|e| damaged(&here, &e))?;
                    self.take(&here, header.size())?;
                    let object = entry.object().map_err(|e| damaged(&here, &e))?;
                    self.files.push(File { path: here, bytes: object.data.clone() });
                }
                EntryKind::Blob | EntryKind::BlobExecutable => {}
                EntryKind::Link if !holds_objects(&name) => {}
                EntryKind::Link => {
                    return Err(bad(
                        &here,
                        "is a symbolic link, which is not followed",
                        "put the file itself there",
                    ));
                }
                EntryKind::Commit => {
                    let mend = "make a source of that repository, or put the files themselves there";
                    return Err(bad(&here, "is a submodule, which is not fetched", mend));
                }
            }
        }
        Ok(())
    }

    /// Counts a file of this size before it is read.
    fn take(&mut self, file: &str, size: u64) -> Result<(), FetchError> {
        let over = |what: String, mend| Err(FetchError::Limit { what, mend });
        if size > self.limits.file {
            let what = format!("{file} has {size} bytes, more than {}", self.limits.file);
            return over(what, "divide it");
        }
        self.bytes += size;
        if self.bytes > self.limits.all {
            let what = format!("the files with objects have more than {} bytes together", self.limits.all);
            return over(what, "divide them between sources, each with a path of its own");
        }
        if self.files.len() >= self.limits.files {
            let what = format!("more than {} files hold objects", self.limits.files);
            return over(what, "divide them between sources, each with a path of its own");
        }
        Ok(())
    }
}
