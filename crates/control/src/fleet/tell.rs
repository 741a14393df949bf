//! What is said of groups and bundles.

use jiff::Timestamp;
use nagaya_api::{
    agent::UnreadyObject,
    condition::{self, Condition},
    kinds::{
        bundle::{BundleCluster, BundleState, BundleStatus, BundleSummary, DriftEvent},
        cluster::ObjectError,
        group::GroupStatus,
    },
};

use super::{
    Fleet, LOOK,
    entry::Site,
    gathered::{self, interval, many, worst},
    key::Key,
};

/// What is known of a cluster, as far as its bundles go.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// Whether its agent is there, or was until a moment ago.
    pub connected: bool,
    /// Whether an agent of it was ever there.
    pub known: bool,
    /// What could not be applied or pruned.
    pub errors: &'a [ObjectError],
    /// What of bundles is there but not ready.
    pub unready: &'a [UnreadyObject],
    /// The network that carries packets but enforces no NetworkPolicy, if the cluster has such a one; empty when it has
    /// no name that is known.
    pub unenforced: Option<&'a str>,
}

/// Where a bundle stands on a cluster, and why; and how many of its objects are ready.
fn judge(
    site: &Site,
    bundle: &str,
    sight: &Sight<'_>,
    newest: u64,
    paused: bool,
) -> (BundleState, String, u32) {
    let objects = site.held.as_ref().map_or(0, |held| held.keys.len());
    if !sight.connected {
        let message = if sight.known { "its agent is away" } else { "its agent has not connected yet" };
        return (BundleState::Unreachable, message.into(), site.line.ready.min(many(objects)));
    }
    let names = |object: &str| {
        site.held.as_ref().is_some_and(|held| held.keys.iter().any(|key| key.to_string() == object))
    };
    let failed: Vec<_> = sight.errors.iter().filter(|error| names(&error.object)).collect();
    let unready: Vec<_> = sight.unready.iter().filter(|object| object.bundle == bundle).collect();
    let in_place = site.held.as_ref().is_some_and(|held| site.in_place == Some(held.print));
    let ready = if in_place { objects.saturating_sub(failed.len() + unready.len()) } else { 0 };
    let more = |number: usize| if number > 1 { format!("; and {} more", number - 1) } else { String::new() };
    let (state, message) = if let Some(blocked) = &site.blocked {
        let state = if blocked.conflict { BundleState::Conflict } else { BundleState::Failed };
        let keeps = match site.line.version {
            0 => String::new(),
            version => format!("; the cluster keeps version {version}"),
        };
        (state, format!("{}{keeps}", blocked.message))
    } else if site.line.version != newest || newest == 0 {
        let why = if paused { "the rollout is paused" } else { "its turn has not come" };
        (BundleState::Waiting, format!("{why}: version {newest} is to come"))
    } else if !in_place {
        (BundleState::Applying, String::new())
    } else if let Some(first) = failed.first() {
        (BundleState::Failed, format!("{}: {}{}", first.object, first.message, more(failed.len())))
    } else if let Some(first) = unready.first() {
        (BundleState::NotReady, format!("{}: {}{}", first.object, first.message, more(unready.len())))
    } else {
        (
            BundleState::Ready,
            sight.unenforced.and_then(|network| unenforced(site, network)).unwrap_or_default(),
        )
    };
    (state, message, many(ready))
}

/// Says that policies of a bundle are there and have no effect, when it has some.
fn unenforced(site: &Site, network: &str) -> Option<String> {
    let is_policy = |key: &Key| key.kind == "NetworkPolicy" && key.group == "networking.k8s.io";
    let mut policies = site.held.as_ref()?.keys.iter().filter(|key| is_policy(key));
    let first = policies.next()?;
    let more = match policies.count() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    let named = if network.is_empty() { String::new() } else { format!(" ({network})") };
    Some(format!(
        "applied, not enforced: {first}{more}: the cluster's network{named} enforces no NetworkPolicy"
    ))
}

impl Fleet {
    /// Finds anew where the bundles of a cluster stand.
    pub(crate) fn refresh(&mut self, cluster: &str, sight: &Sight<'_>, now: Timestamp) {
        for (name, entry) in &mut self.bundles {
            let Some(site) = entry.sites.get_mut(cluster) else { continue };
            let newest = entry.newest;
            let paused = entry.bundle.spec.rollout.paused;
            let (state, message, ready) = judge(site, name, sight, newest, paused);
            let was = &site.line;
            let mut line = BundleCluster { state, message, ready, ..was.clone() };
            if let Some(held) = &site.held {
                line.objects = u32::try_from(held.keys.len()).unwrap_or(u32::MAX);
                line.variables.clone_from(&held.loose);
            }
            if was.state != state || was.since.is_none() {
                line.since = Some(now);
            }
            if *was == line {
                continue;
            }
            if was.state != state && entry.rolling {
                entry.looking.ask(now, LOOK);
            }
            site.line = line;
            entry.saying.ask(now, interval(entry.sites.len()));
        }
    }

