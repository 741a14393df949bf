//! Which operation is due: a pure function of what is wished, of the records, and of the time.
//!
//! The records are all that is remembered. Who ended in the midst of an operation left one that is under way, and
//! whoever looks next finishes it, or gives it up when something else is wished by now.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::release::secret::label_value;
use crate::release::{Held, History, Stamp, Status};

/// For so long another Helm may be in the midst of something. Its own default is to wait 5 minutes at most.
const FOREIGN: SignedDuration = SignedDuration::from_mins(10);
/// Label of records with the uid of the Release that they are of.
const UID: &str = "nagaya.dev/release";

/// What is to be of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// It is to be there.
    Present(Desired),
    /// It is to go, if it is that of the Release with this uid.
    Absent {
        /// The uid.
        uid: String,
    },
}

/// A release that is to be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desired {
    /// The uid of its Release.
    pub uid: String,
    /// Stands for everything that it is made from.
    pub content: String,
    /// How often a person asked to try again.
    pub attempt: u32,
    /// The chart's name.
    pub chart: String,
    /// Whether a change that fails is taken back.
    pub atomic: bool,
    /// Whether the content is that of an earlier revision, to which it is to go back.
    pub rollback: bool,
}

impl Desired {
    /// What is written on the records made for it.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            uid: label_value(&self.uid),
            content: label_value(&self.content),
            attempt: self.attempt,
            instead_of: None,
        }
    }

    fn made(&self, stamp: &Stamp) -> bool {
        stamp.content == label_value(&self.content) && stamp.attempt == self.attempt
    }

    fn was_replaced_by(&self, stamp: &Stamp) -> bool {
        let instead = stamp.instead_of.as_ref();
        instead.is_some_and(|(content, attempt)| {
            *content == label_value(&self.content) && *attempt == self.attempt
        })
    }
}

/// One thing to do with a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Make it.
    Install {
        /// The revision that it gets.
        revision: u32,
    },
    /// Put another revision in place of what is there.
    Upgrade {
        /// The revision that it gets.
        revision: u32,
    },
    /// Go back.
    Rollback {
        /// The revision that it gets.
        revision: u32,
        /// The revision whose content it gets.
        to: u32,
        /// Whether it is because the newest failed.
        failed: bool,
    },
    /// Finish what somebody began.
    Resume {
        /// The revision that is under way.
        revision: u32,
    },
    /// Call failed what nobody will finish.
    Abandon {
        /// The revision that is under way.
        revision: u32,
        /// Why.
        why: String,
    },
    /// What is deployed is what is wished now, though it was put there in place of something that failed.
    Settle {
        /// The revision that is deployed.
        revision: u32,
    },
    /// Remove everything.
    Uninstall {
        /// The newest revision.
        revision: u32,
        /// Whether it is because the first installation failed: then its record stays, and says so.
        failed: bool,
    },
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Install { revision } => write!(f, "install revision {revision}"),
            Self::Upgrade { revision } => write!(f, "upgrade to revision {revision}"),
            Self::Rollback { to, failed: true, .. } => {
                write!(f, "roll back to revision {to}: the change failed")
            }
            Self::Rollback { to, .. } => write!(f, "roll back to revision {to}"),
            Self::Resume { revision } => write!(f, "go on with revision {revision}, which was interrupted"),
            Self::Abandon { revision, why } => write!(f, "give revision {revision} up: {why}"),
            Self::Settle { revision } => write!(f, "note that revision {revision} is what is wanted"),
            Self::Uninstall { failed: true, .. } => f.write_str("remove what the failed installation left"),
            Self::Uninstall { .. } => f.write_str("uninstall"),
        }
    }
}

/// How a release stands when nothing is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// What is wished is deployed.
    Deployed,
    /// The change failed; what was before is deployed again, if there was something.
    Failed(String),
    /// Somebody else has it.
    Conflict(String),
}

/// What is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing.
    Rest(Standing),
    /// Nothing yet.
    Wait {
        /// Until when.
        until: Timestamp,
        /// For what.
        why: String,
    },
    /// This.
    Do(Operation),
    /// Nothing, for nothing of it is there.
    Gone,
}

/// Decides.
pub fn decide(wish: &Wish, history: &History, now: Timestamp) -> Decision {
    match wish {
        Wish::Present(desired) => present(desired, history, now),
        Wish::Absent { uid } => absent(&label_value(uid), history, now),
    }
}

fn present(desired: &Desired, history: &History, now: Timestamp) -> Decision {
    let Some(newest) = history.newest() else { return Decision::Do(Operation::Install { revision: 1 }) };
    let uid = label_value(&desired.uid);
    if let Some(other) = newest.labels.get(UID).filter(|other| **other != uid) {
        return Decision::Rest(Standing::Conflict(format!(
            "release {} in namespace {} is that of another Release of Nagaya (uid {other}); remove that one, or give \
             this one another releaseName",
            newest.record.name, newest.record.namespace
        )));
    }
    match &newest.stamp {
        Some(stamp) => ours(desired, stamp, newest, history),
        None => foreign(desired, newest, history, now),
    }
}

