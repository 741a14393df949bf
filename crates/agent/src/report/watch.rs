//! The watches that feed the reports.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use futures::stream::{BoxStream, StreamExt, select_all};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::{Event, Node, PersistentVolumeClaim, Pod};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client, Resource, ResourceExt};
use nagaya_api::agent::{TEMPLATE_HASH_ANNOTATION, WORKSPACE_LABEL, WORKSPACE_UID_LABEL};
use nagaya_api::kinds::cluster::NodeStatus;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use super::workspaces::{Fact, Place, PodTarget, Workspaces};
use super::{Reports, events, nodes, pod};
use crate::watching::Pauses;

/// Objects in a page of a list: few, so that a list of many takes little memory.
const PAGE: u32 = 50;
/// Events from before this are history.
const RECENT: SignedDuration = SignedDuration::from_hours(1);

/// Which watch an input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Sets,
    Pods,
    Claims,
    Events,
    Nodes,
}

/// What a watch showed, cut down to what is kept.
enum Input {
    Begin(Source),
    Complete(Source),
    Fact { source: Source, key: Place, place: Place, fact: Fact },
    Node(String, Option<NodeStatus>),
}

/// Watches until `cancel` and keeps `reports` up to date.
pub async fn run(client: Client, reports: Reports, cancel: CancellationToken) {
    let mut inputs =
        select_all([sets(&client), pods(&client), claims(&client), happenings(&client), all_nodes(&client)]);
    let mut view = View::new(reports);
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            input = inputs.next() => match input {
                Some(input) => view.take(input),
                None => return,
            },
        }
    }
}

struct View {
    reports: Reports,
    workspaces: Workspaces,
    nodes: BTreeMap<String, NodeStatus>,
    /// Objects by source and name, with the workspace each belongs to.
    known: BTreeMap<(Source, Place), Place>,
    /// What a list under way has not shown yet.
    unlisted: BTreeMap<Source, BTreeSet<Place>>,
    complete: BTreeSet<Source>,
}

impl View {
    fn new(reports: Reports) -> View {
        View {
            reports,
            workspaces: Workspaces::default(),
            nodes: BTreeMap::new(),
            known: BTreeMap::new(),
            unlisted: BTreeMap::new(),
            complete: BTreeSet::new(),
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Begin(source) => {
                let known = match source {
                    Source::Nodes => self.nodes.keys().map(|name| (String::new(), name.clone())).collect(),
                    _ => {
                        self.known.keys().filter(|(s, _)| *s == source).map(|(_, key)| key.clone()).collect()
                    }
                };
                self.unlisted.insert(source, known);
            }
            Input::Complete(source) => self.complete(source),
            Input::Node(name, status) => {
                if let Some(unlisted) = self.unlisted.get_mut(&Source::Nodes) {
                    unlisted.remove(&(String::new(), name.clone()));
                }
                match status {
                    Some(status) => drop(self.nodes.insert(name, status)),
                    None => drop(self.nodes.remove(&name)),
                }
                if self.complete.contains(&Source::Nodes) {
                    self.reports.nodes(self.nodes.values().cloned().collect());
                }
            }
            Input::Fact { source, key, place, fact } => {
                if let Some(unlisted) = self.unlisted.get_mut(&source) {
                    unlisted.remove(&key);
                }
                let gone = matches!(fact, Fact::Set(None) | Fact::Home(None) | Fact::Pod(_, None));
                match (source, gone) {
                    (Source::Events, _) => {}
                    (_, true) => drop(self.known.remove(&(source, key))),
                    (_, false) => drop(self.known.insert((source, key), place.clone())),
                }
                self.learn(&place, fact);
            }
        }
    }

    fn complete(&mut self, source: Source) {
        for key in self.unlisted.remove(&source).unwrap_or_default() {
            if source == Source::Nodes {
                self.nodes.remove(&key.1);
                continue;
            }
            let Some(place) = self.known.remove(&(source, key.clone())) else { continue };
            let fact = match source {
                Source::Sets => Fact::Set(None),
                Source::Claims => Fact::Home(None),
                Source::Pods => Fact::Pod(key.1, None),
                Source::Events | Source::Nodes => continue,
            };
            self.learn(&place, fact);
        }
        self.complete.insert(source);
        if source == Source::Nodes {
            self.reports.nodes(self.nodes.values().cloned().collect());
        }
        if self.complete.len() == 5 {
            self.reports.synced();
        }
    }

