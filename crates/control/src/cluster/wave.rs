//! Whose agent is updated next: a pure rule over all clusters.
//!
//! An agent of another version than the server's is replaced, a few clusters at a time: one first, then twice as many with
//! each wave that went well. A wave is over when all of it are connected with the server's version and have carried out what
//! they should hold. One that is not within [`PATIENCE`] stops everything, until it is well or a person takes it out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{
    Cluster,
    kinds::cluster::{AGENT_UPDATES_ANNOTATION, AGENT_UPDATES_PAUSED, AgentUpdating, Provider},
};

/// How long an agent may take to be replaced: its image is pulled, and it takes up all that its cluster holds.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_mins(5);
/// How long until one that failed is tried again.
const AGAIN: SignedDuration = SignedDuration::from_mins(15);
/// The largest wave, and the part of all clusters that it may be.
const LARGEST: usize = 20;
const PART: usize = 10;

/// What is known of one cluster's agent.
#[derive(Clone, Copy, Debug)]
pub struct AgentSight<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// The server's version.
    pub ours: &'a str,
    /// The agent's version, as it was last told.
    pub version: &'a str,
    /// Whether it is connected.
    pub connected: bool,
    /// Whether it has told all and carried out what it should hold.
    pub healthy: bool,
    /// For a local cluster: whether it runs, so that replacing its agent is more than a part of its start.
    pub running: bool,
    /// That it is being replaced, or was to be.
    pub update: Option<&'a AgentUpdating>,
    /// Why the update could not even be begun, and until when that is believed.
    pub refused: Option<(&'a str, Timestamp)>,
}

/// Where an agent stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nothing is to be done about it: it is of the server's version, away, or not there yet.
    Settled,
    /// It waits for its turn.
    Waiting,
    /// It is being replaced.
    UnderWay {
        /// Since when.
        since: Timestamp,
    },
    /// It was to be replaced and is not well.
    Failed {
        /// When that was begun.
        since: Timestamp,
    },
    /// A person said that it is to stay.
    Paused,
    /// It cannot be replaced from here, and why.
    Refused {
        /// Why, with the mend.
        why: String,
    },
}

/// Where the agent of a cluster stands.
pub fn place(sight: &AgentSight<'_>, now: Timestamp) -> Place {
    let AgentSight { cluster, ours, version, .. } = *sight;
    let local = cluster.spec.provider == Provider::Local;
    // What a local cluster starts with is the newest; of an imported one that is away nothing can be done.
    let reached = if local { sight.running } else { sight.connected };
    if cluster.metadata.deletion_timestamp.is_some() || version.is_empty() {
        return Place::Settled;
    }
    let paused = cluster.metadata.annotations.get(AGENT_UPDATES_ANNOTATION).map(String::as_str)
        == Some(AGENT_UPDATES_PAUSED);
    let begun = sight.update.filter(|update| update.version == ours);
    if version == ours {
        return match begun {
            Some(update) if !sight.connected || !sight.healthy => under_way(update, paused, now),
            _ => Place::Settled,
        };
    }
    match (sight.refused.filter(|(_, until)| now < *until), begun) {
        (Some((why, _)), _) if !paused => Place::Refused { why: why.to_owned() },
        (None, Some(update)) => under_way(update, paused, now),
        _ if paused => Place::Paused,
        _ if reached => Place::Waiting,
        _ => Place::Settled,
    }
}

fn under_way(update: &AgentUpdating, paused: bool, now: Timestamp) -> Place {
    let since = update.since;
    match now < since + PATIENCE {
        true => Place::UnderWay { since },
        false if paused => Place::Paused,
        false => Place::Failed { since },
    }
}

/// All clusters whose agents are of another version, or were until now.
#[derive(Clone, Debug, Default)]
pub struct Wave {
    waiting: BTreeSet<String>,
    under_way: BTreeMap<String, Timestamp>,
    failed: BTreeMap<String, Timestamp>,
    /// How many waves went well, one after the other.
    good: u32,
}

impl Wave {
    /// Takes in where a cluster's agent stands; none: the cluster is gone.
    pub fn see(&mut self, cluster: &str, place: Option<&Place>) {
        self.waiting.remove(cluster);
        self.under_way.remove(cluster);
        self.failed.remove(cluster);
        match place {
            Some(Place::Waiting) => drop(self.waiting.insert(cluster.to_owned())),
            Some(Place::UnderWay { since }) => drop(self.under_way.insert(cluster.to_owned(), *since)),
            Some(Place::Failed { since }) => {
                self.good = 0;
                self.failed.insert(cluster.to_owned(), *since);
            }
            _ => {}
        }
    }

    /// Whose update failed, so that all others wait.
    pub fn stopped_by(&self) -> Option<&str> {
        self.failed.keys().next().map(String::as_str)
    }

    /// Those that wait for their turn.
    pub fn waiting(&self) -> impl Iterator<Item = &String> {
        self.waiting.iter()
    }

    /// Whose agents are to be replaced now, of so many clusters in all.
    pub fn next(&mut self, clusters: usize, now: Timestamp) -> Vec<String> {
        if !self.under_way.is_empty() {
            return Vec::new();
        }
        if !self.failed.is_empty() {
            // One at a time, to see whether what was wrong is mended.
            let due = self.failed.iter().find(|(_, since)| now >= **since + AGAIN);
            return due.map(|(cluster, _)| cluster.clone()).into_iter().collect();
        }
        let most = (clusters / PART).clamp(1, LARGEST);
        let size = 1_usize.checked_shl(self.good).unwrap_or(LARGEST).min(most);
        let next: Vec<String> = self.waiting.iter().take(size).cloned().collect();
        if next.is_empty() {
            self.good = 0;
        } else {
            self.good = (self.good + 1).min(10);
        }
        next
    }

    /// When something is due though nothing happens.
    pub fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let late = self.under_way.values().map(|since| *since + PATIENCE);
        let again = self.failed.values().map(|since| *since + AGAIN);
        late.chain(again).filter(|at| *at > now).min()
    }
}

/// What the condition `AgentCurrent` says of an agent of another version: reason and words.
pub(crate) fn words(
    sight: &AgentSight<'_>,
    place: &Place,
    stopped_by: Option<&str>,
) -> (&'static str, String) {
    let AgentSight { ours, version, .. } = *sight;
    let name = &sight.cluster.metadata.name;
    let differs = format!("its agent is of version {version}, the server of {ours}");
    match place {
        Place::Settled => ("OtherVersion", differs),
        Place::UnderWay { since } => ("Updating", format!("{differs}: it is being updated since {since:.0}")),
        Place::Failed { since } => (
            "UpdateFailed",
            format!(
                "{differs}: the update of {since:.0} brought no agent that is well within {} minutes; look there at the \
                 pods in namespace nagaya-system. It is tried again, and no other cluster's agent is updated until it is \
                 well, or left out: nagaya cluster agent {name} --pause",
                PATIENCE.as_mins()
            ),
        ),
        Place::Paused => {
            let mend = format!("nagaya cluster agent {name} --resume");
            ("UpdatePaused", format!("{differs}: its updates are paused; to go on: {mend}"))
        }
        Place::Refused { why } => ("UpdateRefused", format!("{differs}: {why}")),
        Place::Waiting => match stopped_by {
            Some(other) => {
                ("UpdateHeld", format!("{differs}: updates wait, since that of cluster \"{other}\" failed"))
            }
            None => ("UpdateWaits", format!("{differs}: it is updated when it is this cluster's turn")),
        },
    }
}

#[cfg(test)]
#[path = "wave_tests.rs"]
mod tests;
