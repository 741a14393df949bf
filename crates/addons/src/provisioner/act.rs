//! Does one action. Each is idempotent: it may be done again after a kill, or because the cluster has not yet told of
//! the first time.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Node, ObjectReference, PersistentVolume, PersistentVolumeClaim};
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use kube::runtime::events::{Event, EventType, Recorder, Reporter};
use kube::{Api, Client};
use nagaya_api::quantity::Bytes;
use serde_json::{Value, json};

use super::about::{About, State};
use super::disk::{Disk, DiskError};
use super::model::{
    Claim, ClaimRef, FINALIZER, NODE_LABEL, PROVISIONED_BY, PROVISIONER, PURGE_WITH_CLAIM, volume,
};
use super::plan::Action;

/// Why an action failed.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// On the disk.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The API server refused or is away.
    #[error("the API server did not take {what}: {source}")]
    Api {
        /// What was sent.
        what: &'static str,
        /// Its answer.
        source: Box<kube::Error>,
    },
    /// The disk of a volume is not there.
    #[error(
        "there is no home of that name on this machine; nothing was put in its place. If it was moved, move it back"
    )]
    Missing,
    /// It was not carried on, for this reason.
    #[error("{0}")]
    Stopped(String),
}

/// So often somebody else may be faster.
const RACES: usize = 5;

fn api(what: &'static str) -> impl FnOnce(kube::Error) -> ActError {
    move |source| ActError::Api { what, source: Box::new(source) }
}

/// Does actions.
#[derive(Clone)]
pub struct Actor {
    client: Client,
    disk: Disk,
    cluster: String,
    recorder: Recorder,
}

impl Actor {
    /// Acts on the cluster behind `client` and on `disk`.
    #[must_use]
    pub fn new(client: Client, disk: Disk, cluster: String) -> Self {
        let reporter = Reporter { controller: PROVISIONER.to_owned(), instance: None };
        let recorder = Recorder::new(client.clone(), reporter);
        Self { client, disk, cluster, recorder }
    }

    /// Does `action`.
    ///
    /// # Errors
    /// What stopped it. What was done until then stays and is found by the next try.
    pub async fn act(&self, action: Action, now: Timestamp) -> Result<(), ActError> {
        match action {
            Action::Provide { home, claim, size, rebind, adopted } => {
                self.provide(home, claim, size, rebind, adopted, now).await
            }
            Action::Mount { home } => {
                self.on_disk(move |disk| {
                    disk.set_state(&home, State::Used)?;
                    disk.mount(&home)
                })
                .await
            }
            Action::Grow { home, claim, size } => self.grow(home, claim, size).await,
            Action::Rest { home } => {
                self.on_disk(move |disk| {
                    disk.unmount(&home, false)?;
                    disk.set_state(&home, State::Kept)
                })
                .await
            }
            Action::Purge { home, volume } => {
                let name = home.clone();
                self.on_disk(move |disk| {
                    disk.set_state(&name, State::Purging)?;
                    disk.unmount(&name, true)?;
                    disk.remove(&name)
                })
                .await?;
                if volume { self.drop_volume(&home, true).await } else { Ok(()) }
            }
            Action::Discard { home } => {
                self.on_disk(move |disk| {
                    disk.unmount(&home, false)?;
                    disk.remove(&home)
                })
                .await
            }
            Action::Release { volume } => self.drop_volume(&volume, false).await,
            Action::Mark { volume, purge } => {
                let value = if purge { json!("true") } else { Value::Null };
                self.patch_volume(
                    &volume,
                    json!({ "metadata": { "annotations": { PURGE_WITH_CLAIM: value } } }),
                )
                .await
            }
            Action::HandOver { home, owner } => {
                self.on_disk(move |disk| match disk.about(&home)? {
                    Some(about) => disk.describe(&home, &About { owner, ..about }),
                    None => Ok(()),
                })
                .await
            }
            Action::Missing { .. } => Err(ActError::Missing),
        }
    }

