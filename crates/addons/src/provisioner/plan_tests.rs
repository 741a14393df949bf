//! The rules of the plan, one by one.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use jiff::Timestamp;
use nagaya_api::quantity::Bytes;

use super::about::{About, State};
use super::model::{Claim, ClaimRef, Class, Home, Volume};
use super::plan::{Action, World, home_name, plan};

const GI: u64 = 1 << 30;

pub(super) fn world() -> World {
    let mut world = World::default();
    world.classes.insert("nagaya-home".into(), Class { waits: false, grows: true });
    world
}

pub(super) fn claim(name: &str, uid: &str) -> Claim {
    Claim {
        id: ClaimRef { namespace: "java".into(), name: name.into(), uid: uid.into() },
        class: "nagaya-home".into(),
        size: Bytes(GI),
        capacity: None,
        volume: None,
        scheduled: false,
        deleting: false,
        purge: false,
        owner: Some("dev-01".into()),
        labels: vec![],
    }
}

pub(super) fn home(name: &str, of: &Claim, state: State) -> Home {
    let about = About {
        namespace: of.id.namespace.clone(),
        claim: of.id.name.clone(),
        uid: of.id.uid.clone(),
        owner: of.owner.clone(),
        state,
        since: Timestamp::UNIX_EPOCH,
    };
    Home { name: name.into(), about, image: Some(Bytes(GI)), mounted: state == State::Used }
}

pub(super) fn volume(name: &str, of: &Claim) -> Volume {
    Volume {
        name: name.into(),
        claim: Some(of.id.clone()),
        capacity: Bytes(GI),
        purge: false,
        purge_with_claim: false,
        deleting: false,
        held: true,
    }
}

/// A claim with its home and volume, all in order.
fn settled() -> World {
    let mut claim = claim("home-dev-01", "u1");
    claim.volume = Some(home_name("u1"));
    claim.capacity = Some(Bytes(GI));
    let (home, volume) = (home(&home_name("u1"), &claim, State::Used), volume(&home_name("u1"), &claim));
    World { claims: vec![claim], homes: vec![home], volumes: vec![volume], ..world() }
}

fn sentences(world: &World) -> Vec<String> {
    plan(world).iter().map(ToString::to_string).collect()
}

#[test]
fn a_pending_claim_gets_a_home_and_a_settled_one_nothing() {
    let pending = World { claims: vec![claim("home-dev-01", "u1")], ..world() };
    assert_eq!(sentences(&pending), ["make a home of 1Gi for java/home-dev-01 (home-u1)"]);
    assert!(plan(&settled()).is_empty());
}

#[test]
fn claims_of_others_and_claims_that_wait_are_left() {
    let mut other = claim("x", "u1");
    other.class = "fast".into();
    let mut waits = world();
    waits.classes.insert("nagaya-home".into(), Class { waits: true, grows: false });
    let mut leaving = claim("y", "u2");
    leaving.deleting = true;
    assert!(plan(&World { claims: vec![other, leaving], ..world() }).is_empty());
    waits.claims = vec![claim("z", "u3")];
    assert!(plan(&waits).is_empty());
    waits.claims[0].scheduled = true;
    assert_eq!(plan(&waits).len(), 1);
}

/// After its cluster was made anew a stopped workspace has a claim and no pod: its home must be there for a purge.
#[test]
fn a_kept_home_goes_back_to_a_claim_that_waits_for_its_pod() {
    let mut world = world();
    world.classes.insert("nagaya-home".into(), Class { waits: true, grows: true });
    world.claims = vec![claim("home-dev-01", "u9"), claim("home-dev-02", "u10")];
    let kept = |state| home(&home_name("u1"), &claim("home-dev-01", "u1"), state);
    for state in [State::Kept, State::Used] {
        world.homes = vec![kept(state)];
        assert_eq!(sentences(&world)[0], "give the kept home home-u1 back to java/home-dev-01");
        assert_eq!(world.homes.len(), plan(&world).len(), "bert has none, and waits");
    }
    world.homes = vec![kept(State::Purging)];
    assert_eq!(sentences(&world), ["remove home home-u1 for good, as was asked for"]);
}

