//! What is said of releases.

use jiff::Timestamp;
use nagaya_api::{
    condition::{self, Condition},
    kinds::release::{ReleaseCluster, ReleaseState, ReleaseStatus, ReleaseSummary},
};

use super::{LOOK, Releases, SAY, entry::Site};
use crate::fleet::gathered::{self, interval, many, worst};

/// Objects of a release that are listed.
const OBJECTS: usize = 100;
/// Revisions that are listed.
const REVISIONS: usize = 10;
/// Longest notes that are kept.
const NOTES: usize = 16 << 10;
/// From so many clusters on less is said of each.
const MANY: usize = 20;

/// What is known of a cluster, as far as its releases go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    /// Whether its agent is there, or was until a moment ago.
    pub(crate) connected: bool,
    /// Whether an agent of it was ever there.
    pub(crate) known: bool,
    /// Whether its agent has told all that is, and carries out what the cluster should hold now.
    pub(crate) settled: bool,
}

fn is_under_way(state: ReleaseState) -> bool {
    matches!(
        state,
        ReleaseState::Installing
            | ReleaseState::Upgrading
            | ReleaseState::RollingBack
            | ReleaseState::Uninstalling
    )
}

/// Where a release stands on a cluster, and why.
fn judge(site: &Site, sight: Sight, newest: u64, paused: bool) -> (ReleaseState, String) {
    let seen = site.seen.as_ref();
    if !sight.connected {
        let message = if sight.known { "its agent is away" } else { "its agent has not connected yet" };
        return (ReleaseState::Unreachable, message.into());
    }
    if site.leaving {
        let failed = seen.filter(|seen| seen.state == ReleaseState::Failed);
        return match failed {
            Some(seen) => (ReleaseState::Failed, seen.message.clone()),
            None => (ReleaseState::Uninstalling, seen.map(|seen| seen.message.clone()).unwrap_or_default()),
        };
    }
    if let Some(blocked) = &site.blocked {
        return (blocked.state, blocked.message.clone());
    }
    if newest == 0 {
        return (ReleaseState::Waiting, "its chart is being looked for".into());
    }
    if site.line.version != newest {
        let why = if paused { "it is suspended" } else { "its turn has not come" };
        return (ReleaseState::Waiting, format!("{why}: version {newest} is to come"));
    }
    if site.outdated {
        let why = if paused { "it is suspended" } else { "its turn has not come" };
        return (ReleaseState::Waiting, format!("{why}: other values of its group or cluster are to come"));
    }
    let Some(told) = &site.told else {
        return (ReleaseState::Waiting, "its cluster is to be told".into());
    };
    match seen {
        None => (ReleaseState::Waiting, "its cluster is being told".into()),
        Some(seen) if told.0.hold || is_under_way(seen.state) => (seen.state, seen.message.clone()),
        Some(seen) if seen.content != told.0.content || seen.attempt < told.0.attempt => {
            let state = if seen.state == ReleaseState::Conflict { seen.state } else { ReleaseState::Waiting };
            (state, seen.message.clone())
        }
        Some(seen) => (seen.state, seen.message.clone()),
    }
}

/// What is said of a release on a cluster.
fn line(site: &Site, state: ReleaseState, message: String, crowded: bool) -> ReleaseCluster {
    let mut line = ReleaseCluster { state, message, ..site.line.clone() };
    let Some(seen) = &site.seen else {
        line.step.clear();
        return line;
    };
    line.revision = seen.revision;
    line.helm_status.clone_from(&seen.helm_status);
    line.chart_version.clone_from(&seen.chart_version);
    line.app_version.clone_from(&seen.app_version);
    line.step.clone_from(&seen.step);
    line.total = many(seen.objects.len());
    line.ready = many(seen.objects.iter().filter(|one| one.ready).count());
    let mut objects = seen.objects.clone();
    objects.sort_by_key(|one| one.ready);
    if crowded {
        objects.retain(|one| !one.ready);
    }
    objects.truncate(if crowded { 5 } else { OBJECTS });
    line.objects = objects;
    line.history = seen.history.iter().take(if crowded { 1 } else { REVISIONS }).cloned().collect();
    let longest = if crowded { 0 } else { NOTES };
    let end = seen.notes.floor_char_boundary(longest.min(seen.notes.len()));
    line.notes = seen.notes[..end].to_owned();
    line.tested = seen.tested;
    line.tests.clone_from(&seen.tests);
    line
}

