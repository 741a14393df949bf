//! From a chart's archive and values to a rendition, with what this cluster can do and holds.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use futures::StreamExt;
use jiff::Timestamp;
use kube::Client;
use kube::api::{DynamicObject, ListParams};
use kube::{Api, core::ApiResource};
use nagaya_api::agent::ReleaseIntent;
use nagaya_helm::action::{Rendition, Source};
use nagaya_helm::chart::{Limits, load_archive};
use nagaya_helm::environment::{Environment, Lookup};
use nagaya_helm::release::ChartRecord;
use nagaya_helm::render::{Capabilities, Context, KubeVersion, Options, Parsed, Release};
use nagaya_helm::template::with_stack;
use nagaya_helm::value::{Map, Value};
use nagaya_helm::yaml::json::from_json;
use rand::RngCore;
use serde_json::json;
use tokio::runtime::Handle;
use tokio::sync::OnceCell;

use super::charts::{ChartError, Charts};
use crate::enforce::act::ActError;
use crate::enforce::resolve::Resolver;

/// Requests for what the API server can do, at once.
const AT_ONCE: usize = 8;

/// A release that is to go needs no chart.
pub(super) struct NoChart;

#[async_trait]
impl Source for NoChart {
    async fn render(&self, _revision: u32, _upgrade: bool) -> Result<Rendition, String> {
        Err("there is no chart to render".to_owned())
    }

    async fn crds(&self) -> Result<String, String> {
        Ok(String::new())
    }
}

/// The chart of a release. Its archive is read when it is needed, and forgotten with this.
pub(super) struct ChartSource<'a> {
    release: &'a ReleaseIntent,
    charts: &'a Charts,
    client: Client,
    resolver: Arc<Resolver>,
    archive: OnceCell<Arc<Vec<u8>>>,
    /// Whether the archive was needed and is not there.
    lacks: AtomicBool,
}

impl<'a> ChartSource<'a> {
    pub(super) fn new(
        release: &'a ReleaseIntent,
        charts: &'a Charts,
        client: Client,
        resolver: Arc<Resolver>,
    ) -> ChartSource<'a> {
        ChartSource {
            release,
            charts,
            client,
            resolver,
            archive: OnceCell::new(),
            lacks: AtomicBool::default(),
        }
    }

    async fn archive(&self) -> Result<Arc<Vec<u8>>, String> {
        let digest = &self.release.chart.digest;
        let read = || async {
            match self.charts.get(digest).await {
                Ok(archive) => Ok(Arc::new(archive)),
                Err(error @ (ChartError::Absent(_) | ChartError::Damaged { .. })) => {
                    self.lacks.store(true, Ordering::Relaxed);
                    self.charts.discard(digest).await.map_err(|error| error.to_string())?;
                    Err(error.to_string())
                }
                Err(error) => Err(error.to_string()),
            }
        };
        self.archive.get_or_try_init(read).await.cloned()
    }

    /// The digest of the archive, if it was needed and is not there.
    pub(super) fn lacks(&self) -> Option<&str> {
        self.lacks.load(Ordering::Relaxed).then_some(self.release.chart.digest.as_str())
    }

    /// What the API server can do.
    async fn capabilities(&self) -> Result<Capabilities, kube::Error> {
        let version = self.client.apiserver_version().await?.git_version;
        let mut groups: Vec<String> = self.client.list_core_api_versions().await?.versions;
        for group in self.client.list_api_groups().await?.groups {
            groups.extend(group.versions.into_iter().map(|version| version.group_version));
        }
        let kinds = futures::stream::iter(groups.clone()).map(|group| async move {
            let listed = match group.contains('/') {
                true => self.client.list_api_group_resources(&group).await,
                false => self.client.list_core_api_resources(&group).await,
            };
            // An API that is served by others may be away: Helm goes on without it too.
            let resources = listed.map(|list| list.resources).unwrap_or_default();
            resources.into_iter().map(|resource| format!("{group}/{}", resource.kind)).collect::<Vec<_>>()
        });
        let kinds: Vec<Vec<String>> = kinds.buffer_unordered(AT_ONCE).collect().await;
        let all: BTreeSet<String> = groups.into_iter().chain(kinds.into_iter().flatten()).collect();
        let kube_version = KubeVersion::parse(&version).unwrap_or(Capabilities::default().kube_version);
        Ok(Capabilities { kube_version, api_versions: all.into_iter().collect() })
    }
}

