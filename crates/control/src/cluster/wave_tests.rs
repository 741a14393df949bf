#![allow(clippy::unwrap_used)]
use nagaya_api::kinds::cluster::ClusterSpec;
use proptest::prelude::*;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn cluster(name: &str) -> Cluster {
    Cluster::new(name, ClusterSpec { provider: Provider::Import, ..ClusterSpec::default() })
}

fn sight(cluster: &Cluster) -> AgentSight<'_> {
    AgentSight {
        cluster,
        ours: "2",
        version: "1",
        connected: true,
        healthy: true,
        running: true,
        update: cluster.status.agent.update.as_ref(),
        refused: None,
    }
}

fn begun(mut cluster: Cluster, version: &str, since: Timestamp) -> Cluster {
    cluster.status.agent.update = Some(AgentUpdating { version: version.into(), since });
    cluster
}

#[test]
fn an_agent_waits_is_replaced_and_is_well_or_not() {
    let plain = cluster("a");
    assert_eq!(place(&sight(&plain), at(0)), Place::Waiting);
    assert_eq!(place(&AgentSight { version: "2", ..sight(&plain) }, at(0)), Place::Settled);
    assert_eq!(place(&AgentSight { connected: false, ..sight(&plain) }, at(0)), Place::Settled, "it is away");
    let refused = AgentSight { refused: Some(("no image", at(60))), ..sight(&plain) };
    assert_eq!(place(&refused, at(0)), Place::Refused { why: "no image".into() });
    assert_eq!(place(&refused, at(60)), Place::Waiting);

    let updating = begun(cluster("a"), "2", at(0));
    let (since, late) = (at(0), at(300));
    let new = AgentSight { version: "2", ..sight(&updating) };
    for (sight, now, expected) in [
        (sight(&updating), at(1), Place::UnderWay { since }),
        (AgentSight { connected: false, ..new }, at(1), Place::UnderWay { since }),
        (AgentSight { healthy: false, ..new }, at(1), Place::UnderWay { since }),
        (new, at(1), Place::Settled),
        (sight(&updating), late, Place::Failed { since }),
        (AgentSight { healthy: false, ..new }, late, Place::Failed { since }),
        (new, late, Place::Settled),
    ] {
        assert_eq!(place(&sight, now), expected, "{sight:?}");
    }
    let other = begun(cluster("a"), "1.5", at(0));
    assert_eq!(place(&sight(&other), late), Place::Waiting, "the server was updated once more meanwhile");
}

#[test]
fn a_person_takes_a_cluster_out_also_one_that_failed() {
    let pause = |mut cluster: Cluster| {
        let word = (AGENT_UPDATES_ANNOTATION.to_owned(), AGENT_UPDATES_PAUSED.to_owned());
        cluster.metadata.annotations.extend([word]);
        cluster
    };
    assert_eq!(place(&sight(&pause(cluster("a"))), at(0)), Place::Paused);
    let failed = pause(begun(cluster("a"), "2", at(0)));
    assert_eq!(place(&sight(&failed), at(300)), Place::Paused);
    assert_eq!(
        place(&sight(&failed), at(1)),
        Place::UnderWay { since: at(0) },
        "what was begun is waited for"
    );
}

#[test]
fn a_local_cluster_that_is_down_starts_with_the_new_one_and_an_old_agent_that_is_away_is_replaced() {
    let mut local = cluster("a");
    local.spec.provider = Provider::Local;
    assert_eq!(place(&AgentSight { running: false, ..sight(&local) }, at(0)), Place::Settled);
    assert_eq!(place(&AgentSight { connected: false, ..sight(&local) }, at(0)), Place::Waiting);
}

#[test]
fn waves_begin_with_one_and_grow_and_stop_at_a_failure() {
    let mut wave = Wave::default();
    let names: Vec<String> = (0..100).map(|nth| format!("c{nth:02}")).collect();
    for name in &names {
        wave.see(name, Some(&Place::Waiting));
    }
    let mut sizes = Vec::new();
    for _ in 0..5 {
        let next = wave.next(100, at(0));
        sizes.push(next.len());
        for name in &next {
            wave.see(name, Some(&Place::UnderWay { since: at(0) }));
        }
        assert_eq!(wave.next(100, at(0)), Vec::<String>::new(), "the former are waited for");
        for name in &next {
            wave.see(name, Some(&Place::Settled));
        }
    }
    assert_eq!(sizes, [1, 2, 4, 8, 10], "a tenth at most");

    let one = wave.next(100, at(0));
    wave.see(&one[0], Some(&Place::Failed { since: at(0) }));
    assert_eq!(wave.stopped_by(), Some(one[0].as_str()));
    assert_eq!(wave.next(100, at(899)), Vec::<String>::new());
    assert_eq!(wave.due(at(0)), Some(at(900)));
    assert_eq!(wave.next(100, at(900)), [one[0].clone()], "that one is tried again, alone");
    wave.see(&one[0], Some(&Place::Paused));
    assert_eq!(wave.next(100, at(900)).len(), 1, "left out it stops nobody, and waves begin small again");
}

proptest! {
    /// However replacing goes, there are never more under way than a wave may hold, none is begun beside one that failed,
    /// and while none fails all are replaced.
    #[test]
    fn no_more_than_a_wave_is_ever_at_stake(fates in prop::collection::vec(0..20_u8, 1..80)) {
        let names: Vec<String> = (0..fates.len()).map(|nth| format!("c{nth:03}")).collect();
        let most = (names.len() / PART).clamp(1, LARGEST);
        let mut wave = Wave::default();
        for name in &names {
            wave.see(name, Some(&Place::Waiting));
        }
        let (mut done, mut failed) = (0, false);
        for second in 0..200 {
            let next = wave.next(names.len(), at(second));
            prop_assert!(next.len() <= most && (next.is_empty() || !failed));
            for name in next {
                let at_index = names.iter().position(|one| *one == name).unwrap();
                if fates[at_index] == 0 {
                    failed = true;
                    wave.see(&name, Some(&Place::Failed { since: at(second) }));
                } else {
                    done += 1;
                    wave.see(&name, Some(&Place::Settled));
                }
            }
        }
        prop_assert!(failed || done == names.len());
    }
}
