//! What is said alike of whatever is brought to clusters: bundles and releases.

use std::fmt::Debug;

use jiff::{SignedDuration, Timestamp};
use nagaya_api::condition::Condition;

/// A rollout is looked at anew at most so often because of what agents report.
pub(crate) const LOOK: SignedDuration = SignedDuration::from_millis(100);
/// A status is written at most so often.
pub(crate) const SAY: SignedDuration = SignedDuration::from_millis(500);
/// And more rarely the more clusters are in it, by this for each.
const SAY_EACH: SignedDuration = SignedDuration::from_millis(5);

/// How often the status of what is on so many clusters is written at most.
pub(crate) fn interval(clusters: usize) -> SignedDuration {
    let each = i32::try_from(clusters).unwrap_or(i32::MAX);
    SAY.max(SAY_EACH.checked_mul(each).unwrap_or(SAY))
}

/// The number of something, as a status says it.
pub(crate) fn many(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The worst that is said of clusters, with the first cluster of which it is said, and why. `lines` are cluster, state and
/// message.
pub(crate) fn worst<'a, S: Copy + PartialEq + Debug>(
    lines: impl Iterator<Item = (&'a str, S, &'a str)> + Clone,
    worst_first: &[S],
) -> Option<(S, String)> {
    let of = |state: S| lines.clone().filter(move |line| line.1 == state);
    let (state, first) = worst_first.iter().find_map(|state| Some((*state, of(*state).next()?)))?;
    let others = of(state).count() - 1;
    let others = if others > 0 { format!("; and {others} more clusters") } else { String::new() };
    let why = if first.2.is_empty() { String::new() } else { format!(": {}", first.2) };
    Some((state, format!("cluster \"{}\"{why}{others}", first.0)))
}

/// The condition `Ready`, which holds when there is no reason why not.
pub(crate) fn ready((reason, message): (String, String), now: Timestamp) -> Condition {
    Condition { kind: "Ready".into(), status: reason.is_empty(), reason, message, last_transition_time: now }
}
