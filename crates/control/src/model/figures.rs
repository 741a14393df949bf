//! Figures for operations, counted when they are asked for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use nagaya_api::kinds::cluster::ClusterPhase;

use super::Model;

/// What is counted.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Each cluster by name.
    pub clusters: BTreeMap<String, ClusterFigures>,
    /// Workspaces by phase.
    pub workspaces: BTreeMap<String, u64>,
    /// Bundles' clusters by the state of the bundle there.
    pub bundles: BTreeMap<String, u64>,
}

/// What is counted of a cluster.
#[derive(Clone, Debug, Default)]
pub struct ClusterFigures {
    /// Where it stands.
    pub phase: ClusterPhase,
    /// Whether its agent's reports are listened to.
    pub connected: bool,
    /// When its agent was heard last, in this run of the server.
    pub heard: Option<Timestamp>,
    /// When its agent's newest certificate ends.
    pub certificate_ends: Option<Timestamp>,
    /// Entries that are kept of what its agent told.
    pub entries: usize,
    /// Reports of what is not this cluster's.
    pub refused: u64,
}

impl Model {
    /// Counts.
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        for (name, cluster) in &self.world.clusters {
            let Some(view) = self.views.get(name) else { continue };
            figures.clusters.insert(
                name.clone(),
                ClusterFigures {
                    phase: cluster.status.phase,
                    connected: view.hello.is_some(),
                    heard: view.heard,
                    certificate_ends: view.work.enrolled_until,
                    entries: view.entries(),
                    refused: view.refused,
                },
            );
        }
        for workspace in self.world.workspaces.values() {
            *figures.workspaces.entry(format!("{:?}", workspace.status.phase)).or_default() += 1;
        }
        for state in self.fleet.states() {
            *figures.bundles.entry(format!("{state:?}")).or_default() += 1;
        }
        figures
    }
}
