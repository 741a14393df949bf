//! Files of objects: several YAML documents or JSON, each with its place, so that a message can name it.

use std::{
    fmt, fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use nagaya_api::{API_VERSION, Kind};
use serde::Deserialize as _;
use serde_json::Value;

use crate::CliError;

/// Where a document came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// File, or `-`.
    pub file: String,
    /// Its number in the file, from 1.
    pub document: usize,
    /// The line it begins at, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, document {} (line {})", self.file, self.document, self.line)
    }
}

/// One object of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Where it stands.
    pub place: Place,
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The object, without what only the server writes.
    pub object: Value,
}

/// Reads all objects of files, of folders (`*.yaml`, `*.yml`, `*.json`) and of standard input (`-`), ordered so
/// that what others name comes first.
///
/// # Errors
/// All documents that are no objects, each with its place, what is wrong and how to mend it.
pub fn read(files: &[String]) -> Result<Vec<Document>, CliError> {
    let mut documents = Vec::new();
    let mut faults = Vec::new();
    for file in files {
        if file == "-" {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|error| CliError::file("-", error))?;
            parse("-", &text, &mut documents, &mut faults);
            continue;
        }
        for path in expand(Path::new(file))? {
            let text = fs::read_to_string(&path).map_err(|error| CliError::file(&path, error))?;
            parse(&path.display().to_string(), &text, &mut documents, &mut faults);
        }
    }
    finish(documents, faults, &files.join(", "))
}

/// The objects of a text; `source` is what messages call it.
///
/// # Errors
/// As [`read`].
pub fn from_text(source: &str, text: &str) -> Result<Vec<Document>, CliError> {
    let (mut documents, mut faults) = (Vec::new(), Vec::new());
    parse(source, text, &mut documents, &mut faults);
    finish(documents, faults, source)
}

fn finish(
    mut documents: Vec<Document>,
    mut faults: Vec<String>,
    source: &str,
) -> Result<Vec<Document>, CliError> {
    for (at, document) in documents.iter().enumerate() {
        let twin = |other: &&Document| other.kind == document.kind && other.name == document.name;
        if let Some(first) = documents[..at].iter().find(twin) {
            faults.push(format!(
                "{}: {} \"{}\" stands in {} already (remove one)",
                document.place, document.kind, document.name, first.place
            ));
        }
    }
    if !faults.is_empty() {
        return Err(CliError::Usage(faults.join("\nerror: ")));
    }
    if documents.is_empty() {
        return Err(CliError::Usage(format!("{}: no objects in there", source)));
    }
    // Stable: documents of one kind stay in the order of the file.
    documents.sort_by_key(|document| document.kind);
    Ok(documents)
}

pub(crate) fn expand(path: &Path) -> Result<Vec<PathBuf>, CliError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| CliError::file(path, error))? {
        let entry = entry.map_err(|error| CliError::file(path, error))?.path();
        let known = entry.extension().is_some_and(|ext| ext == "yaml" || ext == "yml" || ext == "json");
        if known && entry.is_file() {
            found.push(entry);
        }
    }
    found.sort();
    Ok(found)
}

/// The documents of a YAML stream with the lines they begin at. A line `---` can stand nowhere else in YAML
/// than between documents (YAML 1.2, 9.1.2).
pub(crate) fn split(text: &str) -> Vec<(usize, String)> {
    let mut parts = vec![(1, String::new())];
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if line.starts_with("---") && line[3..].starts_with(|c: char| c.is_whitespace()) || line == "---" {
            parts.push((number + 1, format!("{}\n", line[3..].trim_end())));
        } else if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
        }
    }
    parts.retain(|(_, part)| {
        part.lines().any(|line| !line.trim().is_empty() && !line.trim().starts_with('#'))
    });
    parts
}

fn parse(file: &str, text: &str, documents: &mut Vec<Document>, faults: &mut Vec<String>) {
    for (number, (line, part)) in (1..).zip(split(text)) {
        // The part's first line is what stood after `---`.
        let before = if line == 1 { 0 } else { line - 2 };
        let mut place = Place { file: file.to_owned(), document: number, line };
        let comments = part.lines().take_while(|l| l.trim().is_empty() || l.trim().starts_with('#')).count();
        place.line = before + comments + 1;
        match Value::deserialize(yaml_serde::Deserializer::from_str(&part)) {
            Ok(value) => {
                if let Some(items) = list_items(&value) {
                    for item in items {
                        take(&place, item, documents, faults);
                    }
                } else {
                    take(&place, &value, documents, faults);
                }
            }
            Err(error) => {
                let at =
                    error.location().map(|at| format!(" at line {}", before + at.line())).unwrap_or_default();
                faults.push(format!("{place}: not YAML{at}: {error}"));
            }
        }
    }
}