/// The newest record is of this Release.
fn ours(desired: &Desired, stamp: &Stamp, newest: &Held, history: &History) -> Decision {
    let revision = newest.record.version;
    let (made, replaced) = (desired.made(stamp), desired.was_replaced_by(stamp));
    match newest.status() {
        Status::Uninstalling => {
            Decision::Do(Operation::Uninstall { revision, failed: stamp.instead_of.is_some() })
        }
        status if status.is_under_way() => Decision::Do(match made || replaced {
            true => Operation::Resume { revision },
            false => Operation::Abandon {
                revision,
                why: "it was interrupted, and something else is wanted now".into(),
            },
        }),
        Status::Deployed if replaced => Decision::Rest(Standing::Failed(why(history, stamp))),
        Status::Deployed if stamp.content == label_value(&desired.content) => match &stamp.instead_of {
            Some(_) => Decision::Do(Operation::Settle { revision }),
            None if made && history.deployed_before().next().is_some() => {
                Decision::Do(Operation::Settle { revision })
            }
            None if made => Decision::Rest(Standing::Deployed),
            None => Decision::Do(Operation::Upgrade { revision: revision + 1 }),
        },
        Status::Failed if made || replaced => match &stamp.instead_of {
            Some(_) => Decision::Rest(Standing::Failed(format!(
                "{}; to go back failed too: {}",
                why(history, stamp),
                newest.record.info.description
            ))),
            None if !desired.atomic => {
                Decision::Rest(Standing::Failed(newest.record.info.description.clone()))
            }
            None => Decision::Do(match history.good_before(revision) {
                Some(good) => {
                    Operation::Rollback { revision: revision + 1, to: good.record.version, failed: true }
                }
                None => Operation::Uninstall { revision, failed: true },
            }),
        },
        Status::Uninstalled if made && stamp.instead_of.is_some() => {
            Decision::Rest(Standing::Failed(newest.record.info.description.clone()))
        }
        _ => Decision::Do(next(desired, newest, history)),
    }
}

/// The newest record is another Helm's.
fn foreign(desired: &Desired, newest: &Held, history: &History, now: Timestamp) -> Decision {
    let (record, revision) = (&newest.record, newest.record.version);
    if newest.status().is_under_way() {
        let asked_again = desired.attempt > last_attempt(history);
        return match waits(newest, now) {
            Some(wait) => wait,
            None if asked_again => Decision::Do(Operation::Abandon {
                revision,
                why: "another Helm left it, and a person asked".into(),
            }),
            None => Decision::Rest(Standing::Conflict(format!(
                "another Helm left revision {revision} {}; finish it there, or retry here to take the release over",
                newest.status()
            ))),
        };
    }
    let chart = record.chart.text("name");
    if !desired.chart.is_empty() && chart != desired.chart && newest.status() != Status::Uninstalled {
        return Decision::Rest(Standing::Conflict(format!(
            "release {} in namespace {} is there already, with chart {chart} and not {}; uninstall it, or choose \
             another releaseName",
            record.name, record.namespace, desired.chart
        )));
    }
    Decision::Do(next(desired, newest, history))
}

/// Waits for another Helm that may still be at work.
fn waits(newest: &Held, now: Timestamp) -> Option<Decision> {
    let info = &newest.record.info;
    let since = info.deleted.or(info.last_deployed)?;
    let until = since.checked_add(FOREIGN).ok().filter(|until| *until > now)?;
    let why = format!("another Helm works on revision {} ({})", newest.record.version, info.status);
    Some(Decision::Wait { until, why })
}

fn last_attempt(history: &History) -> u32 {
    history.revisions().iter().filter_map(|held| Some(held.stamp.as_ref()?.attempt)).max().unwrap_or(0)
}

/// The operation that makes what is wished of what is there.
fn next(desired: &Desired, newest: &Held, history: &History) -> Operation {
    let revision = newest.record.version + 1;
    let was_good = |held: &Held| matches!(held.status(), Status::Deployed | Status::Superseded);
    let removed = newest.status() == Status::Uninstalled;
    if removed || !history.revisions().iter().any(was_good) {
        return Operation::Install { revision };
    }
    let content = label_value(&desired.content);
    let same = |held: &&Held| {
        let stamp = held.stamp.as_ref();
        held.status() == Status::Superseded && stamp.is_some_and(|stamp| stamp.content == content)
    };
    let earlier = history.revisions().iter().rev().filter(same).find(|_| desired.rollback);
    match earlier {
        Some(earlier) => Operation::Rollback { revision, to: earlier.record.version, failed: false },
        None => Operation::Upgrade { revision },
    }
}

/// Why the change failed in whose place another revision was put.
fn why(history: &History, stamp: &Stamp) -> String {
    let failed = history.revisions().iter().rev().find(|held| {
        let of = held.stamp.as_ref().map(|stamp| (stamp.content.clone(), stamp.attempt));
        held.status() == Status::Failed && of.is_some() && of == stamp.instead_of
    });
    failed.map_or_else(|| "the change failed".to_owned(), |held| held.record.info.description.clone())
}

fn absent(uid: &str, history: &History, now: Timestamp) -> Decision {
    let label = |held: &Held| held.labels.get(UID).cloned();
    // Another Helm may have put a revision of before there were ours in their place.
    let ours = history.newest().is_some_and(|newest| match label(newest) {
        Some(other) => other == uid,
        None => history.revisions().iter().any(|held| label(held).as_deref() == Some(uid)),
    });
    let Some(newest) = history.newest().filter(|_| ours) else { return Decision::Gone };
    let foreign = newest.stamp.is_none() && newest.status().is_under_way();
    foreign
        .then(|| waits(newest, now))
        .flatten()
        .unwrap_or(Decision::Do(Operation::Uninstall { revision: newest.record.version, failed: false }))
}
