//! Rules of clusters.
#![allow(clippy::unwrap_used)]

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{
    Cluster,
    agent::{ClusterFacts, NetworkPolicySupport},
    condition::Condition,
    kinds::cluster::{
        ClusterPhase, ClusterPower, ClusterSpec, LocalCluster, NodeStatus, ObjectError, Provider,
        REMOVAL_ANNOTATION,
    },
};
use nagaya_store::CLUSTER_FINALIZER;

use super::{ClusterAction, ClusterSight, Leaving, Standing, cluster_status, plan};
use crate::provider::{ProviderPhase, ProviderState};

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn local(power: ClusterPower) -> LocalCluster {
    LocalCluster {
        kubernetes: String::new(),
        cpu: "1".parse().unwrap(),
        memory: "3Gi".parse().unwrap(),
        power,
    }
}

fn cluster(power: ClusterPower) -> Cluster {
    let mut cluster = Cluster::new(
        "java",
        ClusterSpec { provider: Provider::Local, local: Some(local(power)), ..ClusterSpec::default() },
    );
    cluster.metadata.finalizers = vec![CLUSTER_FINALIZER.to_owned()];
    cluster
}

fn state(phase: ProviderPhase) -> ProviderState {
    ProviderState {
        name: "java".into(),
        phase,
        since: now(),
        message: "words".into(),
        version: "v1.20.2".into(),
        components: Vec::new(),
    }
}

fn node(ready: bool) -> NodeStatus {
    NodeStatus {
        name: "java".into(),
        ready,
        version: "v1.20.2".into(),
        cpu: "1".parse().unwrap(),
        memory: "3Gi".parse().unwrap(),
        pods: 110,
        problems: Vec::new(),
    }
}

fn said(cluster: &Cluster, phase: Option<ProviderPhase>, ensured: bool, workspaces: u32) -> String {
    let provider = phase.map(state);
    let spec = cluster.spec.local.clone();
    let standing = Standing {
        cluster,
        provider: provider.as_ref(),
        ensured: spec.as_ref().filter(|_| ensured),
        workspaces,
        enrolled_until: Some(now() + SignedDuration::from_hours(24)),
        join_pending: false,
        leaving: Leaving::default(),
        keep_agent: false,
        agent_kept: false,
    };
    plan(&standing, now()).map_or_else(String::new, |action| action.to_string())
}

#[test]
fn a_cluster_is_brought_to_what_is_wanted_and_then_left_alone() {
    use ProviderPhase::{Absent, Degraded, Running, Starting, Stopped, Stopping};
    let (on, off) = (cluster(ClusterPower::Running), cluster(ClusterPower::Stopped));
    let up = "bring up cluster \"java\" with 1 CPU and 3Gi memory";
    for (phase, ensured, sentence) in [
        (None, false, up),
        (Some(Absent), true, up),
        (Some(Stopped), true, up),
        (Some(Running), false, up),
        (Some(Running), true, ""),
        (Some(Starting), true, ""),
        (Some(Degraded), true, ""),
        (Some(Stopping), true, ""),
    ] {
        assert_eq!(said(&on, phase, ensured, 3), sentence, "{phase:?}");
    }
    for (phase, sentence) in [
        (None, "stop cluster \"java\""),
        (Some(Running), "stop cluster \"java\""),
        (Some(Stopped), ""),
        (Some(Absent), ""),
    ] {
        assert_eq!(said(&off, phase, true, 3), sentence, "{phase:?}");
    }
}

