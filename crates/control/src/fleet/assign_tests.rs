#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + seconds).unwrap()
}

fn target(wave: usize, has: Option<u64>, ready: bool) -> Target {
    Target { wave, has, ready, since: at(0), reachable: true, blocked: false, outdated: false }
}

fn named(targets: impl IntoIterator<Item = Target>) -> BTreeMap<String, Target> {
    (0..).zip(targets).map(|(nth, target)| (format!("c{nth:03}"), target)).collect()
}

fn terms(newest: u64, max_unready: usize) -> Terms {
    Terms { newest, max_unready, paused: false }
}

/// The clusters that move to the newest version.
fn moves(targets: &BTreeMap<String, Target>, terms: Terms, now: Timestamp) -> Vec<String> {
    let done = assign(targets, terms, now, |_| true);
    let newly = |(name, version): (String, u64)| {
        (version == terms.newest && targets[&name].has != Some(version)).then_some(name)
    };
    done.versions.into_iter().filter_map(newly).collect()
}

#[test]
fn a_cluster_that_never_had_the_bundle_gets_the_newest_at_once_whatever_the_limit() {
    let targets = named([target(0, None, false), target(1, None, false), target(1, Some(1), true)]);
    assert_eq!(moves(&targets, terms(2, 1), at(0)), ["c000", "c001", "c002"]);
}

#[test]
fn no_more_move_than_may_be_unready() {
    let targets = named((0..10).map(|_| target(0, Some(1), true)));
    assert_eq!(moves(&targets, terms(2, 3), at(0)), ["c000", "c001", "c002"]);
    let mut targets = named((0..10).map(|nth| target(0, Some(if nth < 3 { 2 } else { 1 }), nth != 1)));
    assert_eq!(moves(&targets, terms(2, 3), at(0)), ["c003", "c004"]);
    targets.get_mut("c001").unwrap().ready = true;
    assert_eq!(moves(&targets, terms(2, 3), at(0)).len(), 3);
}

#[test]
fn clusters_that_were_not_ready_before_do_not_keep_the_mend_away() {
    let targets = named((0..4).map(|_| target(0, Some(1), false)));
    assert_eq!(moves(&targets, terms(2, 1), at(0)), ["c000"]);
}

#[test]
fn the_next_wave_begins_when_the_one_before_is_ready() {
    let mut targets = named([target(0, Some(1), true), target(1, Some(1), true), target(2, Some(1), true)]);
    assert_eq!(moves(&targets, terms(2, 3), at(0)), ["c000"]);
    *targets.get_mut("c000").unwrap() = target(0, Some(2), false);
    assert!(
        moves(&targets, terms(2, 3), at(59)).is_empty(),
        "the limit would allow it, the wave is not over"
    );
    assert_eq!(assign(&targets, terms(2, 3), at(59), |_| true).again, Some(at(60)));
    targets.get_mut("c000").unwrap().ready = true;
    assert_eq!(moves(&targets, terms(2, 3), at(59)), ["c001"]);
}

#[test]
fn a_cluster_that_stays_broken_holds_up_the_next_wave_only_for_a_while_but_counts() {
    let targets = named([target(0, Some(2), false), target(1, Some(1), true), target(1, Some(1), true)]);
    assert_eq!(moves(&targets, terms(2, 2), at(60)), ["c001"]);
    assert!(moves(&targets, terms(2, 1), at(600)).is_empty(), "the limit is used up: nothing more breaks");
}

#[test]
fn a_cluster_that_is_away_keeps_its_version_and_holds_up_nobody() {
    let away = Target { reachable: false, ..target(0, Some(1), false) };
    let targets = named([away, target(0, Some(1), true), target(1, Some(1), true)]);
    assert_eq!(moves(&targets, terms(2, 1), at(0)), ["c001"]);
    let mut targets = targets;
    *targets.get_mut("c001").unwrap() = target(0, Some(2), true);
    assert_eq!(moves(&targets, terms(2, 1), at(0)), ["c002"]);
    targets.get_mut("c000").unwrap().reachable = true;
    assert_eq!(moves(&targets, terms(2, 1), at(0)), ["c000"], "its turn comes when it is back");
}

#[test]
fn a_cluster_that_went_away_with_the_newest_version_counts() {
    let away = Target { reachable: false, ..target(0, Some(2), false) };
    let targets = named([away, target(0, Some(1), true)]);
    assert!(moves(&targets, terms(2, 1), at(600)).is_empty());
    assert_eq!(moves(&targets, terms(2, 2), at(600)), ["c001"]);
}

