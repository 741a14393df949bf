//! Versions of bundles: made when the content changes, kept while they may be wanted.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use nagaya_api::{
    Bundle, BundleVersion,
    kinds::{bundle::VersionLine, bundle_version::BundleVersionSpec},
};

use super::{Entry, Fleet, VersionEntry, render::Source};

/// So many versions of a bundle are kept, and those that a cluster still has.
const KEPT: usize = 10;
/// Annotation of a bundle that says why it was changed.
pub(crate) const MESSAGE_ANNOTATION: &str = "nagaya.dev/message";

/// Something to do about a version.
#[derive(Debug)]
pub(crate) enum VersionAction {
    Make(Box<BundleVersion>),
    Drop { name: String, uid: String },
}

impl Fleet {
    /// A version is there.
    pub(crate) fn version_stored(&mut self, version: BundleVersion, now: Timestamp) {
        let name = version.metadata.name.clone();
        if self.versions.get(&name).is_some_and(|known| known.uid == version.metadata.uid) {
            return;
        }
        let spec = version.spec;
        let line = VersionLine {
            version: spec.version,
            generation: spec.generation,
            at: version.metadata.creation_timestamp,
            by: spec.by.clone(),
            message: spec.message.clone(),
        };
        let bundle = spec.bundle.clone();
        let entry = VersionEntry {
            bundle: bundle.clone(),
            of: spec.uid.clone(),
            uid: version.metadata.uid,
            line,
            source: Some(Arc::new(Source::new(spec))),
        };
        self.versions.insert(name, entry);
        self.tidying = true;
        self.renew(&bundle, now);
    }

    /// A version is gone.
    pub(crate) fn version_removed(&mut self, name: &str, uid: &str) {
        if self.versions.get(name).is_some_and(|known| known.uid == uid) {
            self.versions.remove(name);
            self.tidying = true;
        }
    }

    /// The versions of a bundle, the newest first.
    pub(super) fn versions_of(&self, bundle: &Bundle) -> Vec<&VersionEntry> {
        let meta = &bundle.metadata;
        let own = |one: &&VersionEntry| one.bundle == meta.name && one.of == meta.uid;
        let mut versions: Vec<_> = self.versions.values().filter(own).collect();
        versions.sort_by_key(|one| std::cmp::Reverse(one.line.version));
        versions
    }

    /// The content of a version, the newest when none is named.
    pub(super) fn source(&self, bundle: &str, version: u64) -> Option<Arc<Source>> {
        let known = self.versions.get(&BundleVersion::name_of(bundle, version))?;
        (known.of == self.bundles.get(bundle)?.bundle.metadata.uid).then(|| known.source.clone()).flatten()
    }

    /// What is to be made or removed, after something changed that bears on it.
    pub(crate) fn tidy(&mut self) -> Vec<VersionAction> {
        if !std::mem::take(&mut self.tidying) {
            return Vec::new();
        }
        let mut actions = Vec::new();
        let mut kept: BTreeSet<String> = BTreeSet::new();
        let mut whole: BTreeSet<String> = BTreeSet::new();
        let names: Vec<String> = self.bundles.keys().cloned().collect();
        for name in names {
            let Some(entry) = self.bundles.get(&name) else { continue };
            let versions = self.versions_of(&entry.bundle);
            let newest = versions.first().and_then(|one| one.source.as_ref());
            let current = newest.is_some_and(|source| is_content_of(source.spec(), &entry.bundle));
            let number =
                self.versions.values().filter(|one| one.bundle == name).map(|one| one.line.version).max();
            kept.extend(
                versions.iter().take(KEPT).map(|one| BundleVersion::name_of(&name, one.line.version)),
            );
            let in_use = in_use(entry).into_iter().chain(versions.first().map(|one| one.line.version));
            let in_use: Vec<_> = in_use.map(|version| BundleVersion::name_of(&name, version)).collect();
            kept.extend(in_use.iter().cloned());
            whole.extend(in_use);
            let Some(entry) = self.bundles.get_mut(&name) else { continue };
            entry.current = current;
            let generation = entry.bundle.metadata.generation;
            if !current
                && entry.making != Some(generation)
                && entry.bundle.metadata.deletion_timestamp.is_none()
            {
                entry.making = Some(generation);
                actions.push(VersionAction::Make(Box::new(next(&entry.bundle, number.unwrap_or(0) + 1))));
            }
        }
        for (name, version) in &mut self.versions {
            if !kept.contains(name) {
                let (name, uid) = (name.clone(), version.uid.clone());
                actions.push(VersionAction::Drop { name, uid });
            }
            if !whole.contains(name) {
                version.source = None;
            }
        }
        actions
    }
}

/// The versions that clusters have or should have.
fn in_use(entry: &Entry) -> BTreeSet<u64> {
    let sites = entry.sites.values().flat_map(|site| [site.has(), site.want]);
    // Before clusters are selected for the first time, what was said of them counts.
    let remembered = entry.remembered.values().map(|line| Some(line.version));
    sites.chain(remembered).flatten().collect()
}

fn is_content_of(version: &BundleVersionSpec, bundle: &Bundle) -> bool {
    let asked = &bundle.spec;
    version.each == asked.each
        && version.objects == asked.objects
        && version.overrides == asked.overrides
        && version.ignore == asked.ignore
}

fn next(bundle: &Bundle, version: u64) -> BundleVersion {
    let (meta, spec) = (&bundle.metadata, &bundle.spec);
    let content = BundleVersionSpec {
        bundle: meta.name.clone(),
        uid: meta.uid.clone(),
        version,
        generation: meta.generation,
        by: String::new(),
        message: meta.annotations.get(MESSAGE_ANNOTATION).cloned().unwrap_or_default(),
        each: spec.each,
        objects: spec.objects.clone(),
        overrides: spec.overrides.clone(),
        ignore: spec.ignore.clone(),
    };
    BundleVersion::new(&BundleVersion::name_of(&meta.name, version), content)
}
