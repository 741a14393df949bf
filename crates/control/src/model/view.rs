//! What is known of one cluster while the server runs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{
    agent::{ClusterFacts, UnreadyObject, WorkspaceObservation},
    kinds::cluster::{AgentUpdating, LocalCluster, NodeStatus, ObjectError},
};

use super::{Content, GRACE, environments::Environments};
use crate::{
    cluster::{ClusterAction, STALE},
    provider::ProviderState,
    version::Minor,
};

/// Namespace and name of a workspace in a cluster.
pub(super) type Place = (String, String);

/// What an agent said when it began to report.
#[derive(Clone, Debug)]
pub(super) struct Hello {
    pub(super) agent_version: String,
    pub(super) kubernetes: String,
}

/// An agent of another cluster that says it is of this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impostor {
    /// The cluster that is meant, by the uid of its namespace `kube-system`.
    pub known: String,
    /// The one it is of.
    pub uid: String,
    /// From where it comes, without the port.
    pub peer: String,
}

/// Who was not let in is remembered for so long after it came last: it tries again within seconds.
const IMPOSTOR: SignedDuration = SignedDuration::from_mins(2);

/// What the agent has carried out.
#[derive(Clone, Debug, Default)]
pub(super) struct Applied {
    pub(super) revision: u64,
    pub(super) hash: String,
    pub(super) errors: Vec<ObjectError>,
    pub(super) unconfirmed: Vec<String>,
}

/// How the provider fares with what it was asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    /// What it does now.
    pub(super) busy: Option<ClusterAction>,
    /// Why the last attempt failed, and when the next is due.
    pub(super) failure: Option<(String, Timestamp)>,
    /// Attempts that failed in a row.
    pub(super) failures: u32,
    /// What it was last given and brought about.
    pub(super) ensured: Option<LocalCluster>,
    /// Whether it was told then to keep the agent as it was.
    pub(super) agent_kept: bool,
    /// That the agent is being replaced, or was to be, once this run of the server began it.
    pub(super) update: Option<AgentUpdating>,
    /// Why the agent's update could not be begun, and until when that is believed.
    pub(super) update_refused: Option<(String, Timestamp)>,
    /// Until when the join token that was last given may be used.
    pub(super) join_until: Option<Timestamp>,
    /// When the agent's newest certificate ends.
    pub(super) enrolled_until: Option<Timestamp>,
    /// Whether its agent was told to remove itself.
    pub(super) told: bool,
    /// Whether it said that it does.
    pub(super) left: bool,
}

/// What is known of one cluster while the server runs.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    /// The agent's report stream is open and began with this.
    pub(super) hello: Option<Hello>,
    /// Whether all that is was told since.
    pub(super) synced: bool,
    /// When its agent was heard last.
    pub(super) heard: Option<Timestamp>,
    /// Reports of what is not this cluster's, which were not taken in.
    pub(super) refused: u64,
    /// Since when the agent is away, though it was there.
    pub(super) away_since: Option<Timestamp>,
    /// What is told before `Synced` is collected here, and then takes the place of what was known.
    pub(super) arriving: BTreeMap<Place, WorkspaceObservation>,
    /// What the cluster holds of workspaces; none: it was never told.
    pub(super) workspaces: Option<BTreeMap<Place, WorkspaceObservation>>,
    /// What it holds of workspaces that are releases.
    pub(super) environments: Environments,
    /// Workspaces of which the agent said that nothing is left.
    pub(super) gone: BTreeSet<Place>,
    pub(super) nodes: Option<Vec<NodeStatus>>,
    /// Objects of bundles that are there but not ready.
    pub(super) unready: Vec<UnreadyObject>,
    pub(super) facts: ClusterFacts,
    pub(super) applied: Applied,
    /// What it should hold.
    pub(super) content: Option<Arc<Content>>,
    /// Why no intent can be sent.
    pub(super) obstacle: Option<String>,
    /// Workspaces that could not be rendered, and why.
    pub(super) unrendered: BTreeMap<String, String>,
    /// The revision of what it should hold.
    pub(super) desired: u64,
    /// The hash that the agent took last.
    pub(super) acked: String,
    /// Why it does not take what it should hold.
    pub(super) not_taken: Option<String>,
    /// The generation of each workspace in what the agent took last.
    pub(super) accepted: BTreeMap<String, i64>,
    pub(super) provider: Option<ProviderState>,
    pub(super) work: Work,
    /// An agent that was not let in, and when it came last.
    pub(super) impostor: Option<(Impostor, Timestamp)>,
}

impl View {
    /// The version of its API server, if it was told.
    pub(super) fn version(&self) -> Option<Minor> {
        self.hello.as_ref().and_then(|hello| Minor::parse(&hello.kubernetes))
    }

    /// Whether the picture is good: the agent is there and has told all, or was until a moment ago.
    pub(super) fn is_current(&self, now: Timestamp) -> bool {
        self.workspaces.is_some() && (self.synced || self.away_since.is_some_and(|since| now < since + GRACE))
    }

    /// The agent told of what is not its cluster's: that is not taken in.
    pub(super) fn refuse(&mut self, cluster: &str, what: &str) {
        self.refused += 1;
        // Whoever does it on purpose must not fill the log.
        if self.refused.is_power_of_two() {
            tracing::warn!(
                cluster,
                refused = self.refused,
                "the agent reports on {what}, which is not this cluster's"
            );
        }
    }

    /// A workspace is not there any more, nor is what was told of it.
    pub(super) fn forget(&mut self, place: &Place) {
        self.gone.remove(place);
        self.arriving.remove(place);
        if let Some(workspaces) = &mut self.workspaces {
            workspaces.remove(place);
        }
    }

    /// How much of what its agent told is kept.
    pub(super) fn entries(&self) -> usize {
        let workspaces = self.workspaces.as_ref().map_or(0, BTreeMap::len);
        let nodes = self.nodes.as_ref().map_or(0, Vec::len);
        let applied = self.applied.errors.len() + self.applied.unconfirmed.len();
        workspaces
            + self.environments.len()
            + self.arriving.len()
            + self.gone.len()
            + nodes
            + self.unready.len()
            + applied
    }

    /// Whether the agent has carried out that nothing is to be there.
    pub(super) fn is_emptied(&self) -> bool {
        let applied = &self.applied;
        let nothing = self.content.as_ref().is_some_and(|content| {
            content.is_empty() && content.is(&applied.hash) && content.is(&self.acked)
        });
        nothing && applied.errors.is_empty() && applied.unconfirmed.is_empty()
    }

    /// An agent of another cluster that tries to be of this one.
    pub(super) fn impostor(&self, now: Timestamp) -> Option<&Impostor> {
        self.impostor.as_ref().filter(|(_, at)| now < *at + IMPOSTOR).map(|(impostor, _)| impostor)
    }

    /// When something is due though nothing happens.
    pub(super) fn dues(&self) -> impl Iterator<Item = Timestamp> + use<> {
        let away = self.away_since.map(|since| since + GRACE);
        let retry = self.work.failure.as_ref().map(|(_, at)| *at);
        let stale = self.work.enrolled_until.map(|ends| ends - STALE);
        let impostor = self.impostor.as_ref().map(|(_, at)| *at + IMPOSTOR);
        let refused = self.work.update_refused.as_ref().map(|(_, until)| *until);
        [away, retry, self.work.join_until, stale, self.work.enrolled_until, impostor, refused]
            .into_iter()
            .flatten()
    }
}