#[test]
fn a_cluster_goes_only_when_no_home_is_left_on_it() {
    let mut going = cluster(ClusterPower::Running);
    going.metadata.deletion_timestamp = Some(now());
    let remove = "remove cluster \"java\", keeping homes aside";
    assert_eq!(said(&going, Some(ProviderPhase::Running), true, 1), "");
    assert_eq!(said(&going, Some(ProviderPhase::Running), true, 0), remove);
    assert_eq!(said(&going, None, true, 0), remove);
    assert_eq!(said(&going, Some(ProviderPhase::Absent), true, 0), "remove the record of cluster \"java\"");
    going.metadata.finalizers.clear();
    assert_eq!(said(&going, Some(ProviderPhase::Absent), true, 0), "");
    let mut imported = Cluster::new(
        "eks",
        ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() },
    );
    assert_eq!(said(&imported, None, false, 0), "", "nothing is asked of somebody else's cluster");
    imported.metadata.deletion_timestamp = Some(now());
    imported.metadata.finalizers = vec![CLUSTER_FINALIZER.to_owned()];
    assert_eq!(said(&imported, None, false, 0), "remove the record of cluster \"eks\"");
}

#[test]
fn an_imported_cluster_goes_once_its_agent_has_done_what_was_asked() {
    let (farewell, release) =
        ("have the agent of cluster \"eks\" remove itself", "remove the record of cluster \"eks\"");
    let said = |removal: &str, leaving: Leaving, enrolled: bool| {
        let mut going = Cluster::new(
            "eks",
            ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() },
        );
        going.metadata.deletion_timestamp = Some(now());
        going.metadata.finalizers = vec![CLUSTER_FINALIZER.to_owned()];
        going.metadata.annotations.insert(REMOVAL_ANNOTATION.to_owned(), removal.to_owned());
        let standing = Standing {
            cluster: &going,
            provider: None,
            ensured: None,
            workspaces: 0,
            enrolled_until: enrolled.then(now),
            join_pending: false,
            leaving,
            keep_agent: false,
            agent_kept: false,
        };
        plan(&standing, now()).map_or_else(String::new, |action| action.to_string())
    };
    let there = Leaving { connected: true, ..Leaving::default() };
    let away = Leaving { away: true, ..Leaving::default() };
    assert_eq!(said("keep", there, true), farewell);
    assert_eq!(said("remove", there, true), "", "first all else goes");
    assert_eq!(said("remove", Leaving { emptied: true, ..there }, true), farewell);
    for removal in ["keep", "remove"] {
        assert_eq!(said(removal, away, true), "", "what is not reached is not forgotten by itself");
        assert_eq!(
            said(removal, Leaving { emptied: true, ..Leaving::default() }, true),
            "",
            "nor while it is looked for"
        );
        assert_eq!(said(removal, Leaving { told: true, ..away }, true), release, "it was told, and went");
        assert_eq!(
            said(removal, Leaving { told: true, ..Leaving::default() }, true),
            "",
            "it may still be there"
        );
        assert_eq!(said(removal, Leaving { left: true, ..there }, true), release);
        assert_eq!(said(removal, away, false), release, "nobody ever came");
    }
    assert_eq!(said("forget", there, true), release);
    assert_eq!(said("forget", away, true), release);
}

#[test]
fn an_agent_gets_a_join_token_when_it_has_no_certificate_that_lasts() {
    let on = cluster(ClusterPower::Running);
    let running = state(ProviderPhase::Running);
    let join = |enrolled_until, join_pending| {
        let ensured = on.spec.local.as_ref();
        let standing = Standing {
            cluster: &on,
            provider: Some(&running),
            ensured,
            workspaces: 0,
            enrolled_until,
            join_pending,
            leaving: Leaving::default(),
            keep_agent: false,
            agent_kept: false,
        };
        matches!(plan(&standing, now()), Some(ClusterAction::Ensure { join: true, .. }))
    };
    assert!(join(None, false), "it never enrolled");
    assert!(!join(None, true), "it has a token it may still use");
    assert!(join(Some(now()), false), "its certificate has ended");
    assert!(!join(Some(now() + SignedDuration::from_hours(48)), false));
}

