//! A cluster in memory that can be unplugged at any call.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::cluster::{Cluster, Fault, Readiness};
use super::decide::{Desired, Operation, Wish};
use super::key::Key;
use super::ownership::Release;
use super::plan::{Action, Options};
use super::reconcile::{Error, Outcome, Reconciler, Rendition, Source, Tell};
use crate::release::{Held, History, Hook};

#[derive(Default)]
struct State {
    objects: BTreeMap<String, Value>,
    version: u64,
    calls: usize,
    /// The call at which everything ends, and whether it is still carried out.
    fuse: Option<(usize, bool)>,
    seconds: i64,
    log: Vec<String>,
}

/// The cluster.
#[derive(Default)]
pub struct Memory(Mutex<State>);

fn id(key: &Key) -> String {
    format!("{}/{}", key.group(), key)
}

fn unplugged() -> Fault {
    Fault::Passing("unplugged".into())
}

impl Memory {
    /// Ends everything at the `call`th call from now; `done`: only after that call was carried out.
    pub fn unplug_at(&self, call: usize, done: bool) {
        let mut state = self.0.lock().unwrap();
        (state.calls, state.fuse) = (0, Some((call, done)));
    }

    /// Plugs it in again. Returns whether it was unplugged.
    pub fn plug(&self) -> bool {
        let mut state = self.0.lock().unwrap();
        let fuse = state.fuse.take();
        fuse.is_some_and(|(at, _)| state.calls > at)
    }

    pub fn put(&self, key: &Key, mut object: Value) {
        let mut state = self.0.lock().unwrap();
        state.version += 1;
        object["metadata"]["resourceVersion"] = json!(state.version.to_string());
        if object["metadata"]["uid"].is_null() {
            object["metadata"]["uid"] = json!(format!("uid-{}", state.version));
        }
        state.objects.insert(id(key), object);
    }

    pub fn advance(&self, seconds: i64) {
        self.0.lock().unwrap().seconds += seconds;
    }

    /// All objects but records, as `Kind namespace/name`.
    pub fn names(&self) -> Vec<String> {
        let state = self.0.lock().unwrap();
        state
            .objects
            .keys()
            .filter(|id| !id.contains("sh.helm.release"))
            .map(|id| id.split_once('/').unwrap().1.to_owned())
            .collect()
    }

    pub fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().log)
    }

    fn call<T>(&self, does: impl FnOnce(&mut State) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut state = self.0.lock().unwrap();
        let now = state.calls;
        state.calls += 1;
        match state.fuse {
            Some((at, done)) if now > at || (now == at && !done) => Err(unplugged()),
            Some((at, true)) if now == at => does(&mut state).and(Err(unplugged())),
            _ => does(&mut state),
        }
    }
}

fn write(state: &mut State, key: &Key, object: &Value) -> Value {
    state.version += 1;
    let mut object = object.clone();
    let before = state.objects.get(&id(key)).map(|before| before["metadata"]["uid"].clone());
    object["metadata"]["resourceVersion"] = json!(state.version.to_string());
    object["metadata"]["uid"] = before.unwrap_or_else(|| json!(format!("uid-{}", state.version)));
    state.objects.insert(id(key), object.clone());
    object
}

#[async_trait]
impl Cluster for Memory {
    async fn get(&self, key: &Key) -> Result<Option<Value>, Fault> {
        self.call(|state| Ok(state.objects.get(&id(key)).cloned()))
    }

    async fn create(&self, key: &Key, object: &Value) -> Result<Value, Fault> {
        self.call(|state| match state.objects.contains_key(&id(key)) {
            true => Err(Fault::Taken(format!("{key} already exists"))),
            false => {
                state.log.push(format!("create {key}"));
                Ok(write(state, key, object))
            }
        })
    }

    async fn replace(&self, key: &Key, object: &Value) -> Result<Value, Fault> {
        self.call(|state| {
            let live =
                state.objects.get(&id(key)).ok_or_else(|| Fault::Refused(format!("{key} not found")))?;
            match live["metadata"]["resourceVersion"] == object["metadata"]["resourceVersion"] {
                true => Ok(write(state, key, object)),
                false => Err(Fault::Taken(format!("{key} was changed"))),
            }
        })
    }

    async fn apply(&self, key: &Key, object: &Value) -> Result<Value, Fault> {
        self.call(|state| {
            if object["data"]["refused"] == "yes" {
                return Err(Fault::Refused("a field is immutable".into()));
            }
            state.log.push(format!("apply {key}"));
            Ok(write(state, key, object))
        })
    }

    async fn patch(&self, key: &Key, patch: &Value) -> Result<Value, Fault> {
        self.call(|state| {
            let mut live = state.objects.get(&id(key)).cloned().unwrap();
            live["metadata"]["managedFields"] = patch["metadata"]["managedFields"].clone();
            state.log.push(format!("patch {key}"));
            Ok(write(state, key, &live))
        })
    }

    async fn delete(&self, key: &Key, _uid: &str) -> Result<(), Fault> {
        self.call(|state| {
            if state.objects.remove(&id(key)).is_some() && !key.name.contains("sh.helm") {
                state.log.push(format!("delete {key}"));
            }
            Ok(())
        })
    }

