//! Versions of releases: kept while they may be wanted. Who finds the chart makes them.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use nagaya_api::{Release, ReleaseVersion, kinds::release::ReleaseVersionLine};

use super::{Releases, SAY, VersionEntry};

/// So many versions of a release are kept, and those that a cluster still has.
const KEPT: usize = 10;

impl Releases {
    /// A version is there.
    pub(crate) fn version_stored(&mut self, version: ReleaseVersion, now: Timestamp) {
        let name = version.metadata.name.clone();
        if self.versions.get(&name).is_some_and(|known| known.uid == version.metadata.uid) {
            return;
        }
        let spec = version.spec;
        let line = ReleaseVersionLine {
            version: spec.version,
            generation: spec.generation,
            chart_version: spec.chart.version.clone(),
            at: version.metadata.creation_timestamp,
            by: spec.by.clone(),
            message: spec.message.clone(),
            rollback_to: spec.rollback_to,
        };
        let release = spec.release.clone();
        let entry = VersionEntry {
            release: release.clone(),
            of: spec.uid.clone(),
            uid: version.metadata.uid,
            line,
            spec: Arc::new(spec),
        };
        self.versions.insert(name, entry);
        self.tidying = true;
        self.renew(&release, now);
    }

    /// A version is gone.
    pub(crate) fn version_removed(&mut self, name: &str, uid: &str) {
        if self.versions.get(name).is_some_and(|known| known.uid == uid) {
            self.versions.remove(name);
            self.tidying = true;
        }
    }

    /// The versions of a release, the newest first.
    pub(super) fn versions_of(&self, release: &Release) -> Vec<&VersionEntry> {
        let meta = &release.metadata;
        let own = |one: &&VersionEntry| one.release == meta.name && one.of == meta.uid;
        let mut versions: Vec<_> = self.versions.values().filter(own).collect();
        versions.sort_by_key(|one| std::cmp::Reverse(one.line.version));
        versions
    }

    /// Finds anew which version of a release is the newest, and what follows from that.
    pub(super) fn renew(&mut self, name: &str, now: Timestamp) {
        let Some(entry) = self.entries.get(name) else { return };
        let newest = self.versions_of(&entry.release).first().map_or(0, |one| one.line.version);
        let Some(entry) = self.entries.get_mut(name) else { return };
        entry.newest = newest;
        entry.looking.at(now);
        entry.saying.ask(now, SAY);
        self.judging.extend(entry.sites.keys().cloned());
    }

    /// Versions that nobody needs: name and uid.
    pub(crate) fn tidy(&mut self) -> Vec<(String, String)> {
        if !std::mem::take(&mut self.tidying) {
            return Vec::new();
        }
        let mut kept: BTreeSet<String> = BTreeSet::new();
        for (name, entry) in &self.entries {
            let versions = self.versions_of(&entry.release);
            let newest = versions.iter().take(KEPT).map(|one| one.line.version);
            let used = entry.sites.values().flat_map(|site| [site.has(), site.want]).flatten();
            kept.extend(newest.chain(used).map(|version| ReleaseVersion::name_of(name, version)));
        }
        let spare = self.versions.iter().filter(|(name, _)| !kept.contains(*name));
        spare.map(|(name, one)| (name.clone(), one.uid.clone())).collect()
    }
}
