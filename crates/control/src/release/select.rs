//! Which clusters should have which release.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nagaya_api::{Cluster, Group};

use super::{Releases, SAY, entry::Site};

/// Groups with who is in them, by name.
pub(crate) type Groups<'a> = BTreeMap<&'a str, (&'a Group, &'a BTreeSet<String>)>;

impl Releases {
    /// Finds anew what was marked. Returns the clusters that should have other releases than before.
    pub(crate) fn select(
        &mut self,
        clusters: &BTreeMap<String, Cluster>,
        groups: &Groups<'_>,
        now: Timestamp,
    ) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        if !std::mem::take(&mut self.selecting) {
            return changed;
        }
        for entry in self.entries.values_mut() {
            let spec = &entry.release.spec;
            let mut targets: BTreeSet<String> = spec.cluster.iter().cloned().collect();
            if let Some((_, members)) = spec.group.as_deref().and_then(|group| groups.get(group)) {
                targets.extend(members.iter().cloned());
            }
            targets.retain(|name| clusters.contains_key(name));
            if entry.is_going() {
                targets.clear();
            }
            let before = entry.sites.len();
            // With a cluster goes what was on it.
            entry.sites.retain(|name, _| clusters.contains_key(name));
            let mut differs = entry.sites.len() != before;
            for name in &targets {
                if !entry.sites.contains_key(name) {
                    let mut site = Site::default();
                    site.line.cluster.clone_from(name);
                    entry.sites.insert(name.clone(), site);
                    changed.insert(name.clone());
                    differs = true;
                }
            }
            for (name, site) in &mut entry.sites {
                let leaving = !targets.contains(name);
                if site.leaving != leaving {
                    site.leaving = leaving;
                    if !leaving {
                        // It comes back, as new.
                        site.line.version = 0;
                        site.line.layers.clear();
                        site.want = None;
                    }
                    changed.insert(name.clone());
                    self.judging.insert(name.clone());
                    differs = true;
                }
                let Some(cluster) = clusters.get(name) else { continue };
                let labels = cluster.selectable_labels();
                let wave = entry.waves.iter().position(|wave| wave.matches(&labels));
                let wave = wave.unwrap_or(entry.waves.len());
                differs |= site.wave != wave;
                site.wave = wave;
            }
            if differs || entry.is_going() {
                entry.looking.at(now);
                entry.saying.ask(now, SAY);
            }
        }
        changed
    }
}
