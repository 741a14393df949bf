//! The shell of [`assign`](super::assign): from what is known to targets, and back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nagaya_api::{Cluster, kinds::bundle::BundleState};

use super::{
    Blocked, Fleet, SAY,
    assign::{Target, Terms, assign},
    render::Place,
};

impl Fleet {
    /// Decides anew who should have which version, where that is due. Returns the clusters that should have another.
    /// `teams` are a cluster's by namespace.
    pub(crate) fn roll(
        &mut self,
        clusters: &BTreeMap<String, Cluster>,
        teams: impl Fn(&str) -> BTreeMap<String, String>,
        reachable: impl Fn(&str) -> bool,
        now: Timestamp,
    ) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        if self.rolls_from().is_some_and(|from| now < from) {
            return changed;
        }
        let due =
            self.bundles.iter_mut().filter_map(|(name, one)| one.looking.take(now).then(|| name.clone()));
        for name in due.collect::<Vec<_>>() {
            self.roll_one(&name, clusters, &teams, &reachable, now, &mut changed);
        }
        if !changed.is_empty() {
            self.rolled = Some(now);
        }
        changed
    }

    fn roll_one(
        &mut self,
        name: &str,
        clusters: &BTreeMap<String, Cluster>,
        teams: &impl Fn(&str) -> BTreeMap<String, String>,
        reachable: &impl Fn(&str) -> bool,
        now: Timestamp,
        changed: &mut BTreeSet<String>,
    ) {
        let Some(entry) = self.bundles.get(name) else { return };
        let newest = entry.newest;
        if newest == 0 {
            return; // Its first version is being made.
        }
        let target = |(cluster, site): (&String, &super::entry::Site)| {
            let target = Target {
                wave: site.wave,
                has: site.has(),
                ready: site.line.state == BundleState::Ready,
                since: site.line.since.unwrap_or(now),
                reachable: reachable(cluster),
                blocked: site.blocked.as_ref().is_some_and(|blocked| blocked.version == newest),
                // Its variables and overrides are rendered anew as they change.
                outdated: false,
            };
            (cluster.clone(), target)
        };
        let targets: BTreeMap<String, Target> = entry.sites.iter().map(target).collect();
        let rollout = &entry.bundle.spec.rollout;
        let max_unready = rollout.max_unready.of(targets.len());
        let terms = Terms { newest, max_unready, paused: rollout.paused };
        let mut refused: Vec<(String, Blocked)> = Vec::new();
        let done = assign(&targets, terms, now, |cluster| {
            let Some(object) = clusters.get(cluster) else { return false };
            if targets.get(cluster).is_some_and(|target| target.blocked) {
                return false;
            }
            let teams = teams(cluster);
            let place = Place { cluster: object, teams: &teams, remembered: None };
            let verdict = self.can(name, newest, &place);
            let can = verdict.is_ok();
            refused.extend(verdict.err().map(|why| (cluster.to_owned(), why)));
            can
        });
        let Some(entry) = self.bundles.get_mut(name) else { return };
        for (cluster, why) in refused {
            if let Some(site) = entry.sites.get_mut(&cluster) {
                site.blocked = Some(why);
                changed.insert(cluster);
            }
        }
        for (cluster, version) in done.versions {
            let Some(site) = entry.sites.get_mut(&cluster) else { continue };
            let before = site.want.or(site.has());
            site.want = Some(version);
            if before != Some(version) {
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
}
