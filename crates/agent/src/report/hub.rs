//! The latest of everything, and those who listen.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nagaya_api::agent::{ClusterFacts, Intent, Report, UnreadyObject, WorkspaceObservation};
use nagaya_api::kinds::cluster::NodeStatus;
use tokio::sync::broadcast;

use super::workspaces::Target;

/// Reports that a slow listener may be behind before it must begin again.
const BEHIND: usize = 1024;
/// Corrections remembered while nobody listens.
const CORRECTIONS: usize = 100;

/// Collects and hands out reports. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Reports {
    state: Arc<Mutex<State>>,
    changes: broadcast::Sender<Arc<Report>>,
}

struct State {
    agent_id: String,
    agent_version: String,
    kubernetes_version: String,
    incarnation: String,
    revision: u64,
    hash: String,
    applied: Option<Report>,
    unready: Vec<UnreadyObject>,
    facts: ClusterFacts,
    nodes: Option<Vec<NodeStatus>>,
    workspaces: BTreeMap<(String, String), WorkspaceObservation>,
    targets: BTreeMap<(String, String), Target>,
    corrections: VecDeque<Report>,
    synced: bool,
}

/// Everything so far, then what changes.
pub struct Subscription {
    /// To be sent first.
    pub first: Vec<Report>,
    /// To be sent then.
    pub changes: broadcast::Receiver<Arc<Report>>,
}

impl Reports {
    /// Nothing is known yet but who the agent is.
    pub fn new(agent_id: &str, agent_version: &str) -> Reports {
        let state = State {
            agent_id: agent_id.to_owned(),
            agent_version: agent_version.to_owned(),
            kubernetes_version: String::new(),
            incarnation: String::new(),
            revision: 0,
            hash: String::new(),
            applied: None,
            unready: Vec::new(),
            facts: ClusterFacts::default(),
            nodes: None,
            workspaces: BTreeMap::new(),
            targets: BTreeMap::new(),
            corrections: VecDeque::new(),
            synced: false,
        };
        Reports { state: Arc::new(Mutex::new(state)), changes: broadcast::channel(BEHIND).0 }
    }

    /// Begins to listen.
    pub fn subscribe(&self) -> Subscription {
        let mut state = self.lock();
        let mut first = vec![state.hello()];
        first.extend(state.nodes.clone().map(|nodes| Report::Nodes { nodes }));
        first.extend(state.workspaces.values().cloned().map(Report::Workspace));
        first.push(Report::Facts(state.facts.clone()));
        first.push(Report::Unready { objects: state.unready.clone() });
        first.extend(state.applied.clone());
        if state.synced {
            first.push(Report::Synced);
        }
        first.extend(state.corrections.drain(..));
        Subscription { first, changes: self.changes.subscribe() }
    }

    /// The API server's version.
    pub fn kubernetes(&self, version: &str) {
        let mut state = self.lock();
        if state.kubernetes_version != version {
            state.kubernetes_version = version.to_owned();
            let hello = state.hello();
            self.send(&state, hello);
        }
    }

    /// The intent that is in force.
    pub fn holds(&self, intent: &Intent) {
        let mut state = self.lock();
        state.incarnation.clone_from(&intent.incarnation);
        state.revision = intent.revision;
        state.hash.clone_from(&intent.hash);
    }

    /// How far the intent was carried out; told only when it differs from what was told last.
    pub fn applied(&self, report: Report) {
        let mut state = self.lock();
        if state.applied.as_ref() != Some(&report) {
            state.applied = Some(report.clone());
            self.send(&state, report);
        }
    }

    /// All objects of bundles that are not ready.
    pub fn unready(&self, objects: Vec<UnreadyObject>) {
        let mut state = self.lock();
        if state.unready != objects {
            state.unready.clone_from(&objects);
            self.send(&state, Report::Unready { objects });
        }
    }

    /// Changes what is known of the cluster besides. A latency that is only a little other is no news.
    pub fn facts(&self, change: impl FnOnce(&mut ClusterFacts)) {
        let mut state = self.lock();
        let mut facts = state.facts.clone();
        change(&mut facts);
        if coarse(&facts) != coarse(&state.facts) {
            self.send(&state, Report::Facts(facts.clone()));
        }
        state.facts = facts;
    }

    /// A correction. Kept for the next listener when there is none.
    pub fn drift(&self, report: Report) {
        let mut state = self.lock();
        if self.changes.receiver_count() == 0 {
            if state.corrections.len() == CORRECTIONS {
                state.corrections.pop_front();
            }
            state.corrections.push_back(report);
        } else {
            self.send(&state, report);
        }
    }

    /// All nodes.
    pub fn nodes(&self, nodes: Vec<NodeStatus>) {
        let mut state = self.lock();
        if state.nodes.as_ref() != Some(&nodes) {
            state.nodes = Some(nodes.clone());
            self.send(&state, Report::Nodes { nodes });
        }
    }

