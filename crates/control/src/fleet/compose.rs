//! All bundles of a cluster together, and what two of them both claim.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use nagaya_api::{Cluster, kinds::bundle::BundleState};
use serde_json::Value;

use super::{
    Blocked, Fleet, LOOK,
    key::{Key, KeyPrint},
    render::{Place, Rendered},
};

/// What a cluster holds of one bundle.
#[derive(Clone, Debug)]
pub struct Part {
    /// The bundle.
    pub bundle: String,
    /// Its objects.
    pub rendered: Arc<Rendered>,
    /// Numbers of those that somebody else has.
    pub without: Vec<usize>,
}

impl Part {
    /// The objects, as JSON; made anew each time.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        let all = self.rendered.texts().into_iter().enumerate();
        all.filter(|(at, _)| !self.without.contains(at)).map(|(_, text)| text)
    }

    /// How many objects.
    pub fn len(&self) -> usize {
        self.rendered.keys.len() - self.without.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.bundle == other.bundle
            && (Arc::ptr_eq(&self.rendered, &other.rendered) || self.rendered == other.rendered)
            && self.without == other.without
    }
}

/// Who has an object.
#[derive(Clone, Copy, Debug)]
enum Owner<'a> {
    Nagaya,
    Bundle(&'a str),
}

fn conflict(bundle: &str, version: u64, key: &Key, owner: Owner<'_>, cluster: &str) -> Blocked {
    let message = match owner {
        Owner::Nagaya => format!(
            "{key} on cluster \"{cluster}\" is Nagaya's own: take it out of bundle \"{bundle}\", or rename it"
        ),
        Owner::Bundle(other) => format!(
            "{key} on cluster \"{cluster}\" is in bundle \"{other}\" already, which is older: take it out of bundle \"{bundle}\" or of bundle \"{other}\""
        ),
    };
    Blocked { version, conflict: true, message }
}

impl Fleet {
    /// What a cluster should hold of all its bundles, the oldest bundle first. `own` is what it holds besides.
    pub(crate) fn compose(
        &mut self,
        cluster: &Cluster,
        teams: &BTreeMap<String, String>,
        own: &[Value],
        now: Timestamp,
    ) -> Vec<Part> {
        let name = &cluster.metadata.name;
        // Whose each object is: the bundle's place among the parts; none: Nagaya's own.
        let mut claims: HashMap<KeyPrint, Option<usize>> =
            own.iter().map(|object| (Key::of(object).print(), None)).collect();
        let mut parts: Vec<Part> = Vec::new();
        let order = std::mem::take(&mut self.order);
        for bundle in &order {
            let Some(site) = self.bundles.get(bundle).and_then(|entry| entry.sites.get(name)) else {
                continue;
            };
            let Some(version) = site.want.or(site.has()) else { continue };
            let mut found = self.attempt(bundle, version, &Place { cluster, teams, remembered: None });
            if let Ok(rendered) = &found {
                let mut keys = rendered.keys.iter().zip(rendered.keys.prints());
                if let Some((key, owner)) = keys.find_map(|(key, print)| Some((key, claims.get(print)?))) {
                    let owner = owner.and_then(|at| parts.get(at));
                    let owner = owner.map_or(Owner::Nagaya, |part| Owner::Bundle(&part.bundle));
                    found = Err(conflict(bundle, version, key, owner, name));
                }
            }
            // What the cluster has, should this be the first look since the server began.
            let mut held = site.held.clone();
            if found.is_err()
                && held.is_none()
                && let Some(has) = site.has()
            {
                let place = Place { cluster, teams, remembered: Some(&site.line.variables) };
                held = self.attempt(bundle, has, &place).ok();
            }
            let Some(entry) = self.bundles.get_mut(bundle) else { continue };
            let Some(site) = entry.sites.get_mut(name) else { continue };
            match found {
                Ok(rendered) => {
                    if site.line.version != rendered.version {
                        // Where the cluster is with it must not be lost: a later run of the server begins from it.
                        site.line.version = rendered.version;
                        // It counts against the limit from now on, not only once its agent said something.
                        (site.line.state, site.line.since) = (BundleState::Applying, Some(now));
                        entry.saying.ask(now, LOOK);
                        entry.looking.ask(now, LOOK);
                        self.tidying = true;
                    }
                    // Of a cluster that waits for its turn it is known still why it did not get the newest.
                    site.blocked = site.blocked.take().filter(|blocked| blocked.version != version);
                    held = Some(rendered);
                }
                Err(blocked) => site.blocked = Some(blocked),
            }
            site.held.clone_from(&held);
            let Some(rendered) = held else { continue };
            let prints = rendered.keys.prints().iter().enumerate();
            let without = prints.filter(|(_, print)| claims.contains_key(print)).map(|(at, _)| at).collect();
            for print in rendered.keys.prints() {
                claims.entry(*print).or_insert(Some(parts.len()));
            }
            parts.push(Part { bundle: bundle.clone(), rendered, without });
        }
        self.order = order;
        parts
    }

    fn attempt(&self, bundle: &str, version: u64, place: &Place<'_>) -> Result<Arc<Rendered>, Blocked> {
        let blocked = |message| Blocked { version, conflict: false, message };
        let source = self.source(bundle, version).ok_or_else(|| {
            blocked(format!("version {version} of bundle \"{bundle}\" is not there any more"))
        })?;
        source.render(place).map_err(|error| blocked(error.to_string()))
    }

    /// Whether a version can be made for a cluster, as far as its bundles go.
    pub(super) fn can(&self, bundle: &str, version: u64, place: &Place<'_>) -> Result<(), Blocked> {
        let rendered = self.attempt(bundle, version, place)?;
        let name = &place.cluster.metadata.name;
        let ours: HashSet<KeyPrint> = rendered.keys.prints().iter().copied().collect();
        for older in self.order.iter().take_while(|older| *older != bundle) {
            let held = self.bundles.get(older).and_then(|entry| entry.sites.get(name)?.held.as_ref());
            if let Some(theirs) = held.and_then(|held| held.keys.first_in(&ours)) {
                return Err(conflict(bundle, version, theirs, Owner::Bundle(older), name));
            }
        }
        Ok(())
    }

    /// The agent of a cluster said that this is in place.
    pub(crate) fn applied(&mut self, cluster: &str, parts: &[Part]) {
        for part in parts {
            let site = self.bundles.get_mut(&part.bundle).and_then(|entry| entry.sites.get_mut(cluster));
            if let Some(site) = site {
                site.in_place = Some(part.rendered.print);
            }
        }
    }

    /// What kept a version from a cluster may be mended: it is tried again when its turn comes.
    pub(crate) fn unblock(&mut self, cluster: &str, now: Timestamp) {
        for entry in self.bundles.values_mut() {
            let Some(site) = entry.sites.get_mut(cluster) else { continue };
            if site.blocked.as_ref().is_some_and(|blocked| blocked.version != site.line.version) {
                site.blocked = None;
                entry.looking.at(now);
            }
        }
    }
}
