//! The rules of the plan all at once: whatever happens in whatever order, no home is lost.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::about::State;
use super::model::Home;
use super::plan::{Action, World, plan};
use super::plan_tests::{claim, home, volume, world};

/// What people and Kubernetes do.
#[derive(Debug, Clone)]
enum Happening {
    Create(u8),
    DeleteClaim(u8),
    DeleteVolume(u8),
    Vanish(u8),
    PurgeVolume(u8),
    NewCluster,
    Reboot,
    /// The provisioner acts; it is killed after this many actions.
    Work(u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => (0..3_u8).prop_map(Happening::Create),
        3 => (0..3_u8).prop_map(Happening::DeleteClaim),
        1 => (0..4_u8).prop_map(Happening::DeleteVolume),
        1 => (0..4_u8).prop_map(Happening::Vanish),
        1 => (0..4_u8).prop_map(Happening::PurgeVolume),
        1 => Just(Happening::NewCluster),
        1 => Just(Happening::Reboot),
        6 => (0..5_u8).prop_map(Happening::Work),
    ]
}

fn happen(world: &mut World, what: &Happening, next: &mut u32, purged: &mut BTreeSet<String>) {
    match what {
        Happening::Create(who) => {
            let name = format!("home-{who}");
            if !world.claims.iter().any(|one| one.id.name == name) {
                *next += 1;
                world.claims.push(claim(&name, &format!("u{next}")));
            }
        }
        Happening::DeleteClaim(who) => world.claims.retain(|one| one.id.name != format!("home-{who}")),
        Happening::DeleteVolume(at) => {
            if let Some(volume) = world.volumes.get_mut(usize::from(*at)) {
                volume.deleting = true;
            }
        }
        Happening::Vanish(at) if usize::from(*at) < world.volumes.len() => {
            drop(world.volumes.remove(usize::from(*at)));
        }
        Happening::PurgeVolume(at) => {
            if let Some(volume) = world.volumes.get_mut(usize::from(*at)) {
                volume.purge = true;
                purged.insert(volume.name.clone());
            }
        }
        Happening::NewCluster => (world.claims, world.volumes) = (vec![], vec![]),
        Happening::Reboot => world.homes.iter_mut().for_each(|home| home.mounted = false),
        Happening::Work(actions) => {
            for action in plan(world).into_iter().take(usize::from(*actions)) {
                carry_out(world, action);
            }
        }
        Happening::Vanish(_) => {}
    }
}

/// What `act` does, and what Kubernetes then does with it.
fn carry_out(world: &mut World, action: Action) {
    let at = |world: &World, name: &str| world.homes.iter().position(|home| home.name == name);
    match action {
        Action::Provide { home: name, claim, size, rebind, .. } => {
            let slot = at(world, &name).unwrap_or_else(|| {
                world.homes.push(home(&name, &claim, State::Used));
                world.homes.len() - 1
            });
            world.homes[slot] = Home { image: Some(size), ..home(&name, &claim, State::Used) };
            match world.volumes.iter_mut().find(|one| one.name == name) {
                Some(volume) => {
                    assert!(rebind && !volume.deleting);
                    volume.claim = Some(claim.id.clone());
                }
                None => world.volumes.push(volume(&name, &claim)),
            }
            let bound = world.claims.iter_mut().find(|one| one.id == claim.id).unwrap();
            (bound.volume, bound.capacity) = (Some(name), Some(size));
        }
        Action::Mount { home } => {
            let slot = at(world, &home).unwrap();
            (world.homes[slot].mounted, world.homes[slot].about.state) = (true, State::Used);
        }
        Action::Rest { home } => {
            let slot = at(world, &home).unwrap();
            (world.homes[slot].mounted, world.homes[slot].about.state) = (false, State::Kept);
        }
        Action::Purge { home, volume } => {
            world.homes.retain(|one| one.name != home);
            if volume {
                world.volumes.retain(|one| one.name != home);
            }
        }
        Action::Discard { home } => world.homes.retain(|one| one.name != home),
        Action::Release { volume } => world.volumes.retain(|one| one.name != volume),
        Action::Mark { volume, purge } => {
            world.volumes.iter_mut().find(|one| one.name == volume).unwrap().purge_with_claim = purge;
        }
        Action::Grow { .. } | Action::Missing { .. } | Action::HandOver { .. } => {}
    }
}

proptest! {
    #[test]
    fn no_home_is_lost_none_is_shared_and_all_comes_to_rest(all in prop::collection::vec(happening(), 1..40)) {
        let (mut world, mut next, mut purged) = (world(), 0, BTreeSet::new());
        let mut seen_before = vec![world.volumes.clone()];
        for what in &all {
            // Whatever is seen late of the volumes, no home is touched that a living claim has.
            for volumes in seen_before.iter().rev().take(3) {
                let late = World { volumes: volumes.clone(), ..world.clone() };
                for action in plan(&late) {
                    if let Action::Rest { home } | Action::Purge { home, .. } | Action::Discard { home } = &action {
                        let home = world.homes.iter().find(|one| one.name == *home);
                        let used = home.is_some_and(|home| world.claims.iter().any(|one| one.id.uid == home.about.uid));
                        prop_assert!(!used, "{action}, but it is used");
                    }
                }
            }
            seen_before.push(world.volumes.clone());
            let before: Vec<String> = world.homes.iter().map(|home| home.name.clone()).collect();
            happen(&mut world, what, &mut next, &mut purged);
            for name in before {
                let there = world.homes.iter().any(|home| home.name == name);
                prop_assert!(there || purged.contains(&name), "{name} was removed by {what:?}");
            }
            let subjects: Vec<String> = plan(&world).iter().map(|one| one.subject().to_owned()).collect();
            let different: BTreeSet<&String> = subjects.iter().collect();
            prop_assert_eq!(different.len(), subjects.len(), "two actions on one home at the same time");
        }
        for _ in 0..6 {
            plan(&world).into_iter().for_each(|action| carry_out(&mut world, action));
        }
        let left: Vec<String> = plan(&world).iter().map(ToString::to_string).filter(|one| !one.contains("missing")).collect();
        prop_assert!(left.is_empty(), "never at rest: {left:?}");
        for claim in &world.claims {
            let of_it = world.volumes.iter().filter(|one| one.claim.as_ref() == Some(&claim.id)).count();
            prop_assert_eq!(of_it, 1, "{} has {} volumes", &claim.id, of_it);
        }
    }
}
