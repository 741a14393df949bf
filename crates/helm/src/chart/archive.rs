//! Charts from archives.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use tar::EntryType;

use super::{
    Chart, Error, File, Limits,
    assemble::{assemble, without_mark},
    limits::Budget,
};

/// The bytes a tar spends on a file beside what is in it: headers, long names, padding.
const HEADERS: usize = 4096;

/// Reads a chart from a .tgz.
///
/// # Errors
/// When it is no archive, holds what no chart may hold, or exceeds the limits.
pub fn load_archive(bytes: &[u8], limits: &Limits) -> Result<Chart, Error> {
    load(bytes, &mut Budget::new(limits), 0)
}

/// The same, within what an outer chart has left.
pub(super) fn load(bytes: &[u8], budget: &mut Budget, depth: usize) -> Result<Chart, Error> {
    let files = unpack(bytes, budget)?;
    assemble(files, budget, depth)
}

fn unpack(bytes: &[u8], budget: &mut Budget) -> Result<Vec<File>, Error> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(Error::Archive("it is not a gzipped archive (.tgz)".into()));
    }
    // Of several members all are read, as by Go. What is skipped is unpacked as well: the stream has its own bound.
    let bound = budget.bytes.saturating_add(budget.limits.files.saturating_mul(HEADERS)) as u64;
    let mut archive = tar::Archive::new(MultiGzDecoder::new(bytes).take(bound));
    let damaged = |error: std::io::Error| Error::Archive(error.to_string());
    let mut files = Vec::new();
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        match entry.header().entry_type() {
            EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader => continue,
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Symlink | EntryType::Link => {
                return Err(Error::file(
                    name,
                    "it is a link; a chart may hold only files: put the file itself there",
                ));
            }
            _ => return Err(Error::file(name, "it is no regular file; a chart may hold only files")),
        }
        let path = inner_path(&name)?;
        budget.take(&name, entry.size())?;
        let mut data = Vec::with_capacity(usize::try_from(entry.size()).unwrap_or(0));
        entry.read_to_end(&mut data).map_err(damaged)?;
        files.push(File { name: path.into(), data: without_mark(&data).into() });
    }
    if files.is_empty() {
        return Err(Error::Archive("no files in chart archive".into()));
    }
    Ok(files)
}

/// The path within the chart: the first folder is the chart's own.
fn inner_path(name: &str) -> Result<String, Error> {
    let refuse = |problem: &str| Err(Error::file(name, problem));
    // Made on Windows.
    let name = name.replace('\\', "/");
    let Some((root, path)) = name.split_once('/') else {
        return if name == "Chart.yaml" {
            refuse("chart yaml not in base directory")
        } else {
            refuse("chart illegally contains content outside the base directory")
        };
    };
    if root == "Chart.yaml" {
        return refuse("chart yaml not in base directory");
    }
    if path.starts_with('/') || root.is_empty() {
        return refuse("chart illegally contains absolute paths");
    }
    if path.contains('\0') {
        return refuse("chart contains illegally named files");
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_some() => {}
            ".." => return refuse("chart illegally references parent directory"),
            part => parts.push(part),
        }
    }
    match parts.first() {
        None => refuse("chart illegally contains content outside the base directory"),
        // What Go leaves of a path that begins with two dots is refused by it too.
        Some(first) if first.starts_with("..") => refuse("chart illegally references parent directory"),
        Some(first) if parts.len() > 1 && first.len() == 2 && first.ends_with(':') => {
            refuse("chart contains illegally named files")
        }
        Some(_) => Ok(parts.join("/")),
    }
}
