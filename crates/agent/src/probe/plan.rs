//! What to do next in a probe: a pure function of how far it is and what is seen.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

/// How long the pod may take to run: its image may have to be pulled.
pub(super) const START: SignedDuration = SignedDuration::from_secs(120);
/// How long it may take from running to being reached, and after a policy came or went until that shows.
pub(super) const SETTLE: SignedDuration = SignedDuration::from_secs(20);
/// Failures in a row that count as out of reach: one may be an accident.
const MISSES: u32 = 3;

/// What a probe found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The network enforces.
    Enforced,
    /// It does not.
    NotEnforced,
    /// It could not be found out, and why.
    Unknown(String),
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Look again in a moment.
    Wait,
    /// Deny all that goes to the pod.
    Deny,
    /// Take that policy away.
    Allow,
    /// It is over.
    Done(Verdict),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait => f.write_str("look again in a moment"),
            Self::Deny => f.write_str("deny all that goes to the probe's pod"),
            Self::Allow => f.write_str("take the probe's policy away"),
            Self::Done(Verdict::Enforced) => f.write_str("the network enforces NetworkPolicies"),
            Self::Done(Verdict::NotEnforced) => f.write_str("the network enforces no NetworkPolicy"),
            Self::Done(Verdict::Unknown(why)) => {
                write!(f, "whether the network enforces NetworkPolicies is not known: {why}")
            }
        }
    }
}

/// What is seen of the pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It does not run yet, and why as far as Kubernetes tells.
    NotRunning(String),
    /// It ended or was removed.
    Gone,
    /// It runs, and was reached or not.
    Running {
        /// Whether it was reached.
        reached: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The pod is awaited.
    Starting,
    /// It runs, and is to be reached before there is a policy.
    Open,
    /// The policy is there.
    Denied { misses: u32 },
    /// The policy is gone again.
    Reopened,
}

/// How far a probe is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    stage: Stage,
    since: Timestamp,
}

impl Progress {
    /// The pod was just asked for.
    pub(super) fn new(now: Timestamp) -> Self {
        Self { stage: Stage::Starting, since: now }
    }

    /// Takes in what is seen and decides.
    pub(super) fn next(&mut self, seen: &Seen, now: Timestamp) -> Step {
        let unknown = |why: String| Step::Done(Verdict::Unknown(why));
        let reached = match seen {
            Seen::Gone => return unknown("the probe's pod ended before the probe did".to_owned()),
            Seen::NotRunning(why) if self.stage == Stage::Starting => {
                return if now < self.since + START {
                    Step::Wait
                } else {
                    let why = if why.is_empty() { "Kubernetes does not say why" } else { why };
                    unknown(format!("the probe's pod did not start within {} s: {why}", START.as_secs()))
                };
            }
            Seen::NotRunning(_) => false,
            Seen::Running { reached } => *reached,
        };
        if self.stage == Stage::Starting {
            *self = Self { stage: Stage::Open, since: now };
        }
        let late = now >= self.since + SETTLE;
        match self.stage {
            Stage::Starting | Stage::Open if reached => self.turn(Stage::Denied { misses: 0 }, now, Step::Deny),
            Stage::Starting | Stage::Open if late => unknown(
                "the probe's pod was not reached even before its policy: another policy or a firewall is in the way"
                    .to_owned(),
            ),
            Stage::Starting | Stage::Open => Step::Wait,
            Stage::Denied { .. } if reached => {
                self.stage = Stage::Denied { misses: 0 };
                if late { Step::Done(Verdict::NotEnforced) } else { Step::Wait }
            }
            Stage::Denied { misses } if misses + 1 < MISSES => {
                self.stage = Stage::Denied { misses: misses + 1 };
                Step::Wait
            }
            Stage::Denied { .. } => self.turn(Stage::Reopened, now, Step::Allow),
            Stage::Reopened if reached => Step::Done(Verdict::Enforced),
            Stage::Reopened if late => unknown(
                "the probe's pod stayed out of reach when its policy was gone: it was not the policy that kept it so"
                    .to_owned(),
            ),
            Stage::Reopened => Step::Wait,
        }
    }

