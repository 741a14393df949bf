//! Decisions about what is marked, from all that is known.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use nagaya_api::Kind;
use nagaya_api::agent::{ClusterFacts, NetworkPolicySupport};
use nagaya_api::kinds::{
    cluster::{CONFIRM_PRUNE_ANNOTATION, Removal},
    workspace::WorkspaceState,
};

use super::{Action, Content, Dirty, GRACE, Issuing, Model, environments, view::View};
use crate::{
    fleet::{Sight as BundleSight, VersionAction},
    intent::{World as IntentWorld, namespaces, render},
    release::{Sight as ReleaseSight, Told},
    trust::relay_is_due,
    workspace::{Sight, purge, workspace_status},
};

impl Model {
    pub(super) fn decide(&mut self, now: Timestamp) -> Vec<Action> {
        let mut dirty = std::mem::take(&mut self.dirty);
        let mut actions = std::mem::take(&mut self.asked);
        dirty.intents.extend(self.fleet.select(&self.world.clusters, now));
        if !self.releases.is_empty() {
            let groups = self.fleet.membership();
            dirty.intents.extend(self.releases.select(&self.world.clusters, &groups, now));
        }
        self.roll(&mut dirty, now);
        for cluster in &dirty.intents {
            self.intent(cluster, now, &mut actions);
        }
        // What one bundle has given up another may have now.
        let mut freed = Dirty::default();
        self.roll(&mut freed, now);
        for cluster in &freed.intents {
            self.intent(cluster, now, &mut actions);
        }
        self.workspaces(&dirty, now, &mut actions);
        // Rendering may have found an obstacle, and statuses change counts: clusters come last.
        let marked = std::mem::take(&mut self.dirty);
        let stopped_by = self.stopped_by();
        for cluster in dirty.clusters.union(&marked.clusters) {
            self.cluster(cluster, now, &mut actions);
        }
        self.agents(stopped_by, now, &mut actions);
        if dirty.templates {
            self.templates(&mut actions);
        }
        dirty.clusters.extend(marked.clusters);
        dirty.clusters.extend(self.fleet.take_judging());
        dirty.clusters.extend(self.releases.take_judging());
        dirty.clusters.extend(dirty.intents.into_iter().chain(freed.intents));
        self.tell_of_bundles(dirty.clusters, now, &mut actions);
        self.tell_of_releases(now, &mut actions);
        actions
    }

