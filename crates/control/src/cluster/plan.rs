//! What to ask of a cluster's provider next: a pure function of what is wanted and what is known.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{
    Cluster,
    kinds::cluster::{ClusterPower, LocalCluster, Provider, Removal},
};
use nagaya_store::CLUSTER_FINALIZER;

use crate::provider::{ProviderPhase, ProviderState};

/// An agent whose certificate ends within this time gets a new join token when its cluster is started: it may have
/// no time left to renew it.
const SOON: SignedDuration = SignedDuration::from_hours(1);

/// What is known of a cluster.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The cluster as it is wanted.
    pub cluster: &'a Cluster,
    /// What its provider said last; none: nothing yet.
    pub provider: Option<&'a ProviderState>,
    /// What its provider was last given, in this run of the server, and brought about.
    pub ensured: Option<&'a LocalCluster>,
    /// Workspaces that are placed on it, also those that are being purged.
    pub workspaces: u32,
    /// When its agent's newest certificate ends; none: no agent of it ever enrolled.
    pub enrolled_until: Option<Timestamp>,
    /// Whether the join token it was last given may still be used.
    pub join_pending: bool,
    /// How far an imported cluster is with leaving.
    pub leaving: Leaving,
    /// Whether its agent is to stay as it is for now.
    pub keep_agent: bool,
    /// Whether its provider was told so when it was last asked.
    pub agent_kept: bool,
}

/// How far an imported cluster is with leaving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Whether its agent is connected and has told all.
    pub connected: bool,
    /// Whether it is away, and not for a moment only.
    pub away: bool,
    /// Whether it has carried out that nothing is to be there any more.
    pub emptied: bool,
    /// Whether the agent was told to remove itself, in this run of the server or one before.
    pub told: bool,
    /// Whether it said that it does.
    pub left: bool,
}

/// One thing to do about a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterAction {
    /// Make it, start it, or change it.
    Ensure {
        /// Its name.
        cluster: String,
        /// What it gets.
        spec: LocalCluster,
        /// Whether its agent needs a join token.
        join: bool,
        /// Whether its agent stays of the version that it is.
        keep_agent: bool,
    },
    /// Stop it.
    Stop {
        /// Its name.
        cluster: String,
    },
    /// Remove it; homes are kept aside.
    Delete {
        /// Its name.
        cluster: String,
    },
    /// Have its agent remove itself.
    Farewell {
        /// Its name.
        cluster: String,
    },
    /// Let its object go.
    Release {
        /// Its name.
        cluster: String,
    },
}

impl ClusterAction {
    /// The cluster it is about.
    pub fn cluster(&self) -> &str {
        match self {
            Self::Ensure { cluster, .. }
            | Self::Stop { cluster }
            | Self::Delete { cluster }
            | Self::Farewell { cluster }
            | Self::Release { cluster } => cluster,
        }
    }
}

impl fmt::Display for ClusterAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ensure { cluster, spec, join, keep_agent } => {
                write!(f, "bring up cluster \"{cluster}\" with {} CPU and {} memory", spec.cpu, spec.memory)?;
                f.write_str(if *join { ", and let its agent join" } else { "" })?;
                f.write_str(if *keep_agent { "; its agent stays as it is" } else { "" })
            }
            Self::Stop { cluster } => write!(f, "stop cluster \"{cluster}\""),
            Self::Delete { cluster } => write!(f, "remove cluster \"{cluster}\", keeping homes aside"),
            Self::Farewell { cluster } => write!(f, "have the agent of cluster \"{cluster}\" remove itself"),
            Self::Release { cluster } => write!(f, "remove the record of cluster \"{cluster}\""),
        }
    }
}

/// How an imported cluster goes: at once when nothing is to be done there, else once its agent has done it.
fn leave(standing: &Standing<'_>) -> Option<ClusterAction> {
    let cluster = standing.cluster.metadata.name.clone();
    let Leaving { connected, away, emptied, told, left } = standing.leaving;
    let removal = match Removal::of(standing.cluster) {
        None | Some(Removal::Forget) => return Some(ClusterAction::Release { cluster }),
        Some(removal) => removal,
    };
    // Whoever was told to go and is away has gone: its answer was lost, with the connection or with the server.
    if standing.enrolled_until.is_none() || left || (told && away) {
        return Some(ClusterAction::Release { cluster });
    }
    let done = removal == Removal::Keep || emptied;
    (connected && done).then_some(ClusterAction::Farewell { cluster })
}

/// Decides.
pub fn plan(standing: &Standing<'_>, now: Timestamp) -> Option<ClusterAction> {
    let name = standing.cluster.metadata.name.clone();
    let phase = standing.provider.map(|state| state.phase);
    if standing.cluster.metadata.deletion_timestamp.is_some() {
        let held = standing.cluster.metadata.finalizers.iter().any(|one| one == CLUSTER_FINALIZER);
        return if standing.workspaces > 0 || !held {
            None
        } else if standing.cluster.spec.provider == Provider::Import {
            leave(standing)
        } else if phase == Some(ProviderPhase::Absent) {
            Some(ClusterAction::Release { cluster: name })
        } else {
            Some(ClusterAction::Delete { cluster: name })
        };
    }
    let local = standing.cluster.spec.local.as_ref()?;
    if local.power == ClusterPower::Stopped {
        let up = !matches!(phase, Some(ProviderPhase::Absent | ProviderPhase::Stopped));
        return up.then_some(ClusterAction::Stop { cluster: name });
    }
    let join = !standing.join_pending && standing.enrolled_until.is_none_or(|until| until <= now + SOON);
    let down = matches!(phase, Some(ProviderPhase::Absent | ProviderPhase::Stopped));
    let turn = standing.agent_kept && !standing.keep_agent;
    (down || join || turn || standing.ensured != Some(local)).then(|| ClusterAction::Ensure {
        cluster: name,
        spec: local.clone(),
        join,
        keep_agent: standing.keep_agent,
    })
}