    /// Whether a cluster is among those that have, or are to have, a bundle.
    pub(crate) fn has(&self, bundle: &str, cluster: &str) -> bool {
        self.bundles.get(bundle).is_some_and(|entry| entry.sites.contains_key(cluster))
    }

    /// Somebody changed an object of a bundle, and it was put right.
    pub(crate) fn drifted(&mut self, bundle: &str, cluster: &str, event: DriftEvent, now: Timestamp) {
        let Some(entry) = self.bundles.get_mut(bundle) else { return };
        let Some(site) = entry.sites.get_mut(cluster) else { return };
        if site.line.drift.last.as_ref() == Some(&event) {
            return; // An agent tells again what it does not know to be heard.
        }
        site.line.drift.count += 1;
        site.line.drift.last = Some(event);
        entry.saying.ask(now, interval(entry.sites.len()));
    }

    /// A cluster's agent came or went: whether it is its turn is looked at anew.
    pub(crate) fn came_or_went(&mut self, cluster: &str, now: Timestamp) {
        for entry in self.bundles.values_mut().filter(|entry| entry.rolling) {
            if entry.sites.contains_key(cluster) {
                entry.looking.ask(now, LOOK);
            }
        }
    }

    /// The statuses of groups that are to be written: name, uid, status.
    pub(crate) fn say_groups(&mut self, now: Timestamp) -> Vec<(String, String, GroupStatus)> {
        let mut said = Vec::new();
        for (name, entry) in &mut self.groups {
            if !entry.saying.take(now) {
                continue;
            }
            let status = GroupStatus {
                observed_generation: entry.group.metadata.generation,
                clusters: entry.members.iter().cloned().collect(),
            };
            if status != entry.group.status {
                entry.group.status = status.clone();
                said.push((name.clone(), entry.group.metadata.uid.clone(), status));
            }
        }
        said
    }

    /// The statuses of bundles that are to be written: name, uid, status.
    pub(crate) fn say_bundles(&mut self, now: Timestamp) -> Vec<(String, String, BundleStatus)> {
        let mut said = Vec::new();
        let due =
            self.bundles.iter_mut().filter_map(|(name, one)| one.saying.take(now).then(|| name.clone()));
        for name in due.collect::<Vec<_>>() {
            let Some(entry) = self.bundles.get(&name) else { continue };
            let versions: Vec<_> =
                self.versions_of(&entry.bundle).into_iter().map(|one| one.line.clone()).collect();
            let old = &entry.bundle.status;
            let mut status = BundleStatus {
                observed_generation: if entry.current {
                    entry.bundle.metadata.generation
                } else {
                    old.observed_generation
                },
                version: versions.first().map_or(0, |newest| newest.version),
                versions,
                clusters: entry.sites.values().map(|site| site.line.clone()).collect(),
                summary: BundleSummary::default(),
                conditions: old.conditions.clone(),
            };
            status.summary = summary(&status);
            let ready = ready(&status, entry.current, entry.bundle.spec.rollout.paused, now);
            condition::set(&mut status.conditions, ready);
            let Some(entry) = self.bundles.get_mut(&name) else { continue };
            if status != entry.bundle.status {
                entry.bundle.status = status.clone();
                said.push((name, entry.bundle.metadata.uid.clone(), status));
            }
        }
        said
    }
}

fn summary(status: &BundleStatus) -> BundleSummary {
    let count = |wanted: &dyn Fn(&BundleCluster) -> bool| {
        many(status.clusters.iter().filter(|line| wanted(line)).count())
    };
    BundleSummary {
        targets: count(&|_| true),
        ready: count(&|line| line.state == BundleState::Ready && line.version == status.version),
        updated: count(&|line| line.version == status.version),
        unready: count(&|line| !matches!(line.state, BundleState::Ready | BundleState::Waiting)),
    }
}

/// The condition `Ready`, with the worst of all clusters as its reason.
fn ready(status: &BundleStatus, current: bool, paused: bool, now: Timestamp) -> Condition {
    const WORST_FIRST: [BundleState; 6] = [
        BundleState::Conflict,
        BundleState::Failed,
        BundleState::NotReady,
        BundleState::Unreachable,
        BundleState::Applying,
        BundleState::Waiting,
    ];
    let lines = status.clusters.iter().map(|one| (one.cluster.as_str(), one.state, one.message.as_str()));
    let said = match worst(lines, &WORST_FIRST) {
        _ if !current => ("Applying".to_owned(), "a new version is being made".to_owned()),
        None => (String::new(), String::new()),
        Some((BundleState::Waiting, _)) if paused => {
            ("Paused".to_owned(), "some clusters keep an older version: resume the rollout".to_owned())
        }
        Some((state, message)) => (format!("{state:?}"), message),
    };
    gathered::ready(said, now)
}