    async fn records(&self, namespace: &str, release: &str) -> Result<Vec<Value>, Fault> {
        let of = format!("/Secret {namespace}/sh.helm.release.v1.{release}.v");
        self.call(|state| {
            Ok(state.objects.iter().filter(|(id, _)| id.starts_with(&of)).map(|(_, o)| o.clone()).collect())
        })
    }

    fn readiness(&self, _key: &Key, live: &Value) -> Readiness {
        match live["data"]["ready"].as_str() {
            Some("later") => Readiness::NotYet("0 of 1 pods are ready".into()),
            Some("never") => Readiness::Never("it failed".into()),
            _ => Readiness::Ready,
        }
    }

    fn completion(&self, key: &Key, live: &Value) -> Readiness {
        self.readiness(key, live)
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + self.0.lock().unwrap().seconds).unwrap()
    }

    async fn pause(&self, time: Duration) {
        self.advance(SignedDuration::try_from(time).unwrap().as_secs());
    }
}

/// A chart whose content says what it renders to: `a b c:ready=later` are three ConfigMaps, `!` before a name makes it
/// a hook of all moments.
pub struct Chart(pub String);

fn config_map(word: &str) -> (String, String) {
    let (name, data) = word.split_once(':').unwrap_or((word, "v=1"));
    let (field, value) = data.split_once('=').unwrap();
    let keep = if name.starts_with("kept") { ", annotations: {helm.sh/resource-policy: keep}" } else { "" };
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}{keep}}}\ndata: {{{field}: \"{value}\"}}\n"
    );
    (name.to_owned(), text)
}

#[async_trait]
impl Source for Chart {
    async fn render(&self, _revision: u32, _upgrade: bool) -> Result<Rendition, String> {
        if self.0.contains("broken") {
            return Err("c/templates/a.yaml:1: no such function".into());
        }
        let words = || self.0.split(' ').filter(|word| !word.is_empty());
        let plain = words().filter(|word| !word.starts_with('!'));
        let manifest = plain.map(|word| format!("---\n# Source: c/a\n{}", config_map(word).1)).collect();
        let hook = |(at, word): (usize, &str)| {
            let (name, manifest) = config_map(word);
            let moments = ["install", "upgrade", "rollback", "delete"];
            let events =
                moments.iter().flat_map(|m| [format!("pre-{m}"), format!("post-{m}")]).chain(["test".into()]);
            Hook {
                name,
                kind: "ConfigMap".into(),
                manifest,
                events: events.collect(),
                weight: -(at as i64),
                ..Hook::default()
            }
        };
        let hooks = words().filter_map(|word| word.strip_prefix('!')).enumerate().map(hook).collect();
        let chart = serde_json::from_value(json!({"metadata": {"name": "c", "version": "1"}})).unwrap();
        Ok(Rendition { manifest, hooks, chart, ..Rendition::default() })
    }

    async fn crds(&self) -> Result<String, String> {
        Ok("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n".into())
    }
}

/// Nobody listens.
pub struct Quiet;

impl Tell for Quiet {
    fn operation(&self, _operation: &Operation) {}
    fn action(&self, _action: &Action) {}
    fn object(&self, _key: &Key, _readiness: &Readiness) {}
}

pub fn release() -> Release {
    Release { namespace: "java".into(), name: "ci".into() }
}

pub fn desired(content: &str) -> Desired {
    Desired {
        uid: "u1".into(),
        content: content.into(),
        chart: "c".into(),
        atomic: true,
        ..Desired::default()
    }
}

pub fn secret_key(revision: u32) -> Key {
    let name = crate::release::secret::name("ci", revision);
    Key { api_version: "v1".into(), kind: "Secret".into(), namespace: "java".into(), name }
}

impl Memory {
    fn on<T>(&self, content: &str, does: impl AsyncFnOnce(Reconciler<'_>) -> T) -> T {
        let (release, source) = (release(), Chart(content.to_owned()));
        let options = Options { create_namespace: true, ..Options::default() };
        let reconciler =
            Reconciler { cluster: self, release: &release, options: &options, source: &source, tell: &Quiet };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(does(reconciler))
    }

    pub fn wish(&self, wish: &Wish) -> Result<Outcome, Error> {
        let content = match wish {
            Wish::Present(desired) => desired.content.clone(),
            Wish::Absent { .. } => String::new(),
        };
        self.on(&content, async |reconciler| reconciler.run(wish).await)
    }

    pub fn want(&self, content: &str) -> Result<Outcome, Error> {
        self.wish(&Wish::Present(desired(content)))
    }

    pub fn gone(&self) -> Result<Outcome, Error> {
        self.wish(&Wish::Absent { uid: "u1".into() })
    }

    pub fn test(&self) -> Vec<(String, bool)> {
        let results = self.on("", async |reconciler| reconciler.test().await).unwrap();
        results.into_iter().map(|(key, result)| (key.to_string(), result.is_ok())).collect()
    }

    pub fn history(&self) -> History {
        self.on("", async |reconciler| reconciler.history().await).unwrap()
    }

    /// `1:superseded 2:deployed`.
    pub fn statuses(&self) -> String {
        let line = |held: &Held| format!("{}:{}", held.record.version, held.status());
        self.history().revisions().iter().map(line).collect::<Vec<_>>().join(" ")
    }
}