    /// A workspace as it is now, and where its pod is; nothing if the cluster holds nothing of it.
    pub fn workspace(&self, place: (String, String), now: Option<(WorkspaceObservation, Target)>) {
        let mut state = self.lock();
        match now {
            Some((observation, target)) => {
                state.targets.insert(place.clone(), target);
                if state.workspaces.get(&place) != Some(&observation) {
                    state.workspaces.insert(place, observation.clone());
                    self.send(&state, Report::Workspace(observation));
                }
            }
            None => {
                state.targets.remove(&place);
                if let Some(gone) = state.workspaces.remove(&place) {
                    let report = Report::WorkspaceGone { namespace: gone.namespace, name: gone.name };
                    self.send(&state, report);
                }
            }
        }
    }

    /// Every first list is complete.
    pub fn synced(&self) {
        let mut state = self.lock();
        if !std::mem::replace(&mut state.synced, true) {
            self.send(&state, Report::Synced);
        }
    }

    /// Where a workspace's pod is, as last seen.
    pub fn target(&self, namespace: &str, workspace: &str) -> Option<Target> {
        self.lock().targets.get(&(namespace.to_owned(), workspace.to_owned())).cloned()
    }

    /// Workspaces that are known.
    pub fn workspace_count(&self) -> usize {
        self.lock().workspaces.len()
    }

    /// Objects that are not as they should be.
    pub fn error_count(&self) -> usize {
        match &self.lock().applied {
            Some(Report::Applied { errors, .. }) => errors.len(),
            _ => 0,
        }
    }

    /// Objects of bundles that are not ready.
    pub fn unready_count(&self) -> usize {
        self.lock().unready.len()
    }

    /// Sent while the state is held, so that no listener misses it or gets it twice.
    fn send(&self, _state: &MutexGuard<'_, State>, report: Report) {
        let _ = self.changes.send(Arc::new(report));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn hello(&self) -> Report {
        Report::Hello {
            agent_id: self.agent_id.clone(),
            agent_version: self.agent_version.clone(),
            kubernetes_version: self.kubernetes_version.clone(),
            incarnation: self.incarnation.clone(),
            revision: self.revision,
            hash: self.hash.clone(),
        }
    }
}

/// Facts with the latency to a power of two.
fn coarse(facts: &ClusterFacts) -> ClusterFacts {
    let latency = facts.kubernetes_latency_ms.map(|ms| ms.checked_ilog2().map_or(0, u64::from));
    ClusterFacts { kubernetes_latency_ms: latency, ..facts.clone() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn observation(name: &str, replicas: i32) -> WorkspaceObservation {
        WorkspaceObservation {
            name: name.into(),
            namespace: "java".into(),
            replicas: Some(replicas),
            ..WorkspaceObservation::default()
        }
    }

    fn place(name: &str) -> (String, String) {
        ("java".into(), name.into())
    }

    #[test]
    fn a_listener_gets_everything_that_is_and_then_what_changes() {
        let reports = Reports::new("a", "1");
        reports.workspace(place("w"), Some((observation("w", 1), Target::default())));
        reports.nodes(Vec::new());
        reports.synced();
        let mut subscription = reports.subscribe();
        assert!(matches!(subscription.first[0], Report::Hello { .. }));
        assert!(matches!(subscription.first.last(), Some(Report::Synced)));
        assert_eq!(subscription.first.len(), 6);
        assert!(subscription.first.contains(&Report::Unready { objects: Vec::new() }));
        reports.workspace(place("w"), Some((observation("w", 1), Target::default())));
        assert!(subscription.changes.try_recv().is_err(), "no change is no news");
        reports.workspace(place("w"), None);
        assert!(matches!(*subscription.changes.try_recv().unwrap(), Report::WorkspaceGone { .. }));
    }

    #[test]
    fn corrections_wait_for_somebody_who_listens() {
        let reports = Reports::new("a", "1");
        for _ in 0..150 {
            let at = jiff::Timestamp::UNIX_EPOCH;
            reports.drift(Report::Drift {
                object: "x".into(),
                manager: String::new(),
                fields: Vec::new(),
                at,
                bundle: String::new(),
                release: String::new(),
            });
        }
        assert_eq!(reports.subscribe().first.len(), 3 + CORRECTIONS);
        assert_eq!(reports.subscribe().first.len(), 3, "told once");
    }

    #[test]
    fn a_latency_that_wavers_is_no_news_and_one_that_doubles_is() {
        let reports = Reports::new("a", "1");
        let mut changes = reports.subscribe().changes;
        for (latency, news) in [(4, true), (5, false), (7, false), (8, true), (9, false), (100, true)] {
            reports.facts(|facts| facts.kubernetes_latency_ms = Some(latency));
            assert_eq!(changes.try_recv().is_ok(), news, "{latency}");
        }
        let told = reports.subscribe().first;
        let facts = told.iter().find_map(|report| match report {
            Report::Facts(facts) => Some(facts.clone()),
            _ => None,
        });
        assert_eq!(facts.unwrap().kubernetes_latency_ms, Some(100), "a new listener gets the newest");
    }
}
