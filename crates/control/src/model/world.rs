//! The objects in the store, as far as decisions need them.

use std::collections::BTreeMap;

use nagaya_api::{
    Bundle, BundleVersion, Cluster, Group, Image, Kind, RawObject, Release, ReleaseVersion, Resource, Team,
    Template, Workspace,
};

/// The objects in the store. The `status` of workspaces, clusters and templates in it is what was last decided to be
/// said; what the store says of it is only read at the beginning.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Clusters by name.
    pub clusters: BTreeMap<String, Cluster>,
    /// Teams by name.
    pub teams: BTreeMap<String, Team>,
    /// Images by name.
    pub images: BTreeMap<String, Image>,
    /// Templates by name.
    pub templates: BTreeMap<String, Template>,
    /// Workspaces by name.
    pub workspaces: BTreeMap<String, Workspace>,
    /// Groups by name. These and what follows the model takes out at its beginning: see [`crate::fleet`].
    pub groups: BTreeMap<String, Group>,
    /// Bundles by name.
    pub bundles: BTreeMap<String, Bundle>,
    /// Versions of bundles by name.
    pub versions: BTreeMap<String, BundleVersion>,
    /// Releases by name. These and their versions the model takes out too: see [`crate::release`].
    pub releases: BTreeMap<String, Release>,
    /// Versions of releases by name.
    pub release_versions: BTreeMap<String, ReleaseVersion>,
}

impl World {
    /// The kinds in it.
    pub const KINDS: [Kind; 10] = [
        Kind::Cluster,
        Kind::Group,
        Kind::Team,
        Kind::Image,
        Kind::Template,
        Kind::Bundle,
        Kind::BundleVersion,
        Kind::Release,
        Kind::ReleaseVersion,
        Kind::Workspace,
    ];
}

/// Puts `raw` into `objects`, unless what is there is as new. Returns what was there, and what is, when anything but
/// status changed.
pub(super) fn put<R: Resource>(
    objects: &mut BTreeMap<String, R>,
    raw: &RawObject,
    keep_status: impl FnOnce(&mut R, &R),
) -> Option<(Option<R>, R)> {
    let mut new = match R::from_raw(raw) {
        Ok(new) => new,
        Err(error) => {
            tracing::error!(kind = %raw.kind, name = raw.metadata.name, %error, "an object in the store does not read");
            return None;
        }
    };
    let name = new.meta().name.clone();
    let old = objects.get(&name).cloned();
    if let Some(old) = old.as_ref().filter(|old| old.meta().uid == new.meta().uid) {
        if new.meta().revision() <= old.meta().revision() {
            return None;
        }
        keep_status(&mut new, old);
    }
    objects.insert(name, new.clone());
    Some((old, new))
}
