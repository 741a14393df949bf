//! The cluster as `nagaya-helm` sees it, as whom the release works.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{
    DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams, Preconditions,
    PropagationPolicy, ValidationDirective,
};
use kube::{Api, Client, ResourceExt};
use nagaya_api::agent::{ActAs, IgnoredFields, RELEASE_FIELD_MANAGER};
use nagaya_api::field_path::FieldPath;
use nagaya_helm::action::ownership::Release;
use nagaya_helm::action::{Cluster, Fault, Key, Readiness};
use serde_json::Value;

use super::ready;
use crate::enforce::act::ActError;
use crate::enforce::ignore::yielded;
use crate::enforce::resolve::Resolver;

/// Whatever is impersonated begins so.
const OURS: &str = "nagaya:";
/// How often an object that others change at the same time is looked at before it is given up.
const LOOKS: usize = 5;

/// A client of the API server that acts as somebody.
///
/// # Errors
/// When he is nobody that the agent impersonates.
pub(super) fn client_as(
    config: &kube::Config,
    own: &Client,
    act_as: Option<&ActAs>,
) -> Result<Client, String> {
    let Some(who) = act_as else { return Ok(own.clone()) };
    if let Some(other) = std::iter::once(&who.user).chain(&who.groups).find(|name| !name.starts_with(OURS)) {
        return Err(format!("`{other}` is not impersonated: only names under `{OURS}` are"));
    }
    let mut config = config.clone();
    config.auth_info.impersonate = Some(who.user.clone());
    config.auth_info.impersonate_groups = Some(who.groups.clone());
    Client::try_from(config).map_err(|error| error.to_string())
}

/// The cluster, as somebody.
pub(super) struct InCluster {
    client: Client,
    resolver: Arc<Resolver>,
    ignore: Vec<IgnoredFields>,
    /// How what is deleted takes with it what it made.
    propagation: PropagationPolicy,
}

impl InCluster {
    pub(super) fn new(client: Client, resolver: Arc<Resolver>, ignore: Vec<IgnoredFields>) -> InCluster {
        InCluster { client, resolver, ignore, propagation: PropagationPolicy::Background }
    }

    /// Has what is deleted be there until its pods have ended, and not, as Helm does, leave them to end by themselves.
    #[must_use]
    pub(super) fn with_pods(self) -> InCluster {
        InCluster { propagation: PropagationPolicy::Foreground, ..self }
    }

    /// The API of an object. Of kinds that belong to no namespace the release's counts for nothing.
    pub(super) async fn api(&self, key: &Key) -> Result<Api<DynamicObject>, Fault> {
        let found =
            self.resolver.resolve(&key.api_version, &key.kind).await.map_err(|error| match error {
                ActError::NoKind { .. } => Fault::NoKind(error.to_string()),
                ActError::Kubernetes(error) => fault(error),
                other => Fault::Refused(other.to_string()),
            })?;
        Ok(match found.namespaced {
            true => Api::namespaced_with(self.client.clone(), &key.namespace, &found.resource),
            false => Api::all_with(self.client.clone(), &found.resource),
        })
    }

    /// Fields of an object that others own once it is there.
    pub(super) fn rules(&self, key: &Key) -> Vec<FieldPath> {
        let suits = |rule: &&IgnoredFields| {
            (rule.group.is_empty() || rule.group == key.group())
                && (rule.kind.is_empty() || rule.kind == key.kind)
                && (rule.name.is_empty() || rule.name == key.name)
        };
        let paths = self.ignore.iter().filter(suits).flat_map(|rule| &rule.fields);
        // The server has checked them; one of a newer form is not followed.
        paths.filter_map(|path| path.parse().ok()).filter(|path: &FieldPath| !path.is_identity()).collect()
    }

    /// Names and versions of a release's records: while they stay, nobody did anything with it.
    pub(super) async fn fingerprint(&self, release: &Release) -> Result<String, Fault> {
        let secrets: Api<Secret> = Api::namespaced(self.client.clone(), &release.namespace);
        let params = ListParams::default().labels(&format!("owner=helm,name={}", release.name));
        let found = secrets.list_metadata(&params).await.map_err(fault)?;
        let mut lines: Vec<String> = found
            .items
            .iter()
            .map(|secret| format!("{}={}", secret.name_any(), secret.resource_version().unwrap_or_default()))
            .collect();
        lines.sort();
        Ok(lines.join(" "))
    }

    async fn patch_with(
        &self,
        key: &Key,
        params: &PatchParams,
        patch: &Patch<&Value>,
    ) -> Result<Value, Fault> {
        let api = self.api(key).await?;
        value(api.patch(&key.name, params, patch).await.map_err(fault)?)
    }
}

/// The object with the protocol of a Service's ports written out, where it is left to its default, TCP. It is part of what
/// tells the ports apart, and server-side apply of Kubernetes 1.20 refuses a port without it. Most charts leave it out.
fn with_protocols(object: &Value) -> Cow<'_, Value> {
    let mut object = Cow::Borrowed(object);
    let is_service = object["kind"] == "Service" && object["apiVersion"] == "v1";
    let lacks = |port: &Value| port.is_object() && port.get("protocol").is_none_or(Value::is_null);
    let ports = object.pointer("/spec/ports").and_then(Value::as_array);
    if is_service
        && ports.is_some_and(|ports| ports.iter().any(lacks))
        && let Some(ports) = object.to_mut().pointer_mut("/spec/ports").and_then(Value::as_array_mut)
    {
        for port in ports.iter_mut().filter(|port| lacks(port)) {
            port["protocol"] = "TCP".into();
        }
    }
    object
}

