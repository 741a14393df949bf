//! Kubernetes objects for a bundle: a file, a folder of files, or what `kustomize` makes of a folder.

use std::{
    fs,
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
    process::Command,
};

use nagaya_api::API_VERSION;
use serde::Deserialize as _;
use serde_json::Value;

use crate::{
    CliError,
    documents::{expand, split},
};

/// Names of the file that makes a folder a Kustomization.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// Programs that render one, as they are called.
const RENDERERS: [(&str, &str); 2] = [("kustomize", "build"), ("kubectl", "kustomize")];

/// Reads all objects of files, folders and standard input (`-`), in their order.
///
/// # Errors
/// When something is no YAML or no Kubernetes object, with its place; when a Kustomization cannot be rendered.
pub fn read(files: &[String]) -> Result<Vec<Value>, CliError> {
    let mut objects = Vec::new();
    for file in files {
        if file == "-" {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|error| CliError::file("-", error))?;
            parse("-", &text, &mut objects)?;
        } else if let Some(folder) = kustomization(Path::new(file)) {
            let text = render(&folder, &RENDERERS)?;
            parse(&format!("kustomize {}", folder.display()), &text, &mut objects)?;
        } else {
            for path in expand(Path::new(file))? {
                let text = fs::read_to_string(&path).map_err(|error| CliError::file(&path, error))?;
                parse(&path.display().to_string(), &text, &mut objects)?;
            }
        }
    }
    if objects.is_empty() {
        return Err(CliError::Usage(format!("{}: no objects in there", files.join(", "))));
    }
    Ok(objects)
}

/// The folder of the Kustomization that a path is, if it is one.
fn kustomization(path: &Path) -> Option<PathBuf> {
    if path.is_dir() {
        return KUSTOMIZATIONS.iter().any(|name| path.join(name).is_file()).then(|| path.to_owned());
    }
    let is_one = path.file_name().is_some_and(|name| KUSTOMIZATIONS.iter().any(|known| name == *known));
    let parent = path.parent().map(|parent| if parent == Path::new("") { Path::new(".") } else { parent });
    is_one.then(|| parent.unwrap_or(Path::new(".")).to_owned())
}

fn render(folder: &Path, renderers: &[(&str, &str)]) -> Result<String, CliError> {
    for (program, verb) in renderers {
        match Command::new(program).arg(verb).arg(folder).output() {
            Ok(done) if done.status.success() => {
                return String::from_utf8(done.stdout).map_err(|_| {
                    CliError::Other(format!("{program} {verb} printed something that is no text"))
                });
            }
            Ok(done) => {
                let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
                return Err(CliError::Usage(format!("{}: {program} {verb}: {said}", folder.display())));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(CliError::Other(format!("{program}: {error}"))),
        }
    }
    Err(CliError::Usage(format!(
        "{} is a Kustomization, and neither kustomize nor kubectl is here to render it: install one of them, or render it elsewhere and give the result (kustomize build DIR | nagaya bundle … -f -)",
        folder.display()
    )))
}

fn parse(file: &str, text: &str, objects: &mut Vec<Value>) -> Result<(), CliError> {
    for (number, (line, part)) in (1..).zip(split(text)) {
        let place = format!("{file}, document {number} (line {line})");
        let value = Value::deserialize(yaml_serde::Deserializer::from_str(&part))
            .map_err(|error| CliError::Usage(format!("{place}: not YAML: {error}")))?;
        let is_list = value.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
        match value.get("items").and_then(Value::as_array).filter(|_| is_list) {
            Some(items) => items.iter().try_for_each(|item| take(&place, item, objects))?,
            None => take(&place, &value, objects)?,
        }
    }
    Ok(())
}

fn take(place: &str, value: &Value, objects: &mut Vec<Value>) -> Result<(), CliError> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    for (pointer, field) in
        [("/apiVersion", "apiVersion"), ("/kind", "kind"), ("/metadata/name", "metadata.name")]
    {
        if text(pointer).is_empty() {
            return Err(CliError::Usage(format!("{place}: {field}: is required in a Kubernetes object")));
        }
    }
    if text("/apiVersion") == API_VERSION {
        return Err(CliError::Usage(format!(
            "{place}: this is a {} of Nagaya itself: apply it with `nagaya apply -f`",
            text("/kind")
        )));
    }
    let mut object = value.clone();
    if let Some(map) = object.as_object_mut() {
        map.remove("status");
    }
    // What `kubectl get -o yaml` prints can be given as it is.
    if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in
            ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"]
        {
            meta.remove(field);
        }
    }
    objects.push(object);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ONE: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, uid: x}\nstatus: {}\n";

    #[test]
    fn a_folder_of_files_is_read_in_order_and_lists_are_their_items() {
        let dir = tempfile::tempdir().unwrap();
        let two = ONE.replace("name: a", "name: b");
        fs::write(dir.path().join("2.yaml"), format!("# note\n---\n{two}---\n{ONE}")).unwrap();
        let list = r#"{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "c"}}]}"#;
        fs::write(dir.path().join("1.json"), list).unwrap();
        let objects = read(&[dir.path().display().to_string()]).unwrap();
        let names: Vec<_> =
            objects.iter().map(|object| object["metadata"]["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["c", "b", "a"]);
        assert_eq!(
            objects[2],
            serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}})
        );
    }

    #[test]
    fn what_is_no_object_is_refused_with_its_place() {
        let error = |text: &str| parse("f.yaml", text, &mut Vec::new()).unwrap_err().to_string();
        assert!(error(&format!("{ONE}---\nkind: x\n")).contains("f.yaml, document 2"));
        assert!(error("a: [").contains("not YAML"));
        let ours = ONE.replace("apiVersion: v1", "apiVersion: nagaya.dev/v1alpha1");
        assert!(error(&ours).contains("nagaya apply -f"));
    }

    #[test]
    fn a_kustomization_without_a_program_that_renders_it_is_refused_in_words() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(kustomization(dir.path()), None);
        let file = dir.path().join("kustomization.yaml");
        fs::write(&file, "resources: []\n").unwrap();
        assert_eq!(kustomization(dir.path()).as_deref(), Some(dir.path()));
        assert_eq!(kustomization(&file).as_deref(), Some(dir.path()));
        let error = render(dir.path(), &[("no-such-program-at-all", "build")]).unwrap_err().to_string();
        assert!(error.contains("neither kustomize nor kubectl"), "{error}");
        assert_eq!(
            render(dir.path(), &[("no-such-program-at-all", "x"), ("echo", "rendered")]).unwrap(),
            format!("rendered {}\n", dir.path().display())
        );
    }
}
