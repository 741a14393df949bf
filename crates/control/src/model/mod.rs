//! The whole of what the reconcilers know and decide, without IO: events go in, actions come out.
//!
//! One task owns it (`run.rs`), so there are no locks and no order of events that could be lost: every decision is made
//! from all that is known at that moment, and again at the next event.

mod action;
mod clusters;
mod content;
mod decide;
mod environments;
mod event;
mod figures;
mod objects;
mod take;
mod view;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{Kind, Resource, Workspace};

pub use action::Action;
pub use content::{Content, Draft};
pub use event::{Event, Outcome};
pub use figures::{ClusterFigures, Figures};
pub use world::World;

use crate::{
    cluster::Wave,
    fleet::Fleet,
    intent::{IntentSettings, RelayMaterial},
    release::Releases,
};
pub use view::Impostor;
use view::View;

/// An agent that is away for less than this is no news: server and agent restart in less.
pub(crate) const GRACE: SignedDuration = SignedDuration::from_secs(15);

/// What is to be decided anew.
#[derive(Debug, Default)]
struct Dirty {
    /// Clusters whose intent may have changed.
    intents: BTreeSet<String>,
    /// Clusters of which something else may be said or done.
    clusters: BTreeSet<String>,
    /// Workspaces of which something else may be said or done.
    workspaces: BTreeSet<String>,
    /// Whether templates' counts may have changed.
    templates: bool,
}

/// How far a relay's certificate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Issuing {
    /// It is being made.
    Asked,
    /// It could not be made.
    Failed,
}

/// Everything that is known and decided.
#[derive(Debug)]
pub struct Model {
    settings: IntentSettings,
    /// Identity of the store's history.
    incarnation: String,
    world: World,
    /// Groups and bundles.
    fleet: Fleet,
    /// Releases of charts.
    releases: Releases,
    relays: BTreeMap<String, RelayMaterial>,
    /// Certificates that are being made, by the workspace's uid.
    issuing: BTreeMap<String, Issuing>,
    /// The authorities that relays should trust, PEM.
    bundle_pem: String,
    views: BTreeMap<String, View>,
    /// Whose agents are of another version; none: agents are not updated from here.
    wave: Option<Wave>,
    /// When the server began.
    began: Timestamp,
    dirty: Dirty,
    /// What agents ask for, to be carried out.
    asked: Vec<Action>,
}

impl Model {
    /// Of a world that is complete: what is not in it counts as not there.
    pub fn new(
        settings: IntentSettings,
        incarnation: String,
        mut world: World,
        relays: BTreeMap<String, RelayMaterial>,
        bundle_pem: String,
        now: Timestamp,
    ) -> Self {
        let (groups, bundles) = (std::mem::take(&mut world.groups), std::mem::take(&mut world.bundles));
        let fleet = Fleet::new(groups, bundles, std::mem::take(&mut world.versions), now);
        let releases = Releases::new(
            std::mem::take(&mut world.releases),
            std::mem::take(&mut world.release_versions),
            now,
        );
        let views = world.clusters.keys().map(|name| (name.clone(), View::default())).collect();
        let mut model = Self {
            settings,
            incarnation,
            world,
            fleet,
            releases,
            relays,
            issuing: BTreeMap::new(),
            bundle_pem,
            views,
            wave: None,
            began: now,
            dirty: Dirty::default(),
            asked: Vec::new(),
        };
        model.everything();
        model
    }

    /// Has agents of another version than the server's updated.
    pub fn update_agents(&mut self) {
        self.wave = Some(Wave::default());
    }

    /// Takes in an event and decides.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Vec<Action> {
        self.take(event, now);
        self.decide(now)
    }

    /// Takes in what was known before the beginning, without deciding yet.
    pub fn know(&mut self, event: Event, now: Timestamp) {
        self.take(event, now);
    }

    /// A workspace, if it is there.
    pub fn workspace(&self, name: &str) -> Option<&Workspace> {
        self.world.workspaces.get(name)
    }

    /// The uid of a cluster, if it is there.
    pub fn cluster_uid(&self, name: &str) -> Option<String> {
        self.world.clusters.get(name).map(|cluster| cluster.metadata.uid.clone())
    }

    /// Kind, name and uid of every object that is known.
    pub fn known(&self) -> Vec<(Kind, String, String)> {
        fn of<R: Resource>(
            objects: &BTreeMap<String, R>,
        ) -> impl Iterator<Item = (Kind, String, String)> + '_ {
            objects.values().map(|one| (R::KIND, one.meta().name.clone(), one.meta().uid.clone()))
        }
        let world = &self.world;
        of(&world.clusters)
            .chain(of(&world.teams))
            .chain(of(&world.images))
            .chain(of(&world.templates))
            .chain(of(&world.workspaces))
            .chain(self.fleet.known())
            .chain(self.releases.known())
            .collect()
    }

    /// When something is due after `now` though nothing happens: a [`Event::Tick`] is wanted then.
    pub fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let grace = self.began + GRACE;
        let away = self.views.values().flat_map(View::dues);
        let relays = self.relays.values().map(crate::trust::renewal);
        let wave = self.wave.as_ref().and_then(|wave| wave.due(now));
        std::iter::once(grace).chain(away).chain(relays).chain(wave).filter(|at| *at > now).min()
    }

    /// When an [`Event::Gather`] is wanted: what comes often is done at intervals.
    pub fn gather(&self) -> Option<Timestamp> {
        self.fleet.due().into_iter().chain(self.releases.due()).min()
    }

    fn everything(&mut self) {
        self.dirty.intents.extend(self.world.clusters.keys().cloned());
        self.dirty.clusters.extend(self.world.clusters.keys().cloned());
        self.dirty.workspaces.extend(self.world.workspaces.keys().cloned());
        self.dirty.templates = true;
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod update_tests;