    /// Tells the claim's watchers in words.
    pub async fn tell(&self, claim: &ClaimRef, kind: EventType, reason: &str, note: String) {
        let event = Event {
            type_: kind,
            reason: reason.to_owned(),
            // The API server takes no longer ones.
            note: Some(note.chars().take(1000).collect()),
            action: "Provision".to_owned(),
            secondary: None,
        };
        let about = ObjectReference {
            api_version: Some("v1".to_owned()),
            kind: Some("PersistentVolumeClaim".to_owned()),
            namespace: Some(claim.namespace.clone()),
            name: Some(claim.name.clone()),
            uid: Some(claim.uid.clone()),
            ..ObjectReference::default()
        };
        if let Err(error) = self.recorder.publish(&event, &about).await {
            tracing::warn!(%error, %claim, "the event could not be recorded");
        }
    }

    /// Labels the node whose disk holds the homes.
    ///
    /// # Errors
    /// The API server did not take it.
    pub async fn label_node(&self, node: &str) -> Result<(), ActError> {
        let labels = json!({ "metadata": { "labels": { NODE_LABEL: self.cluster } } });
        let nodes = Api::<Node>::all(self.client.clone());
        nodes
            .patch(node, &PatchParams::default(), &Patch::Merge(labels))
            .await
            .map(drop)
            .map_err(api("the node's label"))
    }

    async fn provide(
        &self,
        home: String,
        claim: Claim,
        size: Bytes,
        rebind: bool,
        adopted: bool,
        now: Timestamp,
    ) -> Result<(), ActError> {
        if rebind {
            self.check_free(&home).await?;
        }
        let (name, id, owner) = (home.clone(), claim.id.clone(), claim.owner.clone());
        self.on_disk(move |disk| {
            // Said first: whoever finds it half made knows whose it is.
            let old = disk.about(&name)?.filter(|about| about.uid == id.uid && about.state == State::Used);
            let about = old.unwrap_or(About {
                namespace: id.namespace,
                claim: id.name,
                uid: id.uid,
                owner,
                state: State::Used,
                since: now,
            });
            disk.describe(&name, &about)?;
            disk.ensure_image(&name, size)?;
            disk.mount(&name)
        })
        .await?;
        let offered = if rebind {
            let claim_ref = json!({ "apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": claim.id.namespace,
                "name": claim.id.name, "uid": claim.id.uid, "resourceVersion": null });
            let spec = json!({ "claimRef": claim_ref, "capacity": { "storage": size.to_string() } });
            self.patch_volume(&home, json!({ "spec": spec })).await.map(|()| true)?
        } else {
            self.create_volume(&home, &claim, size).await?
        };
        if offered {
            let (reason, note) = if adopted {
                ("HomeReturned", format!("the home {home}, kept from an earlier claim of this name, is back"))
            } else {
                ("HomeMade", format!("made the home {home} of {size}"))
            };
            self.tell(&claim.id, EventType::Normal, reason, note).await;
        }
        Ok(())
    }

    /// Asks once more before a volume is given to another claim: the word to purge may be newer than what was seen.
    async fn check_free(&self, name: &str) -> Result<(), ActError> {
        let found = self.volumes().get_opt(name).await.map_err(api("the question for a volume"))?;
        match found.as_ref().and_then(volume) {
            Some(volume) if volume.purge || volume.purge_with_claim || volume.deleting => Err(
                ActError::Stopped(format!("home {name} is being removed; a new one is made when it is gone")),
            ),
            _ => Ok(()),
        }
    }

    /// Offers the home as a volume; `false` when it was offered before.
    async fn create_volume(&self, home: &str, claim: &Claim, size: Bytes) -> Result<bool, ActError> {
        let object = volume_for(home, claim, size, &self.disk.content(home).to_string_lossy(), &self.cluster);
        let object: PersistentVolume = serde_json::from_value(object)
            .map_err(|error| ActError::Stopped(format!("the volume does not fit its type: {error}")))?;
        match self.volumes().create(&PostParams::default(), &object).await {
            Ok(_) => Ok(true),
            Err(kube::Error::Api(status)) if status.code == 409 => Ok(false),
            Err(error) => Err(api("the volume")(error)),
        }
    }

