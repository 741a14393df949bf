//! Cluster: one Kubernetes cluster, created by Nagaya or imported.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Cause,
    agent::ClusterFacts,
    condition::Condition,
    kinds::release::{ChartValues, check_chart_values},
    object::resource,
    quantity::{Bytes, MilliCpu},
};

/// Where a cluster comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// On the host Nagaya itself runs on.
    #[default]
    Local,
    /// Somebody else's; the agent dials in.
    Import,
}

/// Whether a cluster should run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ClusterPower {
    /// It runs.
    #[default]
    Running,
    /// It is stopped; its data stays.
    Stopped,
}

/// Annotation of an imported cluster that is being deleted: what becomes of what Nagaya put there, a [`Removal`].
pub const REMOVAL_ANNOTATION: &str = "nagaya.dev/removal";

/// What becomes of what Nagaya put into an imported cluster when that is deleted here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Removal {
    /// It stays; only the agent removes itself.
    Keep,
    /// It is removed, but for claims of storage and the namespaces that hold some; then the agent removes itself.
    Remove,
    /// Nothing is done there: the cluster is not reached any more, and is only forgotten here.
    Forget,
}

impl Removal {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Remove => "remove",
            Self::Forget => "forget",
        }
    }

    /// What was asked for this cluster; none: nothing yet, or nothing that is known.
    pub fn of(cluster: &Cluster) -> Option<Self> {
        let asked = cluster.metadata.annotations.get(REMOVAL_ANNOTATION)?;
        [Self::Keep, Self::Remove, Self::Forget].into_iter().find(|one| one.name() == asked)
    }
}

/// What a local cluster gets of its host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LocalCluster {
    /// Name of the distribution (`nagaya kubernetes list`); empty for the instance's default.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kubernetes: String,
    /// CPU that its pods together may use.
    pub cpu: MilliCpu,
    /// Memory that its pods together may use.
    pub memory: Bytes,
    /// Whether it should run.
    #[serde(default)]
    pub power: ClusterPower,
}

/// What is wanted of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClusterSpec {
    /// Where it comes from.
    #[serde(default)]
    pub provider: Provider,
    /// For `provider: local`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<LocalCluster>,
    /// Values for charts on it, by `repository/chart`: over those of its groups, under those of a release.
    #[serde(default, skip_serializing_if = "ChartValues::is_empty")]
    #[schema(value_type = Object)]
    pub chart_values: ChartValues,
}

/// Where a cluster stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ClusterPhase {
    /// Nothing was done yet.
    #[default]
    Pending,
    /// It is being made or started.
    Starting,
    /// It runs, its node is ready and its agent is connected.
    Ready,
    /// Something in it does not run as it should; see reason.
    Degraded,
    /// It runs as far as is known, but its agent is away.
    Unreachable,
    /// It is being stopped.
    Stopping,
    /// It is stopped as asked.
    Stopped,
    /// It is being removed.
    Deleting,
}

/// One program of a local cluster's control plane or node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComponentStatus {
    /// Its name, for instance `kube-apiserver`.
    pub name: String,
    /// Whether it runs and answers.
    pub ready: bool,
    /// How often it was restarted since the cluster's start.
    pub restarts: u32,
    /// What it does or why it does not, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeStatus {
    /// Its name.
    pub name: String,
    /// Whether Kubernetes calls it ready.
    pub ready: bool,
    /// Its kubelet's version.
    pub version: String,
    /// CPU that pods may use.
    pub cpu: MilliCpu,
    /// Memory that pods may use.
    pub memory: Bytes,
    /// Pods that it may run.
    pub pods: u32,
    /// Pressure and other troubles, in words; empty when all is well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// The agent as the server sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgentStatus {
    /// Whether it is connected.
    pub connected: bool,
    /// Its version.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// When it came or went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
}

/// How far the cluster is with its intent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IntentStatus {
    /// Revision the cluster should hold.
    pub desired: u64,
    /// Revision it has applied.
    pub applied: u64,
    /// What could not be applied: object and reason. At most 200 are listed; the condition `IntentApplied` counts all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ObjectError>,
    /// What waits for a person's word, since the server's data are of another history than what the cluster holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed: Option<Unconfirmed>,
}

/// What would be removed from a cluster once a person confirms it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unconfirmed {
    /// How many objects.
    pub count: u32,
    /// The first 1,000 of them: `Kind namespace/name`.
    pub objects: Vec<String>,
    /// The value that [`CONFIRM_PRUNE_ANNOTATION`] confirms them with.
    pub incarnation: String,
}

/// Annotation of a Cluster that confirms prunes: its value is the incarnation of the server's data that may prune.
pub const CONFIRM_PRUNE_ANNOTATION: &str = "nagaya.dev/confirm-prune";

/// An object that could not be applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ObjectError {
    /// `Kind namespace/name`.
    pub object: String,
    /// Why.
    pub message: String,
}

/// What is known of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterStatus {
    /// Where it stands.
    pub phase: ClusterPhase,
    /// Why, as a code the console translates.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Why, in English.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// Kubernetes version its API server reports.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kubernetes_version: String,
    /// Its nodes.
    pub nodes: Vec<NodeStatus>,
    /// Its programs, for a local cluster.
    pub components: Vec<ComponentStatus>,
    /// The agent.
    pub agent: AgentStatus,
    /// What else its agent tells of it.
    pub facts: ClusterFacts,
    /// The intent.
    pub intent: IntentStatus,
    /// Number of workspaces placed on it, and of those that run.
    pub workspaces: WorkspaceCount,
    /// Conditions.
    pub conditions: Vec<Condition>,
}

/// How many workspaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceCount {
    /// Placed there, deleted ones not counted.
    pub total: u32,
    /// Running.
    pub running: u32,
}

resource!(
    /// One Kubernetes cluster, created or imported.
    Cluster, ClusterSpec, ClusterStatus,
    check: |cluster| {
        let mut causes = Vec::new();
        match (cluster.spec.provider, &cluster.spec.local) {
            (Provider::Local, None) => causes.push(Cause::required("spec.local", "say cpu and memory, for instance {cpu: 1, memory: 3Gi}")),
            (Provider::Local, Some(local)) => {
                if local.cpu < MilliCpu(200) {
                    causes.push(Cause::invalid("spec.local.cpu", format!("{} is too little to run a pod", local.cpu), "give at least 200m"));
                }
                if local.memory < Bytes(512 << 20) {
                    causes.push(Cause::invalid("spec.local.memory", format!("{} is too little to run a pod", local.memory), "give at least 512Mi"));
                }
            }
            (Provider::Import, Some(_)) => causes.push(Cause::invalid("spec.local", "is for provider local only", "remove it")),
            (Provider::Import, None) => {}
        }
        causes.extend(check_chart_values(&cluster.spec.chart_values));
        causes
    },
    change: |new, old| {
        let mut causes = Vec::new();
        super::fixed(&mut causes, "spec.provider", &old.spec.provider, &new.spec.provider, "create another cluster");
        causes
    }
);
