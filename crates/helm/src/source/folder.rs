//! Repositories in folders: archives, or chart folders, and perhaps an index.yaml.

use std::{
    collections::BTreeMap,
    fs,
    io::Read as _,
    path::{Component, Path},
};

use super::{
    Error, MAX_ARCHIVE, MAX_INDEX,
    index::{Entry, Index},
};
use crate::chart::{Limits, load_archive};

fn problem(path: &Path, problem: impl std::fmt::Display) -> Error {
    Error::Unreachable { url: format!("file://{}", path.display()), problem: problem.to_string() }
}

fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|error| problem(path, error))?;
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| problem(path, error))?;
    if bytes.len() > limit {
        return Err(Error::TooLarge { url: format!("file://{}", path.display()), limit });
    }
    Ok(bytes)
}

/// Its index.yaml; without one, what its archives say of themselves.
pub(super) fn index(folder: &Path) -> Result<Index, Error> {
    let file = folder.join("index.yaml");
    if file.is_file() {
        return Index::parse(&read(&file, MAX_INDEX)?)
            .map_err(|problem| Error::Index { url: format!("file://{}", file.display()), problem });
    }
    let mut charts: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|error| problem(folder, error))? {
        let entry = entry.map_err(|error| problem(folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".tgz") || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let bytes = read(&entry.path(), MAX_ARCHIVE)?;
        let chart =
            load_archive(&bytes, &Limits::default()).map_err(|error| problem(&entry.path(), error))?;
        let metadata = chart.metadata;
        charts.entry(metadata.name).or_default().push(Entry {
            version: metadata.version,
            app_version: metadata.app_version,
            description: metadata.description.into(),
            icon: metadata.icon.into(),
            created: String::new(),
            digest: Some(super::digest(&bytes)),
            urls: vec![name],
            keywords: metadata.keywords.into(),
            deprecated: metadata.deprecated,
            kind: metadata.kind.into(),
            kube_version: metadata.kube_version.into(),
        });
    }
    Ok(Index::from_charts(charts))
}

/// An archive of it: nothing outside the folder.
pub(super) fn fetch(folder: &Path, url: &str) -> Result<Vec<u8>, Error> {
    let root = format!("file://{}/", folder.display());
    let relative = Path::new(url.strip_prefix(&root).unwrap_or(url));
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(problem(folder, format!("its index leads out of it, to {url:?}")));
    }
    let path = folder.join(relative);
    // A link may lead out as well.
    let real = path.canonicalize().map_err(|error| problem(&path, error))?;
    let home = folder.canonicalize().map_err(|error| problem(folder, error))?;
    if !real.starts_with(&home) {
        return Err(problem(folder, format!("{url:?} is a link that leads out of it")));
    }
    read(&real, MAX_ARCHIVE)
}
