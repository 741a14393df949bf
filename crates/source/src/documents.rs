//! From files to objects, each with the place where it begins. Pure.

use nagaya_api::{API_VERSION, kinds::source::SourceError};
use serde_json::Value;

use crate::File;

/// One object, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The file, from the root of the repository.
    pub file: String,
    /// The line where it begins, from 1.
    pub line: u32,
    /// The object.
    pub object: Value,
}

impl Document {
    fn text(&self, pointer: &str) -> &str {
        self.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// `Kind/name`, as far as it says them.
    pub fn title(&self) -> String {
        let or = |text: &str| if text.is_empty() { "?".to_owned() } else { text.to_owned() };
        format!("{}/{}", or(self.text("/kind")), or(self.text("/metadata/name")))
    }

    /// An error about this object.
    pub fn error(&self, field: &str, message: impl Into<String>, mend: impl Into<String>) -> SourceError {
        SourceError {
            file: self.file.clone(),
            line: self.line,
            object: self.title(),
            field: field.to_owned(),
            message: message.into(),
            mend: mend.into(),
        }
    }
}

/// What a folder holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// Objects of Nagaya, in the order of files.
    pub nagaya: Vec<Document>,
    /// Objects of Kubernetes.
    pub kubernetes: Vec<Document>,
    /// What does not read.
    pub errors: Vec<SourceError>,
}

/// Reads files in their order.
pub fn parse(files: &[File]) -> Contents {
    let mut contents = Contents::default();
    for file in files {
        let place = |line, message: String, mend: &str| SourceError {
            file: file.path.clone(),
            line,
            message,
            mend: mend.to_owned(),
            ..SourceError::default()
        };
        let Ok(text) = std::str::from_utf8(&file.bytes) else {
            contents.errors.push(place(0, "is not UTF-8".into(), "save it as UTF-8"));
            continue;
        };
        for (first, piece) in pieces(text) {
            let value: Value = match yaml_serde::from_str(piece) {
                Ok(value) => value,
                Err(error) => {
                    let line = error.location().map_or(first, |at| first + line_number(at.line()) - 1);
                    let message = format!("does not read: {error}");
                    contents.errors.push(place(line, message, "mend the YAML or JSON at that line"));
                    continue;
                }
            };
            if value.is_null() {
                continue;
            }
            let document = Document { file: file.path.clone(), line: first + lead(piece), object: value };
            if !document.object.is_object() || document.text("/apiVersion").is_empty() {
                let mend =
                    "write apiVersion, kind and metadata.name; other files do not belong into the folder";
                contents.errors.push(document.error("apiVersion", "is no object", mend));
            } else if document.text("/apiVersion") == API_VERSION {
                contents.nagaya.push(document);
            } else if document.text("/apiVersion").starts_with("kustomize.config.k8s.io/") {
                let mend = "render it with `kubectl kustomize` and put the objects into the folder";
                contents.errors.push(document.error(
                    "kind",
                    "is a Kustomization, which is not rendered",
                    mend,
                ));
            } else {
                contents.kubernetes.push(document);
            }
        }
    }
    contents
}

fn line_number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX).max(1)
}

/// The documents of a YAML text with the line where each begins. `---` at a line's beginning ends a document wherever
/// it stands (YAML 1.2.2, 9.1.2), so a look at lines is enough.
fn pieces(text: &str) -> Vec<(u32, &str)> {
    let mut pieces = Vec::new();
    let (mut start, mut first, mut at, mut number) = (0, 1, 0, 0);
    for line in text.split_inclusive('\n') {
        number += 1;
        let bare = line.trim_end();
        if bare == "---" || bare.starts_with("--- ") {
            pieces.push((first, &text[start..at]));
            (start, first) = if bare == "---" { (at + line.len(), number + 1) } else { (at + 4, number) };
        }
        at += line.len();
    }
    pieces.push((first, &text[start..]));
    pieces
}

/// Lines before the first that says something.
fn lead(piece: &str) -> u32 {
    let empty = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with(['#', '%']);
    u32::try_from(piece.lines().take_while(empty).count()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn objects_are_told_apart_and_know_their_lines() {
        let text = "# teams\n\napiVersion: nagaya.dev/v1alpha1\nkind: Group\nmetadata: {name: g}\n---\n---\n# one\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  x: |\n    --- in a text\n";
        let contents =
            parse(&[file("a.yaml", text), file("b.json", r#"{"apiVersion": "v1", "kind": "Secret"}"#)]);
        assert_eq!(contents.errors, []);
        let places = |list: &[Document]| list.iter().map(|d| (d.title(), d.line)).collect::<Vec<_>>();
        assert_eq!(places(&contents.nagaya), [("Group/g".to_owned(), 3)]);
        assert_eq!(places(&contents.kubernetes), [("ConfigMap/c".to_owned(), 9), ("Secret/?".to_owned(), 1)]);
    }

    #[test]
    fn what_does_not_read_names_file_and_line() {
        let text = "apiVersion: v1\nkind: ConfigMap\n---\nkind: [\nx: y\n";
        let errors =
            parse(&[file("dir/a.yaml", text), file("b.yaml", "- 1\n"), file("c.yml", "kind: X\n")]).errors;
        let places: Vec<_> = errors.iter().map(|e| (e.file.as_str(), e.line)).collect();
        assert_eq!(places[1..], [("b.yaml", 1), ("c.yml", 1)]);
        assert_eq!(places[0].0, "dir/a.yaml");
        assert!((4..=6).contains(&places[0].1), "{errors:?}");
    }

    #[test]
    fn a_file_that_is_no_text_and_a_kustomization_are_said() {
        let bytes = File { path: "x.yaml".into(), bytes: vec![0xff, 0xfe] };
        let kustomization =
            file("k.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n");
        let errors = parse(&[bytes, kustomization]).errors;
        assert_eq!(errors.len(), 2);
        assert!(errors[1].mend.contains("kubectl kustomize"));
    }
}
