//! The agent becomes another version of itself, because the server says so.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::rbac::v1::{ClusterRole, Role};
use kube::api::{Patch, PatchParams};
use kube::{Api, Client};
use nagaya_api::agent::AgentUpdate;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::manifests::NAME;

/// Why it was not begun; nothing or a part was changed, and doing it again does no harm.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The server sent what is no part of an update.
    #[error("an update changes the agent's own roles and its Deployment, not {0}")]
    Foreign(String),
    /// The agent does not run as its manifest has it.
    #[error(
        "there is no Deployment {NAME} here: the agent was set up in another way, and is to be updated so"
    )]
    NoDeployment,
    /// The API server's.
    #[error("the agent could not be updated: {0}")]
    Kubernetes(#[from] kube::Error),
}

/// Gives the agent the rights of the new version first, then its image: its Deployment starts the new one and lets the old
/// one go when that is ready. What else somebody changed about the Deployment stays.
///
/// # Errors
/// [`UpdateError`].
pub async fn update(client: &Client, namespace: &str, update: &AgentUpdate) -> Result<(), UpdateError> {
    let roles: Vec<Change> =
        update.roles.iter().map(|role| change(role, namespace)).collect::<Result<_, _>>()?;
    let deployments: Api<Deployment> = Api::namespaced(client.clone(), namespace);
    if deployments.get_opt(NAME).await?.is_none() {
        return Err(UpdateError::NoDeployment);
    }
    for Change { cluster_wide, patch } in &roles {
        if *cluster_wide {
            merge(&Api::<ClusterRole>::all(client.clone()), patch).await?;
        } else {
            merge(&Api::<Role>::namespaced(client.clone(), namespace), patch).await?;
        }
    }
    let image = json!({ "spec": { "template": { "spec": {
        "containers": [{ "name": "agent", "image": update.image }],
    } } } });
    tracing::info!(version = update.version, image = update.image, "told to become another version");
    deployments.patch(NAME, &PatchParams::default(), &Patch::Strategic(&image)).await?;
    Ok(())
}

/// A change of one role.
#[derive(Debug, PartialEq)]
struct Change {
    cluster_wide: bool,
    patch: Value,
}

/// What to change for a role; an error for what is not the agent's own.
fn change(role: &Value, namespace: &str) -> Result<Change, UpdateError> {
    let text = |pointer: &str| role.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let cluster_wide = match text("/kind") {
        "ClusterRole" => true,
        "Role" if text("/metadata/namespace") == namespace => false,
        kind => return Err(UpdateError::Foreign(format!("{kind} \"{}\"", text("/metadata/name")))),
    };
    if text("/metadata/name") != NAME {
        return Err(UpdateError::Foreign(format!("{} \"{}\"", text("/kind"), text("/metadata/name"))));
    }
    let annotations = role.pointer("/metadata/annotations").cloned().unwrap_or_default();
    let patch = json!({ "metadata": { "annotations": annotations }, "rules": role.get("rules") });
    Ok(Change { cluster_wide, patch })
}

async fn merge<K>(api: &Api<K>, patch: &Value) -> Result<(), kube::Error>
where
    K: Clone + DeserializeOwned + std::fmt::Debug,
{
    api.patch(NAME, &PatchParams::default(), &Patch::Merge(patch)).await.map(drop)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::manifests::{ManifestArgs, manifests, roles};

    #[test]
    fn an_update_changes_the_agents_own_roles_and_nothing_else() {
        let ours = roles();
        assert_eq!(ours.len(), 2);
        let changes: Vec<_> = ours.iter().map(|role| change(role, "nagaya-system").unwrap()).collect();
        assert!(changes[0].cluster_wide && !changes[1].cluster_wide);
        assert_eq!(changes[0].patch["rules"], ours[0]["rules"]);
        let mut foreign = ours[0].clone();
        foreign["metadata"]["name"] = "cluster-admin".into();
        assert!(change(&foreign, "nagaya-system").unwrap_err().to_string().contains("cluster-admin"));
        assert!(change(&ours[1], "elsewhere").is_err());
        let args = ManifestArgs {
            server: "s:1".into(),
            join_token: None,
            ca_pem: String::new(),
            image: "i".into(),
            environment: Vec::new(),
        };
        let refused = manifests(&args).iter().filter(|one| change(one, "nagaya-system").is_err()).count();
        assert_eq!(refused, manifests(&args).len() - 2);
    }
}