#[test]
fn a_home_that_was_begun_is_gone_on_with() {
    let claim = claim("home-dev-01", "u1");
    let mut begun = home(&home_name("u1"), &claim, State::Used);
    (begun.image, begun.mounted) = (None, false);
    let killed = World { claims: vec![claim], homes: vec![begun.clone()], ..world() };
    assert_eq!(sentences(&killed), ["make a home of 1Gi for java/home-dev-01 (home-u1)"]);
    let abandoned = World { homes: vec![begun], ..world() };
    assert_eq!(sentences(&abandoned), ["clear away the unfinished home home-u1"]);
}

#[test]
fn a_deleted_claim_leaves_its_home_at_rest() {
    let mut world = settled();
    world.claims.clear();
    assert_eq!(sentences(&world), ["unmount home home-u1, which nobody uses, and keep it"]);
    (world.homes[0].mounted, world.homes[0].about.state) = (false, State::Kept);
    assert!(plan(&world).is_empty());
    world.volumes[0].deleting = true;
    assert_eq!(sentences(&world), ["let volume home-u1 go and keep its home"]);
    world.volumes.clear();
    assert!(plan(&world).is_empty());
}

#[test]
fn a_home_is_removed_only_on_the_word_and_only_when_its_claim_is_gone() {
    for word in 0..4 {
        let mut world = settled();
        match word {
            0 => world.volumes[0].purge = true,
            1 => world.volumes[0].purge_with_claim = true,
            2 => drop(world.purged_claims.insert("u1".into())),
            _ => world.homes[0].about.state = State::Purging,
        }
        world.claims[0].purge = word == 1;
        assert!(!plan(&world).iter().any(|action| matches!(action, Action::Purge { .. })), "its claim lives");
        world.claims.clear();
        assert_eq!(sentences(&world), ["remove home home-u1 for good, as was asked for"], "word {word}");
        // Killed after the disk was cleared, before the volume went.
        if word != 3 {
            world.homes.clear();
            assert!(matches!(plan(&world)[..], [Action::Purge { volume: true, .. }]), "word {word}");
        }
    }
}

#[test]
fn what_the_claim_says_of_its_end_is_noted_on_the_volume_both_ways() {
    let mut world = settled();
    world.claims[0].purge = true;
    assert_eq!(sentences(&world), ["note that home home-u1 goes with its claim"]);
    world.volumes[0].purge_with_claim = true;
    assert!(plan(&world).is_empty());
    world.claims[0].purge = false;
    assert_eq!(sentences(&world), ["note that home home-u1 stays when its claim goes"]);
}

#[test]
fn a_new_claim_of_the_same_name_and_owner_gets_the_kept_home() {
    let back = "give the kept home home-u1 back to java/home-dev-01";
    let old = claim("home-dev-01", "u1");
    let kept = home("home-u1", &old, State::Kept);
    // In a cluster made anew.
    let anew = World { claims: vec![claim("home-dev-01", "u2")], homes: vec![kept.clone()], ..world() };
    assert_eq!(sentences(&anew), [back]);
    // In the same cluster, where the volume is still there, released.
    let released = World { volumes: vec![volume("home-u1", &old)], ..anew.clone() };
    assert_eq!(sentences(&released), [back]);
    assert!(matches!(plan(&released)[..], [Action::Provide { rebind: true, adopted: true, .. }]));
    // At once, before it was put to rest.
    let mut at_once = released.clone();
    (at_once.homes[0].about.state, at_once.homes[0].mounted) = (State::Used, true);
    assert_eq!(sentences(&at_once), [back]);
    // Killed after home.json said so, before the volume did.
    let mut killed = released.clone();
    (killed.homes[0].about.state, killed.homes[0].about.uid) = (State::Used, "u2".into());
    assert!(matches!(plan(&killed)[..], [Action::Provide { rebind: true, .. }]));

    let mut another = anew.clone();
    another.claims[0].owner = Some("dev-02".into());
    assert_eq!(
        sentences(&another),
        ["make a home of 1Gi for java/home-dev-01 (home-u2)"],
        "dev-02 got dev-01's home"
    );
    let mut leaving = released.clone();
    leaving.volumes[0].deleting = true;
    assert!(!sentences(&leaving).contains(&back.to_owned()), "its volume is about to go");
    let mut purged = released;
    purged.volumes[0].purge = true;
    let both = [
        "make a home of 1Gi for java/home-dev-01 (home-u2)",
        "remove home home-u1 for good, as was asked for",
    ];
    assert_eq!(sentences(&purged), both);
}

