//! Repositories that are folders of this machine: each chart a folder in it, or an archive.

use std::path::{Path, PathBuf};

use super::{Archives, Chart, Index, IndexEntry, archives::LIMIT, chart::pack};

/// Folders and archives that are looked at.
const MOST: usize = 2_000;

/// Reads a folder. Its charts are packed and kept, so that what is listed is what is installed.
///
/// # Errors
/// Why it cannot be read. A chart that does not read is left out, with a word in the log.
pub fn read(folder: &Path, archives: &Archives) -> Result<Index, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("cannot be read: {error}"))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    if paths.len() > MOST {
        return Err(format!("has more than {MOST} entries"));
    }
    // A folder that is a chart itself is a repository of one.
    if folder.join("Chart.yaml").is_file() {
        paths = vec![folder.to_owned()];
    }
    let mut found: std::collections::BTreeMap<String, Vec<IndexEntry>> = std::collections::BTreeMap::new();
    for path in paths {
        let bytes = match load(&path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => continue,
            Err(why) => {
                tracing::warn!(path = %path.display(), why, "a chart of a repository is left out");
                continue;
            }
        };
        let chart = match Chart::of_archive(&bytes) {
            Ok(chart) => chart,
            Err(why) => {
                tracing::warn!(path = %path.display(), why, "a chart of a repository is left out");
                continue;
            }
        };
        let digest = archives.put(&bytes).map_err(|error| format!("its charts cannot be kept: {error}"))?;
        let detail = chart.detail;
        found.entry(detail.name).or_default().push(IndexEntry {
            version: detail.version,
            app_version: detail.app_version,
            created: String::new(),
            digest,
            description: detail.description,
            // A file of this machine is shown to nobody.
            icon: if chart.icon.starts_with("http") || chart.icon.starts_with("data:") {
                chart.icon
            } else {
                String::new()
            },
            keywords: detail.keywords,
            deprecated: detail.deprecated,
            url: String::new(),
        });
    }
    Ok(Index::of(found))
}

/// The archive of a chart at a path; none when there is none.
fn load(path: &Path) -> Result<Option<Vec<u8>>, String> {
    let about = path.symlink_metadata().map_err(|error| error.to_string())?;
    if about.is_dir() && path.join("Chart.yaml").is_file() {
        let text = std::fs::read_to_string(path.join("Chart.yaml")).map_err(|error| error.to_string())?;
        let chart: serde_json::Value = yaml_serde::from_str(&text).map_err(|error| error.to_string())?;
        let name = chart.get("name").and_then(|name| name.as_str()).unwrap_or("chart");
        return pack(path, &name.replace('/', "-"), LIMIT).map(Some);
    }
    if about.is_file() && path.extension().is_some_and(|extension| extension == "tgz") {
        if about.len() > LIMIT as u64 {
            return Err(format!("is larger than {LIMIT} bytes"));
        }
        return std::fs::read(path).map(Some).map_err(|error| error.to_string());
    }
    Ok(None)
}
