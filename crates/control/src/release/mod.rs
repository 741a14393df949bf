//! Releases of charts on their way to clusters.
//!
//! select (which clusters) → roll (which version each should have, as for bundles) → compose (that version with the
//! values of group and cluster, secrets filled in, as the agent is told it) → tell (what became of it). All of it is
//! pure; the model owns the state and calls in. Which chart a version constraint stands for is found where charts are
//! read, by the server; it comes here as a ReleaseVersion.

mod compose;
mod entry;
mod report;
mod roll;
mod select;
mod tell;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nagaya_api::{Kind, Release, ReleaseVersion};

pub use compose::chart_layers;
pub(crate) use compose::{act_as, content};
use entry::{Entry, VersionEntry};
pub use entry::{Secrets, Told};
pub(crate) use select::Groups;
pub(crate) use tell::Sight;

use crate::fleet::gathered::{LOOK, SAY};

/// All releases, and where they stand on each cluster.
#[derive(Debug, Default)]
pub(crate) struct Releases {
    entries: BTreeMap<String, Entry>,
    /// Versions by the name of their object.
    versions: BTreeMap<String, VersionEntry>,
    /// What is sealed, by release.
    secrets: BTreeMap<String, Secrets>,
    /// Whether it is to be found anew which clusters should have which.
    selecting: bool,
    /// Clusters for which it is to be found anew where their releases stand.
    judging: BTreeSet<String>,
    /// Whether versions may be to remove.
    tidying: bool,
}

impl Releases {
    /// Of what is in the store.
    pub(crate) fn new(
        releases: BTreeMap<String, Release>,
        versions: BTreeMap<String, ReleaseVersion>,
        now: Timestamp,
    ) -> Self {
        let mut all = Self { selecting: true, tidying: true, ..Self::default() };
        for version in versions.into_values() {
            all.version_stored(version, now);
        }
        for release in releases.into_values() {
            all.release_stored(release, now);
        }
        all
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Kind, name and uid of everything in it.
    pub(crate) fn known(&self) -> impl Iterator<Item = (Kind, String, String)> + '_ {
        let releases = self
            .entries
            .iter()
            .map(|(name, one)| (Kind::Release, name.clone(), one.release.metadata.uid.clone()));
        let versions =
            self.versions.iter().map(|(name, one)| (Kind::ReleaseVersion, name.clone(), one.uid.clone()));
        releases.chain(versions)
    }

    /// When something is to be done that was put off.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.entries.values().flat_map(|one| [one.looking.wanted(), one.saying.wanted()]).flatten().min()
    }

    /// A release is there or another than before. Returns the clusters whose intent may have changed by it.
    pub(crate) fn release_stored(&mut self, release: Release, now: Timestamp) -> BTreeSet<String> {
        let name = release.metadata.name.clone();
        let same = |old: &&mut Entry| old.release.metadata.uid == release.metadata.uid;
        match self.entries.get_mut(&name).filter(same) {
            Some(old) => {
                let (was, is) = (&old.release, &release);
                // Most events of a release are of its status, which is said here.
                if was.metadata.generation == is.metadata.generation
                    && was.metadata.annotations == is.metadata.annotations
                    && was.metadata.deletion_timestamp == is.metadata.deletion_timestamp
                {
                    return BTreeSet::new();
                }
                old.change(release);
            }
            None => {
                self.entries.insert(name.clone(), Entry::new(release));
            }
        }
        self.selecting = true;
        self.renew(&name, now);
        self.entries.get(&name).map(|one| one.sites.keys().cloned().collect()).unwrap_or_default()
    }

    /// A release is gone. Returns the clusters that had it.
    pub(crate) fn release_removed(&mut self, name: &str, uid: &str) -> Vec<String> {
        if self.entries.get(name).is_none_or(|one| one.release.metadata.uid != uid) {
            return Vec::new();
        }
        self.tidying = true;
        self.secrets.remove(name);
        self.entries.remove(name).map(|gone| gone.sites.into_keys().collect()).unwrap_or_default()
    }

    /// What is sealed of a release is this. Returns the clusters whose intent may have changed by it.
    pub(crate) fn sealed(&mut self, release: &str, secrets: Secrets) -> BTreeSet<String> {
        if self.secrets.get(release) == Some(&secrets) {
            return BTreeSet::new();
        }
        self.secrets.insert(release.to_owned(), secrets);
        self.entries.get(release).map(|one| one.sites.keys().cloned().collect()).unwrap_or_default()
    }

    /// Clusters or groups are others than before.
    pub(crate) fn fleet_changed(&mut self) {
        self.selecting = true;
    }

    /// Clusters for which it is to be found anew where their releases stand.
    pub(crate) fn take_judging(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.judging)
    }
}

#[cfg(test)]
mod tests;
