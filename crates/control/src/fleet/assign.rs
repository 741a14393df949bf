//! Which version of a bundle each cluster should have: a pure function of what each has now.
//!
//! - A cluster that has none gets the newest at once.
//! - The others move wave by wave. While as many clusters as the limit allows have the newest version and are not ready,
//!   no other moves.
//! - A wave is over when each of its clusters that can be reached has the newest version, and each is ready, or has not
//!   been for [`SETTLING`]. It goes on counting against the limit then, but does not hold up the next wave.
//! - A cluster that is away, or for which the version cannot be made, keeps what it has and counts for nothing: it was not
//!   changed. Its turn comes when it can.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

/// How long a cluster that is not ready holds up the next wave.
pub const SETTLING: SignedDuration = SignedDuration::from_secs(60);

/// One cluster that should have the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The wave it is in, from 0.
    pub wave: usize,
    /// The version it was given, if any.
    pub has: Option<u64>,
    /// Whether it is ready with what it has.
    pub ready: bool,
    /// Since when it is or is not.
    pub since: Timestamp,
    /// Whether its agent is there.
    pub reachable: bool,
    /// Whether the newest version was tried there and could not be made.
    pub blocked: bool,
    /// Whether what it has was made for it before what its groups say changed: it is to be made anew.
    pub outdated: bool,
}

/// What is wanted of the rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The newest version.
    pub newest: u64,
    /// How many clusters may have it and be not ready.
    pub max_unready: usize,
    /// Whether clusters keep what they have.
    pub paused: bool,
}

/// Who should have which version; who is not named keeps what it has. And when to look again though nothing changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// Version by cluster.
    pub versions: BTreeMap<String, u64>,
    /// Whose turn it is: those that get the newest version now, or get it made anew.
    pub turns: BTreeSet<String>,
    /// Whether a cluster still waits for its turn.
    pub rolling: bool,
    /// When a cluster no longer holds up the next wave.
    pub again: Option<Timestamp>,
}

/// Assigns. `can` tells whether the newest version can be made for a cluster.
pub fn assign(
    targets: &BTreeMap<String, Target>,
    terms: Terms,
    now: Timestamp,
    mut can: impl FnMut(&str) -> bool,
) -> Assignment {
    let Terms { newest, max_unready, paused } = terms;
    let mut done = Assignment::default();
    let older = targets.values().filter_map(|target| target.has).filter(|has| *has != newest).max();
    for (name, target) in targets {
        let version = match target.has {
            Some(has) => has,
            // While it is paused, newcomers get what those have that wait; nobody is the first to get anything.
            None if paused => match older.or(targets.values().find_map(|target| target.has)) {
                Some(version) => version,
                None => continue,
            },
            None => newest,
        };
        // Who has none is given it as soon as it can be reached.
        if target.reachable || target.has.is_none() {
            done.versions.insert(name.clone(), version);
        }
    }
    let moved = |target: &Target| target.has == Some(newest) && !target.blocked && !target.outdated;
    let waits = |target: &Target| target.has.is_some_and(|has| has != newest || target.outdated);
    done.rolling = targets.values().any(waits);
    if paused {
        return done;
    }
    let mut unready = targets.values().filter(|target| moved(target) && !target.ready).count();
    let last = targets.values().map(|target| target.wave).max().unwrap_or(0);
    for wave in 0..=last {
        let mut open = false;
        for (name, target) in targets.iter().filter(|(_, target)| target.wave == wave) {
            if moved(target) && !target.ready {
                let until = target.since.checked_add(SETTLING).unwrap_or(Timestamp::MAX);
                if now < until {
                    open = true;
                    done.again = Some(done.again.map_or(until, |again| again.min(until)));
                }
            }
            if !waits(target) || !target.reachable {
                continue;
            }
            if unready >= max_unready {
                open = true;
            } else if can(name) {
                done.versions.insert(name.clone(), newest);
                done.turns.insert(name.clone());
                unready += 1;
                open = true;
            }
        }
        if open {
            break;
        }
    }
    done
}

#[cfg(test)]
#[path = "assign_tests.rs"]
mod tests;
