//! Figures for operations, counted when they are asked for.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Model;

/// What is counted.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Each cluster by name.
    pub clusters: BTreeMap<String, ClusterFigures>,
}

/// What is counted of a cluster.
#[derive(Clone, Debug, Default)]
pub struct ClusterFigures {
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
        for (name, view) in &self.views {
            figures.clusters.insert(
                name.clone(),
                ClusterFigures {
                    connected: view.hello.is_some(),
                    heard: view.heard,
                    certificate_ends: view.work.enrolled_until,
                    entries: view.entries(),
                    refused: view.refused,
                },
            );
        }
        figures
    }
}