impl Releases {
    /// Finds anew where the releases of a cluster stand.
    pub(crate) fn refresh(&mut self, cluster: &str, sight: Sight, now: Timestamp) {
        for entry in self.entries.values_mut() {
            let clusters = entry.sites.len();
            let Some(site) = entry.sites.get_mut(cluster) else { continue };
            if site.leaving && site.seen.is_none() && (sight.settled || site.line.version == 0) {
                entry.sites.remove(cluster);
                entry.looking.at(now);
                entry.saying.ask(now, SAY);
                continue;
            }
            let spec = &entry.release.spec;
            let (state, message) = judge(site, sight, entry.newest, spec.rollout.paused || spec.suspended);
            let mut line = line(site, state, message, clusters > MANY);
            if site.line.state != state || site.line.since.is_none() {
                line.since = Some(now);
            }
            if site.line == line {
                continue;
            }
            if site.line.state != state && entry.rolling {
                entry.looking.ask(now, LOOK);
            }
            site.line = line;
            entry.saying.ask(now, interval(clusters));
        }
    }

    /// The statuses of releases that are to be written: name, uid, status.
    pub(crate) fn say(&mut self, now: Timestamp) -> Vec<(String, String, ReleaseStatus)> {
        let mut said = Vec::new();
        let due =
            self.entries.iter_mut().filter_map(|(name, one)| one.saying.take(now).then(|| name.clone()));
        for name in due.collect::<Vec<_>>() {
            let Some(entry) = self.entries.get(&name) else { continue };
            let versions: Vec<_> =
                self.versions_of(&entry.release).into_iter().map(|one| one.line.clone()).collect();
            let old = &entry.release.status;
            let spec = &entry.release.spec;
            let mut status = ReleaseStatus {
                observed_generation: versions
                    .first()
                    .map_or(0, |newest| newest.generation)
                    .max(old.observed_generation),
                latest: versions.first().map_or(0, |newest| newest.version),
                versions,
                clusters: entry.sites.values().map(|site| site.line.clone()).collect(),
                summary: ReleaseSummary::default(),
                ..old.clone()
            };
            status.summary = summary(&status);
            let ready = ready(&status, spec.rollout.paused || spec.suspended, now);
            condition::set(&mut status.conditions, ready);
            let Some(entry) = self.entries.get_mut(&name) else { continue };
            if status != entry.release.status {
                entry.release.status = status.clone();
                said.push((name, entry.release.metadata.uid.clone(), status));
            }
        }
        said
    }

    /// Releases that are to go and of which nothing is left anywhere: name and uid. Each is named once.
    pub(crate) fn finished(&mut self) -> Vec<(String, String)> {
        let done = self
            .entries
            .iter_mut()
            .filter(|(_, entry)| entry.is_going() && entry.sites.is_empty() && !entry.finished);
        done.map(|(name, entry)| {
            entry.finished = true;
            (name.clone(), entry.release.metadata.uid.clone())
        })
        .collect()
    }
}

fn summary(status: &ReleaseStatus) -> ReleaseSummary {
    let count = |wanted: &dyn Fn(&ReleaseCluster) -> bool| {
        many(status.clusters.iter().filter(|line| wanted(line)).count())
    };
    ReleaseSummary {
        targets: count(&|_| true),
        ready: count(&|line| line.state == ReleaseState::Ready && line.version == status.latest),
        updated: count(&|line| line.version == status.latest),
        failed: count(&|line| matches!(line.state, ReleaseState::Failed | ReleaseState::Conflict)),
    }
}

/// The condition `Ready`, with the worst of all clusters as its reason.
fn ready(status: &ReleaseStatus, paused: bool, now: Timestamp) -> Condition {
    const WORST_FIRST: [ReleaseState; 9] = [
        ReleaseState::Conflict,
        ReleaseState::Failed,
        ReleaseState::NotReady,
        ReleaseState::Unreachable,
        ReleaseState::Uninstalling,
        ReleaseState::RollingBack,
        ReleaseState::Upgrading,
        ReleaseState::Installing,
        ReleaseState::Waiting,
    ];
    let lines = status.clusters.iter().map(|one| (one.cluster.as_str(), one.state, one.message.as_str()));
    let said = match worst(lines, &WORST_FIRST) {
        None if status.latest == 0 => ("Waiting".to_owned(), "its chart is being looked for".to_owned()),
        None => (String::new(), String::new()),
        Some((ReleaseState::Waiting, _)) if paused => {
            ("Paused".to_owned(), "some clusters keep an older version: resume it".to_owned())
        }
        Some((state, message)) => (format!("{state:?}"), message),
    };
    gathered::ready(said, now)
}
