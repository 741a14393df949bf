//! Charts from folders.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use super::{
    Chart, Error, File, Limits,
    assemble::{assemble, without_mark},
    ignore::Rules,
    limits::Budget,
};

/// What becomes of symbolic links in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symlinks {
    /// An error: the folder's author is not trusted with what else lies on this machine.
    Refuse,
    /// Followed, as Helm does: the folder is of the person who runs the program.
    Follow,
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::file(path.display().to_string(), error.to_string())
}

/// What is left out. The file is read before any other, so it is looked at as closely: a pipe would be waited for, a
/// device read for ever.
fn rules(path: &Path, symlinks: Symlinks, limits: &Limits) -> Result<Rules, Error> {
    let looked = match symlinks {
        Symlinks::Refuse => fs::symlink_metadata(path),
        Symlinks::Follow => fs::metadata(path),
    };
    let size = match looked {
        Ok(found) if found.is_file() => found.len(),
        Ok(_) => return Err(Error::file(".helmignore", "it is no regular file; put the file itself there")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Rules::default()),
        Err(error) => return Err(unreadable(path, error)),
    };
    Budget::new(limits).take(".helmignore", size)?;
    let mut text = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(size).read_to_end(&mut text))
        .map_err(|error| unreadable(path, error))?;
    Rules::parse(without_mark(&text)).map_err(|problem| Error::file(".helmignore", problem))
}

/// Reads a chart from a folder; what its `.helmignore` names is left out.
///
/// # Errors
/// When something cannot be read, is no regular file, or exceeds the limits.
pub fn load_dir(folder: &Path, symlinks: Symlinks, limits: &Limits) -> Result<Chart, Error> {
    let mut budget = Budget::new(limits);
    let rules = rules(&folder.join(".helmignore"), symlinks, limits)?;
    let mut files = Vec::new();
    // Folders still to be read, with their path from the chart and how deep they lie.
    let mut open: Vec<(PathBuf, String, usize)> = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((path, prefix, depth)) = open.pop() {
        if depth > 64 {
            return Err(Error::TooLarge(format!("{prefix} lies deeper than 64 folders, or links to itself")));
        }
        let mut entries = fs::read_dir(&path)
            .and_then(|entries| entries.collect::<Result<Vec<_>, _>>())
            .map_err(|error| unreadable(&path, error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let mut kind = entry.file_type().map_err(|error| unreadable(&path, error))?;
            if kind.is_symlink() {
                if symlinks == Symlinks::Refuse && !rules.ignores(&name, false) {
                    return Err(Error::file(name, "it is a symbolic link; put the file itself there"));
                }
                kind = match fs::metadata(&path) {
                    Ok(metadata) => metadata.file_type(),
                    Err(_) if rules.ignores(&name, false) => continue,
                    Err(error) => return Err(unreadable(&path, error)),
                };
            }
            if rules.ignores(&name, kind.is_dir()) {
                continue;
            }
            if kind.is_dir() {
                open.push((path, format!("{name}/"), depth + 1));
                continue;
            }
            if !kind.is_file() {
                return Err(Error::file(name, "it is no regular file; a chart may hold only files"));
            }
            let mut file = fs::File::open(&path).map_err(|error| unreadable(&path, error))?;
            let size = file.metadata().map_err(|error| unreadable(&path, error))?.len();
            budget.take(&name, size)?;
            let mut data = Vec::new();
            file.by_ref().take(size).read_to_end(&mut data).map_err(|error| unreadable(&path, error))?;
            files.push(File { name: name.into(), data: without_mark(&data).into() });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    assemble(files, &mut budget, 0)
}