    fn learn(&mut self, place: &Place, fact: Fact) {
        if let Some(now) = self.workspaces.learn(place, fact) {
            self.reports.workspace(place.clone(), now);
        }
    }
}

fn sets(client: &Client) -> BoxStream<'static, Input> {
    let api: Api<StatefulSet> = Api::all(client.clone());
    watch(api, workspaces_only(), Source::Sets, |set, gone| {
        let replicas = set.spec.replicas.unwrap_or(1);
        let annotations =
            set.spec.template.metadata.as_ref().and_then(|metadata| metadata.annotations.as_ref());
        let hash = annotations.and_then(|all| all.get(TEMPLATE_HASH_ANNOTATION)).cloned().unwrap_or_default();
        fact(Source::Sets, set, Fact::Set((!gone).then_some((replicas, hash))))
    })
}

fn pods(client: &Client) -> BoxStream<'static, Input> {
    let api: Api<Pod> = Api::all(client.clone());
    watch(api, workspaces_only(), Source::Pods, |seen, gone| {
        let ip = seen.status.as_ref().and_then(|status| status.pod_ip.clone()).unwrap_or_default();
        let target = PodTarget {
            ip,
            workspace_uid: seen.labels().get(WORKSPACE_UID_LABEL).cloned().unwrap_or_default(),
        };
        let found = (!gone).then(|| Box::new((pod::observe(seen), target)));
        fact(Source::Pods, seen, Fact::Pod(seen.name_any(), found))
    })
}

fn claims(client: &Client) -> BoxStream<'static, Input> {
    let api: Api<PersistentVolumeClaim> = Api::all(client.clone());
    watch(api, workspaces_only(), Source::Claims, |claim, gone| {
        let phase = claim.status.as_ref().and_then(|status| status.phase.clone());
        let phase = phase.unwrap_or_else(|| "Pending".to_owned());
        fact(Source::Claims, claim, Fact::Home((!gone).then_some(phase)))
    })
}

fn happenings(client: &Client) -> BoxStream<'static, Input> {
    let api: Api<Event> = Api::all(client.clone());
    watch(api, watcher::Config::default(), Source::Events, |event, gone| {
        let place = events::place(event).filter(|_| !gone)?;
        let line = events::line(event).filter(|line| Timestamp::now().duration_since(line.at) < RECENT)?;
        let key = (event.namespace().unwrap_or_default(), event.name_any());
        Some(Input::Fact { source: Source::Events, key, place, fact: Fact::Event(line) })
    })
}

fn all_nodes(client: &Client) -> BoxStream<'static, Input> {
    let api: Api<Node> = Api::all(client.clone());
    watch(api, watcher::Config::default(), Source::Nodes, |node, gone| {
        Some(Input::Node(node.name_any(), (!gone).then(|| nodes::observe(node))))
    })
}

fn workspaces_only() -> watcher::Config {
    watcher::Config::default().labels(WORKSPACE_LABEL)
}

/// The fact about the workspace that an object's label names.
fn fact<K: Resource>(source: Source, object: &K, fact: Fact) -> Option<Input> {
    let namespace = object.namespace().unwrap_or_default();
    let workspace = object.labels().get(WORKSPACE_LABEL)?.clone();
    let key = (namespace.clone(), object.name_any());
    Some(Input::Fact { source, key, place: (namespace, workspace), fact })
}

/// One watch whose objects are cut down at once: whole ones are never kept.
fn watch<K>(
    api: Api<K>,
    config: watcher::Config,
    source: Source,
    read: impl Fn(&K, bool) -> Option<Input> + Send + 'static,
) -> BoxStream<'static, Input>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    watcher(api, config.page_size(PAGE))
        .backoff(Pauses::default())
        .filter_map(move |event| {
            let input = match event {
                Ok(watcher::Event::Init) => Some(Input::Begin(source)),
                Ok(watcher::Event::InitDone) => Some(Input::Complete(source)),
                Ok(watcher::Event::InitApply(object) | watcher::Event::Apply(object)) => read(&object, false),
                Ok(watcher::Event::Delete(object)) => read(&object, true),
                Err(error) => {
                    tracing::debug!(?source, %error, "a watch broke and is begun again");
                    None
                }
            };
            futures::future::ready(input)
        })
        .boxed()
}
