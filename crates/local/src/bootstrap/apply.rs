//! Server-side apply of any objects, in an order in which each finds what it needs.

use std::collections::HashMap;

use kube::api::{DynamicObject, Patch, PatchParams};
use kube::core::GroupVersionKind;
use kube::discovery::{ApiCapabilities, Scope};
use kube::{Api, Client, ResourceExt};
use serde_json::Value;

const MANAGER: &str = "nagaya-local";

/// Applies all; the first problem in words. What stands before it was applied.
pub(super) async fn all(client: &Client, mut objects: Vec<Value>) -> Result<(), String> {
    objects.sort_by_key(|object| rank(object["kind"].as_str().unwrap_or_default()));
    let mut known = HashMap::new();
    for object in objects {
        one(client, &mut known, object).await?;
    }
    Ok(())
}

/// What others need comes first.
fn rank(kind: &str) -> u8 {
    match kind {
        "Namespace" | "CustomResourceDefinition" => 0,
        "PodSecurityPolicy" | "ServiceAccount" | "StorageClass" | "PriorityClass" => 1,
        "ClusterRole" | "Role" => 2,
        "ClusterRoleBinding" | "RoleBinding" => 3,
        "Secret" | "ConfigMap" | "PersistentVolume" | "PersistentVolumeClaim" => 4,
        "Service" => 5,
        _ => 6,
    }
}

type Known = HashMap<GroupVersionKind, (kube::core::ApiResource, ApiCapabilities)>;

async fn one(client: &Client, known: &mut Known, object: Value) -> Result<(), String> {
    let (kind, version) =
        (object["kind"].as_str().unwrap_or_default(), object["apiVersion"].as_str().unwrap_or_default());
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    let gvk = GroupVersionKind::gvk(group, version, kind);
    let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let problem = |e: kube::Error| format!("cannot apply {kind} {name}: {e}");
    if !known.contains_key(&gvk) {
        let found = kube::discovery::pinned_kind(client, &gvk).await.map_err(problem)?;
        known.insert(gvk.clone(), found);
    }
    let Some((resource, capabilities)) = known.get(&gvk) else { return Ok(()) };
    let mut object: DynamicObject =
        serde_json::from_value(object.clone()).map_err(|e| format!("cannot apply {kind} {name}: {e}"))?;
    object.metadata.managed_fields = None;
    let api: Api<DynamicObject> = match capabilities.scope {
        Scope::Cluster => Api::all_with(client.clone(), resource),
        Scope::Namespaced => {
            let namespace = object.namespace().unwrap_or_else(|| "default".into());
            Api::namespaced_with(client.clone(), &namespace, resource)
        }
    };
    api.patch(&name, &PatchParams::apply(MANAGER).force(), &Patch::Apply(&object)).await.map_err(problem)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_comes_after_what_it_needs() {
        let order = [
            "Namespace",
            "ServiceAccount",
            "ClusterRole",
            "ClusterRoleBinding",
            "Secret",
            "Service",
            "Deployment",
        ];
        assert!(order.windows(2).all(|pair| rank(pair[0]) < rank(pair[1])));
    }
}
