//! What a supervisor tells about its cluster: `<cluster dir>/state.json`, replaced atomically.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::KubernetesVersion;
use crate::process::ProcessId;

/// Where a cluster (or the hub) is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing of it runs.
    Stopped,
    /// On its way up.
    Starting,
    /// All components answer and the node is Ready.
    Ready,
    /// Was Ready; some component is being restarted. Pods go on.
    Degraded,
    /// On its way down.
    Stopping,
    /// Its supervisor is gone though it should run; [`crate::Provider::watch_states`] starts it again.
    Unsupervised,
}

/// Where one component is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComponentPhase {
    /// Waits for a component it depends on.
    Waiting,
    /// Runs, does not answer yet.
    Starting,
    /// Runs and answers.
    Ready,
    /// Died or hung; will be started again after a pause.
    BackingOff,
    /// Was stopped on purpose.
    Stopped,
}

/// One component as its supervisor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComponentState {
    /// Where it is in its life.
    pub phase: ComponentPhase,
    /// Since when.
    pub since: Timestamp,
    /// The running process.
    pub process: Option<ProcessId>,
    /// How often it was started again since the supervisor of the cluster first started.
    pub restarts: u32,
    /// In words: what it waits for, or how it ended.
    pub message: String,
    /// Last lines of its log when it ended badly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// What it was started with; another value means it has to be started anew.
    pub fingerprint: String,
}

/// One cluster as its supervisor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClusterState {
    /// The cluster's name; `hub` for the instance's registry.
    pub name: String,
    /// Where it is in its life.
    pub phase: Phase,
    /// Since when.
    pub since: Timestamp,
    /// In words: what it waits for, or what is wrong and the mend.
    pub message: String,
    /// The Kubernetes it runs.
    pub version: Option<KubernetesVersion>,
    /// Which spec this is the state of.
    #[serde(default)]
    pub generation: Option<String>,
    /// `https://…:6443` as reached from the host and from the hub.
    pub api_server: Option<String>,
    /// Milliseconds from the start of the supervisor to Ready, of the last start from nothing.
    pub ready_after_ms: Option<u64>,
    /// The supervisor's own process.
    pub supervisor: Option<ProcessId>,
    /// By component name.
    #[serde(default)]
    pub components: BTreeMap<String, ComponentState>,
}

impl ClusterState {
    /// A cluster of which nothing runs.
    #[must_use]
    pub fn stopped(name: &str, now: Timestamp) -> Self {
        Self {
            name: name.into(),
            phase: Phase::Stopped,
            since: now,
            message: "stopped".into(),
            version: None,
            generation: None,
            api_server: None,
            ready_after_ms: None,
            supervisor: None,
            components: BTreeMap::new(),
        }
    }
}