fn list_items(value: &Value) -> Option<&Vec<Value>> {
    let is_list = value.get("kind")?.as_str()?.ends_with("List");
    if is_list { value.get("items")?.as_array() } else { None }
}

fn take(place: &Place, value: &Value, documents: &mut Vec<Document>, faults: &mut Vec<String>) {
    match object(place, value) {
        Ok(document) => documents.push(document),
        Err(fault) => faults.push(format!("{place}: {fault}")),
    }
}

fn object(place: &Place, value: &Value) -> Result<Document, String> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
    match text("/apiVersion") {
        Some(API_VERSION) => {}
        Some(other) => return Err(format!("apiVersion: \"{other}\" is not known (write {API_VERSION})")),
        None => return Err(format!("apiVersion: is required (write {API_VERSION})")),
    }
    let kinds = || Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
    let kind = text("/kind").ok_or_else(|| format!("kind: is required (one of {})", kinds()))?;
    let kind = Kind::ALL
        .iter()
        .copied()
        .find(|known| known.name() == kind)
        .ok_or_else(|| format!("kind: \"{kind}\" is not known (write one of {})", kinds()))?;
    let name = text("/metadata/name").ok_or_else(|| {
        "metadata.name: is required (give a name of lower-case letters, digits and '-'; a number wants quotes)".to_owned()
    })?;
    Ok(Document { place: place.clone(), kind, name: name.to_owned(), object: without_server_fields(value) })
}

/// The object as a person would write it: what `get -o yaml` printed can be applied again.
pub fn without_server_fields(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(object) = value.as_object_mut() {
        object.remove("status");
    }
    if let Some(meta) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in [
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "finalizers",
            "managedFields",
        ] {
            meta.remove(field);
        }
    }
    value
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parsed(text: &str) -> (Vec<Document>, Vec<String>) {
        let (mut documents, mut faults) = (Vec::new(), Vec::new());
        parse("f.yaml", text, &mut documents, &mut faults);
        (documents, faults)
    }

    const TEAM: &str =
        "apiVersion: nagaya.dev/v1alpha1\nkind: Team\nmetadata: {name: a}\nspec: {cluster: c}\n";

    #[test]
    fn a_fault_names_file_document_line_field_and_mend() {
        let text = format!("# head\n---\n{TEAM}---\n# note\napiVersion: nagaya.dev/v1alpha1\nkind: Tem\n");
        let (documents, faults) = parsed(&text);
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0].place.line, 3);
        assert_eq!(faults.len(), 1);
        for part in ["f.yaml, document 2 (line 9)", "kind: \"Tem\" is not known", "Workspace"] {
            assert!(faults[0].contains(part), "{part} in {}", faults[0]);
        }
    }

    #[test]
    fn broken_yaml_is_located_in_the_file() {
        let (_, faults) = parsed(&format!("{TEAM}---\nkind: [\nx: y\n"));
        assert!(faults[0].contains("document 2") && faults[0].contains("at line"), "{}", faults[0]);
    }

    #[test]
    fn a_printed_list_can_be_applied_again() {
        let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: nagaya.dev/v1alpha1\n  kind: User\n  metadata: {name: u, uid: x, resourceVersion: '7'}\n  status: {hasPassword: true}\n";
        let (documents, faults) = parsed(text);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(documents[0].object.pointer("/metadata"), Some(&serde_json::json!({"name": "u"})));
        assert_eq!(documents[0].object.get("status"), None);
    }

    #[test]
    fn what_others_name_comes_first() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.yaml");
        let cluster = TEAM.replace("Team", "Cluster");
        fs::write(&file, format!("{TEAM}---\n{cluster}")).unwrap();
        let read = read(&[dir.path().display().to_string()]).unwrap();
        assert_eq!(read.iter().map(|d| d.kind).collect::<Vec<_>>(), [Kind::Cluster, Kind::Team]);
    }

    #[test]
    fn the_ready_made_bundles_are_valid() {
        for entry in fs::read_dir("../../examples/bundles").unwrap() {
            let file = entry.unwrap().path().display().to_string();
            let documents = read(std::slice::from_ref(&file)).unwrap();
            assert!(documents.iter().any(|document| document.kind == Kind::Bundle), "{file}");
            for document in documents {
                let raw: nagaya_api::RawObject = serde_json::from_value(document.object).unwrap();
                raw.validated().unwrap_or_else(|error| panic!("{file}: {error}"));
            }
        }
    }

    #[test]
    fn one_object_twice_is_a_fault() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.yaml");
        fs::write(&file, format!("{TEAM}---\n{TEAM}")).unwrap();
        assert!(read(&[file.display().to_string()]).unwrap_err().to_string().contains("remove one"));
    }
}
