//! What the server hears of a release while something is done with it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nagaya_api::agent::{HistoryLine, ObjectLine, ReleaseObservation, ReleaseState, ReleaseTestLine};
use nagaya_helm::action::plan::{Action, of_event};
use nagaya_helm::action::{Key, Operation, Readiness, Tell};
use nagaya_helm::release::{Held, History, HookPhase};

use crate::report::Reports;

/// Between two reports of one release: objects change faster than people read.
const PAUSE: Duration = Duration::from_millis(250);

/// Tells of one release.
pub(super) struct Teller {
    reports: Reports,
    state: Mutex<(ReleaseObservation, Option<Instant>)>,
}

impl Teller {
    /// Goes on from what was last told.
    pub(super) fn new(
        reports: Reports,
        name: &str,
        uid: &str,
        release_name: &str,
        namespace: &str,
    ) -> Teller {
        let known = reports.released(uid).unwrap_or_default();
        let observation = ReleaseObservation {
            name: name.to_owned(),
            uid: uid.to_owned(),
            release_name: release_name.to_owned(),
            namespace: namespace.to_owned(),
            ..known
        };
        Teller { reports, state: Mutex::new((observation, None)) }
    }

    /// Changes what is known, and tells it at once.
    pub(super) fn tell(&self, change: impl FnOnce(&mut ReleaseObservation)) {
        let mut state = self.lock();
        change(&mut state.0);
        state.1 = Some(Instant::now());
        self.reports.release(state.0.clone());
    }

    /// Changes what is known, and tells it if nothing was told just now.
    fn note(&self, change: impl FnOnce(&mut ReleaseObservation)) {
        let mut state = self.lock();
        change(&mut state.0);
        if state.1.is_none_or(|told| told.elapsed() >= PAUSE) {
            state.1 = Some(Instant::now());
            self.reports.release(state.0.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, (ReleaseObservation, Option<Instant>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it stands now that nothing is left to do.
    pub(super) fn rests(
        &self,
        state: ReleaseState,
        message: String,
        history: &History,
        objects: Vec<ObjectLine>,
    ) {
        self.tell(|seen| {
            seen.state = state;
            seen.message = message;
            seen.step.clear();
            seen.objects = objects;
            records(seen, history);
        });
    }

    /// What keeps it from going on.
    pub(super) fn stuck(&self, state: ReleaseState, message: String) {
        self.tell(|seen| {
            seen.state = state;
            seen.message = message;
            seen.step.clear();
        });
    }
}

impl Tell for Teller {
    fn operation(&self, operation: &Operation) {
        tracing::info!(release = self.lock().0.name, "{operation}");
        self.tell(|seen| {
            seen.state = match operation {
                Operation::Install { .. } => ReleaseState::Installing,
                Operation::Upgrade { .. } => ReleaseState::Upgrading,
                Operation::Rollback { .. } => ReleaseState::RollingBack,
                Operation::Uninstall { .. } => ReleaseState::Uninstalling,
                Operation::Resume { .. } if seen.state == ReleaseState::Waiting => ReleaseState::Upgrading,
                Operation::Resume { .. } | Operation::Abandon { .. } | Operation::Settle { .. } => seen.state,
            };
            seen.message.clear();
            seen.objects.clear();
            seen.step = operation.to_string();
        });
    }

    fn action(&self, action: &Action) {
        self.note(|seen| seen.step = action.to_string());
    }

    fn object(&self, key: &Key, readiness: &Readiness) {
        self.note(|seen| {
            let line = line(key, readiness);
            match seen.objects.iter_mut().find(|known| known.object == line.object) {
                Some(known) => *known = line,
                None => seen.objects.push(line),
            }
        });
    }
}

/// An object as the server hears of it.
pub(super) fn line(key: &Key, readiness: &Readiness) -> ObjectLine {
    let (ready, message) = match readiness {
        Readiness::Ready => (true, String::new()),
        Readiness::NotYet(why) | Readiness::Never(why) => (false, why.clone()),
    };
    ObjectLine { object: key.to_string(), ready, message }
}

/// What the records say.
fn records(seen: &mut ReleaseObservation, history: &History) {
    seen.history = history.revisions().iter().rev().map(revision).collect();
    let newest = history.newest().map(|held| &held.record);
    seen.revision = newest.map_or(0, |record| record.version);
    seen.helm_status = newest.map(|record| record.info.status.to_string()).unwrap_or_default();
    let deployed = history.deployed().map(|held| &held.record).or(newest);
    let text = |field: &str| deployed.map(|record| record.chart.text(field).to_owned()).unwrap_or_default();
    (seen.chart_version, seen.app_version) = (text("version"), text("appVersion"));
    seen.notes = deployed.map(|record| record.info.notes.clone()).unwrap_or_default();
    seen.tests = history.deployed().map(tests).unwrap_or_default();
}

fn revision(held: &Held) -> HistoryLine {
    let record = &held.record;
    HistoryLine {
        revision: record.version,
        status: record.info.status.to_string(),
        chart: record.chart_line(),
        app_version: record.chart.text("appVersion").to_owned(),
        updated: record.info.last_deployed,
        description: record.info.description.clone(),
    }
}

/// How the tests of a revision ran last; nothing of those that never did.
fn tests(held: &Held) -> Vec<ReleaseTestLine> {
    let hooks = &held.record.hooks;
    let ran = of_event(hooks, "test").into_iter().map(|index| &hooks[index]);
    ran.filter(|hook| !matches!(hook.last_run.phase, HookPhase::None | HookPhase::Unknown))
        .map(|hook| ReleaseTestLine {
            object: format!("{} {}/{}", hook.kind, held.record.namespace, hook.name),
            passed: hook.last_run.phase == HookPhase::Succeeded,
            message: match hook.last_run.phase {
                HookPhase::Running => "it is at work".to_owned(),
                HookPhase::Failed => "it failed".to_owned(),
                _ => String::new(),
            },
        })
        .collect()
}
