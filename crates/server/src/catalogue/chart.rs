//! A chart's archive, looked into: what it says of itself. Nothing of it is run, and nothing of it is believed.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write as _},
    path::{Component, Path},
};

use nagaya_api::catalogue::{ChartChange, ChartDependency, ChartDetail, ChartMaintainer};
use serde::Deserialize;
use serde_json::Value;

/// Bytes that an archive may have when it is unpacked.
const UNPACKED: u64 = if cfg!(test) { 1 << 20 } else { 64 << 20 };
/// Files that it may have.
const FILES: usize = 10_000;
/// Bytes of a file that is shown.
const SHOWN: u64 = 1 << 20;

/// A chart.yaml, as far as it is shown.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    name: String,
    version: Value,
    app_version: Value,
    description: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    kube_version: Option<String>,
    home: Option<String>,
    sources: Option<Vec<String>>,
    keywords: Option<Vec<String>>,
    maintainers: Option<Vec<Maintainer>>,
    icon: Option<String>,
    deprecated: Option<bool>,
    annotations: Option<BTreeMap<String, Value>>,
    dependencies: Option<Vec<Dependency>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Maintainer {
    name: Option<String>,
    email: Option<String>,
    url: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Dependency {
    name: Option<String>,
    version: Option<String>,
    repository: Option<String>,
    condition: Option<String>,
    alias: Option<String>,
}

/// A change as `artifacthub.io/changes` says it: a text, or kind and description.
#[derive(Deserialize)]
#[serde(untagged)]
enum Change {
    Text(String),
    Whole {
        #[serde(default)]
        kind: String,
        #[serde(default)]
        description: String,
    },
}

/// A chart, looked into.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What it says of itself.
    pub detail: ChartDetail,
    /// Address of its icon.
    pub icon: String,
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

impl Chart {
    /// Of an archive.
    ///
    /// # Errors
    /// Why it is none.
    pub fn of_archive(bytes: &[u8]) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        let unpacked = flate2::read::MultiGzDecoder::new(Cursor::new(bytes)).take(UNPACKED + 1);
        let mut archive = tar::Archive::new(unpacked);
        let no_archive = |error: std::io::Error| format!("is no archive of a chart (.tgz): {error}");
        for (count, entry) in archive.entries().map_err(no_archive)?.enumerate() {
            if count >= FILES {
                return Err(format!("has more than {FILES} files"));
            }
            let entry = entry.map_err(no_archive)?;
            if !entry.header().entry_type().is_file() {
                continue;
            }
            let path = entry.path().map_err(no_archive)?.into_owned();
            // The first folder is the chart's own.
            let Some(path) = inner(&path).filter(|path| is_shown(path)) else { continue };
            let mut content = Vec::new();
            entry.take(SHOWN).read_to_end(&mut content).map_err(no_archive)?;
            files.insert(path, content);
        }
        if archive.into_inner().limit() == 0 {
            return Err(format!("has more than {UNPACKED} bytes when it is unpacked"));
        }
        Self::of_files(&files)
    }

    /// Of the files of its folder, by their paths in it.
    fn of_files(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, String> {
        let named = |name: &str| {
            let file = files.iter().find(|(path, _)| path.eq_ignore_ascii_case(name));
            file.map(|(_, content)| String::from_utf8_lossy(content).into_owned())
        };
        let about = files.get("Chart.yaml").ok_or("has no Chart.yaml")?;
        let metadata: Metadata =
            yaml_serde::from_slice(about).map_err(|error| format!("Chart.yaml: {error}"))?;
        let annotations: BTreeMap<String, String> = metadata
            .annotations
            .unwrap_or_default()
            .into_iter()
            .map(|(key, value)| (key, text(&value)))
            .collect();
        let dependencies = metadata.dependencies.unwrap_or_default().into_iter();
        let detail = ChartDetail {
            name: metadata.name,
            version: text(&metadata.version),
            app_version: text(&metadata.app_version),
            description: metadata.description.unwrap_or_default(),
            kind: metadata.kind.filter(|kind| !kind.is_empty()).unwrap_or_else(|| "application".into()),
            kube_version: metadata.kube_version.unwrap_or_default(),
            home: metadata.home.unwrap_or_default(),
            sources: metadata.sources.unwrap_or_default(),
            keywords: metadata.keywords.unwrap_or_default(),
            maintainers: metadata
                .maintainers
                .unwrap_or_default()
                .into_iter()
                .map(|one| ChartMaintainer {
                    name: one.name.unwrap_or_default(),
                    email: one.email.unwrap_or_default(),
                    url: one.url.unwrap_or_default(),
                })
                .collect(),
            icon: metadata.icon.as_ref().is_some_and(|icon| !icon.is_empty()),
            deprecated: metadata.deprecated.unwrap_or(false),
            changes: annotations.get("artifacthub.io/changes").map(|text| changes(text)).unwrap_or_default(),
            annotations,
            readme: named("README.md").unwrap_or_default(),
            values: named("values.yaml").unwrap_or_default(),
            schema: named("values.schema.json").and_then(|text| serde_json::from_str(&text).ok()),
            dependencies: dependencies
                .map(|one| ChartDependency {
                    name: one.name.unwrap_or_default(),
                    version: one.version.unwrap_or_default(),
                    repository: one.repository.unwrap_or_default(),
                    condition: one.condition.unwrap_or_default(),
                    alias: one.alias.unwrap_or_default(),
                })
                .collect(),
            crds: crds(files),
            ..ChartDetail::default()
        };
        if detail.name.is_empty() || detail.version.is_empty() {
            return Err("Chart.yaml: name or version is missing".into());
        }
        Ok(Self { detail, icon: metadata.icon.unwrap_or_default() })
    }
}

/// A path without its first folder; none when it leads elsewhere.
fn inner(path: &Path) -> Option<String> {
    let mut parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    parts.next().filter(|part| matches!(part, Component::Normal(_)))?;
    let rest: Option<Vec<String>> = parts
        .map(|part| match part {
            Component::Normal(name) => Some(name.to_str()?.to_owned()),
            _ => None,
        })
        .collect();
    rest.filter(|rest| !rest.is_empty()).map(|rest| rest.join("/"))
}

fn is_shown(path: &str) -> bool {
    let own = ["Chart.yaml", "values.yaml", "values.schema.json"].contains(&path);
    own || path.eq_ignore_ascii_case("readme.md") || path.starts_with("crds/")
}

fn changes(text: &str) -> Vec<ChartChange> {
    let read: Vec<Change> = yaml_serde::from_str(text).unwrap_or_default();
    read.into_iter()
        .map(|change| match change {
            Change::Text(description) => ChartChange { kind: String::new(), description },
            Change::Whole { kind, description } => ChartChange { kind, description },
        })
        .collect()
}

/// Names of CustomResourceDefinitions: their files are large, and only the names are looked for.
fn crds(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut names = Vec::new();
    for (_, content) in files.iter().filter(|(path, _)| path.starts_with("crds/")) {
        let text = String::from_utf8_lossy(content);
        for document in text.split("\n---") {
            let name = document
                .lines()
                .skip_while(|line| !line.starts_with("metadata:"))
                .find_map(|line| line.strip_prefix("  name:"));
            if document.contains("CustomResourceDefinition")
                && let Some(name) = name
            {
                names.push(name.trim().trim_matches(['"', '\'']).to_owned());
            }
        }
    }
    names.sort();
    names.dedup();
    names
}

/// The archive of a folder with a chart: the same folder gives the same archive. Links are not followed.
///
/// # Errors
/// Why it cannot be read, or what of it is too large.
pub fn pack(folder: &Path, name: &str, limit: usize) -> Result<Vec<u8>, String> {
    let mut files = Vec::new();
    walk(folder, String::new(), &mut files)?;
    files.sort();
    let encoder = flate2::GzBuilder::new().write(Vec::new(), flate2::Compression::default());
    let mut archive = tar::Builder::new(encoder);
    let failed = |error: std::io::Error| error.to_string();
    let mut total = 0;
    for path in files {
        let content = std::fs::read(folder.join(&path)).map_err(failed)?;
        total += content.len() as u64;
        if total > UNPACKED {
            return Err(format!("has more than {UNPACKED} bytes"));
        }
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        archive.append_data(&mut header, format!("{name}/{path}"), content.as_slice()).map_err(failed)?;
    }
    let mut encoder = archive.into_inner().map_err(failed)?;
    encoder.flush().map_err(failed)?;
    let bytes = encoder.finish().map_err(failed)?;
    if bytes.len() > limit {
        return Err(format!("is larger than {limit} bytes when it is packed"));
    }
    Ok(bytes)
}

fn walk(folder: &Path, inside: String, files: &mut Vec<String>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder.join(&inside)).map_err(|error| error.to_string())?;
    for entry in entries {
        let entry = entry.map_err(|error| error.to_string())?;
        let kind = entry.file_type().map_err(|error| error.to_string())?;
        let name =
            entry.file_name().into_string().map_err(|name| format!("{} is no text", name.display()))?;
        let path = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        if kind.is_dir() && name != ".git" {
            walk(folder, path, files)?;
        } else if kind.is_file() {
            files.push(path);
        }
        if files.len() > FILES {
            return Err(format!("has more than {FILES} files"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write(
            "Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.2.0\nappVersion: 2\nicon: https://x.example.com/i.png\nannotations:\n  artifacthub.io/changes: |\n    - kind: added\n      description: A door\n    - Plain words\ndependencies:\n- {name: db, version: ^1, condition: db.enabled}\n",
        );
        write("values.yaml", "# How many\nreplicas: 1\n");
        write("values.schema.json", "{\"type\": \"object\"}");
        write("readme.md", "# Web");
        write("crds/a.yaml", "kind: CustomResourceDefinition\nmetadata:\n  name: doors.example.com\n");
        write("charts/db/Chart.yaml", "name: db\nversion: 1.0.0\n");
        dir
    }

    #[test]
    fn a_packed_folder_is_looked_into_and_packs_the_same_again() {
        let dir = folder();
        let bytes = pack(dir.path(), "web", 1 << 20).unwrap();
        assert_eq!(bytes, pack(dir.path(), "web", 1 << 20).unwrap());
        let chart = Chart::of_archive(&bytes).unwrap();
        let detail = chart.detail;
        assert_eq!(
            (detail.name.as_str(), detail.version.as_str(), detail.app_version.as_str()),
            ("web", "1.2.0", "2")
        );
        assert_eq!((detail.readme.as_str(), detail.values.as_str()), ("# Web", "# How many\nreplicas: 1\n"));
        assert_eq!(detail.crds, ["doors.example.com"]);
        assert_eq!(detail.changes.len(), 2);
        assert_eq!(
            (detail.changes[0].kind.as_str(), detail.changes[1].description.as_str()),
            ("added", "Plain words")
        );
        assert_eq!(detail.dependencies[0].condition, "db.enabled");
        assert!(detail.icon && detail.schema.is_some());
    }

    #[test]
    fn what_is_no_chart_says_why_and_a_bomb_is_not_unpacked() {
        assert!(Chart::of_archive(b"nonsense").unwrap_err().contains("no archive"));
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("x"), "y").unwrap();
        let bytes = pack(dir.path(), "x", 1 << 20).unwrap();
        assert_eq!(Chart::of_archive(&bytes).unwrap_err(), "has no Chart.yaml");
        let encoder = flate2::GzBuilder::new().write(Vec::new(), flate2::Compression::fast());
        let mut archive = tar::Builder::new(encoder);
        let mut header = tar::Header::new_gnu();
        header.set_size(UNPACKED + 1);
        header.set_mode(0o644);
        archive.append_data(&mut header, "web/Chart.yaml", std::io::repeat(b'#').take(UNPACKED + 1)).unwrap();
        let bomb = archive.into_inner().unwrap().finish().unwrap();
        assert!(Chart::of_archive(&bomb).is_err());
    }

    #[test]
    fn links_are_not_followed() {
        let dir = folder();
        std::os::unix::fs::symlink("/etc/passwd", dir.path().join("passwd")).unwrap();
        std::os::unix::fs::symlink("/", dir.path().join("root")).unwrap();
        let mut files = Vec::new();
        walk(dir.path(), String::new(), &mut files).unwrap();
        assert_eq!(files.len(), 6);
    }
}