#[test]
fn a_home_given_back_is_not_put_to_rest_because_the_volume_is_seen_late() {
    let (old, mut new) = (claim("home-dev-01", "u1"), claim("home-dev-01", "u2"));
    new.volume = Some("home-u1".into());
    let given = World {
        homes: vec![home("home-u1", &new, State::Used)],
        volumes: vec![volume("home-u1", &old)],
        claims: vec![new],
        ..world()
    };
    assert!(plan(&given).is_empty(), "{:?}", sentences(&given));
}

#[test]
fn a_home_follows_its_workspace_to_another_owner() {
    let mut world = settled();
    world.claims[0].owner = Some("dev-03".into());
    assert_eq!(sentences(&world), ["note that home home-u1 is dev-03's now"]);
    world.homes[0].about.owner = Some("dev-03".into());
    assert!(plan(&world).is_empty());
}

#[test]
fn of_two_kept_homes_the_latest_is_given_and_to_one_claim_only() {
    let mut older = home("home-u1", &claim("home-dev-01", "u1"), State::Kept);
    older.image = Some(Bytes(5 * GI));
    let mut newer = home("home-u2", &claim("home-dev-01", "u2"), State::Kept);
    newer.about.since = Timestamp::from_second(5).unwrap();
    newer.image = Some(Bytes(2 * GI));
    let world = World { claims: vec![claim("home-dev-01", "u3")], homes: vec![older, newer], ..world() };
    let plan = plan(&world);
    assert!(
        matches!(&plan[..], [Action::Provide { home, size: Bytes(size), .. }] if home == "home-u2" && *size == 2 * GI)
    );
}

#[test]
fn mounts_that_vanished_come_back_and_a_missing_disk_is_said_not_replaced() {
    let mut world = settled();
    world.homes[0].mounted = false;
    assert_eq!(sentences(&world), ["mount home home-u1"]);
    world.homes.clear();
    assert_eq!(sentences(&world), ["the disk of volume home-u1 of java/home-dev-01 is missing"]);
}

#[test]
fn a_volume_that_vanished_under_its_claim_is_offered_again() {
    let mut world = settled();
    world.volumes.clear();
    assert!(matches!(&plan(&world)[..], [Action::Provide { home, rebind: false, .. }] if home == "home-u1"));
    world.homes[0].about.uid = "other".into();
    assert!(
        !plan(&world).iter().any(|action| matches!(action, Action::Provide { .. })),
        "it is another's home"
    );
}

#[test]
fn homes_grow_where_the_class_allows_it_and_never_shrink() {
    let mut world = settled();
    world.claims[0].size = Bytes(2 * GI);
    assert_eq!(sentences(&world), ["grow the home of java/home-dev-01 to 2Gi (home-u1)"]);
    world.volumes[0].capacity = Bytes(2 * GI);
    assert_eq!(plan(&world).len(), 1, "the claim was not told yet");
    world.claims[0].capacity = Some(Bytes(2 * GI));
    assert!(plan(&world).is_empty());
    world.claims[0].size = Bytes(GI);
    assert!(plan(&world).is_empty());
    world.claims[0].size = Bytes(3 * GI);
    world.classes.get_mut("nagaya-home").unwrap().grows = false;
    assert!(plan(&world).is_empty());
}

#[test]
fn what_failed_a_moment_ago_waits() {
    let mut world = World { claims: vec![claim("home-dev-01", "u1")], ..world() };
    world.waiting.insert("home-u1".into());
    assert!(plan(&world).is_empty());
}
