//! `nagaya kubeconfig`: kubectl's way into a cluster, through the tunnel.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use nagaya_api::Kind;
use serde_json::{Value, json};

use crate::{
    CliError, Client,
    client::object_path,
    output::yaml,
    terminal::{note, print},
};

/// `nagaya kubeconfig`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The cluster
    cluster: String,
    /// Put it into KUBECONFIG or ~/.kube/config and make it the current context, instead of printing it
    #[arg(long)]
    merge: bool,
}

/// Runs `kubeconfig`.
///
/// # Errors
/// The server's, or the file's.
pub async fn run(args: Args, client: &Client) -> Result<(), CliError> {
    let text = client.text(&format!("{}/kubeconfig", object_path(Kind::Cluster, &args.cluster))).await?;
    if !args.merge {
        print(&text);
        return Ok(());
    }
    let path = target();
    let old = match fs::read_to_string(&path) {
        Ok(text) => parse(&path.display().to_string(), &text)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            json!({"apiVersion": "v1", "kind": "Config"})
        }
        Err(error) => return Err(CliError::file(path, error)),
    };
    let merged = merge(old, &parse("the server's kubeconfig", &text)?);
    write(&path, &yaml(&merged)?).map_err(|error| CliError::file(&path, error))?;
    let context = merged.get("current-context").and_then(Value::as_str).unwrap_or_default();
    note(&format!("{}: context {context} is the current one", path.display()));
    Ok(())
}

fn target() -> PathBuf {
    // kubectl writes to the first file that KUBECONFIG names.
    let named = std::env::var("KUBECONFIG").ok().and_then(|list| list.split(':').next().map(PathBuf::from));
    named.filter(|path| !path.as_os_str().is_empty()).unwrap_or_else(|| {
        let home = std::env::var_os("HOME").map_or_else(|| PathBuf::from("/root"), PathBuf::from);
        home.join(".kube/config")
    })
}

fn parse(what: &str, text: &str) -> Result<Value, CliError> {
    let value: Value = yaml_serde::from_str(text)
        .map_err(|error| CliError::Usage(format!("{what}: {error} (mend or move the file)")))?;
    Ok(if value.is_null() { json!({}) } else { value })
}

/// Puts the named entries of `new` into `old`, in the place of those of the same name.
fn merge(mut old: Value, new: &Value) -> Value {
    for list in ["clusters", "users", "contexts"] {
        let mut entries = old.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        for entry in new.get(list).and_then(Value::as_array).into_iter().flatten() {
            entries.retain(|other| other.get("name") != entry.get("name"));
            entries.push(entry.clone());
        }
        old[list] = Value::Array(entries);
    }
    for field in ["apiVersion", "kind", "current-context"] {
        if let Some(value) = new.get(field) {
            old[field] = value.clone();
        }
    }
    old
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let temporary = dir.join(format!(".config.nagaya.{}", std::process::id()));
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_keeps_the_other_clusters_and_replaces_our_own() {
        let old = json!({"current-context": "other", "preferences": {"colors": true},
            "clusters": [{"name": "other"}, {"name": "nagaya-java", "cluster": {"server": "old"}}]});
        let new = json!({"apiVersion": "v1", "kind": "Config", "current-context": "nagaya-java",
            "clusters": [{"name": "nagaya-java", "cluster": {"server": "new"}}], "users": [{"name": "u"}], "contexts": []});
        let merged = merge(old, &new);
        assert_eq!(
            merged,
            json!({"apiVersion": "v1", "kind": "Config", "current-context": "nagaya-java", "preferences": {"colors": true},
            "clusters": [{"name": "other"}, {"name": "nagaya-java", "cluster": {"server": "new"}}],
            "users": [{"name": "u"}], "contexts": []})
        );
    }
}
