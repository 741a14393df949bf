//! Bundles on their way to clusters.
//!
//! select (which clusters) → assign (which version each should have) → render (that version for the cluster) → compose
//! (all bundles of a cluster, and what two of them both claim) → tell (what became of it). All of it is pure; the model
//! owns the state and calls in.

pub mod assign;
mod compose;
mod entry;
pub(crate) mod gathered;
pub mod key;
pub mod render;
mod rollout;
mod select;
mod tell;
pub mod variables;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{Bundle, BundleVersion, Group, Kind, Resource, kinds::release::ChartValues};

pub use compose::Part;
pub(crate) use entry::{Blocked, Entry, GroupEntry, VersionEntry};
use gathered::{LOOK, SAY};
pub use tell::Sight;
pub(crate) use versions::VersionAction;

/// After a look at rollouts that changed what clusters should have, the next follows so much later: while many bundles
/// change at once, what a cluster is to hold is found once for several of them. The first is looked at without delay.
const ROLL: SignedDuration = SignedDuration::from_millis(100);

/// Something that comes often and is done at intervals: at once when it has not been done for one, else later.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gather {
    wanted: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Gather {
    /// Asks for it.
    pub(crate) fn ask(&mut self, now: Timestamp, interval: SignedDuration) {
        let free = self.last.and_then(|last| last.checked_add(interval).ok()).unwrap_or(now).max(now);
        self.at(free);
    }

    /// Asks for it at a time.
    pub(crate) fn at(&mut self, at: Timestamp) {
        self.wanted = Some(self.wanted.map_or(at, |wanted| wanted.min(at)));
    }

    /// When it is to be done, if it is.
    pub(crate) fn wanted(&self) -> Option<Timestamp> {
        self.wanted
    }

    /// Whether it is to be done now; it counts as done then.
    pub(crate) fn take(&mut self, now: Timestamp) -> bool {
        let due = self.wanted.is_some_and(|wanted| wanted <= now);
        if due {
            (self.wanted, self.last) = (None, Some(now));
        }
        due
    }
}

/// All groups and bundles, and what each cluster has of them.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    pub(crate) groups: BTreeMap<String, GroupEntry>,
    pub(crate) bundles: BTreeMap<String, Entry>,
    /// Versions by the name of their object.
    pub(crate) versions: BTreeMap<String, VersionEntry>,
    /// Names of bundles, the oldest first: of two that claim one object, it has it.
    order: Vec<String>,
    /// When a look at rollouts last changed what clusters should have.
    rolled: Option<Timestamp>,
    /// Clusters for which it is to be found anew what they should have; none: all.
    selecting: Option<BTreeSet<String>>,
    /// Clusters for which it is to be found anew where their bundles stand.
    judging: BTreeSet<String>,
    /// Whether versions may be to make or to remove.
    tidying: bool,
}

impl Fleet {
    /// Of what is in the store.
    pub(crate) fn new(
        groups: BTreeMap<String, Group>,
        bundles: BTreeMap<String, Bundle>,
        versions: BTreeMap<String, BundleVersion>,
        now: Timestamp,
    ) -> Self {
        let mut fleet = Self { tidying: true, ..Self::default() };
        fleet.groups = groups.into_iter().map(|(name, group)| (name, GroupEntry::new(group))).collect();
        for version in versions.into_values() {
            fleet.version_stored(version, now);
        }
        for bundle in bundles.into_values() {
            fleet.bundle_stored(bundle, now);
        }
        fleet
    }

