//! What the agent remembers of the cluster while it runs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use nagaya_api::agent::{Purge, UnreadyObject};

use super::act::{ActError, Outcome};
use super::desired::{Desired, Fingerprint};
use super::fields::{Manager, culprit};
use super::key::Key;
use super::observe::{Kind, Seen, Sight, is_older};
use super::plan::{Applied, Live, Record, Why, corrections_after};

/// What an API server's weakness counts at most, in failures: when it is back, work goes on within 4 seconds.
const PASSING: u32 = 3;

/// A correction, told to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Which object.
    pub key: Key,
    /// Who changed it, as far as Kubernetes tells.
    pub manager: String,
    /// Which fields; empty when it was removed.
    pub fields: Vec<String>,
}

/// Records by object, and what was found when one drifted.
#[derive(Debug, Default)]
pub struct Memory {
    /// For [`super::plan::plan`].
    pub records: HashMap<Key, Record>,
    /// For [`super::plan::plan`].
    pub purges: Vec<(Purge, Record)>,
    /// Objects of bundles that are there but not ready.
    unready: BTreeMap<Key, UnreadyObject>,
    /// Whether that changed since it was last taken.
    unready_changed: bool,
    /// The resourceVersion each object had right after we last applied it.
    versions: HashMap<Key, String>,
    /// What we still owned and who else owned what, when an object was seen to have drifted.
    evidence: HashMap<Key, (BTreeSet<String>, Vec<Manager>)>,
    /// Objects not shown yet by a list that is under way.
    unlisted: HashMap<Kind, BTreeSet<Key>>,
    /// Kinds whose first list must be complete before what is recalled is known to be so.
    awaited: BTreeSet<Kind>,
}

impl Memory {
    /// Recalls what this or another agent had applied before this one began. It counts as it stands until a list tells.
    pub fn recall(&mut self, before: impl IntoIterator<Item = (Key, Applied)>) {
        for (key, applied) in before {
            self.records.insert(key, Record { applied: Some(applied), ..Record::default() });
        }
    }

    /// Waits for the first list of each kind of which something is recalled. What is of no kind that is `watched` is
    /// forgotten: nobody would tell whether it is so.
    pub fn await_lists(&mut self, watched: &BTreeSet<Kind>) {
        self.records.retain(|key, _| watched.contains(&Kind::of(key)));
        self.awaited = self.records.keys().map(Kind::of).collect();
    }

    /// Whether a list is awaited.
    pub fn awaits_lists(&self) -> bool {
        !self.awaited.is_empty()
    }

    /// The lists did not come: what was not seen is not believed.
    pub fn doubt(&mut self) {
        for kind in std::mem::take(&mut self.awaited) {
            self.records.retain(|key, record| !kind.is_of(key) || record.live != Live::Unknown);
        }
    }

    /// Takes in what a watch showed. Says whether something may be to do.
    pub fn see(&mut self, seen: Seen) -> bool {
        match seen {
            Seen::Present(sight) => self.present(*sight),
            Seen::Gone { key, version } => self.gone(&key, &version),
            Seen::Begin(kind) => {
                let known = self.records.keys().filter(|key| kind.is_of(key)).cloned().collect();
                self.unlisted.insert(kind, known);
                false
            }
            Seen::Complete(kind) => {
                let missing = self.unlisted.remove(&kind).unwrap_or_default();
                let gone: Vec<bool> = missing.iter().map(|key| self.gone(key, "")).collect();
                self.awaited.remove(&kind) || gone.contains(&true)
            }
        }
    }

    fn present(&mut self, sight: Sight) -> bool {
        for keys in self.unlisted.values_mut() {
            keys.remove(&sight.key);
        }
        if self.versions.get(&sight.key).is_some_and(|applied| is_older(&sight.version, applied)) {
            return false; // from before our last apply: it says nothing about now
        }
        if !self.records.contains_key(&sight.key) {
            return false;
        }
        self.set_unready(&sight.key, sight.unready.clone());
        let record = self.records.entry(sight.key.clone()).or_default();
        record.live = Live::Present(sight.owned);
        match record.applied {
            Some(applied) if applied.owned != sight.owned => {
                self.evidence.insert(sight.key.clone(), sight.evidence());
                true
            }
            _ => {
                self.evidence.remove(&sight.key);
                false
            }
        }
    }

