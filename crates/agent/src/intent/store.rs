//! The intent in the cluster's own Secrets, so that an agent that has lost its server goes on.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{DeleteParams, ListParams, ObjectMeta, Patch, PatchParams, PostParams};
use kube::{Api, Client, ResourceExt};
use nagaya_api::agent::Intent;
use serde::{Deserialize, Serialize};

use super::pack::{Piece, pack, unpack};
use crate::enforce::key::Key;
use crate::enforce::plan::{Applied, Held};

/// The Secret that names the pieces. It is written last, so what it names is there.
const HEAD: &str = "nagaya-intent";
/// The names of the intent's pieces in it.
const PIECES: &str = "pieces";
/// The names of the pieces of a newer inventory than the one beside the intent; empty when there is none.
const INVENTORY: &str = "inventory";
/// Label of head and pieces. Not `managed-by`: the agent must not prune its own memory.
const LABEL: &str = "nagaya.dev/agent-state";
const MANAGER: &str = "nagaya-agent";

/// What the agent remembers beyond its own life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// The intent that is in force.
    pub intent: Intent,
    /// What was applied and not pruned.
    pub inventory: Vec<Held>,
}

/// One object of the inventory, and what was last applied to it, so that whoever goes on need not apply it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The object.
    #[serde(flatten)]
    pub held: Held,
    /// What was last applied; none: it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Applied>,
}

/// What was saved.
#[derive(Debug)]
pub struct Loaded {
    /// Intent and inventory.
    pub stored: Stored,
    /// What was last applied to objects of the inventory.
    pub applied: Vec<(Key, Applied)>,
    /// Names of the intent's pieces.
    pub pieces: String,
}

/// Why it could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The API server.
    #[error("the intent could not be kept in this cluster: {0}")]
    Kubernetes(#[from] kube::Error),
    /// What is there is not what was written.
    #[error("the intent kept in this cluster is damaged: {0}; the server will send it again")]
    Damaged(String),
}

/// Reads what was saved; none if nothing was.
///
/// # Errors
/// [`StoreError`].
pub async fn load(client: &Client, namespace: &str) -> Result<Option<Loaded>, StoreError> {
    let secrets: Api<Secret> = Api::namespaced(client.clone(), namespace);
    let Some(head) = secrets.get_opt(HEAD).await? else { return Ok(None) };
    let pieces = names(&head, PIECES);
    let json = join(&secrets, &pieces).await?;
    let read = |error: serde_json::Error| StoreError::Damaged(error.to_string());
    let mut stored: Stored = serde_json::from_slice(&json).map_err(read)?;
    drop(json);
    let mut applied = Vec::new();
    let inventory = names(&head, INVENTORY);
    if !inventory.is_empty() {
        let lines: Vec<Line> = serde_json::from_slice(&join(&secrets, &inventory).await?).map_err(read)?;
        applied = lines.iter().filter_map(|line| Some((line.held.key.clone(), line.applied?))).collect();
        stored.inventory = lines.into_iter().map(|line| line.held).collect();
    }
    Ok(Some(Loaded { stored, applied, pieces: pieces.join(" ") }))
}

async fn join(secrets: &Api<Secret>, names: &[String]) -> Result<Vec<u8>, StoreError> {
    let mut pieces = Vec::new();
    for name in names {
        let piece = secrets.get_opt(name).await?;
        let piece = piece.ok_or_else(|| StoreError::Damaged(format!("Secret {name} is not there")))?;
        let bytes =
            piece.data.and_then(|mut data| data.remove("piece")).map(|bytes| bytes.0).unwrap_or_default();
        pieces.push(Piece { name: name.clone(), bytes });
    }
    unpack(&pieces).map_err(StoreError::Damaged)
}

/// Saves an intent with its inventory. Until the last write what was saved before counts. Returns the names of the
/// pieces, for [`save_inventory`] and [`sweep`].
///
/// # Errors
/// [`StoreError`].
pub async fn save(client: &Client, namespace: &str, stored: &Stored) -> Result<String, StoreError> {
    let secrets: Api<Secret> = Api::namespaced(client.clone(), namespace);
    let pieces = split(&secrets, stored).await?;
    write_head(&secrets, &stored.intent, &pieces, "").await?;
    Ok(pieces)
}

