//! Carrying out one action. Every action may be repeated.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use kube::api::{
    DeleteParams, DynamicObject, ListParams, Patch, PatchParams, Preconditions, PropagationPolicy,
    ValidationDirective,
};
use kube::{Api, Client, ResourceExt};
use nagaya_api::agent::{
    FIELD_MANAGER, MANAGED_BY, MANAGED_BY_LABEL, PRUNE_ANNOTATION, PURGE_ANNOTATION, Purge, UnreadyObject,
};
use nagaya_api::field_path::FieldPath;
use serde_json::{Value, json};

use super::desired::Desired;
use super::fields::our_fields;
use super::ignore::{RuleError, yielded};
use super::key::Key;
use super::observe::sight;
use super::resolve::Resolver;

/// How often an object that others change at the same time is looked at before it is put off.
const LOOKS: usize = 5;

/// Why an action was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// This Kubernetes version does not have the kind.
    #[error(
        "this cluster's Kubernetes has no kind {kind} in {api_version}; use a version of the kind that it has, \
         upgrade the cluster, or install the CustomResourceDefinition"
    )]
    NoKind {
        /// The version asked for.
        api_version: String,
        /// The kind asked for.
        kind: String,
    },
    /// The intent is at fault.
    #[error("{0} cannot be: the server must send another intent")]
    Malformed(String),
    /// What it says of fields that others own.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// Something must happen first.
    #[error("{0}")]
    Waiting(String),
    /// The API server refused or could not be asked.
    #[error("{}", words(.0))]
    Kubernetes(#[from] kube::Error),
}

impl ActError {
    /// Whether the API server was only unable just now, so that the next attempt need not wait long.
    pub fn is_passing(&self) -> bool {
        match self {
            ActError::Kubernetes(kube::Error::Api(status)) => status.code >= 500 || status.code == 429,
            ActError::Kubernetes(_) => true,
            ActError::NoKind { .. } | ActError::Malformed(_) | ActError::Rule(_) | ActError::Waiting(_) => {
                false
            }
        }
    }
}

fn words(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) => status.message.clone(),
        other => {
            let mut words = other.to_string();
            let mut source = std::error::Error::source(other);
            while let Some(inner) = source {
                words = format!("{words}: {inner}");
                source = inner.source();
            }
            words
        }
    }
}

/// What an apply left behind.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// [`super::fields::owned`] of the object.
    pub owned: u64,
    /// Paths of the fields we own.
    pub fields: BTreeSet<String>,
    /// The object's resourceVersion.
    pub version: String,
    /// What keeps it from being ready, if it comes from a bundle.
    pub unready: Option<UnreadyObject>,
}

/// Carries actions out.
pub struct Actor {
    client: Client,
    resolver: Resolver,
}

impl Actor {
    /// Acts through `client`.
    pub fn new(client: Client) -> Actor {
        Actor { resolver: Resolver::new(client.clone()), client }
    }

    /// Finds kinds' resources.
    pub fn resolver(&self) -> &Resolver {
        &self.resolver
    }

    /// Applies an object by server-side apply, taking fields from others but for those that it leaves to them.
    ///
    /// # Errors
    /// What the API server says.
    pub async fn apply(&self, key: &Key, desired: &Desired) -> Result<Outcome, ActError> {
        let rules = desired.rules.as_ref().map_err(Clone::clone)?;
        let api = self.resolver.api(key).await?;
        let object = desired.object();
        let adopted = match is_namespace(key) {
            true => adopted(&api, key, &object).await?,
            false => None,
        };
        let object = adopted.as_ref().unwrap_or(&object);
        let live = match rules.is_empty() {
            true => patch(&api, key, object).await?,
            false => beside(&api, key, object, rules).await?,
        };
        let seen = sight(key.clone(), live);
        Ok(Outcome {
            owned: seen.owned,
            fields: our_fields(&seen.managed),
            version: seen.version,
            unready: seen.unready,
        })
    }

    /// Removes an object that left the intent, unless it says that it stays or is no longer ours.
    ///
    /// # Errors
    /// What the API server says; [`ActError::Waiting`] for a namespace that still has homes in it.
    pub async fn prune(&self, key: &Key) -> Result<(), ActError> {
        let api = match self.resolver.api(key).await {
            Ok(api) => api,
            Err(ActError::NoKind { .. }) => return Ok(()), // with its kind the object is gone too
            Err(error) => return Err(error),
        };
        let Some(live) = api.get_opt(&key.name).await? else { return Ok(()) };
        if live.annotations().get(PRUNE_ANNOTATION).is_some_and(|value| value == "keep")
            || live.labels().get(MANAGED_BY_LABEL).is_none_or(|value| value != MANAGED_BY)
        {
            return Ok(());
        }
        if is_namespace(key) {
            self.no_homes_in(&key.name).await?;
        }
        remove(&api, &live).await
    }

    /// A namespace takes everything in it along. Homes never go as a side effect.
    async fn no_homes_in(&self, namespace: &str) -> Result<(), ActError> {
        let claims: Api<PersistentVolumeClaim> = Api::namespaced(self.client.clone(), namespace);
        let left = claims.list_metadata(&ListParams::default().limit(1)).await?;
        match left.items.first() {
            None => Ok(()),
            Some(claim) => Err(ActError::Waiting(format!(
                "namespace {namespace} stays while it holds homes (for instance PersistentVolumeClaim {}); purge or \
                 move them first",
                claim.name_any()
            ))),
        }
    }