#[test]
fn the_phase_is_told_from_provider_agent_and_nodes() {
    use ClusterPhase::{Degraded, Deleting, Pending, Ready, Starting, Stopped, Stopping, Unreachable};
    let (ready, down) = ([node(true)], [node(false)]);
    let sight = |phase: Option<&'static ProviderState>, agent, nodes| ClusterSight {
        provider: phase,
        agent,
        nodes,
        ..ClusterSight::default()
    };
    let leak = |phase| -> Option<&'static ProviderState> { Some(Box::leak(Box::new(state(phase)))) };
    let running = leak(ProviderPhase::Running);
    let on = cluster(ClusterPower::Running);
    let mut known = on.clone();
    known.status.agent.since = Some(now());
    known.status.phase = Ready;
    let off = cluster(ClusterPower::Stopped);
    let mut going = on.clone();
    going.metadata.deletion_timestamp = Some(now());
    let import = Cluster::new(
        "eks",
        ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() },
    );
    for (cluster, sight, phase, reason) in [
        (&on, sight(None, None, None), Pending, ""),
        (
            &on,
            ClusterSight { failure: Some("no disk"), ..sight(leak(ProviderPhase::Absent), None, None) },
            Pending,
            "ProviderFailed",
        ),
        (&on, sight(leak(ProviderPhase::Starting), None, None), Starting, ""),
        (&on, sight(running, None, None), Starting, "AgentAwaited"),
        (&on, sight(running, Some("1"), None), Starting, "NodesAwaited"),
        (&on, sight(running, Some("1"), Some(&down)), Starting, "NodesNotReady"),
        (&on, sight(running, Some("1"), Some(&ready)), Ready, ""),
        (&known, sight(running, Some("1"), Some(&down)), Degraded, "NodesNotReady"),
        (&known, sight(running, None, Some(&ready)), Unreachable, "AgentAway"),
        (&known, sight(leak(ProviderPhase::Degraded), Some("1"), Some(&ready)), Degraded, "ComponentDown"),
        (
            &known,
            ClusterSight { obstacle: Some("x".into()), ..sight(running, Some("1"), Some(&ready)) },
            Degraded,
            "IntentHeld",
        ),
        (
            &known,
            ClusterSight { not_taken: Some("409 Conflict"), ..sight(running, Some("1"), Some(&ready)) },
            Degraded,
            "IntentNotTaken",
        ),
        (&off, sight(running, Some("1"), Some(&ready)), Stopping, ""),
        (&off, sight(leak(ProviderPhase::Stopped), None, None), Stopped, ""),
        (
            &going,
            ClusterSight { placed: 2, ..sight(running, Some("1"), Some(&ready)) },
            Deleting,
            "WorkspacesRemain",
        ),
        (&going, sight(running, Some("1"), Some(&ready)), Deleting, ""),
        (&import, sight(None, None, None), Pending, "AgentAwaited"),
        (&import, sight(None, Some("1"), Some(&ready)), Ready, ""),
    ] {
        let status = cluster_status(cluster, &sight, now());
        assert_eq!((status.phase, status.reason.as_str()), (phase, reason), "{sight:?}");
    }
}

#[test]
fn what_is_said_settles_so_that_only_transitions_are_written() {
    let nodes = [node(true)];
    let running = state(ProviderPhase::Running);
    let mut one = cluster(ClusterPower::Running);
    let sight = ClusterSight {
        provider: Some(&running),
        agent: Some(env!("CARGO_PKG_VERSION")),
        nodes: Some(&nodes),
        up_to_date: true,
        ..ClusterSight::default()
    };
    one.status = cluster_status(&one, &sight, now());
    assert_eq!(cluster_status(&one, &sight, now() + SignedDuration::from_secs(60)), one.status);
    assert_eq!(one.status.conditions.len(), 5);
    assert!(one.status.conditions.iter().all(|condition| condition.status), "{:?}", one.status.conditions);
    // The server was restarted and the agent is not back yet: no news for a moment.
    let settling = ClusterSight { settling: true, provider: Some(&running), ..ClusterSight::default() };
    assert_eq!(cluster_status(&one, &settling, now() + SignedDuration::from_secs(60)), one.status);
    let errors = [ObjectError { object: "Service java/x".into(), message: "no".into() }];
    let broken = ClusterSight { errors: &errors, ..sight };
    let status = cluster_status(&one, &broken, now());
    let intent = status.conditions.iter().find(|condition| condition.kind == "IntentApplied").unwrap();
    assert_eq!(intent.message, "1 objects could not be applied, the first: Service java/x: no");
}

