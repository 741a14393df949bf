//! What server and agent say to each other over the tunnel.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::kinds::{
    cluster::{NodeStatus, ObjectError},
    workspace::EventLine,
};

mod authority;
mod release;
pub use authority::{
    parse_service_authority, parse_workspace_authority, service_authority, workspace_authority,
};
pub use release::{
    ActAs, CHART_LIMIT, CHARTS_PATH, CONTENT_LABEL, ChartReference, Environment, EnvironmentObservation,
    HistoryLine, IgnoredFields, ObjectLine, RELEASE_FIELD_MANAGER, RELEASE_LABEL, ReleaseIntent,
    ReleaseObservation, ReleaseState, ReleaseTestLine,
};

/// Path of the intent on the agent.
pub const INTENT_PATH: &str = "/v1/intent";
/// Path by which the agent is told to remove itself from its cluster: POST, without a body. Told twice it is the same.
pub const FAREWELL_PATH: &str = "/v1/farewell";
/// Path by which the agent is told to become another version of itself: PUT of an [`AgentUpdate`].
pub const AGENT_PATH: &str = "/v1/agent";
/// Path of the report stream on the agent.
pub const REPORTS_PATH: &str = "/v1/reports";
/// Prefix of the Kubernetes API on the agent.
pub const KUBERNETES_PATH: &str = "/v1/kubernetes";
/// CONNECT authority of the Kubernetes API on the agent, for requests that upgrade.
pub const KUBERNETES_AUTHORITY: &str = "kubernetes.nagaya:443";
/// Header that names the user to impersonate, `nagaya:<user>`.
pub const USER_HEADER: &str = "nagaya-user";
/// Header that names the groups to impersonate, comma-separated, each `nagaya:…`.
pub const GROUPS_HEADER: &str = "nagaya-groups";
/// Port of the relay in a workspace's pod.
pub const RELAY_PORT: u16 = 7900;
/// Port on which the relay tells kubelet whether the desktop answers: `GET /ready`, plain HTTP.
pub const RELAY_READY_PORT: u16 = 7901;
/// The namespace of the agent in its cluster.
pub const AGENT_NAMESPACE: &str = "nagaya-system";
/// The server-side apply field manager of everything Nagaya puts into a cluster.
pub const FIELD_MANAGER: &str = "nagaya";
/// Label that every object of an intent carries, with [`MANAGED_BY`] as its value.
pub const MANAGED_BY_LABEL: &str = "app.kubernetes.io/managed-by";
/// Value of [`MANAGED_BY_LABEL`].
pub const MANAGED_BY: &str = "nagaya";
/// Label with the workspace's name.
pub const WORKSPACE_LABEL: &str = "nagaya.dev/workspace";
/// Label with the workspace's uid.
pub const WORKSPACE_UID_LABEL: &str = "nagaya.dev/workspace-uid";
/// Label with the team's name.
pub const TEAM_LABEL: &str = "nagaya.dev/team";
/// Label with the owner's name.
pub const OWNER_LABEL: &str = "nagaya.dev/owner";
/// Label with the name of the bundle that an object comes from.
pub const BUNDLE_LABEL: &str = "nagaya.dev/bundle";
/// Annotation of a bundle's object with the fields that others own once it is there: [`FieldPath`]s with commas between.
/// The agent takes them from the live object where there is one.
///
/// [`FieldPath`]: crate::field_path::FieldPath
pub const IGNORE_FIELDS_ANNOTATION: &str = "nagaya.dev/ignore-fields";
/// Annotation of objects that stay when they leave the intent, with the value `keep`.
pub const PRUNE_ANNOTATION: &str = "nagaya.dev/prune";
/// Annotation that tells the home provisioner that a person asked for this home's end, with the value `true`.
pub const PURGE_ANNOTATION: &str = "nagaya.dev/purge";
/// Annotation of a pod with the hash of what it was made from.
pub const TEMPLATE_HASH_ANNOTATION: &str = "nagaya.dev/template-hash";