    /// Removes a home: marks its volume for the provisioner, removes the claim, then the volume.
    ///
    /// # Errors
    /// What the API server says; [`ActError::Waiting`] while the claim or the volume is still on its way out, which
    /// a pod that uses it delays.
    pub async fn purge(&self, purge: &Purge) -> Result<(), ActError> {
        let claims: Api<PersistentVolumeClaim> = Api::namespaced(self.client.clone(), &purge.namespace);
        let volumes: Api<PersistentVolume> = Api::all(self.client.clone());
        let mark = Patch::Merge(json!({"metadata": {"annotations": {PURGE_ANNOTATION: "true"}}}));
        if let Some(claim) = claims.get_opt(&purge.claim).await? {
            if claim.labels().get(MANAGED_BY_LABEL).is_none_or(|value| value != MANAGED_BY) {
                return Err(ActError::Malformed(format!(
                    "PersistentVolumeClaim {}/{} is not Nagaya's; its purge",
                    purge.namespace, purge.claim
                )));
            }
            if let Some(volume) = claim.spec.as_ref().and_then(|spec| spec.volume_name.as_deref()) {
                volumes.patch(volume, &PatchParams::default(), &mark).await?;
            }
            if claim.metadata.deletion_timestamp.is_none() {
                remove(&claims, &claim).await?;
            }
            return Err(ActError::Waiting(format!(
                "claim {}/{} is being removed",
                purge.namespace, purge.claim
            )));
        }
        // The claim is gone. Its volume is known by the mark and by whom it was for.
        let mut left = false;
        for volume in volumes.list(&ListParams::default()).await? {
            let claimed =
                volume.spec.as_ref().and_then(|spec| spec.claim_ref.as_ref()).is_some_and(|claim| {
                    claim.namespace.as_deref() == Some(&purge.namespace)
                        && claim.name.as_deref() == Some(&purge.claim)
                });
            if claimed && volume.annotations().get(PURGE_ANNOTATION).is_some_and(|value| value == "true") {
                left = true;
                if volume.metadata.deletion_timestamp.is_none() {
                    remove(&volumes, &volume).await?;
                }
            }
        }
        match left {
            true => Err(ActError::Waiting(format!(
                "the volume of {}/{} is being removed",
                purge.namespace, purge.claim
            ))),
            false => Ok(()),
        }
    }
}

async fn patch(api: &Api<DynamicObject>, key: &Key, object: &Value) -> Result<DynamicObject, kube::Error> {
    let mut params = PatchParams::apply(FIELD_MANAGER).force();
    // Unknown fields of an older or newer Kubernetes are dropped there, as kubectl has it with `Warn`.
    params.field_validation = Some(ValidationDirective::Warn);
    api.patch(&key.name, &params, &Patch::Apply(object)).await
}

/// Applies over what is there, keeping others' values of the fields that are left to them. It names the version that
/// it looked at, so that what an owner writes in between is looked at again instead of overwritten.
async fn beside(
    api: &Api<DynamicObject>,
    key: &Key,
    object: &Value,
    rules: &[FieldPath],
) -> Result<DynamicObject, ActError> {
    for _ in 0..LOOKS {
        let Some(live) = api.get_opt(&key.name).await? else {
            return Ok(patch(api, key, object).await?);
        };
        let version = live.resource_version();
        let live = serde_json::to_value(live).map_err(kube::Error::SerdeError)?;
        let mut over = yielded(object, &live, rules);
        over["metadata"]["resourceVersion"] = json!(version);
        match patch(api, key, &over).await {
            Err(kube::Error::Api(status)) if status.code == 409 => {}
            done => return Ok(done?),
        }
    }
    Err(ActError::Waiting(format!(
        "{key} is just being changed by others; it is looked at again in a moment"
    )))
}

fn is_namespace(key: &Key) -> bool {
    key.kind == "Namespace" && key.group().is_empty()
}

/// A namespace that was there before Nagaya is adopted: it gets what the intent says, and stays when it leaves the
/// intent, for what others have in it is not ours to remove. Returns the object to apply then.
async fn adopted(api: &Api<DynamicObject>, key: &Key, object: &Value) -> Result<Option<Value>, ActError> {
    let Some(live) = api.get_opt(&key.name).await? else { return Ok(None) };
    let ours = live.labels().get(MANAGED_BY_LABEL).is_some_and(|value| value == MANAGED_BY);
    let stays = live.annotations().get(PRUNE_ANNOTATION).is_some_and(|value| value == "keep");
    if ours && !stays {
        return Ok(None);
    }
    let mut object = object.clone();
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
        annotations[PRUNE_ANNOTATION] = json!("keep");
    }
    Ok(Some(object))
}

/// Removes exactly the object that was looked at, not one of the same name that came since.
async fn remove<K>(api: &Api<K>, live: &K) -> Result<(), ActError>
where
    K: kube::Resource + Clone + std::fmt::Debug + serde::de::DeserializeOwned,
{
    let params = DeleteParams {
        preconditions: Some(Preconditions { uid: live.uid(), resource_version: None }),
        propagation_policy: Some(PropagationPolicy::Background),
        ..DeleteParams::default()
    };
    match api.delete(&live.name_any(), &params).await {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        Err(error) => Err(error.into()),
    }
}
