//! What the cluster holds of each workspace, joined from its objects: pure.

use std::collections::{BTreeMap, VecDeque};

use nagaya_api::agent::{PodObservation, WorkspaceObservation};
use nagaya_api::kinds::workspace::EventLine;

/// Events kept for one workspace.
const EVENTS: usize = 8;
/// Events kept that belong to no workspace yet: its objects may be shown a moment later.
const STRAY: usize = 64;

/// Namespace and name.
pub(super) type Place = (String, String);

/// A pod that a stream may go to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PodTarget {
    /// Its address; empty while it has none.
    pub ip: String,
    /// The uid of its workspace: what its relay must show.
    pub workspace_uid: String,
}

/// Where a workspace's streams go, or why they cannot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// Its pod, if one runs.
    pub running: Option<PodTarget>,
    /// Why none does, in words.
    pub why_not: String,
}

#[derive(Debug, Default)]
struct Parts {
    set: Option<(i32, String)>,
    pods: BTreeMap<String, (PodObservation, PodTarget)>,
    home: Option<String>,
    events: VecDeque<EventLine>,
}

/// One fact about a workspace.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fact {
    /// Its StatefulSet: replicas and template hash.
    Set(Option<(i32, String)>),
    /// One of its pods, by name.
    Pod(String, Option<Box<(PodObservation, PodTarget)>>),
    /// Its claim's phase.
    Home(Option<String>),
    /// Something happened.
    Event(EventLine),
}

/// All workspaces of the cluster.
#[derive(Debug, Default)]
pub(super) struct Workspaces {
    parts: BTreeMap<Place, Parts>,
    stray: VecDeque<(Place, EventLine)>,
}

impl Workspaces {
    /// Takes a fact in. Returns the workspace as it is now; inner `None` when nothing of it is left, outer `None`
    /// when it is (and was) not known.
    #[allow(clippy::option_option)]
    pub(super) fn learn(
        &mut self,
        place: &Place,
        fact: Fact,
    ) -> Option<Option<(WorkspaceObservation, Target)>> {
        if let Fact::Event(line) = fact {
            return self.happened(place, line).map(Some);
        }
        let known = self.parts.contains_key(place);
        let parts = self.parts.entry(place.clone()).or_default();
        match fact {
            Fact::Set(set) => parts.set = set,
            Fact::Home(home) => parts.home = home,
            Fact::Pod(name, Some(pod)) => drop(parts.pods.insert(name, *pod)),
            Fact::Pod(name, None) => drop(parts.pods.remove(&name)),
            Fact::Event(_) => {}
        }
        if parts.set.is_none() && parts.pods.is_empty() && parts.home.is_none() {
            self.parts.remove(place);
            return known.then_some(None);
        }
        if !known {
            let (ours, others) = std::mem::take(&mut self.stray).into_iter().partition(|(p, _)| p == place);
            self.stray = others;
            for (_, line) in Vec::from_iter::<VecDeque<_>>(ours) {
                push(&mut parts.events, line);
            }
        }
        Some(Some(summary(place, parts)))
    }

    fn happened(&mut self, place: &Place, line: EventLine) -> Option<(WorkspaceObservation, Target)> {
        match self.parts.get_mut(place) {
            Some(parts) => {
                push(&mut parts.events, line);
                Some(summary(place, parts))
            }
            None => {
                if self.stray.len() == STRAY {
                    self.stray.pop_front();
                }
                self.stray.push_back((place.clone(), line));
                None
            }
        }
    }
}

fn push(events: &mut VecDeque<EventLine>, line: EventLine) {
    // The same happening again replaces its line: Kubernetes counts it up.
    events.retain(|old| {
        (&old.object, &old.reason, &old.message) != (&line.object, &line.reason, &line.message)
    });
    let at = events.partition_point(|old| old.at <= line.at);
    events.insert(at, line);
    while events.len() > EVENTS {
        events.pop_front();
    }
}

fn summary((namespace, name): &Place, parts: &Parts) -> (WorkspaceObservation, Target) {
    // While one pod ends another may begin: the one that stays counts.
    let pod = parts.pods.values().max_by_key(|(pod, _)| (!pod.deleting, pod.scheduled_at));
    let observation = WorkspaceObservation {
        name: name.clone(),
        namespace: namespace.clone(),
        replicas: parts.set.as_ref().map(|(replicas, _)| *replicas),
        template_hash: parts.set.as_ref().map(|(_, hash)| hash.clone()).unwrap_or_default(),
        pod: pod.map(|(pod, _)| pod.clone()),
        home: parts.home.clone(),
        events: parts.events.iter().cloned().collect(),
    };
    (observation, target(name, parts, pod))
}

fn target(name: &str, parts: &Parts, pod: Option<&(PodObservation, PodTarget)>) -> Target {
    let why_not = match pod {
        Some((pod, target)) if pod.phase == "Running" && !pod.deleting && !target.ip.is_empty() => {
            return Target { running: Some(target.clone()), why_not: String::new() };
        }
        Some((pod, _)) if pod.deleting => format!("workspace {name} is just being stopped"),
        Some((pod, _)) => {
            let reasons =
                pod.containers.values().map(|c| c.reason.as_str()).chain([pod.unschedulable.as_str()]);
            let reasons: Vec<_> = reasons.filter(|reason| !reason.is_empty()).collect();
            match reasons.is_empty() {
                true => format!("the pod of workspace {name} is {}", pod.phase),
                false => format!("the pod of workspace {name} is {}: {}", pod.phase, reasons.join(", ")),
            }
        }
        None if parts.set.as_ref().is_some_and(|(replicas, _)| *replicas == 0) => {
            format!("workspace {name} is stopped: start it first")
        }
        None => format!("workspace {name} has no pod yet"),
    };
    Target { running: None, why_not }
}

#[cfg(test)]
#[path = "workspaces_tests.rs"]
mod tests;
