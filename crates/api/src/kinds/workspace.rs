//! Workspace: one person's environment: a pod that may be stopped and a home that stays.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Cause, names, object::resource, quantity::Bytes};

/// What a workspace should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum WorkspaceState {
    /// Its pod runs.
    #[default]
    Running,
    /// No pod; the home stays.
    Stopped,
    /// No pod, shown no more; the home stays until it is purged. Starting it brings it back.
    Deleted,
}

/// What is wanted of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkspaceSpec {
    /// Name of the user whose it is.
    pub owner: String,
    /// Name of the team.
    pub team: String,
    /// Name of the template.
    pub template: String,
    /// The cluster it was put on; set when it is created, from its team. Only a move changes it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cluster: String,
    /// The Kubernetes namespace it was put in; set when it is created, from its team.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Size of its home; set when it is created, from its template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_size: Option<Bytes>,
    /// Whether it should run.
    #[serde(default)]
    pub state: WorkspaceState,
}

/// Where a workspace stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum WorkspacePhase {
    /// It was asked for; its cluster does not know of it yet.
    #[default]
    Pending,
    /// Its cluster is bringing it up.
    Starting,
    /// Its desktop answers.
    Running,
    /// Its pod is ending.
    Stopping,
    /// It is stopped as asked.
    Stopped,
    /// It should run and cannot; reason and message say why.
    Failed,
    /// It was deleted; the home is kept.
    Deleted,
    /// Its home is being removed.
    Purging,
}

/// A step on the way from a click to a desktop, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum StepName {
    /// The cluster took the intent.
    Accepted,
    /// The home is there.
    Home,
    /// The pod has a node.
    Scheduled,
    /// The image is there and the container started.
    Started,
    /// The desktop answers.
    Ready,
}

/// When a step was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// Which step.
    pub name: StepName,
    /// When it was reached; absent while it is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
}

/// A Kubernetes event about a workspace's objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventLine {
    /// When it was first seen, if the cluster tells: from then to `at` it happened `count` times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first: Option<Timestamp>,
    /// When it was last seen.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `Normal` or `Warning`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The event's reason, for instance `FailedScheduling`.
    pub reason: String,
    /// `Pod/java-1-0`.
    pub object: String,
    /// What it says.
    pub message: String,
    /// How often.
    pub count: u32,
}

/// The pod of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodStatus {
    /// Its name.
    pub name: String,
    /// Its uid: another one means another pod.
    pub uid: String,
    /// Its node.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub node: String,
    /// When its workspace container started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// Restarts of its workspace container.
    #[serde(default)]
    pub restarts: u32,
    /// What the container that a person works in is called; empty: `workspace`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub container: String,
}

/// What is known of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkspaceStatus {
    /// Where it stands.
    pub phase: WorkspacePhase,
    /// What it waits for or why it failed, as a code the console translates: `ImagePull`, `Quota`, `NoNode`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The same in English words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// The steps of the present start.
    pub steps: Vec<Step>,
    /// Its pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod: Option<PodStatus>,
    /// Whether its template changed since its pod started: the next start takes the change.
    pub outdated: bool,
    /// Kubernetes' latest events about it, newest first, at most 20.
    pub events: Vec<EventLine>,
}

resource!(
    /// One person's environment.
    Workspace, WorkspaceSpec, WorkspaceStatus,
    check: |workspace| {
        let spec = &workspace.spec;
        let mut causes = Vec::new();
        causes.extend(names::check("spec.owner", &spec.owner).err());
        causes.extend(names::check("spec.team", &spec.team).err());
        causes.extend(names::check("spec.template", &spec.template).err());
        causes
    },
    change: |new, old| {
        let mut causes: Vec<Cause> = Vec::new();
        let (new, old) = (&new.spec, &old.spec);
        super::fixed(&mut causes, "spec.owner", &old.owner, &new.owner, "create another workspace");
        super::fixed(&mut causes, "spec.team", &old.team, &new.team, "create another workspace");
        super::fixed(&mut causes, "spec.cluster", &old.cluster, &new.cluster, "a workspace stays where it was put");
        super::fixed(&mut causes, "spec.namespace", &old.namespace, &new.namespace, "a workspace stays where it was put");
        super::fixed(&mut causes, "spec.homeSize", &old.home_size, &new.home_size, "homes keep the size they were made with");
        causes
    }
);