#[async_trait]
impl Source for ChartSource<'_> {
    async fn render(&self, revision: u32, upgrade: bool) -> Result<Rendition, String> {
        let archive = self.archive().await?;
        let capabilities =
            self.capabilities().await.map_err(|error| ActError::Kubernetes(error).to_string())?;
        let release = Release {
            name: self.release.release_name.clone(),
            namespace: self.release.namespace.clone(),
            revision: revision.into(),
            is_install: !upgrade,
            is_upgrade: upgrade,
        };
        let lookup = ClusterLookup {
            client: self.client.clone(),
            resolver: self.resolver.clone(),
            handle: Handle::current(),
        };
        let values = self.release.values.clone();
        let rendered = tokio::task::spawn_blocking(move || {
            with_stack(|| render(&archive, &release, &capabilities, &values, &lookup))
                .map_err(|error| format!("rendering ended: {error}"))?
        });
        rendered.await.map_err(|error| format!("rendering ended: {error}"))?
    }

    async fn crds(&self) -> Result<String, String> {
        let archive = self.archive().await?;
        let read = tokio::task::spawn_blocking(move || {
            let chart = load_archive(&archive, &Limits::default()).map_err(|error| error.to_string())?;
            let files = chart.crds().into_iter().map(|file| file.data.to_text().into_owned());
            Ok(files.collect::<Vec<_>>().join("\n---\n"))
        });
        read.await.map_err(|error| format!("reading the chart ended: {error}"))?
    }
}

fn render(
    archive: &[u8],
    release: &Release,
    capabilities: &Capabilities,
    values: &serde_json::Value,
    lookup: &ClusterLookup,
) -> Result<Rendition, String> {
    let chart = load_archive(archive, &Limits::default()).map_err(|error| error.to_string())?;
    let parsed = Parsed::new(chart);
    let given = match from_json(values) {
        Value::Map(map) => map,
        Value::Nil => Map::new(),
        _ => return Err("the values are no map".to_owned()),
    };
    let now = Timestamp::now();
    let mut random = rand::rng();
    let environment = Environment {
        now: (now.as_second(), now.subsec_nanosecond().unsigned_abs()),
        random: RefCell::new(Box::new(move |buffer: &mut [u8]| random.fill_bytes(buffer))),
        lookup,
    };
    let options = &Options::default();
    let context = Context { environment: &environment, release, capabilities, options };
    let rendered = parsed.render(context, &given).map_err(|error| error.to_string())?;
    Ok(Rendition {
        chart: ChartRecord::from(parsed.chart()),
        config: values.as_object().cloned().unwrap_or_default(),
        manifest: rendered.manifest(),
        hooks: rendered.hooks.iter().map(Into::into).collect(),
        notes: rendered.notes,
    })
}

/// `lookup`, as whom the release works. It is called on a thread of its own, which may wait.
struct ClusterLookup {
    client: Client,
    resolver: Arc<Resolver>,
    handle: Handle,
}

impl Lookup for ClusterLookup {
    fn lookup(&self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, String> {
        let found = self.handle.block_on(self.find(api_version, kind, namespace, name));
        found.map(|found| from_json(&found)).map_err(|error| error.to_string())
    }
}

impl ClusterLookup {
    async fn find(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<serde_json::Value, ActError> {
        let resolved = match self.resolver.resolve(api_version, kind).await {
            Err(ActError::NoKind { .. }) => return Ok(json!({})),
            other => other?,
        };
        let resource: &ApiResource = &resolved.resource;
        let api: Api<DynamicObject> = match resolved.namespaced && !namespace.is_empty() {
            true => Api::namespaced_with(self.client.clone(), namespace, resource),
            false => Api::all_with(self.client.clone(), resource),
        };
        let text = |value| serde_json::to_value(value).map_err(kube::Error::SerdeError);
        if name.is_empty() {
            let list = api.list(&ListParams::default()).await?;
            let items = list.items.into_iter().map(&text).collect::<Result<Vec<_>, _>>()?;
            return Ok(json!({ "apiVersion": api_version, "kind": format!("{kind}List"), "items": items,
                "metadata": list.metadata }));
        }
        match api.get_opt(name).await? {
            Some(found) => Ok(text(found)?),
            None => Ok(json!({})),
        }
    }
}
