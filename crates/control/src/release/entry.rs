//! What is known of a release, of a version, and of a release on a cluster.

use std::{collections::BTreeMap, fmt, sync::Arc};

use nagaya_api::{
    Release,
    agent::{ActAs, ChartReference, ReleaseIntent, ReleaseObservation, ReleaseState},
    kinds::{
        release::{ReleaseCluster, ReleaseVersionLine},
        release_version::ReleaseVersionSpec,
    },
    selector::Selector,
};

use serde_json::Value;

use crate::fleet::Gather;

/// Sealed values of a release, by name. They show in no log.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(pub BTreeMap<String, String>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A release as an agent is told it. Its values, which hold secrets, show in no log.
#[derive(Clone, PartialEq)]
pub struct Told(pub ReleaseIntent);

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "release \"{}\" with content {}", self.0.name, self.0.content)
    }
}

/// A version: what is said of it, and its content.
#[derive(Debug)]
pub(super) struct VersionEntry {
    pub(super) release: String,
    /// Uid of the release.
    pub(super) of: String,
    /// Uid of the version's object.
    pub(super) uid: String,
    pub(super) line: ReleaseVersionLine,
    pub(super) spec: Arc<ReleaseVersionSpec>,
}

/// Why a cluster does not get a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blocked {
    /// Where it stands by that.
    pub(super) state: ReleaseState,
    pub(super) message: String,
}

/// A release on a cluster.
#[derive(Debug, Default)]
pub(super) struct Site {
    /// What is said of it; its version is what the cluster was given.
    pub(super) line: ReleaseCluster,
    pub(super) wave: usize,
    /// Whether it should be there no more.
    pub(super) leaving: bool,
    /// The version it should have; none: what it has.
    pub(super) want: Option<u64>,
    /// What the agent is told.
    pub(super) told: Option<Arc<Told>>,
    pub(super) blocked: Option<Blocked>,
    /// Whether the values that groups and cluster have for its chart are others than it was given.
    pub(super) outdated: bool,
    /// Whether it is its turn to be given those.
    pub(super) turn: bool,
    /// What the agent told last.
    pub(super) seen: Option<ReleaseObservation>,
    /// Whether it told that since it began to report.
    pub(super) fresh: bool,
}

impl Site {
    /// The version it has, if any.
    pub(super) fn has(&self) -> Option<u64> {
        (self.line.version > 0).then_some(self.line.version)
    }
}

/// A release and its clusters.
#[derive(Debug)]
pub(super) struct Entry {
    /// The release; its status is what was last decided to be said.
    pub(super) release: Release,
    pub(super) waves: Vec<Selector>,
    pub(super) sites: BTreeMap<String, Site>,
    /// The newest version; 0: none yet.
    pub(super) newest: u64,
    /// Whether a cluster waits for its turn.
    pub(super) rolling: bool,
    /// Whether its end was decided.
    pub(super) finished: bool,
    pub(super) looking: Gather,
    pub(super) saying: Gather,
}

impl Entry {
    pub(super) fn new(release: Release) -> Self {
        // Where it was put in an earlier run of the server it is, until it is known to be gone.
        let site = |line: &ReleaseCluster| {
            let site = Site { line: line.clone(), ..Site::default() };
            (line.cluster.clone(), site)
        };
        Self {
            waves: waves(&release),
            sites: release.status.clusters.iter().map(site).collect(),
            release,
            newest: 0,
            rolling: false,
            finished: false,
            looking: Gather::default(),
            saying: Gather::default(),
        }
    }

    /// Where it is to be, in Helm's words, for an agent that is to leave it as it is. `version` is what the cluster has.
    pub(super) fn held(&self, version: Option<&ReleaseVersionSpec>, act_as: ActAs) -> Told {
        let (meta, spec) = (&self.release.metadata, &self.release.spec);
        let chart = version.map(|version| ChartReference {
            name: version.chart.name.clone(),
            version: version.chart.version.clone(),
            digest: version.chart.digest.clone(),
        });
        Told(ReleaseIntent {
            name: meta.name.clone(),
            uid: meta.uid.clone(),
            release_name: self.release.release_name().to_owned(),
            namespace: spec.namespace.clone(),
            create_namespace: false,
            chart: chart.unwrap_or_default(),
            values: Value::Null,
            act_as: Some(act_as),
            atomic: spec.atomic,
            wait: spec.wait,
            timeout_seconds: spec.timeout_seconds,
            hooks: spec.hooks,
            crds: spec.crds,
            ignore: Vec::new(),
            rollback: false,
            environment: None,
            content: String::new(),
            attempt: 0,
            test: 0,
            hold: true,
        })
    }

    /// Takes another spec over; the status stays what was said.
    pub(super) fn change(&mut self, mut release: Release) {
        release.status = std::mem::take(&mut self.release.status);
        self.waves = waves(&release);
        self.release = release;
    }

    /// Whether it is to go.
    pub(super) fn is_going(&self) -> bool {
        self.release.metadata.deletion_timestamp.is_some()
    }
}

fn waves(release: &Release) -> Vec<Selector> {
    release.spec.rollout.waves.iter().filter_map(|wave| wave.parse().ok()).collect()
}
