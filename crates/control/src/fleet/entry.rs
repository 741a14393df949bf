//! What is known of a group, a bundle, a version, and of a bundle on a cluster.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use nagaya_api::{
    Bundle, Group,
    kinds::bundle::{BundleCluster, VersionLine},
    selector::Selector,
};

use super::{
    Gather,
    render::{Print, Rendered, Source},
};

/// A group and who is in it.
#[derive(Debug)]
pub(crate) struct GroupEntry {
    pub(crate) group: Group,
    /// None: it does not read, and selects nothing.
    pub(super) selector: Option<Selector>,
    pub(super) members: BTreeSet<String>,
    pub(super) saying: Gather,
}

impl GroupEntry {
    pub(super) fn new(group: Group) -> Self {
        Self {
            selector: group.spec.selector.parse().ok(),
            group,
            members: BTreeSet::new(),
            saying: Gather::default(),
        }
    }

    /// Names of the clusters in it.
    pub(super) fn members(&self) -> &BTreeSet<String> {
        &self.members
    }
}

/// A version: what is said of it, and its content while a cluster has it or it is the newest.
#[derive(Debug)]
pub(crate) struct VersionEntry {
    pub(super) bundle: String,
    /// Uid of the bundle.
    pub(super) of: String,
    /// Uid of the version's object.
    pub(super) uid: String,
    pub(super) line: VersionLine,
    pub(super) source: Option<Arc<Source>>,
}

/// Why a cluster does not get a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blocked {
    pub(crate) version: u64,
    /// Somebody else has one of its objects; else it cannot be rendered.
    pub(crate) conflict: bool,
    pub(crate) message: String,
}

/// A bundle on a cluster.
#[derive(Debug, Default)]
pub(crate) struct Site {
    /// What is said of it; its version is what the cluster has.
    pub(super) line: BundleCluster,
    pub(super) wave: usize,
    /// The version it should have; none: what it has.
    pub(super) want: Option<u64>,
    /// What it has, once that was rendered in this run of the server.
    pub(super) held: Option<Arc<Rendered>>,
    pub(super) blocked: Option<Blocked>,
    /// Print of what the agent said is in place.
    pub(super) in_place: Option<Print>,
}

impl Site {
    /// The version it has, if any.
    pub(super) fn has(&self) -> Option<u64> {
        (self.line.version > 0).then_some(self.line.version)
    }
}

/// A bundle and its clusters.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The bundle; its status is what was last decided to be said.
    pub(crate) bundle: Bundle,
    pub(super) waves: Vec<Selector>,
    pub(crate) sites: BTreeMap<String, Site>,
    /// What was said of clusters before this run of the server, until they are selected.
    pub(super) remembered: BTreeMap<String, BundleCluster>,
    /// The newest version; 0: none yet.
    pub(super) newest: u64,
    /// Whether the newest version is what the spec asks for.
    pub(super) current: bool,
    /// Generation of which a version is being made.
    pub(super) making: Option<i64>,
    /// Whether a cluster waits for its turn.
    pub(super) rolling: bool,
    pub(super) looking: Gather,
    pub(super) saying: Gather,
}

impl Entry {
    pub(super) fn new(mut bundle: Bundle) -> Self {
        let lines = std::mem::take(&mut bundle.status.clusters);
        // Kept in the status too, as what was said last.
        bundle.status.clusters.clone_from(&lines);
        Self {
            waves: waves(&bundle),
            remembered: lines.into_iter().map(|line| (line.cluster.clone(), line)).collect(),
            bundle,
            sites: BTreeMap::new(),
            newest: 0,
            current: false,
            making: None,
            rolling: false,
            looking: Gather::default(),
            saying: Gather::default(),
        }
    }

    /// Takes another spec over; the status stays what was said.
    pub(super) fn change(&mut self, mut bundle: Bundle) {
        bundle.status = std::mem::take(&mut self.bundle.status);
        self.waves = waves(&bundle);
        self.bundle = bundle;
        self.current = false;
    }
}

fn waves(bundle: &Bundle) -> Vec<Selector> {
    bundle.spec.rollout.waves.iter().filter_map(|wave| wave.parse().ok()).collect()
}
