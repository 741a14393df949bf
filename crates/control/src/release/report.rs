//! What agents tell of releases.

use jiff::Timestamp;
use nagaya_api::{
    agent::ReleaseObservation,
    kinds::{bundle::DriftEvent, release::MASK},
};

use super::{Releases, SAY, Secrets};

/// Shorter texts are not masked in what charts tell: everything would be.
const SHORTEST: usize = 4;

/// A text without what is sealed.
fn masked(text: &mut String, secrets: &Secrets) {
    for secret in secrets.0.values().filter(|secret| secret.len() >= SHORTEST) {
        if text.contains(secret.as_str()) {
            *text = text.replace(secret.as_str(), MASK);
        }
    }
}

impl Releases {
    /// Whether a cluster has, or is to have, or had a release.
    pub(crate) fn has(&self, release: &str, uid: &str, cluster: &str) -> bool {
        self.entries.get(release).is_some_and(|entry| {
            (uid.is_empty() || entry.release.metadata.uid == uid) && entry.sites.contains_key(cluster)
        })
    }

    /// An agent begins to tell what is.
    pub(crate) fn hello(&mut self, cluster: &str) {
        for entry in self.entries.values_mut() {
            if let Some(site) = entry.sites.get_mut(cluster) {
                site.fresh = false;
            }
        }
    }

    /// An agent has told all that is: what it did not name is not there.
    pub(crate) fn synced(&mut self, cluster: &str) {
        for entry in self.entries.values_mut() {
            if let Some(site) = entry.sites.get_mut(cluster)
                && !site.fresh
            {
                site.seen = None;
            }
        }
    }

    /// Whether something of a release is left on a cluster, by what its agent told.
    pub(crate) fn remain_on(&self, cluster: &str) -> bool {
        self.entries.values().any(|entry| entry.sites.get(cluster).is_some_and(|site| site.seen.is_some()))
    }

    /// An agent tells of a release. Returns the digest of the chart that it lacks for it, if it asks for one now.
    pub(crate) fn observed(&mut self, cluster: &str, mut seen: ReleaseObservation) -> Option<String> {
        if let Some(secrets) = self.secrets.get(&seen.name) {
            masked(&mut seen.notes, secrets);
            masked(&mut seen.message, secrets);
            masked(&mut seen.step, secrets);
            seen.objects.iter_mut().for_each(|one| masked(&mut one.message, secrets));
            seen.history.iter_mut().for_each(|one| masked(&mut one.description, secrets));
            seen.tests.iter_mut().for_each(|one| masked(&mut one.message, secrets));
        }
        let site = self.entries.get_mut(&seen.name)?.sites.get_mut(cluster)?;
        let before = site.seen.as_ref().filter(|_| site.fresh);
        let asks = !seen.lacks_chart.is_empty()
            && before.is_none_or(|old| (&old.lacks_chart, old.lacked) != (&seen.lacks_chart, seen.lacked));
        let lacks = asks.then(|| seen.lacks_chart.clone());
        (site.seen, site.fresh) = (Some(seen), true);
        self.judging.insert(cluster.to_owned());
        lacks
    }

    /// An agent tells that nothing of a release is there.
    pub(crate) fn gone(&mut self, cluster: &str, release: &str) {
        if let Some(site) = self.entries.get_mut(release).and_then(|entry| entry.sites.get_mut(cluster)) {
            (site.seen, site.fresh) = (None, true);
            self.judging.insert(cluster.to_owned());
        }
    }

    /// Somebody changed an object of a release, and it was put right.
    pub(crate) fn drifted(&mut self, release: &str, cluster: &str, event: DriftEvent, now: Timestamp) {
        let Some(entry) = self.entries.get_mut(release) else { return };
        let Some(site) = entry.sites.get_mut(cluster) else { return };
        if site.line.drift.last.as_ref() == Some(&event) {
            return; // An agent tells again what it does not know to be heard.
        }
        site.line.drift.count += 1;
        site.line.drift.last = Some(event);
        entry.saying.ask(now, SAY);
    }
}