    /// Kind, name and uid of everything in it.
    pub(crate) fn known(&self) -> impl Iterator<Item = (Kind, String, String)> + '_ {
        fn of<R: Resource>(one: &R) -> (Kind, String, String) {
            (R::KIND, one.meta().name.clone(), one.meta().uid.clone())
        }
        let versions =
            self.versions.iter().map(|(name, one)| (Kind::BundleVersion, name.clone(), one.uid.clone()));
        self.groups
            .values()
            .map(|one| of(&one.group))
            .chain(self.bundles.values().map(|one| of(&one.bundle)))
            .chain(versions)
    }

    /// When something is to be done that was put off.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        let looks = self.bundles.values().filter_map(|one| one.looking.wanted).min();
        let looks = looks.map(|at| self.rolls_from().map_or(at, |from| from.max(at)));
        let bundles = self.bundles.values().filter_map(|one| one.saying.wanted);
        let groups = self.groups.values().filter_map(|one| one.saying.wanted);
        bundles.chain(groups).chain(looks).min()
    }

    /// From when on rollouts may be looked at.
    fn rolls_from(&self) -> Option<Timestamp> {
        self.rolled.and_then(|last| last.checked_add(ROLL).ok())
    }

    /// Groups with who is in them, by name.
    pub(crate) fn membership(&self) -> BTreeMap<&str, (&Group, &BTreeSet<String>)> {
        self.groups.iter().map(|(name, one)| (name.as_str(), (&one.group, one.members()))).collect()
    }

    /// The values that a group has for charts.
    pub(crate) fn chart_values(&self, group: &str) -> Option<&ChartValues> {
        self.groups.get(group).map(|one| &one.group.spec.chart_values)
    }

    /// A group is there or another than before.
    pub(crate) fn group_stored(&mut self, group: Group) {
        let name = group.metadata.name.clone();
        if let Some(old) = self.groups.get_mut(&name) {
            if old.group.metadata.uid == group.metadata.uid
                && old.group.metadata.generation == group.metadata.generation
            {
                return;
            }
            let mut new = GroupEntry::new(group);
            new.saying = old.saying;
            *old = new;
        } else {
            self.groups.insert(name, GroupEntry::new(group));
        }
        self.selecting = None;
    }

    /// A group is gone.
    pub(crate) fn group_removed(&mut self, name: &str, uid: &str) {
        if self.groups.get(name).is_some_and(|one| one.group.metadata.uid == uid) {
            self.groups.remove(name);
            self.selecting = None;
        }
    }

    /// A bundle is there or another than before.
    pub(crate) fn bundle_stored(&mut self, bundle: Bundle, now: Timestamp) {
        let name = bundle.metadata.name.clone();
        let same = |old: &&mut Entry| old.bundle.metadata.uid == bundle.metadata.uid;
        match self.bundles.get_mut(&name).filter(same) {
            Some(old) if old.bundle.metadata.generation == bundle.metadata.generation => return,
            Some(old) => old.change(bundle),
            None => {
                self.bundles.insert(name.clone(), Entry::new(bundle));
            }
        }
        self.renew(&name, now);
        let age = |name: &String| {
            let meta = self.bundles.get(name).map(|one| &one.bundle.metadata);
            (meta.and_then(|meta| meta.creation_timestamp), name.clone())
        };
        let mut order: Vec<String> = self.bundles.keys().cloned().collect();
        order.sort_by_cached_key(age);
        self.order = order;
        self.selecting = None;
        self.tidying = true;
    }

    /// Finds anew which version of a bundle is the newest, and what follows from that.
    fn renew(&mut self, name: &str, now: Timestamp) {
        let Some(entry) = self.bundles.get(name) else { return };
        let newest = self.versions_of(&entry.bundle).first().map_or(0, |one| one.line.version);
        let Some(entry) = self.bundles.get_mut(name) else { return };
        entry.newest = newest;
        entry.looking.at(now);
        entry.saying.ask(now, SAY);
        self.judging.extend(entry.sites.keys().cloned());
    }

    /// Clusters for which it is to be found anew where their bundles stand, besides those of which something is known.
    pub(crate) fn take_judging(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.judging)
    }

    /// A bundle is gone. Returns the clusters that had it.
    pub(crate) fn bundle_removed(&mut self, name: &str, uid: &str) -> Vec<String> {
        if self.bundles.get(name).is_none_or(|one| one.bundle.metadata.uid != uid) {
            return Vec::new();
        }
        self.order.retain(|one| one != name);
        self.tidying = true;
        self.bundles.remove(name).map(|gone| gone.sites.into_keys().collect()).unwrap_or_default()
    }

    /// A cluster is there, or has other labels or annotations than before, or is gone.
    pub(crate) fn cluster_changed(&mut self, name: &str, now: Timestamp) {
        if let Some(some) = &mut self.selecting {
            some.insert(name.to_owned());
        }
        self.unblock(name, now);
    }
}

#[cfg(test)]
mod tests;
