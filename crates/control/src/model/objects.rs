//! Objects that were stored and removed, taken into what is known.

use jiff::Timestamp;
use nagaya_api::{Group, Kind, RawObject, Resource};

use super::{Model, world::put};

/// The typed form of what is in the store.
fn read<R: Resource>(raw: &RawObject) -> Option<R> {
    R::from_raw(raw)
        .inspect_err(|error| {
            tracing::error!(kind = %raw.kind, name = raw.metadata.name, %error, "an object in the store does not read");
        })
        .ok()
}

impl Model {
    pub(super) fn stored(&mut self, raw: &RawObject, now: Timestamp) {
        let name = raw.metadata.name.clone();
        match raw.kind {
            Kind::Workspace => {
                let put = put(&mut self.world.workspaces, raw, |new, old| new.status = old.status.clone());
                let Some((old, new)) = put else { return };
                // Our own writes of status come back here too, and change nothing.
                let same = old.as_ref().is_some_and(|old| {
                    old.spec == new.spec
                        && old.metadata.uid == new.metadata.uid
                        && old.metadata.deletion_timestamp == new.metadata.deletion_timestamp
                });
                if same {
                    return;
                }
                self.dirty.intents.insert(new.spec.cluster.clone());
                self.dirty.intents.extend(old.map(|old| old.spec.cluster));
                self.dirty.clusters.insert(new.spec.cluster);
                self.dirty.workspaces.insert(name);
                self.dirty.templates = true;
            }
            Kind::Cluster => {
                let put = put(&mut self.world.clusters, raw, |new, old| new.status = old.status.clone());
                let Some((old, new)) = put else { return };
                let same = old.as_ref().is_some_and(|old| {
                    old.spec == new.spec
                        && old.metadata.uid == new.metadata.uid
                        && old.metadata.deletion_timestamp == new.metadata.deletion_timestamp
                        && old.metadata.annotations == new.metadata.annotations
                        && old.metadata.labels == new.metadata.labels
                });
                if !same {
                    self.fleet.cluster_changed(&name, now);
                    self.releases.fleet_changed();
                    self.views.entry(name.clone()).or_default();
                    self.dirty.intents.insert(name.clone());
                    self.dirty.clusters.insert(name);
                }
            }
            Kind::Team => {
                if put(&mut self.world.teams, raw, |_, _| ())
                    .is_some_and(|(old, new)| old.is_none_or(|old| old.spec != new.spec))
                {
                    self.dirty.intents.extend(self.world.clusters.keys().cloned());
                }
            }
            Kind::Template => {
                // What its chart stands for others find, and count nothing.
                let put = put(&mut self.world.templates, raw, |new, old| {
                    new.status.workspaces = old.status.workspaces;
                });
                let same = |old: nagaya_api::Template, new: &nagaya_api::Template| {
                    old.spec == new.spec && old.status == new.status
                };
                if put.is_some_and(|(old, new)| old.is_none_or(|old| !same(old, &new))) {
                    self.dirty.intents.extend(self.world.clusters.keys().cloned());
                    self.dirty.templates = true;
                }
            }
            Kind::Image => {
                if put(&mut self.world.images, raw, |_, _| ())
                    .is_some_and(|(old, new)| old.is_none_or(|old| old.spec != new.spec))
                {
                    self.dirty.intents.extend(self.world.clusters.keys().cloned());
                }
            }
            Kind::Group => {
                if let Some(group) = read::<Group>(raw) {
                    if self.fleet.chart_values(&name) != Some(&group.spec.chart_values) {
                        self.dirty.intents.extend(self.world.clusters.keys().cloned());
                    }
                    self.fleet.group_stored(group);
                    self.releases.fleet_changed();
                }
            }
            Kind::Bundle => {
                // Most events of a bundle are of its status, which is said here.
                let known = self.fleet.bundles.get(&name).map(|entry| &entry.bundle.metadata);
                let same = known.is_some_and(|known| {
                    known.uid == raw.metadata.uid && known.generation == raw.metadata.generation
                });
                if let Some(bundle) = (!same).then(|| read(raw)).flatten() {
                    self.fleet.bundle_stored(bundle, now);
                }
            }
            Kind::BundleVersion => {
                if let Some(version) = read(raw) {
                    self.fleet.version_stored(version, now);
                }
            }
            Kind::Release => {
                if let Some(release) = read(raw) {
                    let changed = self.releases.release_stored(release, now);
                    self.dirty.intents.extend(changed);
                }
            }
            Kind::ReleaseVersion => {
                if let Some(version) = read(raw) {
                    self.releases.version_stored(version, now);
                }
            }
            Kind::User | Kind::Source | Kind::Repository => {}
        }
    }

    pub(super) fn removed(&mut self, raw: &RawObject, now: Timestamp) {
        let name = &raw.metadata.name;
        // An object of the same name may live already.
        let uid = &raw.metadata.uid;
        match raw.kind {
            Kind::Workspace => {
                if self.world.workspaces.get(name).is_some_and(|one| one.metadata.uid == *uid)
                    && let Some(gone) = self.world.workspaces.remove(name)
                {
                    self.relays.remove(uid);
                    self.dirty.clusters.insert(gone.spec.cluster.clone());
                    if let Some(view) = self.views.get_mut(&gone.spec.cluster) {
                        view.environments.forget(uid);
                        view.forget(&(gone.spec.namespace, name.clone()));
                    }
                    self.dirty.intents.insert(gone.spec.cluster);
                    self.dirty.templates = true;
                }
            }
            Kind::Cluster => {
                if self.world.clusters.get(name).is_some_and(|one| one.metadata.uid == *uid) {
                    self.world.clusters.remove(name);
                    self.views.remove(name);
                    self.fleet.cluster_changed(name, now);
                    self.releases.fleet_changed();
                    self.dirty.clusters.insert(name.clone());
                }
            }
            Kind::Team => {
                self.world.teams.remove(name);
                self.dirty.intents.extend(self.world.clusters.keys().cloned());
            }
            Kind::Template => {
                self.world.templates.remove(name);
                self.dirty.intents.extend(self.world.clusters.keys().cloned());
            }
            Kind::Image => {
                self.world.images.remove(name);
                self.dirty.intents.extend(self.world.clusters.keys().cloned());
            }
            Kind::Group => {
                if self.fleet.chart_values(name).is_some_and(|values| !values.is_empty()) {
                    self.dirty.intents.extend(self.world.clusters.keys().cloned());
                }
                self.fleet.group_removed(name, uid);
                self.releases.fleet_changed();
            }
            Kind::Bundle => {
                let had = self.fleet.bundle_removed(name, uid);
                self.dirty.clusters.extend(had.iter().cloned());
                self.dirty.intents.extend(had);
            }
            Kind::BundleVersion => self.fleet.version_removed(name, uid),
            Kind::Release => {
                let had = self.releases.release_removed(name, uid);
                self.dirty.clusters.extend(had.iter().cloned());
                self.dirty.intents.extend(had);
            }
            Kind::ReleaseVersion => self.releases.version_removed(name, uid),
            Kind::User | Kind::Source | Kind::Repository => {}
        }
    }
}
