//! What happened, taken into what is known.

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{agent::Report, kinds::bundle::DriftEvent};

use super::{Action, Event, Issuing, Model, Outcome, view::Hello};
use crate::{
    cluster::ClusterAction,
    provider::{ProviderPhase, ProviderState},
};

/// First pause after a provider failed.
const RETRY_MIN: SignedDuration = SignedDuration::from_secs(2);
/// Longest pause between attempts of a provider.
const RETRY_MAX: SignedDuration = SignedDuration::from_secs(120);

/// How long it is believed that an agent cannot be updated.
const REFUSAL: SignedDuration = SignedDuration::from_mins(10);

/// Namespace and name of the workspace that a report is about.
fn of_workspace(report: &Report) -> Option<(&str, &str)> {
    match report {
        Report::Workspace(seen) => Some((&seen.namespace, &seen.name)),
        Report::WorkspaceGone { namespace, name } => Some((namespace, name)),
        _ => None,
    }
}

impl Model {
    pub(super) fn take(&mut self, event: Event, now: Timestamp) {
        match event {
            Event::Stored(raw) => self.stored(&raw, now),
            Event::Gather => {}
            Event::Removed(raw) => self.removed(&raw, now),
            Event::RelayFailed { uid } => {
                let place = self.world.workspaces.values().find(|workspace| workspace.metadata.uid == uid);
                self.dirty.intents.extend(place.map(|workspace| workspace.spec.cluster.clone()));
                self.issuing.insert(uid, Issuing::Failed);
            }
            Event::RelayIssued { uid, material } => {
                self.issuing.remove(&uid);
                self.relays.insert(uid.clone(), material);
                let place = self.world.workspaces.values().find(|workspace| workspace.metadata.uid == uid);
                self.dirty.intents.extend(place.map(|workspace| workspace.spec.cluster.clone()));
            }
            Event::AuthoritiesChanged { bundle_pem } => {
                self.bundle_pem = bundle_pem;
                self.everything();
            }
            Event::Reported { cluster, report } => self.reported(cluster, *report, now),
            Event::Renewed { cluster, agent_version, kubernetes } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    view.hello = Some(Hello { agent_version, kubernetes });
                }
                self.fleet.came_or_went(&cluster, now);
                self.releases.came_or_went(&cluster, now);
                self.dirty.intents.insert(cluster.clone());
                self.dirty.clusters.insert(cluster);
            }
            Event::ReportsEnded { cluster } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    view.hello = None;
                    view.not_taken = None;
                    if view.synced {
                        view.away_since = Some(now);
                    }
                    view.synced = false;
                    view.arriving.clear();
                }
                self.fleet.came_or_went(&cluster, now);
                self.releases.came_or_went(&cluster, now);
                self.all_of(&cluster);
            }
            Event::Numbered { cluster, revision } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    view.desired = revision;
                }
                self.dirty.clusters.insert(cluster);
            }
            Event::Taken { cluster, hash } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    if view.content.as_ref().is_some_and(|content| content.is(&hash)) {
                        let here = self.world.workspaces.values();
                        view.accepted = here
                            .filter(|workspace| workspace.spec.cluster == cluster)
                            .map(|workspace| (workspace.metadata.uid.clone(), workspace.metadata.generation))
                            .collect();
                    }
                    view.acked = hash;
                    view.not_taken = None;
                }
                self.all_of(&cluster);
            }
            Event::NotTaken { cluster, why } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    view.not_taken = Some(why);
                }
                self.dirty.clusters.insert(cluster);
            }
            Event::Provider(state) => {
                let name = state.name.clone();
                if let Some(view) = self.views.get_mut(&name) {
                    if matches!(state.phase, ProviderPhase::Absent | ProviderPhase::Stopped) {
                        view.work.ensured = None;
                    }
                    view.provider = Some(state);
                }
                self.dirty.clusters.insert(name);
            }
            Event::Worked { action, outcome } => self.worked(&action, outcome, now),
            Event::Enrolled { cluster, not_after } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    view.work.enrolled_until = Some(not_after);
                }
                self.dirty.clusters.insert(cluster);
            }
            Event::Told { cluster } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    view.work.told = true;
                }
                self.dirty.clusters.insert(cluster);
            }
            Event::UpdateRefused { cluster, why } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    view.work.update_refused = Some((why, now + REFUSAL));
                }
                self.dirty.clusters.insert(cluster);
            }
            Event::Refused { cluster, impostor } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    let known = view.impostor.replace((impostor.clone(), now));
                    // It tries again and again, and that is no news.
                    if known.is_none_or(|(known, _)| known != impostor) {
                        self.dirty.clusters.insert(cluster);
                    }
                }
            }
            Event::Replaced { cluster } => {
                if let Some(view) = self.views.get_mut(&cluster) {
                    view.impostor = None;
                }
                self.dirty.clusters.insert(cluster);
            }
            Event::Sealed { release, secrets } => {
                let changed = self.releases.sealed(&release, secrets);
                self.dirty.intents.extend(changed);
            }
            Event::Tick => {
                self.issuing.clear();
                self.everything();
            }
        }
    }

    /// Marks a cluster and all workspaces on it.
    fn all_of(&mut self, cluster: &str) {
        self.dirty.clusters.insert(cluster.to_owned());
        let here = self.world.workspaces.values().filter(|workspace| workspace.spec.cluster == cluster);
        self.dirty.workspaces.extend(here.map(|workspace| workspace.metadata.name.clone()));
    }

    fn reported(&mut self, cluster: String, report: Report, now: Timestamp) {
        let Some(view) = self.views.get_mut(&cluster) else { return };
        view.heard = Some(now);
        if let Some((namespace, name)) = of_workspace(&report)
            && !self
                .world
                .workspaces
                .get(name)
                .is_some_and(|one| one.spec.cluster == cluster && one.spec.namespace == namespace)
        {
            view.refuse(&cluster, &format!("workspace {namespace}/{name}"));
            return;
        }
        match report {
            Report::Hello { agent_version, kubernetes_version, hash, incarnation, .. } => {
                view.hello = Some(Hello { agent_version, kubernetes: kubernetes_version });
                if view.synced {
                    // Another stream takes over, of a newer agent maybe: the picture is good until it has told all.
                    view.away_since = Some(now);
                }
                view.synced = false;
                view.arriving.clear();
                view.environments.hello();
                self.releases.hello(&cluster);
                // What it holds it has taken, whoever it was sent by.
                view.acked = if incarnation == self.incarnation { hash } else { String::new() };
                self.fleet.came_or_went(&cluster, now);
                self.releases.came_or_went(&cluster, now);
                self.dirty.intents.insert(cluster.clone());
                self.dirty.clusters.insert(cluster);
            }
            Report::Synced => {
                view.workspaces = Some(std::mem::take(&mut view.arriving));
                view.synced = true;
                view.environments.synced();
                self.releases.synced(&cluster);
                view.away_since = None;
                self.all_of(&cluster);
            }
            Report::Applied { revision, hash, errors, unconfirmed, .. } => {
                let changed = view.applied.errors != errors;
                view.applied = super::view::Applied { revision, hash, errors, unconfirmed };
                self.dirty.clusters.insert(cluster.clone());
                let purging = self
                    .world
                    .workspaces
                    .values()
                    .any(|one| one.spec.cluster == cluster && one.metadata.deletion_timestamp.is_some());
                if changed || purging {
                    self.all_of(&cluster);
                }
            }
            Report::Nodes { nodes } => {
                view.nodes = Some(nodes);
                self.dirty.clusters.insert(cluster);
            }
            Report::Workspace(seen) => {
                let place = (seen.namespace.clone(), seen.name.clone());
                view.gone.remove(&place);
                self.dirty.workspaces.insert(place.1.clone());
                let known =
                    if view.synced { view.workspaces.get_or_insert_default() } else { &mut view.arriving };
                known.insert(place, seen);
            }
            Report::WorkspaceGone { namespace, name } => {
                let place = (namespace, name.clone());
                view.arriving.remove(&place);
                if let Some(known) = &mut view.workspaces {
                    known.remove(&place);
                }
                view.gone.insert(place);
                self.dirty.workspaces.insert(name);
            }
            Report::Drift { object, manager, fields, at, bundle, release } => {
                let charted = self.has_environment(&cluster, &release);
                let Some(view) = self.views.get_mut(&cluster) else { return };
                if !release.is_empty() && !charted && !self.releases.has(&release, "", &cluster) {
                    view.refuse(&cluster, &format!("release {release}"));
                    return;
                }
                if !bundle.is_empty() && !self.fleet.has(&bundle, &cluster) {
                    view.refuse(&cluster, &format!("bundle {bundle}"));
                    return;
                }
                tracing::warn!(cluster, object, manager, ?fields, %at, "somebody changed what Nagaya keeps in a cluster; it was put right");
                let event = DriftEvent { object, manager, fields, at };
                self.releases.drifted(&release, &cluster, event.clone(), now);
                self.fleet.drifted(&bundle, &cluster, event, now);
            }
            Report::Unready { objects } => {
                let (held, others): (Vec<_>, _) =
                    objects.into_iter().partition(|object| self.fleet.has(&object.bundle, &cluster));
                if let Some(other) = others.first() {
                    view.refuse(&cluster, &format!("bundle {}", other.bundle));
                }
                view.unready = held;
                self.dirty.clusters.insert(cluster);
            }
            Report::Facts(facts) => {
                view.facts = facts;
                self.dirty.clusters.insert(cluster);
            }
            Report::Release(seen) => {
                let (name, uid) = (seen.name.clone(), seen.uid.clone());
                if self.releases.has(&name, &uid, &cluster) {
                    if let Some(digest) = self.releases.observed(&cluster, seen) {
                        self.asked.push(Action::SendChart { cluster, digest });
                    }
                } else if !self.environment_told(&cluster, &name, &uid, Some(seen))
                    && let Some(view) = self.views.get_mut(&cluster)
                {
                    view.refuse(&cluster, &format!("release {name}"));
                }
            }
            Report::ReleaseGone { name, uid } => {
                if !self.environment_told(&cluster, &name, &uid, None)
                    && self.releases.has(&name, &uid, &cluster)
                {
                    self.releases.gone(&cluster, &name);
                    // One that is to leave Nagaya waits for this.
                    self.dirty.clusters.insert(cluster);
                }
            }
            Report::Heartbeat => {}
        }
    }

    fn worked(&mut self, action: &ClusterAction, outcome: Outcome, now: Timestamp) {
        let Some(view) = self.views.get_mut(action.cluster()) else { return };
        let work = &mut view.work;
        work.busy = None;
        match outcome {
            Outcome::Done { join_until } => {
                work.failure = None;
                work.failures = 0;
                work.join_until = join_until.or(work.join_until);
                match action {
                    ClusterAction::Ensure { spec, keep_agent, .. } => {
                        work.ensured = Some(spec.clone());
                        work.agent_kept = *keep_agent;
                    }
                    ClusterAction::Stop { cluster } | ClusterAction::Delete { cluster } => {
                        work.ensured = None;
                        let phase = if matches!(action, ClusterAction::Stop { .. }) {
                            ProviderPhase::Stopped
                        } else {
                            ProviderPhase::Absent
                        };
                        // Its provider may tell the same later, or, having forgotten it, nothing.
                        let mut state = view.provider.clone().unwrap_or_else(|| ProviderState {
                            name: cluster.clone(),
                            phase,
                            since: now,
                            message: String::new(),
                            version: String::new(),
                            components: Vec::new(),
                        });
                        state.phase = phase;
                        state.components.clear();
                        view.provider = Some(state);
                    }
                    ClusterAction::Farewell { .. } => work.left = true,
                    ClusterAction::Release { .. } => {}
                }
            }
            Outcome::Failed(why) => {
                let doubled = 2_i32.saturating_pow(work.failures.min(10));
                let pause = RETRY_MIN.checked_mul(doubled).unwrap_or(RETRY_MAX).min(RETRY_MAX);
                work.failures += 1;
                work.failure = Some((why, now + pause));
            }
        }
        self.dirty.clusters.insert(action.cluster().to_owned());
    }
}