    fn turn(&mut self, stage: Stage, now: Timestamp, step: Step) -> Step {
        *self = Self { stage, since: now };
        step
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    /// Plays a probe, one look a second, against a network: `reach(policy, seconds since it came or went)`.
    fn play(mut reach: impl FnMut(bool, i64) -> Seen) -> (Verdict, i64, Vec<Step>) {
        let mut progress = Progress::new(at(0));
        let (mut policy, mut turned, mut steps) = (false, 0, Vec::new());
        for second in 0..1000 {
            let step = progress.next(&reach(policy, second - turned), at(second));
            match &step {
                Step::Wait => continue,
                Step::Deny => (policy, turned) = (true, second),
                Step::Allow => (policy, turned) = (false, second),
                Step::Done(verdict) => return (verdict.clone(), second, steps),
            }
            steps.push(step);
        }
        panic!("it never ends");
    }

    fn running(reached: bool) -> Seen {
        Seen::Running { reached }
    }

    #[test]
    fn a_network_that_closes_and_opens_with_the_policy_enforces() {
        let (verdict, took, steps) =
            play(|policy, since| running(if policy { since < 4 } else { since > 2 }));
        assert_eq!((verdict, steps), (Verdict::Enforced, vec![Step::Deny, Step::Allow]));
        assert!(took < 20, "{took}");
    }

    #[test]
    fn a_network_that_does_not_care_is_known_after_20_seconds() {
        let (verdict, took, steps) = play(|_, _| running(true));
        assert_eq!((verdict, steps), (Verdict::NotEnforced, vec![Step::Deny]));
        assert_eq!(took, SETTLE.as_secs());
    }

    #[test]
    fn a_packet_lost_is_no_policy_enforced() {
        let mut tries = 0;
        let lossy = play(|_, _| {
            tries += 1;
            running(tries % 3 == 0)
        });
        assert_eq!(lossy.0, Verdict::NotEnforced);
    }

    #[test]
    fn what_is_out_of_reach_for_another_reason_proves_nothing() {
        let said = |verdict: Verdict| match verdict {
            Verdict::Unknown(why) => why,
            other => panic!("{other:?}"),
        };
        assert!(said(play(|_, _| running(false)).0).contains("even before its policy"));
        let mut denied = false;
        let dies = play(|policy, _| {
            denied |= policy;
            running(!denied)
        });
        assert!(said(dies.0).contains("stayed out of reach"));
        assert!(said(play(|_, _| Seen::Gone).0).contains("ended"));
        let (verdict, took, _) = play(|_, _| Seen::NotRunning("ImagePullBackOff".into()));
        assert!(said(verdict).contains("ImagePullBackOff") && took == START.as_secs());
    }

    proptest! {
        /// Whatever happens it ends in bounded time, and enforcement is claimed only of a pod that was out of reach under
        /// the policy and reached without it, before and after.
        #[test]
        fn it_ends_and_claims_no_more_than_was_seen(
            sights in prop::collection::vec(prop_oneof![
                1 => Just(Seen::Gone), 5 => Just(Seen::NotRunning(String::new())),
                40 => Just(running(true)), 40 => Just(running(false)),
            ], 200),
        ) {
            let (mut open, mut closed, mut again) = (false, false, false);
            let mut at_second = 0;
            let mut allowed = false;
            let (verdict, took, _) = play(|policy, _| {
                let seen = sights[at_second % sights.len()].clone();
                at_second += 1;
                allowed |= closed && !policy;
                match (&seen, policy, allowed) {
                    (Seen::Running { reached: true }, false, false) => open = true,
                    (Seen::Running { reached: false } | Seen::NotRunning(_), true, _) => closed = true,
                    (Seen::Running { reached: true }, false, true) => again = true,
                    _ => {}
                }
                seen
            });
            prop_assert!(took <= START.as_secs() + 3 * SETTLE.as_secs() + 10);
            if verdict == Verdict::Enforced {
                prop_assert!(open && closed && again);
            }
        }
    }
}