/// All that one cluster should hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// Identity of the store that it was derived from. A store restored from a backup has another one.
    pub incarnation: String,
    /// Counts intents of this cluster within the incarnation; only grows.
    pub revision: u64,
    /// [`Intent::hash_of`] its objects, purges and releases.
    pub hash: String,
    /// Kubernetes objects, complete: what is not here is to go.
    pub objects: Vec<Value>,
    /// Homes whose end a person asked for.
    #[serde(default)]
    pub purge: Vec<Purge>,
    /// Whether objects that an earlier incarnation applied may be pruned.
    #[serde(default)]
    pub confirm_prune: bool,
    /// Releases of charts, complete: what is not here is to be uninstalled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<ReleaseIntent>,
}

/// A home to remove: the claim and the volume behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purge {
    /// Namespace of the PersistentVolumeClaim.
    pub namespace: String,
    /// Its name.
    pub claim: String,
}

impl Intent {
    /// SHA-256 over the JSON of objects, purges and releases as they are written, in hexadecimal. The order of objects
    /// and of their keys is part of it; both survive transport and storage.
    pub fn hash_of(objects: &[Value], purge: &[Purge], releases: &[ReleaseIntent]) -> String {
        Self::hash_of_texts(objects.iter().map(Value::to_string), purge, releases)
    }

    /// As [`Intent::hash_of`], of objects that are JSON already.
    pub fn hash_of_texts(
        objects: impl Iterator<Item = impl AsRef<str>>,
        purge: &[Purge],
        releases: impl IntoIterator<Item = impl std::borrow::Borrow<ReleaseIntent>>,
    ) -> String {
        let mut hasher = Sha256::new();
        for object in objects {
            hasher.update(object.as_ref());
            hasher.update(b"\n");
        }
        for home in purge {
            hasher.update(format!("purge {}/{}\n", home.namespace, home.claim));
        }
        for release in releases {
            // Strings, numbers and maps of strings: it is written.
            hasher
                .update(format!("release {}\n", serde_json::to_string(release.borrow()).unwrap_or_default()));
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Makes an intent and its hash.
    pub fn new(incarnation: &str, revision: u64, objects: Vec<Value>, purge: Vec<Purge>) -> Self {
        let hash = Self::hash_of(&objects, &purge, &[]);
        let incarnation = incarnation.to_owned();
        Self { incarnation, revision, hash, objects, purge, confirm_prune: false, releases: Vec::new() }
    }

    /// The same with releases, and the hash of all.
    #[must_use]
    pub fn with_releases(mut self, releases: Vec<ReleaseIntent>) -> Self {
        self.hash = Self::hash_of(&self.objects, &self.purge, &releases);
        self.releases = releases;
        self
    }
}

/// What makes an agent another version of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentUpdate {
    /// The version that it becomes.
    pub version: String,
    /// The image with it, as the cluster pulls it.
    pub image: String,
    /// The agent's own ClusterRole and Role, as that version needs them.
    pub roles: Vec<Value>,
}

/// What the agent answers to an intent: it is stored and will be enforced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntentAck {
    /// Revision now held.
    pub revision: u64,
    /// Its hash.
    pub hash: String,
}

