//! Which REST resource a kind is, in this cluster.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use kube::api::DynamicObject;
use kube::core::{ApiResource, GroupVersion};
use kube::{Api, Client};

use super::act::ActError;
use super::key::Key;

/// How long "this cluster has no such kind" is believed: a CustomResourceDefinition may come any time.
const ABSENT: Duration = Duration::from_secs(15);

/// A kind's resource and whether its objects live in namespaces.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The resource.
    pub resource: ApiResource,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
}

/// Asks discovery once for each group version, whose answer lists all kinds of it.
pub struct Resolver {
    client: Client,
    groups: Mutex<HashMap<String, Group>>,
}

struct Group {
    kinds: HashMap<String, Resolved>,
    asked: Instant,
}

impl Resolver {
    /// A resolver that knows nothing yet.
    pub fn new(client: Client) -> Resolver {
        Resolver { client, groups: Mutex::new(HashMap::new()) }
    }

    /// The resource of a kind.
    ///
    /// # Errors
    /// [`ActError::NoKind`] when this cluster's API server has none of that kind and version.
    pub async fn resolve(&self, api_version: &str, kind: &str) -> Result<Resolved, ActError> {
        let absent = || ActError::NoKind { api_version: api_version.to_owned(), kind: kind.to_owned() };
        {
            let groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(group) = groups.get(api_version) {
                match group.kinds.get(kind) {
                    Some(resolved) => return Ok(resolved.clone()),
                    None if group.asked.elapsed() < ABSENT => return Err(absent()),
                    None => {}
                }
            }
        }
        let kinds = self.ask(api_version).await?;
        let found = kinds.get(kind).cloned();
        let group = Group { kinds, asked: Instant::now() };
        self.groups.lock().unwrap_or_else(PoisonError::into_inner).insert(api_version.to_owned(), group);
        found.ok_or_else(absent)
    }

    async fn ask(&self, api_version: &str) -> Result<HashMap<String, Resolved>, ActError> {
        let listed = match api_version.contains('/') {
            true => self.client.list_api_group_resources(api_version).await,
            false => self.client.list_core_api_resources(api_version).await,
        };
        let list = match listed {
            Ok(list) => list,
            Err(kube::Error::Api(status)) if status.code == 404 => return Ok(HashMap::new()),
            Err(error) => return Err(error.into()),
        };
        let version: GroupVersion =
            api_version.parse().map_err(|_| ActError::Malformed(format!("apiVersion `{api_version}`")))?;
        let kinds = list.resources.into_iter().filter(|found| !found.name.contains('/')).map(|found| {
            let gvk = version.clone().with_kind(&found.kind);
            let resource = ApiResource::from_gvk_with_plural(&gvk, &found.name);
            (found.kind, Resolved { resource, namespaced: found.namespaced })
        });
        Ok(kinds.collect())
    }

    /// The API of one object's kind in its namespace.
    ///
    /// # Errors
    /// As [`Resolver::resolve`], and when the object has a namespace too many or too few.
    pub async fn api(&self, key: &Key) -> Result<Api<DynamicObject>, ActError> {
        let found = self.resolve(&key.api_version, &key.kind).await?;
        match (found.namespaced, key.namespace.is_empty()) {
            (true, false) => Ok(Api::namespaced_with(self.client.clone(), &key.namespace, &found.resource)),
            (false, true) => Ok(Api::all_with(self.client.clone(), &found.resource)),
            (true, true) => Err(ActError::Malformed(format!("a {} without metadata.namespace", key.kind))),
            (false, false) => Err(ActError::Malformed(format!("a {} with metadata.namespace", key.kind))),
        }
    }
}
