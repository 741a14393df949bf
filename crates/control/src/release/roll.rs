//! The shell of [`assign`], shared with bundles: from what is known to targets, and back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nagaya_api::kinds::release::ReleaseState;

use super::{Releases, SAY};
use crate::fleet::assign::{Target, Terms, assign};

impl Releases {
    /// Decides anew who should have which version, where that is due. Returns the clusters that should have another.
    pub(crate) fn roll(&mut self, reachable: impl Fn(&str) -> bool, now: Timestamp) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        for entry in self.entries.values_mut() {
            if !entry.looking.take(now) || entry.newest == 0 {
                continue;
            }
            let newest = entry.newest;
            let staying = entry.sites.iter().filter(|(_, site)| !site.leaving);
            let targets: BTreeMap<String, Target> = staying
                .map(|(cluster, site)| {
                    let target = Target {
                        wave: site.wave,
                        has: site.has(),
                        ready: site.line.state == ReleaseState::Ready,
                        since: site.line.since.unwrap_or(now),
                        reachable: reachable(cluster),
                        // What is missing is missing everywhere, and said where it is.
                        blocked: false,
                        outdated: site.outdated,
                    };
                    (cluster.clone(), target)
                })
                .collect();
            let spec = &entry.release.spec;
            let max_unready = spec.rollout.max_unready.of(targets.len());
            let paused = spec.rollout.paused || spec.suspended;
            let done = assign(&targets, Terms { newest, max_unready, paused }, now, |_| true);
            for (cluster, version) in done.versions {
                let Some(site) = entry.sites.get_mut(&cluster) else { continue };
                let before = site.want.or(site.has());
                site.want = Some(version);
                if before != Some(version) {
                    changed.insert(cluster);
                }
            }
            for cluster in done.turns {
                if let Some(site) = entry.sites.get_mut(&cluster).filter(|site| site.outdated) {
                    site.turn = true;
                    changed.insert(cluster);
                }
            }
            if entry.rolling != done.rolling {
                entry.rolling = done.rolling;
                entry.saying.ask(now, SAY);
            }
            if let Some(again) = done.again.filter(|_| done.rolling) {
                entry.looking.at(again);
            }
        }
        changed
    }

    /// A cluster's agent came or went: whether it is its turn is looked at anew.
    pub(crate) fn came_or_went(&mut self, cluster: &str, now: Timestamp) {
        for entry in self.entries.values_mut() {
            if entry.sites.contains_key(cluster) {
                entry.looking.ask(now, super::LOOK);
            }
        }
    }
}
