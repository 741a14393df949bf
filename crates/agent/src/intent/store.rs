//! The intent in the cluster's own Secrets, so that an agent that has lost its server goes on.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{DeleteParams, ListParams, ObjectMeta, Patch, PatchParams, PostParams};
use kube::{Api, Client, ResourceExt};
use nagaya_api::agent::Intent;
use serde::{Deserialize, Serialize};

use super::pack::{Piece, pack, unpack};
use crate::enforce::plan::Held;

/// The Secret that names the pieces. It is written last, so what it names is there.
const HEAD: &str = "nagaya-intent";
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
pub async fn load(client: &Client, namespace: &str) -> Result<Option<Stored>, StoreError> {
    let secrets: Api<Secret> = Api::namespaced(client.clone(), namespace);
    let Some(head) = secrets.get_opt(HEAD).await? else { return Ok(None) };
    let mut pieces = Vec::new();
    for name in names(&head) {
        let piece = secrets.get_opt(&name).await?;
        let piece = piece.ok_or_else(|| StoreError::Damaged(format!("Secret {name} is not there")))?;
        let bytes =
            piece.data.and_then(|mut data| data.remove("piece")).map(|bytes| bytes.0).unwrap_or_default();
        pieces.push(Piece { name, bytes });
    }
    let json = unpack(&pieces).map_err(StoreError::Damaged)?;
    serde_json::from_slice(&json).map(Some).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// Saves. Until the last write what was saved before counts. Returns the names of the pieces, for [`sweep`].
///
/// # Errors
/// [`StoreError`].
pub async fn save(client: &Client, namespace: &str, stored: &Stored) -> Result<String, StoreError> {
    let secrets: Api<Secret> = Api::namespaced(client.clone(), namespace);
    let json = serde_json::to_vec(stored).map_err(|error| StoreError::Damaged(error.to_string()))?;
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
    let head = secret(
        HEAD,
        [
            ("pieces", list.clone().into_bytes()),
            ("incarnation", stored.intent.incarnation.clone().into_bytes()),
            ("revision", stored.intent.revision.to_string().into_bytes()),
            ("hash", stored.intent.hash.clone().into_bytes()),
        ],
    );
    secrets.patch(HEAD, &PatchParams::apply(MANAGER).force(), &Patch::Apply(&head)).await?;
    Ok(list)
}

/// Removes pieces that are not among the `list` that [`save`] returned. What fails here is removed the next time.
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

fn names(head: &Secret) -> Vec<String> {
    let list = head.data.as_ref().and_then(|data| data.get("pieces")).map(|bytes| bytes.0.as_slice());
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
