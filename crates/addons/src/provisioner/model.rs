//! What the provisioner knows: claims, volumes and classes of the cluster, homes on the disk.

use std::fmt;

use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use k8s_openapi::api::storage::v1::StorageClass;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kube::ResourceExt;
use nagaya_api::quantity::Bytes;

use super::about::About;

/// The provisioner's name in a StorageClass.
pub const PROVISIONER: &str = "nagaya.dev/home";
/// Which node holds the homes; its value is the cluster's name.
pub const NODE_LABEL: &str = "nagaya.dev/homes";
/// On a volume, or on a claim for when it is deleted: the home is to be removed for good.
pub const PURGE: &str = "nagaya.dev/purge";
/// On a volume, by the provisioner: its claim carries [`PURGE`] now.
pub const PURGE_WITH_CLAIM: &str = "nagaya.dev/purge-with-claim";
/// Holds a volume until its home has been purged or put to rest.
pub const FINALIZER: &str = "nagaya.dev/home";
/// Whose a workspace is: nobody else is given a home that was kept.
pub const OWNER: &str = "nagaya.dev/owner";
/// By which class's provisioner a volume was made.
pub const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
/// The node a pod was scheduled to, on a claim that waited for it.
const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";

/// A claim's identity: a claim of the same name made later has another uid.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClaimRef {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Uid.
    pub uid: String,
}

impl fmt::Display for ClaimRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// A StorageClass of this provisioner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// A claim waits until a pod that uses it has been scheduled.
    pub waits: bool,
    /// Claims may ask for more later.
    pub grows: bool,
}

/// A claim of one of our classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Which.
    pub id: ClaimRef,
    /// Its class.
    pub class: String,
    /// The size asked for.
    pub size: Bytes,
    /// The size it was told it has.
    pub capacity: Option<Bytes>,
    /// The volume it is bound to, or wants.
    pub volume: Option<String>,
    /// A pod was scheduled.
    pub scheduled: bool,
    /// It is being deleted.
    pub deleting: bool,
    /// Its home is to be removed with it.
    pub purge: bool,
    /// Whose it is.
    pub owner: Option<String>,
    /// Labels the volume inherits: those under `nagaya.dev/`.
    pub labels: Vec<(String, String)>,
}

/// A volume of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Its name, and the home's.
    pub name: String,
    /// The claim it is for.
    pub claim: Option<ClaimRef>,
    /// Its size.
    pub capacity: Bytes,
    /// Its home is to be removed once the claim is gone.
    pub purge: bool,
    /// The same, while the claim says so.
    pub purge_with_claim: bool,
    /// It is being deleted.
    pub deleting: bool,
    /// It is held until we are done.
    pub held: bool,
}

/// A home on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Its folder's name, and the volume's.
    pub name: String,
    /// What its `home.json` says.
    pub about: About,
    /// The size of its image; `None` while it has none: there has never been a home in it.
    pub image: Option<Bytes>,
    /// It is mounted.
    pub mounted: bool,
}

/// Reads a class; `None` when another provisioner's.
#[must_use]
pub fn class(object: &StorageClass) -> Option<Class> {
    (object.provisioner == PROVISIONER).then(|| Class {
        waits: object.volume_binding_mode.as_deref() == Some("WaitForFirstConsumer"),
        grows: object.allow_volume_expansion == Some(true),
    })
}

/// Reads a claim; `None` when it names no class or no size.
#[must_use]
pub fn claim(object: &PersistentVolumeClaim) -> Option<Claim> {
    let spec = object.spec.as_ref()?;
    let annotations = object.annotations();
    let size = |quantities: Option<&std::collections::BTreeMap<String, Quantity>>| {
        quantities?.get("storage")?.0.parse::<Bytes>().ok()
    };
    Some(Claim {
        id: ClaimRef { namespace: object.namespace()?, name: object.name_any(), uid: object.uid()? },
        class: spec.storage_class_name.clone()?,
        size: size(spec.resources.as_ref()?.requests.as_ref())?,
        capacity: size(object.status.as_ref().and_then(|status| status.capacity.as_ref())),
        volume: spec.volume_name.clone().filter(|name| !name.is_empty()),
        scheduled: annotations.contains_key(SELECTED_NODE),
        deleting: object.metadata.deletion_timestamp.is_some(),
        purge: annotations.get(PURGE).is_some_and(|value| value == "true"),
        owner: object.labels().get(OWNER).cloned(),
        labels: object
            .labels()
            .iter()
            .filter(|(key, _)| key.starts_with("nagaya.dev/"))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    })
}

/// Reads a volume; `None` when it is not ours.
#[must_use]
pub fn volume(object: &PersistentVolume) -> Option<Volume> {
    let annotations = object.annotations();
    if annotations.get(PROVISIONED_BY).is_none_or(|by| by != PROVISIONER) {
        return None;
    }
    let says = |key: &str| annotations.get(key).is_some_and(|value| value == "true");
    let spec = object.spec.as_ref()?;
    let claim = spec.claim_ref.as_ref().and_then(|claim| {
        let (namespace, name) = (claim.namespace.clone()?, claim.name.clone()?);
        Some(ClaimRef { namespace, name, uid: claim.uid.clone().unwrap_or_default() })
    });
    Some(Volume {
        name: object.name_any(),
        claim,
        capacity: spec.capacity.as_ref()?.get("storage")?.0.parse().ok()?,
        purge: says(PURGE),
        purge_with_claim: says(PURGE_WITH_CLAIM),
        deleting: object.metadata.deletion_timestamp.is_some(),
        held: object.finalizers().iter().any(|one| one == FINALIZER),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn claims_and_volumes_are_read_as_the_api_server_sends_them() {
        let object: Value = json!({
            "metadata": { "namespace": "java", "name": "home-dev-01", "uid": "u1", "annotations": { PURGE: "true" },
                          "labels": { OWNER: "dev-01", "app": "x" } },
            "spec": { "storageClassName": "nagaya-home", "resources": { "requests": { "storage": "10Gi" } }, "volumeName": "" },
        });
        let read = claim(&serde_json::from_value(object).unwrap()).unwrap();
        assert_eq!(
            (read.id.to_string().as_str(), read.size, read.volume),
            ("java/home-dev-01", Bytes(10 << 30), None)
        );
        assert!(read.purge && !read.deleting && !read.scheduled);
        assert_eq!(read.labels, [(OWNER.to_owned(), "dev-01".to_owned())]);

        let mut object: Value = json!({
            "metadata": { "name": "home-u1", "annotations": { PROVISIONED_BY: PROVISIONER }, "finalizers": [FINALIZER] },
            "spec": { "capacity": { "storage": "10Gi" }, "claimRef": { "namespace": "java", "name": "home-dev-01", "uid": "u1" } },
        });
        let read = volume(&serde_json::from_value(object.clone()).unwrap()).unwrap();
        assert!(read.held && !read.purge && read.claim.unwrap().uid == "u1");
        object["metadata"]["annotations"][PROVISIONED_BY] = json!("another.dev/provisioner");
        assert!(volume(&serde_json::from_value(object).unwrap()).is_none());
    }
}
