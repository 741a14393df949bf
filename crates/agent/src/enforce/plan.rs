//! What to do next: a pure function of what is wanted, what is seen and the time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use nagaya_api::agent::Purge;
use serde::{Deserialize, Serialize};

use super::desired::{Desired, Fingerprint};
use super::key::Key;

const RETRY_MIN: SignedDuration = SignedDuration::from_secs(1);
const RETRY_MAX: SignedDuration = SignedDuration::from_secs(60);
/// Corrections within this time of one another are a fight.
const FIGHT_WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// So many corrections are free: people try twice.
const FIGHT_FREE: u32 = 3;
/// What somebody changes by hand is put right within 5 s, however often they do it.
const FIGHT_MAX: SignedDuration = SignedDuration::from_secs(4);

/// What is known of one object in the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Live {
    /// Nothing was seen yet.
    #[default]
    Unknown,
    /// It is not there.
    Absent,
    /// It is there; the number is of the fields we own ([`super::fields::owned`]).
    Present(u64),
}

/// What was last applied to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Of what was applied.
    pub fingerprint: Fingerprint,
    /// The fields we owned right after.
    pub owned: u64,
}

/// What the agent remembers of one object while it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// What was last applied, unless nothing was.
    pub applied: Option<Applied>,
    /// What was last seen.
    pub live: Live,
    /// Attempts that failed since one did not.
    pub failures: u32,
    /// When the last attempt was made.
    pub tried: Option<Timestamp>,
    /// What was to be applied then: another object is tried at once.
    pub tried_fingerprint: Fingerprint,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// Corrections in a row.
    pub corrections: u32,
    /// When it was last corrected.
    pub corrected: Option<Timestamp>,
}

/// An object in the inventory: one that was applied and not pruned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// Which.
    pub key: Key,
    /// The incarnation whose intent held it last.
    pub incarnation: String,
}

/// Why an object is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing is known of it: it was never applied, or it is not known whether it still is as it was.
    Begin,
    /// The intent changed it.
    Changed,
    /// Somebody changed it.
    Drifted,
    /// Somebody removed it.
    Removed,
    /// The last attempt failed.
    Again,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Apply an object of the intent.
    Apply {
        /// Which.
        key: Key,
        /// Why.
        why: Why,
    },
    /// Remove an object that left the intent.
    Prune {
        /// Which.
        key: Key,
    },
    /// Remove a home whose end a person asked for.
    Purge {
        /// Which claim.
        claim: Purge,
    },
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Apply { key, why: Why::Begin | Why::Changed } => write!(f, "apply {key}"),
            Action::Apply { key, why: Why::Drifted } => {
                write!(f, "put {key} right again: somebody changed it")
            }
            Action::Apply { key, why: Why::Removed } => write!(f, "make {key} again: somebody removed it"),
            Action::Apply { key, why: Why::Again } => write!(f, "apply {key} again"),
            Action::Prune { key } => write!(f, "remove {key}: it left the intent"),
            Action::Purge { claim } => write!(f, "remove the home {}/{}", claim.namespace, claim.claim),
        }
    }
}

/// Everything a decision looks at.
#[derive(Debug)]
pub struct World<'a> {
    /// What the intent wants.
    pub wanted: &'a BTreeMap<Key, Desired>,
    /// What is remembered of each object, also of those that left.
    pub records: &'a HashMap<Key, Record>,
    /// What was applied before and is to go when it is no longer wanted.
    pub inventory: &'a [Held],
    /// Homes to remove, and what is remembered of each.
    pub purges: &'a [(Purge, Record)],
    /// The intent's incarnation.
    pub incarnation: &'a str,
    /// Whether a person agreed that what an earlier incarnation held may go.
    pub confirm_prune: bool,
    /// The time.
    pub now: Timestamp,
}

/// What to do, and when to look again.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Steps, one after another; the actions of one step in any order.
    pub steps: Vec<Vec<Action>>,
    /// What would be pruned if a person agreed.
    pub unconfirmed: Vec<Key>,
    /// When something that waits now is due.
    pub wake: Option<Timestamp>,
}