    fn gone(&mut self, key: &Key, version: &str) -> bool {
        if self.versions.get(key).is_some_and(|applied| is_older(version, applied)) {
            return false;
        }
        self.evidence.remove(key);
        self.set_unready(key, None); // it is not there, which is told otherwise
        match self.records.get_mut(key) {
            Some(record) if record.applied.is_some() => {
                record.live = Live::Absent;
                true
            }
            _ => false,
        }
    }

    /// Notes that an apply succeeded. Returns the correction that it was, if it was one.
    pub fn applied(
        &mut self,
        key: &Key,
        why: Why,
        desired: &Desired,
        outcome: Outcome,
        now: Timestamp,
    ) -> Option<Correction> {
        // A list under way may have been taken before this apply: its not showing the object says nothing.
        for keys in self.unlisted.values_mut() {
            keys.remove(key);
        }
        self.set_unready(key, outcome.unready);
        let record = self.records.entry(key.clone()).or_default();
        record.applied = Some(Applied { fingerprint: desired.fingerprint, owned: outcome.owned });
        record.live = Live::Present(outcome.owned);
        (record.failures, record.error) = (0, None);
        self.versions.insert(key.clone(), outcome.version);
        let evidence = self.evidence.remove(key);
        if !matches!(why, Why::Drifted | Why::Removed) {
            return None;
        }
        record.corrections = corrections_after(record, now);
        record.corrected = Some(now);
        let (manager, fields) = match evidence {
            Some((still, managers)) if why == Why::Drifted => {
                let lost: BTreeSet<String> = outcome.fields.difference(&still).cloned().collect();
                (culprit(&managers, &lost), lost.into_iter().collect())
            }
            _ => (String::new(), Vec::new()),
        };
        Some(Correction { key: key.clone(), manager, fields })
    }

    /// Notes that an action on an object failed.
    pub fn failed(&mut self, key: &Key, tried: Fingerprint, error: &ActError, now: Timestamp) {
        let record = self.records.entry(key.clone()).or_default();
        fail(record, tried, error.to_string(), now);
        if error.is_passing() {
            record.failures = record.failures.min(PASSING);
        }
    }

    /// Forgets an object that is no longer held.
    pub fn forget(&mut self, key: &Key) {
        self.records.remove(key);
        self.versions.remove(key);
        self.evidence.remove(key);
        self.set_unready(key, None);
    }

    fn set_unready(&mut self, key: &Key, now: Option<UnreadyObject>) {
        if self.unready.get(key) != now.as_ref() {
            self.unready_changed = true;
            match now {
                Some(now) => drop(self.unready.insert(key.clone(), now)),
                None => drop(self.unready.remove(key)),
            }
        }
    }

    /// Whether [`Memory::take_unready`] would tell something new.
    pub fn unready_changed(&self) -> bool {
        self.unready_changed
    }

    /// All objects of bundles that are not ready, in the order of their keys.
    pub fn take_unready(&mut self) -> Vec<UnreadyObject> {
        self.unready_changed = false;
        self.unready.values().cloned().collect()
    }

    /// Sets the homes to purge, keeping what is remembered of those that are known.
    pub fn set_purges(&mut self, purges: &[Purge]) {
        let mut old = std::mem::take(&mut self.purges);
        self.purges = purges
            .iter()
            .map(|purge| match old.iter().position(|(known, _)| known == purge) {
                Some(at) => old.swap_remove(at),
                None => (purge.clone(), Record::default()),
            })
            .collect();
    }

    /// Notes how a purge went: done, or to be looked at again.
    pub fn purged(&mut self, claim: &Purge, result: Result<(), String>, now: Timestamp) {
        match result {
            Ok(()) => self.purges.retain(|(known, _)| known != claim),
            Err(error) => {
                if let Some((_, record)) = self.purges.iter_mut().find(|(known, _)| known == claim) {
                    fail(record, Fingerprint::default(), error, now);
                }
            }
        }
    }
}

fn fail(record: &mut Record, tried: Fingerprint, error: String, now: Timestamp) {
    record.failures = if record.tried_fingerprint == tried { record.failures.saturating_add(1) } else { 1 };
    record.tried = Some(now);
    record.tried_fingerprint = tried;
    record.error = Some(error);
}

impl Kind {
    /// The kind of an object.
    pub fn of(key: &Key) -> Kind {
        Kind { api_version: key.api_version.clone(), kind: key.kind.clone() }
    }

    fn is_of(&self, key: &Key) -> bool {
        self.api_version == key.api_version && self.kind == key.kind
    }
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