    /// What a cluster should hold, when its agent is there to take it.
    fn intent(&mut self, cluster: &str, now: Timestamp, actions: &mut Vec<Action>) {
        let Some(wanted) = self.world.clusters.get(cluster) else { return };
        let Some(view) = self.views.get_mut(cluster) else { return };
        let Some(version) = view.version() else { return };
        if wanted.metadata.deletion_timestamp.is_some() {
            // What is to stay there stays as it is; what is to go goes because nothing is wanted any more. That is a
            // person's word on everything, so of an earlier incarnation too.
            if Removal::of(wanted) == Some(Removal::Remove) {
                let nothing = Content::new(Vec::new(), Vec::new(), Vec::new(), true);
                if view.content.as_deref() != Some(&nothing) {
                    let content = Arc::new(nothing);
                    view.content = Some(content.clone());
                    actions.push(Action::Deliver { cluster: cluster.to_owned(), content });
                    self.dirty.clusters.insert(cluster.to_owned());
                }
            }
            return;
        }
        let mut awaited = false;
        for workspace in self.world.workspaces.values() {
            let uid = &workspace.metadata.uid;
            let here = workspace.spec.cluster == cluster
                // A chart's pods have no relay.
                && !self.world.is_charted(workspace)
                && workspace.spec.state != WorkspaceState::Deleted
                && workspace.metadata.deletion_timestamp.is_none();
            let due = || self.relays.get(uid).is_none_or(|relay| relay_is_due(relay, &self.bundle_pem, now));
            if here && !self.issuing.contains_key(uid) && due() {
                self.issuing.insert(uid.clone(), Issuing::Asked);
                actions.push(Action::IssueRelay { workspace: workspace.metadata.name.clone() });
            }
            awaited |= here && self.issuing.get(uid) == Some(&Issuing::Asked);
        }
        if awaited {
            return; // The certificates come at once, and then this is decided again, once for all of them.
        }
        let known = view.content.as_deref();
        let rendered = render(&IntentWorld {
            cluster,
            version,
            teams: &self.world.teams,
            workspaces: &self.world.workspaces,
            templates: &self.world.templates,
            images: &self.world.images,
            relays: &self.relays,
            settings: &self.settings,
            chart_values: &environments::chart_values(&self.world, wanted, &self.fleet.membership()),
            taken: &self.releases.places(cluster),
            previous: known.map_or(&[], |content| &content.objects),
            previous_releases: known.map_or(&[], |content| &content.releases),
        });
        let obstacle = rendered.obstacle().map(ToString::to_string);
        let unrendered: BTreeMap<_, _> = rendered
            .problems
            .iter()
            .map(|problem| (problem.workspace.clone(), problem.to_string()))
            .collect();
        let touched = view.unrendered.keys().chain(unrendered.keys()).cloned();
        self.dirty.workspaces.extend(touched);
        view.unrendered = unrendered;
        if view.obstacle != obstacle {
            view.obstacle = obstacle;
            self.dirty.clusters.insert(cluster.to_owned());
        }
        if view.obstacle.is_some() {
            return;
        }
        let confirm = wanted.metadata.annotations.get(CONFIRM_PRUNE_ANNOTATION) == Some(&self.incarnation);
        let teams = namespaces(cluster, &self.world.teams, &self.world.workspaces);
        let bundles = self.fleet.compose(wanted, &teams, &rendered.objects, now);
        let mut releases = match self.releases.is_empty() {
            true => Vec::new(),
            false => self.releases.compose(wanted, &self.fleet.membership(), now),
        };
        // Those that are no workspaces come first: of two of one name the agent takes the first.
        releases.extend(rendered.releases.into_iter().map(|release| Arc::new(Told(release))));
        let same = view.content.as_ref().is_some_and(|known| {
            known.objects == rendered.objects
                && known.bundles == bundles
                && known.releases == releases
                && known.purge == rendered.purge
                && known.confirm_prune == confirm
        });
        if !same {
            let content = Content::new(rendered.objects, bundles, rendered.purge, confirm);
            let content = Arc::new(content.with_releases(releases));
            view.content = Some(content.clone());
            self.fleet.unblock(cluster, now);
            actions.push(Action::Deliver { cluster: cluster.to_owned(), content });
            self.dirty.clusters.insert(cluster.to_owned());
        }
    }

    /// Lets rollouts go on. Marks clusters that should hold something else.
    fn roll(&mut self, dirty: &mut Dirty, now: Timestamp) {
        let (world, views) = (&self.world, &self.views);
        let teams = |cluster: &str| namespaces(cluster, &world.teams, &world.workspaces);
        let reachable = |cluster: &str| views.get(cluster).is_some_and(|view| view.version().is_some());
        dirty.intents.extend(self.fleet.roll(&world.clusters, teams, reachable, now));
        dirty.intents.extend(self.releases.roll(reachable, now));
    }

    /// Where bundles stand on the clusters that were looked at, and what is to be written of them.
    fn tell_of_bundles(&mut self, clusters: BTreeSet<String>, now: Timestamp, actions: &mut Vec<Action>) {
        for name in clusters {
            let Some(view) = self.views.get(&name) else { continue };
            let connected = view.is_current(now);
            if !connected && now < self.began + GRACE && view.workspaces.is_none() {
                continue; // The server has just begun and the agent is not back yet.
            }
            if let Some(content) = view.content.as_ref().filter(|content| content.is(&view.applied.hash)) {
                self.fleet.applied(&name, &content.bundles);
            }
            let sight = BundleSight {
                connected,
                known: view.workspaces.is_some() || view.work.enrolled_until.is_some(),
                errors: &view.applied.errors,
                unready: &view.unready,
                unenforced: unenforced(&view.facts),
            };
            self.fleet.refresh(&name, &sight, now);
            let settled = view.synced
                && view
                    .content
                    .as_ref()
                    .is_some_and(|content| content.is(&view.acked) && content.is(&view.applied.hash));
            let sight = ReleaseSight { connected, known: sight.known, settled };
            self.releases.refresh(&name, sight, now);
        }
        for action in self.fleet.tidy() {
            actions.push(match action {
                VersionAction::Make(version) => Action::MakeVersion { version },
                VersionAction::Drop { name, uid } => {
                    Action::DropVersion { kind: Kind::BundleVersion, name, uid }
                }
            });
        }
        for (group, uid, status) in self.fleet.say_groups(now) {
            actions.push(Action::SayGroup { group, uid, status: Box::new(status) });
        }
        for (bundle, uid, status) in self.fleet.say_bundles(now) {
            actions.push(Action::SayBundle { bundle, uid, status: Box::new(status) });
        }
    }