/// Decides. Applies come first, in the order of kinds; then removals, backwards; then homes.
pub fn plan(world: &World<'_>) -> Plan {
    let mut plan = Plan::default();
    let mut applies: BTreeMap<u8, Vec<Action>> = BTreeMap::new();
    let unknown = Record::default();
    for (key, desired) in world.wanted {
        let record = world.records.get(key).unwrap_or(&unknown);
        let Some(why) = reason(desired, record) else { continue };
        match due(record, desired, why).filter(|due| *due > world.now) {
            Some(later) => wake(&mut plan, later),
            None => applies.entry(key.tier()).or_default().push(Action::Apply { key: key.clone(), why }),
        }
    }
    let mut prunes: BTreeMap<u8, Vec<Action>> = BTreeMap::new();
    let wanted_somehow = |key: &Key| world.wanted.keys().any(|other| other.same_object(key));
    for held in world.inventory.iter().filter(|held| !world.wanted.contains_key(&held.key)) {
        if wanted_somehow(&held.key) {
            continue; // the same object in another version of its API
        }
        if held.incarnation != world.incarnation && !world.confirm_prune {
            plan.unconfirmed.push(held.key.clone());
            continue;
        }
        let record = world.records.get(&held.key).unwrap_or(&unknown);
        match retry_at(record).filter(|due| *due > world.now) {
            Some(later) => wake(&mut plan, later),
            None => prunes.entry(held.key.tier()).or_default().push(Action::Prune { key: held.key.clone() }),
        }
    }
    let mut purges = Vec::new();
    let claims: BTreeSet<_> = world
        .wanted
        .keys()
        .filter(|key| key.kind == "PersistentVolumeClaim")
        .map(|k| (&k.namespace, &k.name))
        .collect();
    for (claim, record) in world.purges {
        if claims.contains(&(&claim.namespace, &claim.claim)) {
            continue; // the intent wants it at the same time: what keeps a home wins
        }
        match retry_at(record).filter(|due| *due > world.now) {
            Some(later) => wake(&mut plan, later),
            None => purges.push(Action::Purge { claim: claim.clone() }),
        }
    }
    plan.steps.extend(applies.into_values());
    plan.steps.extend(prunes.into_values().rev());
    plan.steps.extend(Some(purges).filter(|purges| !purges.is_empty()));
    plan
}

fn reason(desired: &Desired, record: &Record) -> Option<Why> {
    let Some(applied) = record.applied else {
        return Some(if record.failures > 0 { Why::Again } else { Why::Begin });
    };
    if applied.fingerprint != desired.fingerprint {
        return Some(Why::Changed);
    }
    match record.live {
        Live::Absent => Some(Why::Removed),
        Live::Present(owned) if owned != applied.owned => Some(Why::Drifted),
        Live::Unknown | Live::Present(_) if record.failures > 0 => Some(Why::Again),
        Live::Unknown | Live::Present(_) => None,
    }
}

/// When the object is due, if it must wait.
fn due(record: &Record, desired: &Desired, why: Why) -> Option<Timestamp> {
    let retry = retry_at(record).filter(|_| record.tried_fingerprint == desired.fingerprint);
    let truce = match why {
        Why::Drifted | Why::Removed => truce_until(record),
        Why::Begin | Why::Changed | Why::Again => None,
    };
    retry.max(truce)
}

/// After failures: exponentially later.
fn retry_at(record: &Record) -> Option<Timestamp> {
    let tried = record.tried.filter(|_| record.failures > 0)?;
    let wait = RETRY_MIN.checked_mul(1 << (record.failures - 1).min(10)).unwrap_or(RETRY_MAX).min(RETRY_MAX);
    tried.checked_add(wait).ok()
}

/// Somebody who keeps changing what we keep correcting must not make both sides burn the API server.
fn truce_until(record: &Record) -> Option<Timestamp> {
    let corrected = record.corrected?;
    let over = record.corrections.checked_sub(FIGHT_FREE)?;
    let wait = RETRY_MIN.checked_mul(2 << over.min(10)).unwrap_or(FIGHT_MAX).min(FIGHT_MAX);
    corrected.checked_add(wait).ok()
}

/// How many corrections in a row there are when one more is made at `now`.
pub fn corrections_after(record: &Record, now: Timestamp) -> u32 {
    let wait = truce_until(record).map_or(SignedDuration::ZERO, |until| {
        record.corrected.map_or(SignedDuration::ZERO, |corrected| until.duration_since(corrected))
    });
    match record.corrected {
        Some(last) if now.duration_since(last) < FIGHT_WINDOW + wait => record.corrections.saturating_add(1),
        _ => 1,
    }
}

fn wake(plan: &mut Plan, at: Timestamp) {
    plan.wake = Some(plan.wake.map_or(at, |earlier| earlier.min(at)));
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