/// Saves what became of the inventory of the intent whose `pieces` are saved. Returns the names of all pieces, for
/// [`sweep`].
///
/// # Errors
/// [`StoreError`].
pub async fn save_inventory(
    client: &Client,
    namespace: &str,
    intent: &Intent,
    pieces: &str,
    inventory: &[Line],
) -> Result<String, StoreError> {
    let secrets: Api<Secret> = Api::namespaced(client.clone(), namespace);
    let list = split(&secrets, &inventory).await?;
    write_head(&secrets, intent, pieces, &list).await?;
    Ok(format!("{pieces} {list}"))
}

/// Writes something in pieces and returns their names.
async fn split(secrets: &Api<Secret>, what: &impl Serialize) -> Result<String, StoreError> {
    let json = serde_json::to_vec(what).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let pieces = pack(&json).map_err(|error| StoreError::Damaged(error.to_string()))?;
    drop(json);
    let list = pieces.iter().map(|piece| piece.name.as_str()).collect::<Vec<_>>().join(" ");
    for piece in pieces {
        let secret = secret(&piece.name, [("piece", piece.bytes)]);
        match secrets
            .create(&PostParams { field_manager: Some(MANAGER.into()), ..PostParams::default() }, &secret)
            .await
        {
            Ok(_) => {}
            Err(kube::Error::Api(status)) if status.code == 409 => {} // the same name is the same content
            Err(error) => return Err(error.into()),
        }
    }
    Ok(list)
}

async fn write_head(
    secrets: &Api<Secret>,
    intent: &Intent,
    pieces: &str,
    inventory: &str,
) -> Result<(), StoreError> {
    let bytes = |text: &str| text.as_bytes().to_vec();
    let head = secret(
        HEAD,
        [
            (PIECES, bytes(pieces)),
            (INVENTORY, bytes(inventory)),
            ("incarnation", bytes(&intent.incarnation)),
            ("revision", intent.revision.to_string().into_bytes()),
            ("hash", bytes(&intent.hash)),
        ],
    );
    secrets.patch(HEAD, &PatchParams::apply(MANAGER).force(), &Patch::Apply(&head)).await?;
    Ok(())
}

/// Removes pieces that are not among the `list` that [`save`] or [`save_inventory`] returned. What fails here is removed the next time.
pub async fn sweep(client: &Client, namespace: &str, list: &str) {
    let secrets: Api<Secret> = Api::namespaced(client.clone(), namespace);
    let params = ListParams::default().labels(&format!("{LABEL}=intent"));
    let found = match secrets.list_metadata(&params).await {
        Ok(found) => found,
        Err(error) => return tracing::debug!(%error, "old pieces of the intent could not be listed"),
    };
    for piece in found.items.iter().map(ResourceExt::name_any) {
        if piece != HEAD && !list.split(' ').any(|name| name == piece) {
            let gone = secrets.delete(&piece, &DeleteParams::default()).await;
            if let Err(error) = gone {
                tracing::debug!(piece, %error, "an old piece of the intent could not be removed");
            }
        }
    }
}

fn names(head: &Secret, list: &str) -> Vec<String> {
    let list = head.data.as_ref().and_then(|data| data.get(list)).map(|bytes| bytes.0.as_slice());
    let list = String::from_utf8_lossy(list.unwrap_or_default());
    list.split_whitespace().map(str::to_owned).collect()
}

fn secret<const N: usize>(name: &str, data: [(&str, Vec<u8>); N]) -> Secret {
    Secret {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            labels: Some(BTreeMap::from([(LABEL.to_owned(), "intent".to_owned())])),
            ..ObjectMeta::default()
        },
        data: Some(data.into_iter().map(|(key, bytes)| (key.to_owned(), ByteString(bytes))).collect()),
        ..Secret::default()
    }
}