#[async_trait]
impl Cluster for InCluster {
    async fn get(&self, key: &Key) -> Result<Option<Value>, Fault> {
        let api = match self.api(key).await {
            Err(Fault::NoKind(_)) => return Ok(None),
            api => api?,
        };
        api.get_opt(&key.name).await.map_err(fault)?.map(value).transpose()
    }

    async fn create(&self, key: &Key, object: &Value) -> Result<Value, Fault> {
        let params =
            PostParams { field_manager: Some(RELEASE_FIELD_MANAGER.into()), ..PostParams::default() };
        value(self.api(key).await?.create(&params, &typed(object)?).await.map_err(fault)?)
    }

    async fn replace(&self, key: &Key, object: &Value) -> Result<Value, Fault> {
        let params =
            PostParams { field_manager: Some(RELEASE_FIELD_MANAGER.into()), ..PostParams::default() };
        value(self.api(key).await?.replace(&key.name, &params, &typed(object)?).await.map_err(fault)?)
    }

    async fn apply(&self, key: &Key, object: &Value) -> Result<Value, Fault> {
        let mut params = PatchParams::apply(RELEASE_FIELD_MANAGER).force();
        // Unknown fields of an older or newer Kubernetes are dropped there, as kubectl has it with `Warn`.
        params.field_validation = Some(ValidationDirective::Warn);
        let object = &with_protocols(object);
        let rules = self.rules(key);
        for _ in 0..LOOKS {
            let live = match rules.is_empty() {
                true => None,
                false => self.get(key).await?,
            };
            let Some(live) = live else { return self.patch_with(key, &params, &Patch::Apply(object)).await };
            let mut over = yielded(object, &live, &rules);
            // So that what an owner writes in between is looked at again instead of overwritten.
            over["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"].clone();
            match self.patch_with(key, &params, &Patch::Apply(&over)).await {
                Err(Fault::Taken(_)) => {}
                done => return done,
            }
        }
        Err(Fault::Passing(format!("{key} is just being changed by others")))
    }

    async fn patch(&self, key: &Key, patch: &Value) -> Result<Value, Fault> {
        self.patch_with(key, &PatchParams::default(), &Patch::Merge(patch)).await
    }

    async fn delete(&self, key: &Key, uid: &str) -> Result<(), Fault> {
        let api = match self.api(key).await {
            Err(Fault::NoKind(_)) => return Ok(()), // with its kind the object is gone too
            api => api?,
        };
        let uid = Some(uid.to_owned()).filter(|uid| !uid.is_empty());
        let params = DeleteParams {
            preconditions: uid.map(|uid| Preconditions { uid: Some(uid), resource_version: None }),
            propagation_policy: Some(self.propagation.clone()),
            ..DeleteParams::default()
        };
        match api.delete(&key.name, &params).await {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
            Err(error) => Err(fault(error)),
        }
    }

    async fn records(&self, namespace: &str, release: &str) -> Result<Vec<Value>, Fault> {
        let secrets: Api<Secret> = Api::namespaced(self.client.clone(), namespace);
        let params = ListParams::default().labels(&format!("owner=helm,name={release}"));
        let found = secrets.list(&params).await.map_err(fault)?;
        found.items.into_iter().map(value).collect()
    }

    fn readiness(&self, key: &Key, live: &Value) -> Readiness {
        ready::readiness(key, live)
    }

    fn completion(&self, key: &Key, live: &Value) -> Readiness {
        ready::completion(key, live)
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn pause(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

fn value(object: impl serde::Serialize) -> Result<Value, Fault> {
    serde_json::to_value(object).map_err(|error| Fault::Refused(error.to_string()))
}

fn typed(object: &Value) -> Result<DynamicObject, Fault> {
    serde_json::from_value(object.clone()).map_err(|error| Fault::Refused(error.to_string()))
}

/// What an error means for an operation: whether it is over, or only interrupted.
pub(super) fn fault(error: kube::Error) -> Fault {
    let kube::Error::Api(status) = &error else {
        return Fault::Passing(ActError::Kubernetes(error).to_string());
    };
    let message = status.message.clone();
    match status.code {
        409 => Fault::Taken(message),
        401 | 429 => Fault::Passing(message),
        // A webhook that does not answer is part of what is there, and waited for by nobody.
        500.. if !message.contains("webhook") => Fault::Passing(message),
        _ => Fault::Refused(message),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ports_of_a_service_say_their_protocol() {
        let service = |ports: Value| json!({"apiVersion": "v1", "kind": "Service", "spec": {"ports": ports}});
        let said =
            with_protocols(&service(json!([{"port": 53, "protocol": "UDP"}, {"port": 53}]))).into_owned();
        assert_eq!(said, service(json!([{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}])));
        for same in [
            service(json!([{"port": 1, "protocol": "SCTP"}])),
            json!({"kind": "Service", "spec": {}}),
            json!({"apiVersion": "v1", "kind": "Pod", "spec": {"ports": [{}]}}),
        ] {
            assert!(matches!(with_protocols(&same), Cow::Borrowed(_)), "{same}");
        }
    }
}