#[test]
fn what_the_agent_tells_of_its_cluster_becomes_conditions_with_a_since_and_a_why() {
    use NetworkPolicySupport::{Enforced, NotEnforced, Unknown};
    let mut one = cluster(ClusterPower::Running);
    let fact = |network_policy, kubernetes_latency_ms| ClusterFacts {
        network_policy,
        network: "Flannel".into(),
        kubernetes_latency_ms,
        ..ClusterFacts::default()
    };
    let days = |days: i64| Some(now() + SignedDuration::from_hours(24 * days));
    let ours = env!("CARGO_PKG_VERSION");
    for (facts, ends, version, expected) in [
        (fact(Enforced, Some(20)), days(20), ours, ["AsWanted", "AsWanted", "AsWanted", "AsWanted"]),
        (
            fact(NotEnforced, Some(2000)),
            days(4),
            "0.0.1",
            ["NotRenewed", "OtherVersion", "Slow", "NotEnforced"],
        ),
        (
            fact(Unknown, Some(999)),
            days(-1),
            "9.9.9",
            ["CertificateExpired", "OtherVersion", "AsWanted", "NotKnown"],
        ),
    ] {
        let sight = ClusterSight {
            agent: Some(version),
            facts: Some(&facts),
            certificate_ends: ends,
            ..ClusterSight::default()
        };
        let later = now() + SignedDuration::from_secs(60);
        let before = one.status.conditions.clone();
        one.status = cluster_status(&one, &sight, later);
        let of = |list: &[Condition], kind: &str| list.iter().find(|one| one.kind == kind).cloned();
        let kinds = ["CertificateFresh", "AgentCurrent", "ApiResponsive", "NetworkPolicyEnforced"];
        let said: Vec<_> = kinds.iter().filter_map(|kind| of(&one.status.conditions, kind)).collect();
        assert_eq!(said.iter().map(|one| one.reason.as_str()).collect::<Vec<_>>(), expected);
        assert!(said.iter().all(|one| one.status == one.message.is_empty()), "{said:?}");
        for condition in &said {
            let since = of(&before, &condition.kind).filter(|old| old.status == condition.status);
            assert_eq!(condition.last_transition_time, since.map_or(later, |old| old.last_transition_time));
        }
        assert_eq!(one.status.facts, facts);
    }
    // Away, what was known stays.
    let away = cluster_status(&one, &ClusterSight::default(), now());
    assert_eq!(away.facts, one.status.facts);
}

#[test]
fn what_waits_for_a_persons_word_is_listed_with_what_confirms_it() {
    let one = cluster(ClusterPower::Running);
    let waiting: Vec<_> = (0..1500).map(|n| format!("Secret java/s{n}")).collect();
    let sight = ClusterSight { unconfirmed: &waiting, incarnation: "two", ..ClusterSight::default() };
    let status = cluster_status(&one, &sight, now());
    let unconfirmed = status.intent.unconfirmed.unwrap();
    assert_eq!((unconfirmed.count, unconfirmed.objects.len()), (1500, 1000));
    assert_eq!(unconfirmed.incarnation, "two");
    let condition = status.conditions.iter().find(|one| one.kind == "IntentApplied").unwrap();
    assert!(condition.message.contains("1500") && condition.message.ends_with("nagaya cluster confirm java"));
}