/// One line of the agent's report stream. It begins with `Hello`, then everything that is, then `Synced`,
/// then changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Report {
    /// Who reports and what it holds.
    Hello {
        /// Identity of the agent's process.
        agent_id: String,
        /// Version of the agent.
        agent_version: String,
        /// Version of the cluster's API server.
        kubernetes_version: String,
        /// The incarnation it knows; empty when it has no intent.
        incarnation: String,
        /// The revision it holds.
        revision: u64,
        /// The hash it holds.
        hash: String,
    },
    /// The first full picture is complete.
    Synced,
    /// An intent was carried out as far as it goes.
    Applied {
        /// Its revision.
        revision: u64,
        /// Its hash.
        hash: String,
        /// Objects that could not be applied or pruned.
        errors: Vec<ObjectError>,
        /// What a new incarnation would prune once confirmed: `Kind namespace/name`.
        #[serde(default)]
        unconfirmed: Vec<String>,
        /// Server-side apply calls that were made for it; what was right already needs none.
        #[serde(default)]
        applied: u64,
    },
    /// All nodes.
    Nodes {
        /// The nodes.
        nodes: Vec<NodeStatus>,
    },
    /// What the cluster knows of one workspace.
    Workspace(WorkspaceObservation),
    /// A workspace of which the cluster holds nothing any more, home included.
    WorkspaceGone {
        /// Namespace.
        namespace: String,
        /// Name.
        name: String,
    },
    /// Somebody changed or removed an object of the intent; it was put right.
    Drift {
        /// `Kind namespace/name`.
        object: String,
        /// The field manager that did it, as far as Kubernetes tells.
        manager: String,
        /// Fields that differed; empty for a removal.
        fields: Vec<String>,
        /// When.
        at: Timestamp,
        /// The bundle that the object comes from; empty for Nagaya's own.
        #[serde(default)]
        bundle: String,
        /// The Release that the object comes from; empty when it comes from none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        release: String,
    },
    /// What the cluster knows of one release. One for each before `Synced`, then on change.
    Release(ReleaseObservation),
    /// A release of which the cluster holds nothing any more.
    ReleaseGone {
        /// Name of the Release in Nagaya.
        name: String,
        /// Its uid.
        uid: String,
    },
    /// All objects of bundles that are there but not ready; what is not listed is. Sent on change, and once before
    /// `Synced`.
    Unready {
        /// The objects.
        objects: Vec<UnreadyObject>,
    },
    /// What else is known of the cluster: before `Synced`, and when it changed noticeably.
    Facts(ClusterFacts),
    /// Nothing new, all well.
    Heartbeat,
}

/// What is known of a cluster besides what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterFacts {
    /// Whether its network enforces NetworkPolicies.
    pub network_policy: NetworkPolicySupport,
    /// The network it was told by, for instance `Calico`; empty when none is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network: String,
    /// Why it is not known, or how it was found out that it does not, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_policy_why: String,
    /// When it was last tried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub network_tried: Option<Timestamp>,
    /// How long its API server takes to answer the agent, in milliseconds; none before it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes_latency_ms: Option<u64>,
    /// When the agent's own certificate ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub certificate_expires: Option<Timestamp>,
}

/// Whether a cluster's network enforces NetworkPolicies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum NetworkPolicySupport {
    /// It does.
    Enforced,
    /// It does not: policies are without effect.
    NotEnforced,
    /// That is not known: policies may be without effect.
    #[default]
    #[serde(other)]
    Unknown,
}

/// An object of a bundle that is there but not ready.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UnreadyObject {
    /// `Kind namespace/name`.
    pub object: String,
    /// The bundle it comes from.
    pub bundle: String,
    /// Why it is not ready, in words.
    pub message: String,
}

/// What a cluster knows of one workspace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkspaceObservation {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Replicas its StatefulSet asks for; none when there is no StatefulSet.
    pub replicas: Option<i32>,
    /// Hash of what the StatefulSet would start now.
    pub template_hash: String,
    /// Its pod.
    pub pod: Option<PodObservation>,
    /// Phase of its home's claim (`Pending`, `Bound`, `Lost`); none when there is no claim.
    pub home: Option<String>,
    /// Why the StatefulSet cannot make its pod, from its events (quota, admission).
    pub events: Vec<EventLine>,
}

/// What a cluster knows of a workspace's pod.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodObservation {
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// Its phase: `Pending`, `Running`, `Succeeded`, `Failed`.
    pub phase: String,
    /// Whether it is being deleted.
    pub deleting: bool,
    /// Its node.
    pub node: String,
    /// Hash of what it was made from.
    pub template_hash: String,
    /// Whether all its containers are ready.
    pub ready: bool,
    /// Since when it is ready.
    pub ready_at: Option<Timestamp>,
    /// When it got its node.
    pub scheduled_at: Option<Timestamp>,
    /// Why it has no node, when it has none.
    pub unschedulable: String,
    /// Its containers by name.
    pub containers: BTreeMap<String, ContainerObservation>,
}

/// What a cluster knows of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerObservation {
    /// Whether it is ready.
    pub ready: bool,
    /// When it started, if it runs.
    pub started_at: Option<Timestamp>,
    /// How often it was restarted.
    pub restarts: u32,
    /// Why it does not run: the waiting or terminated reason, for instance `ImagePullBackOff`, `OOMKilled`.
    pub reason: String,
    /// The message with it.
    pub message: String,
    /// Exit code of its last end.
    pub exit_code: Option<i32>,
}