    /// What is to be written of releases.
    fn tell_of_releases(&mut self, now: Timestamp, actions: &mut Vec<Action>) {
        for (name, uid) in self.releases.tidy() {
            actions.push(Action::DropVersion { kind: Kind::ReleaseVersion, name, uid });
        }
        for (release, uid, status) in self.releases.say(now) {
            actions.push(Action::SayRelease { release, uid, status: Box::new(status) });
        }
        for (release, uid) in self.releases.finished() {
            actions.push(Action::FinishRelease { release, uid });
        }
    }

    fn workspaces(&mut self, dirty: &Dirty, now: Timestamp, actions: &mut Vec<Action>) {
        let also = std::mem::take(&mut self.dirty.workspaces);
        for name in dirty.workspaces.union(&also) {
            let Some(workspace) = self.world.workspaces.get(name) else { continue };
            let view = self.views.get(&workspace.spec.cluster);
            let place = (workspace.spec.namespace.clone(), name.clone());
            if let Some(purge::PurgeAction::Release { workspace: name }) =
                purge::plan(workspace, home(view, &place))
            {
                actions
                    .push(Action::ReleaseWorkspace { workspace: name, uid: workspace.metadata.uid.clone() });
            }
            let nothing = View::default();
            let view = view.unwrap_or(&nothing);
            let current = view.is_current(now);
            if !current && now < self.began + GRACE && view.workspaces.is_none() {
                continue; // The server has just begun and the agent is not back yet.
            }
            let accepted = view.accepted.get(&workspace.metadata.uid) == Some(&workspace.metadata.generation);
            let sight = Sight {
                observation: view.workspaces.as_ref().and_then(|seen| seen.get(&place)),
                connected: current,
                accepted,
                errors: &view.applied.errors,
                unrendered: view.unrendered.get(name).cloned(),
                charted: self.world.is_charted(workspace),
                release: view.environments.get(&workspace.metadata.uid),
            };
            let status = workspace_status(workspace, &sight, now);
            if status != workspace.status {
                actions.push(Action::SayWorkspace {
                    workspace: name.clone(),
                    uid: workspace.metadata.uid.clone(),
                    turn: status.phase != workspace.status.phase || status.reason != workspace.status.reason,
                    status: Box::new(status.clone()),
                });
                let (cluster, was) = (workspace.spec.cluster.clone(), workspace.status.phase);
                if was != status.phase {
                    self.dirty.clusters.insert(cluster);
                }
                if let Some(workspace) = self.world.workspaces.get_mut(name) {
                    workspace.status = status;
                }
            }
        }
    }

    fn templates(&mut self, actions: &mut Vec<Action>) {
        for (name, template) in &mut self.world.templates {
            let of_it = self.world.workspaces.values().filter(|workspace| {
                workspace.spec.template == *name
                    && workspace.spec.state != WorkspaceState::Deleted
                    && workspace.metadata.deletion_timestamp.is_none()
            });
            let workspaces = u32::try_from(of_it.count()).unwrap_or(u32::MAX);
            if template.status.workspaces != workspaces {
                template.status.workspaces = workspaces;
                actions.push(Action::SayTemplate { template: name.clone(), workspaces });
            }
        }
    }
}

/// The network that does not enforce NetworkPolicies, if that is known.
fn unenforced(facts: &ClusterFacts) -> Option<&str> {
    (facts.network_policy == NetworkPolicySupport::NotEnforced).then_some(facts.network.as_str())
}

/// What is known of the home of a workspace that is being purged.
fn home(view: Option<&View>, place: &super::view::Place) -> purge::HomeSight {
    let Some(view) = view else { return purge::HomeSight::NoCluster };
    if view.gone.contains(place) {
        return purge::HomeSight::Gone;
    }
    let carried_out = view
        .content
        .as_ref()
        .is_some_and(|content| content.is(&view.applied.hash) && content.is(&view.acked))
        && view.applied.errors.is_empty();
    let asked = view.content.as_ref().is_some_and(|content| {
        content
            .purge
            .iter()
            .any(|home| home.namespace == place.0 && home.claim == crate::intent::claim_name(&place.1))
    });
    let seen = view.workspaces.as_ref().is_some_and(|seen| seen.contains_key(place));
    if view.synced && carried_out && asked && !seen {
        purge::HomeSight::NeverThere
    } else {
        purge::HomeSight::Unknown
    }
}