#[test]
fn a_version_that_cannot_be_made_for_a_cluster_uses_up_nothing() {
    let targets = named((0..3).map(|_| target(0, Some(1), true)));
    let done = assign(&targets, terms(2, 1), at(0), |name| name != "c000");
    assert_eq!(done.versions["c000"], 1);
    assert_eq!(done.versions["c001"], 2);
    assert_eq!(done.versions["c002"], 1);
    assert!(done.rolling);
}

#[test]
fn while_paused_nobody_moves_and_newcomers_get_what_the_others_have() {
    let paused = Terms { paused: true, ..terms(3, 5) };
    let targets = named([target(0, Some(3), true), target(0, Some(2), true), target(0, None, false)]);
    let done = assign(&targets, paused, at(0), |_| true);
    assert_eq!(done.versions.into_values().collect::<Vec<_>>(), [3, 2, 2]);
    let complete = named([target(0, Some(3), true), target(0, None, false)]);
    assert_eq!(moves(&complete, paused, at(0)), ["c001"], "the newest is what all have");
    let fresh = named([target(0, None, false)]);
    assert!(assign(&fresh, paused, at(0), |_| true).versions.is_empty(), "a bundle made paused waits");
}

#[derive(Clone, Debug)]
enum Turn {
    Ready(usize),
    Broken(usize),
    Away(usize),
    Back(usize),
    Newer,
    Pass(i64),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    prop::collection::vec(
        prop_oneof![
            4 => (0..12_usize).prop_map(Turn::Ready),
            1 => (0..12_usize).prop_map(Turn::Broken),
            1 => (0..12_usize).prop_map(Turn::Away),
            2 => (0..12_usize).prop_map(Turn::Back),
            1 => Just(Turn::Newer),
            2 => (1..90_i64).prop_map(Turn::Pass),
        ],
        0..80,
    )
}

/// Does what is assigned: who gets another version is not ready until it says so.
fn carry_out(targets: &mut BTreeMap<String, Target>, assignment: &Assignment, now: Timestamp) -> usize {
    let mut moved = 0;
    for (name, version) in &assignment.versions {
        let target = targets.get_mut(name).unwrap();
        if target.has != Some(*version) {
            target.has = Some(*version);
            target.ready = false;
            target.since = now;
            moved += 1;
        }
    }
    moved
}

fn unready(targets: &BTreeMap<String, Target>, newest: u64) -> usize {
    targets.values().filter(|target| target.has == Some(newest) && !target.ready).count()
}

proptest! {
    /// Whatever happens to clusters on the way: nothing moves beyond the limit, deciding twice changes nothing, and once
    /// all clusters can be reached and become ready the newest version is everywhere.
    #[test]
    fn a_rollout_keeps_its_limit_and_ends(
        waves in prop::collection::vec(0..3_usize, 1..12),
        limit in 1..5_usize,
        turns in turns(),
    ) {
        let mut newest = 2;
        let mut now = at(0);
        let mut targets = named(waves.iter().map(|wave| target(*wave, Some(1), true)));
        let name = |nth: usize| format!("c{:03}", nth % waves.len());
        for turn in turns {
            let set = |targets: &mut BTreeMap<String, Target>, nth, ready, reachable: Option<bool>| {
                let target = targets.get_mut(&name(nth)).unwrap();
                target.reachable = reachable.unwrap_or(target.reachable);
                target.ready = ready && target.reachable;
                target.since = now;
            };
            match turn {
                Turn::Ready(nth) => set(&mut targets, nth, true, None),
                Turn::Broken(nth) => set(&mut targets, nth, false, None),
                Turn::Away(nth) => set(&mut targets, nth, false, Some(false)),
                Turn::Back(nth) => set(&mut targets, nth, true, Some(true)),
                Turn::Newer => newest += 1,
                Turn::Pass(seconds) => now = now.checked_add(SignedDuration::from_secs(seconds)).unwrap(),
            }
            let before = unready(&targets, newest);
            let first = assign(&targets, terms(newest, limit), now, |_| true);
            prop_assert_eq!(&assign(&targets, terms(newest, limit), now, |_| true), &first);
            let moved = carry_out(&mut targets, &first, now);
            prop_assert!(moved == 0 || before + moved <= limit, "{before} were not ready and {moved} moved");
            let again = assign(&targets, terms(newest, limit), now, |_| true);
            prop_assert_eq!(carry_out(&mut targets, &again, now), 0, "decided anew without news");
        }
        for _ in 0..=waves.len() * 2 {
            for target in targets.values_mut() {
                (target.reachable, target.ready) = (true, true);
            }
            let done = assign(&targets, terms(newest, limit), now, |_| true);
            carry_out(&mut targets, &done, now);
        }
        prop_assert!(targets.values().all(|target| target.has == Some(newest)));
    }
}
