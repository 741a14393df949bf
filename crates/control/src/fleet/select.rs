//! Which clusters are in which group, and should have which bundle.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nagaya_api::Cluster;

use super::{Fleet, SAY, entry::Site};

impl Fleet {
    /// Finds anew what was marked. Returns the clusters that should have other bundles than before.
    pub(crate) fn select(
        &mut self,
        clusters: &BTreeMap<String, Cluster>,
        now: Timestamp,
    ) -> BTreeSet<String> {
        let gone = |name: &String| !clusters.contains_key(name);
        let names: BTreeSet<String> = match self.selecting.replace(BTreeSet::new()) {
            Some(some) => some,
            None => {
                let known = self.bundles.values().flat_map(|entry| entry.sites.keys().cloned());
                let members = self.groups.values().flat_map(|group| group.members.iter().cloned());
                clusters.keys().cloned().chain(known.chain(members).filter(gone)).collect()
            }
        };
        let mut changed = BTreeSet::new();
        for name in names {
            if self.select_one(&name, clusters.get(&name), now) {
                changed.insert(name);
            }
        }
        changed
    }

    fn select_one(&mut self, name: &str, cluster: Option<&Cluster>, now: Timestamp) -> bool {
        let labels = cluster.map(Cluster::selectable_labels);
        for entry in self.groups.values_mut() {
            let is_in = match (&entry.selector, &labels) {
                (Some(selector), Some(labels)) => selector.matches(labels),
                _ => false,
            };
            let changed =
                if is_in { entry.members.insert(name.to_owned()) } else { entry.members.remove(name) };
            let unsaid = entry.group.status.observed_generation != entry.group.metadata.generation;
            if changed || unsaid {
                entry.saying.ask(now, SAY);
            }
        }
        let mut changed = false;
        for entry in self.bundles.values_mut() {
            let groups = entry.bundle.spec.groups.iter().filter_map(|group| self.groups.get(group));
            let is_target = groups.into_iter().any(|group| group.members.contains(name));
            let before = entry.sites.get(name).map(|site| site.wave);
            let Some(labels) = labels.as_ref().filter(|_| is_target) else {
                if entry.sites.remove(name).is_some() {
                    changed = true;
                    entry.looking.at(now);
                    entry.saying.ask(now, SAY);
                }
                entry.remembered.remove(name);
                continue;
            };
            let wave = entry.waves.iter().position(|wave| wave.matches(labels)).unwrap_or(entry.waves.len());
            if before == Some(wave) {
                continue;
            }
            let remembered = entry.remembered.remove(name);
            let site = entry.sites.entry(name.to_owned()).or_insert_with(|| {
                let mut site = Site { line: remembered.unwrap_or_default(), ..Site::default() };
                site.line.cluster = name.to_owned();
                site
            });
            site.wave = wave;
            // What it has is composed anew; what it is to get comes with its turn.
            changed |= before.is_none() && site.has().is_some();
            entry.looking.at(now);
            entry.saying.ask(now, SAY);
        }
        changed
    }
}
