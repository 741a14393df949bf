//! Watching what was applied.

use std::collections::{BTreeSet, HashMap};

use futures::StreamExt;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use kube::api::DynamicObject;
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client, ResourceExt};
use nagaya_api::agent::{
    BUNDLE_LABEL, IGNORE_FIELDS_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL, UnreadyObject,
};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use crate::watching::Pauses;

use super::fields::{Manager, others, our_fields, owned};
use super::ignore::{overlook, rules};
use super::key::Key;
use super::ready::trouble;
use super::resolve::Resolved;

/// How many objects a list page holds: the agent is small, lists need not be.
const PAGE: u32 = 50;

/// A kind in one version of its API.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind {
    /// `apps/v1`.
    pub api_version: String,
    /// `StatefulSet`.
    pub kind: String,
}

/// What a watch showed.
#[derive(Debug)]
pub enum Seen {
    /// An object as it is now.
    Present(Box<Sight>),
    /// An object was removed.
    Gone {
        /// Which.
        key: Key,
        /// The resourceVersion of its removal.
        version: String,
    },
    /// A list of the kind begins.
    Begin(Kind),
    /// The list is complete: what it did not show is not there.
    Complete(Kind),
}

/// As much of an object as enforcing needs.
#[derive(Debug)]
pub struct Sight {
    /// Which.
    pub key: Key,
    /// Its resourceVersion.
    pub version: String,
    /// [`owned`].
    pub owned: u64,
    /// Who owns what, without what is left to others; read only when it drifted.
    pub managed: Vec<ManagedFieldsEntry>,
    /// What keeps it from being ready, if it comes from a bundle.
    pub unready: Option<UnreadyObject>,
}

impl Sight {
    /// The fields we own and the other managers.
    pub fn evidence(&self) -> (BTreeSet<String>, Vec<Manager>) {
        (our_fields(&self.managed), others(&self.managed))
    }
}

/// One watch for each kind of the intent.
pub struct Watches {
    client: Client,
    events: mpsc::Sender<Seen>,
    tasks: JoinSet<()>,
    running: HashMap<Kind, AbortHandle>,
}

impl Watches {
    /// No watches yet; what they will see goes to `events`.
    pub fn new(client: Client, events: mpsc::Sender<Seen>) -> Watches {
        Watches { client, events, tasks: JoinSet::new(), running: HashMap::new() }
    }

    /// Whether the kind is watched.
    pub fn has(&self, kind: &Kind) -> bool {
        self.running.contains_key(kind)
    }

    /// The kinds that are watched.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.running.keys().cloned().collect()
    }

    /// Begins to watch a kind.
    pub fn start(&mut self, kind: Kind, resolved: &Resolved) {
        let api: Api<DynamicObject> = Api::all_with(self.client.clone(), &resolved.resource);
        let task = watch(api, kind.clone(), self.events.clone());
        self.running.insert(kind, self.tasks.spawn(task));
    }

    /// Ends the watches of kinds that are not among `kinds`.
    pub fn keep_only(&mut self, kinds: &BTreeSet<Kind>) {
        self.running.retain(|kind, task| {
            let keep = kinds.contains(kind);
            if !keep {
                task.abort();
            }
            keep
        });
        while self.tasks.try_join_next().is_some() {}
    }
}

async fn watch(api: Api<DynamicObject>, kind: Kind, events: mpsc::Sender<Seen>) {
    let config =
        watcher::Config::default().labels(&format!("{MANAGED_BY_LABEL}={MANAGED_BY}")).page_size(PAGE);
    let mut stream = watcher(api, config).backoff(Pauses::default()).boxed();
    while let Some(event) = stream.next().await {
        let seen = match event {
            Ok(watcher::Event::Apply(object) | watcher::Event::InitApply(object)) => {
                Seen::Present(Box::new(sight(key(&kind, &object), object)))
            }
            Ok(watcher::Event::Delete(object)) => Seen::Gone {
                key: key(&kind, &object),
                version: object.resource_version().unwrap_or_default(),
            },
            Ok(watcher::Event::Init) => Seen::Begin(kind.clone()),
            Ok(watcher::Event::InitDone) => Seen::Complete(kind.clone()),
            Err(error) => {
                tracing::debug!(kind = kind.kind, %error, "a watch broke and is begun again");
                continue;
            }
        };
        if events.send(seen).await.is_err() {
            return;
        }
    }
}

fn key(kind: &Kind, object: &DynamicObject) -> Key {
    Key {
        api_version: kind.api_version.clone(),
        kind: kind.kind.clone(),
        namespace: object.namespace().unwrap_or_default(),
        name: object.name_any(),
    }
}

/// Cuts a live object down to what is kept of it.
pub fn sight(key: Key, mut object: DynamicObject) -> Sight {
    let mut managed = object.metadata.managed_fields.take().unwrap_or_default();
    // The rules as they stand on the live object: those that its owners were promised.
    let rule = object.annotations().get(IGNORE_FIELDS_ANNOTATION).map(String::as_str);
    overlook(&mut managed, &rules(rule).unwrap_or_default());
    let bundle = object.labels().get(BUNDLE_LABEL).cloned();
    Sight {
        version: object.resource_version().unwrap_or_default(),
        owned: owned(&managed),
        managed,
        unready: bundle.and_then(|bundle| {
            let message = trouble(key.group(), &key.kind, &object.metadata, &object.data)?;
            Some(UnreadyObject { object: key.to_string(), bundle, message })
        }),
        key,
    }
}

/// Whether `version` is older than `than`. Both are opaque by the book, but numbers in every API server there is
/// (and by the book too since Kubernetes 1.35); where one is none, nothing is called old.
pub fn is_older(version: &str, than: &str) -> bool {
    match (version.parse::<u64>(), than.parse::<u64>()) {
        (Ok(version), Ok(than)) => version < than,
        _ => false,
    }
}
