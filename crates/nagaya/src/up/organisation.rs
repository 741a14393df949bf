//! The organisation of `examples/`: images as they were built here, then everything else, by the same way as
//! `nagaya apply -f`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use nagaya_api::{
    Image, Kind, Resource as _, Workspace,
    kinds::{image::ImageSpec, workspace::WorkspaceState},
};
use nagaya_cli::{
    Client,
    client::{ApplyOptions, Filter},
    commands::apply::{Outcome, apply},
    documents,
    output::short_name,
};
use sha2::{Digest as _, Sha256};

use super::steps::Steps;
use crate::{
    images::Images,
    instance::{Folders, write_atomically},
    settings::Settings,
};

/// The example, as it was when this program was built.
const EXAMPLE: &str = include_str!("../../../../examples/organisation.yaml");

/// What the images of `images/` hold, by name.
const DESKTOPS: [(&str, &str); 2] = [
    ("java", "Desktop with JDK 17, Maven and an editor with Java support"),
    ("python", "Desktop with Python, venv and an editor"),
];

/// Creates the organisation, once: what people changed afterwards is theirs.
///
/// # Errors
/// When the server refuses an object.
pub async fn ensure(
    client: &Client,
    settings: &Settings,
    folders: &Folders,
    file: Option<&Path>,
    steps: &Steps,
) -> Result<()> {
    images(client, settings, steps).await?;
    let text = match file {
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?
        }
        None => EXAMPLE.to_owned(),
    };
    let mark: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    let mark_path = folders.example_mark();
    if std::fs::read_to_string(&mark_path).is_ok_and(|known| known == mark) {
        steps.tell("the organisation was created before");
        return Ok(());
    }
    let source =
        file.map_or_else(|| "examples/organisation.yaml".to_owned(), |path| path.display().to_string());
    let documents = documents::from_text(&source, &text)?;
    let result = apply(client, &documents, false, false, |document, outcome| {
        if outcome != Outcome::Unchanged {
            steps.tell(&format!("{} {}", short_name(document.kind, &document.name), outcome.word()));
        }
    });
    if result.await.is_err() {
        bail!("{source} could not be applied (see above)");
    }
    write_atomically(&mark_path, mark.as_bytes(), 0o644)
}

/// Image objects for the desktops that were built here. A new build gives a new reference; running desktops keep
/// theirs until their next start.
async fn images(client: &Client, settings: &Settings, steps: &Steps) -> Result<()> {
    let built = Images::read(&settings.cache_dir)?;
    for (name, description) in DESKTOPS {
        let Some(reference) = built.get(name) else {
            steps.line(&format!("  there is no image {name} yet: build it with scripts/images.sh"));
            continue;
        };
        let spec = ImageSpec { description: description.to_owned(), reference: reference.to_owned() };
        let object = documents::without_server_fields(&serde_json::to_value(Image::new(name, spec))?);
        let applied = client.apply(Kind::Image, name, &object, ApplyOptions::default()).await;
        match applied {
            Ok(_) => {}
            // Somebody decided on another reference: theirs stays.
            Err(nagaya_cli::CliError::Api(error)) if error.code == 409 => steps.tell(&error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// A workspace that runs or will, to show how to open it.
///
/// # Errors
/// The server's.
pub async fn first_workspace(client: &Client) -> Result<Option<String>> {
    let list = client.list(Kind::Workspace, &Filter::default()).await?;
    let running = |raw: &nagaya_api::RawObject| {
        Workspace::from_raw(raw).is_ok_and(|workspace| workspace.spec.state == WorkspaceState::Running)
    };
    Ok(list.items.iter().find(|raw| running(raw)).map(|raw| raw.metadata.name.clone()))
}