    async fn grow(&self, home: String, claim: ClaimRef, size: Bytes) -> Result<(), ActError> {
        let name = home.clone();
        self.on_disk(move |disk| disk.grow(&name, size)).await?;
        let capacity = json!({ "storage": size.to_string() });
        self.patch_volume(&home, json!({ "spec": { "capacity": capacity } })).await?;
        let claims = Api::<PersistentVolumeClaim>::namespaced(self.client.clone(), &claim.namespace);
        let status = json!({ "status": { "capacity": capacity } });
        claims
            .patch_status(&claim.name, &PatchParams::default(), &Patch::Merge(status))
            .await
            .map_err(api("the claim's new size"))?;
        self.tell(&claim, EventType::Normal, "HomeGrown", format!("the home has {size} now")).await;
        Ok(())
    }

    /// Lets a volume go; with `delete` also when nobody has deleted it yet.
    async fn drop_volume(&self, name: &str, delete: bool) -> Result<(), ActError> {
        let volumes = self.volumes();
        if delete {
            let deleted = volumes.delete(name, &DeleteParams::default()).await;
            absent_is_fine(deleted.map(drop)).map_err(api("the deletion of a volume"))?;
        }
        // Kubernetes takes its own finalizer away at the same time: the version makes sure that neither is lost.
        for _ in 0..RACES {
            let current = volumes.get_opt(name).await.map_err(api("the question for a volume"))?;
            let Some(volume) = current else { return Ok(()) };
            let finalizers: Vec<String> =
                volume.metadata.finalizers.into_iter().flatten().filter(|one| one != FINALIZER).collect();
            let metadata =
                json!({ "finalizers": finalizers, "resourceVersion": volume.metadata.resource_version });
            let patch = Patch::Merge(json!({ "metadata": metadata }));
            match volumes.patch(name, &PatchParams::default(), &patch).await {
                Err(kube::Error::Api(status)) if status.code == 409 => {}
                released => {
                    return absent_is_fine(released.map(drop)).map_err(api("the release of a volume"));
                }
            }
        }
        Err(ActError::Stopped(format!("volume {name} is changed by others all the time")))
    }

    async fn patch_volume(&self, name: &str, patch: Value) -> Result<(), ActError> {
        let patched = self.volumes().patch(name, &PatchParams::default(), &Patch::Merge(patch)).await;
        patched.map(drop).map_err(api("the change of a volume"))
    }

    fn volumes(&self) -> Api<PersistentVolume> {
        Api::all(self.client.clone())
    }

    async fn on_disk(
        &self,
        work: impl FnOnce(&Disk) -> Result<(), DiskError> + Send + 'static,
    ) -> Result<(), ActError> {
        let disk = self.disk.clone();
        let done = tokio::task::spawn_blocking(move || work(&disk)).await;
        Ok(done.map_err(|error| ActError::Stopped(error.to_string()))??)
    }
}

fn absent_is_fine(outcome: Result<(), kube::Error>) -> Result<(), kube::Error> {
    match outcome {
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        outcome => outcome,
    }
}

/// The volume as the API server gets it.
fn volume_for(home: &str, claim: &Claim, size: Bytes, path: &str, cluster: &str) -> Value {
    let labels: serde_json::Map<String, Value> =
        claim.labels.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    json!({
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {
            "name": home,
            "labels": labels,
            "annotations": { PROVISIONED_BY: PROVISIONER },
            "finalizers": [FINALIZER],
        },
        "spec": {
            "capacity": { "storage": size.to_string() },
            "accessModes": ["ReadWriteOnce"],
            "volumeMode": "Filesystem",
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": claim.class,
            "claimRef": {
                "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "namespace": claim.id.namespace, "name": claim.id.name, "uid": claim.id.uid,
            },
            "local": { "path": path },
            "nodeAffinity": { "required": { "nodeSelectorTerms": [
                { "matchExpressions": [{ "key": NODE_LABEL, "operator": "In", "values": [cluster] }] },
            ] } },
        },
    })
}
