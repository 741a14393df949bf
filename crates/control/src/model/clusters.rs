//! What is decided of clusters and their agents.

use jiff::Timestamp;
use nagaya_api::kinds::{
    cluster::{AgentUpdating, Provider, WorkspaceCount},
    workspace::{WorkspacePhase, WorkspaceState},
};

use super::{Action, GRACE, Model};
use crate::{
    cluster::{
        AgentSight, ClusterAction, ClusterSight, Leaving, Place, Standing, Wave, cluster_status, place, plan,
        words,
    },
    provider::ProviderPhase,
};

/// The server's version: what agents are to be of.
const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Model {
    pub(super) fn cluster(&mut self, name: &str, now: Timestamp, actions: &mut Vec<Action>) {
        let Some(cluster) = self.world.clusters.get(name) else {
            if let Some(wave) = &mut self.wave {
                wave.see(name, None);
            }
            actions.push(Action::Admit { cluster: name.to_owned(), admitted: false });
            return;
        };
        let Some(view) = self.views.get_mut(name) else { return };
        let placed: Vec<_> =
            self.world.workspaces.values().filter(|workspace| workspace.spec.cluster == name).collect();
        let placed_count = u32::try_from(placed.len()).unwrap_or(u32::MAX);
        let count = |wanted: &dyn Fn(WorkspaceState, WorkspacePhase) -> bool| {
            let some = placed.iter().filter(|one| {
                one.metadata.deletion_timestamp.is_none() && wanted(one.spec.state, one.status.phase)
            });
            u32::try_from(some.count()).unwrap_or(u32::MAX)
        };
        let workspaces = WorkspaceCount {
            total: count(&|state, _| state != WorkspaceState::Deleted),
            running: count(&|_, phase| phase == WorkspacePhase::Running),
        };
        actions.push(Action::Admit { cluster: name.to_owned(), admitted: true });

        let leaving = Leaving {
            connected: view.hello.is_some() && view.synced,
            away: view.hello.is_none() && !view.is_current(now) && now >= self.began + GRACE,
            // Uninstalling takes its time after the intent is carried out: hooks, and objects that go slowly.
            emptied: view.is_emptied() && !self.releases.remain_on(name),
            told: view.work.told,
            left: view.work.left,
        };
        let up_to_date = view.content.as_ref().is_some_and(|content| content.is(&view.applied.hash));
        let begun = view.work.update.take().or_else(|| cluster.status.agent.update.clone());
        let agent = AgentSight {
            cluster,
            ours: VERSION,
            version: view
                .hello
                .as_ref()
                .map_or(cluster.status.agent.version.as_str(), |hello| hello.agent_version.as_str()),
            connected: view.hello.is_some(),
            healthy: view.synced && (view.content.is_none() || up_to_date),
            running: !matches!(
                view.provider.as_ref().map(|state| state.phase),
                Some(ProviderPhase::Absent | ProviderPhase::Stopped)
            ),
            update: begun.as_ref(),
            refused: view.work.update_refused.as_ref().map(|(why, until)| (why.as_str(), *until)),
        };
        let place = if self.wave.is_some() { place(&agent, now) } else { Place::Settled };
        if let Some(wave) = &mut self.wave {
            wave.see(name, Some(&place));
        }
        let stopped_by = self.wave.as_ref().and_then(Wave::stopped_by);
        let other_version = (agent.version != VERSION).then(|| words(&agent, &place, stopped_by));
        let update = begun.filter(|_| matches!(place, Place::UnderWay { .. } | Place::Failed { .. }));
        view.work.update.clone_from(&update);

        let work = &mut view.work;
        let waits = work.failure.as_ref().is_some_and(|(_, at)| now < *at);
        // What is being brought up is not waited for by who wants it down.
        let overtakes = |action: &ClusterAction| match work.busy {
            None => !waits,
            Some(ClusterAction::Ensure { .. }) => !matches!(action, ClusterAction::Ensure { .. }),
            Some(_) => false,
        };
        let standing = Standing {
            cluster,
            provider: view.provider.as_ref(),
            ensured: work.ensured.as_ref(),
            workspaces: placed_count,
            enrolled_until: work.enrolled_until,
            join_pending: work.join_until.is_some_and(|until| now < until),
            leaving,
            keep_agent: matches!(place, Place::Waiting | Place::Paused | Place::Refused { .. }),
            agent_kept: work.agent_kept,
        };
        if let Some(action) = plan(&standing, now).filter(overtakes) {
            work.busy = Some(action.clone());
            actions.push(Action::Cluster(action));
        }

        let current = view.is_current(now);
        let sight = ClusterSight {
            provider: view.provider.as_ref(),
            failure: view.work.failure.as_ref().map(|(why, _)| why.as_str()),
            agent: match (&view.hello, current) {
                (Some(hello), _) => Some(hello.agent_version.as_str()),
                // Away for a moment only.
                (None, true) => Some(cluster.status.agent.version.as_str()),
                (None, false) => None,
            },
            settling: now < self.began + GRACE,
            kubernetes: view.hello.as_ref().map_or("", |hello| hello.kubernetes.as_str()),
            nodes: view.nodes.as_deref(),
            desired: view.desired,
            applied: view.applied.revision,
            up_to_date,
            errors: &view.applied.errors,
            unconfirmed: &view.applied.unconfirmed,
            incarnation: &self.incarnation,
            facts: view.hello.as_ref().map(|_| &view.facts),
            certificate_ends: view.work.enrolled_until,
            obstacle: view.obstacle.clone(),
            not_taken: view.not_taken.as_deref(),
            impostor: view.impostor(now),
            update,
            other_version,
            workspaces,
            placed: placed_count,
        };
        let status = cluster_status(cluster, &sight, now);
        if status != cluster.status {
            actions.push(Action::SayCluster {
                cluster: name.to_owned(),
                uid: cluster.metadata.uid.clone(),
                turn: status.phase != cluster.status.phase || status.reason != cluster.status.reason,
                status: Box::new(status.clone()),
            });
            if let Some(cluster) = self.world.clusters.get_mut(name) {
                cluster.status = status;
            }
        }
    }

    pub(super) fn stopped_by(&self) -> Option<String> {
        self.wave.as_ref().and_then(Wave::stopped_by).map(str::to_owned)
    }

    /// Has the next agents replaced, if it is time for some.
    pub(super) fn agents(&mut self, stopped_by: Option<String>, now: Timestamp, actions: &mut Vec<Action>) {
        let Some(wave) = &mut self.wave else { return };
        for name in wave.next(self.world.clusters.len(), now) {
            let imported =
                self.world.clusters.get(&name).is_some_and(|one| one.spec.provider == Provider::Import);
            if let Some(view) = self.views.get_mut(&name) {
                view.work.update = Some(AgentUpdating { version: VERSION.to_owned(), since: now });
                view.work.update_refused = None;
            }
            if imported {
                actions.push(Action::UpdateAgent { cluster: name.clone() });
            }
            self.cluster(&name, now, actions);
        }
        // Those that wait are told for whom.
        if self.stopped_by() != stopped_by {
            let waiting: Vec<_> = self.wave.iter().flat_map(Wave::waiting).cloned().collect();
            for name in waiting {
                self.cluster(&name, now, actions);
            }
        }
    }
}
