//! The agent against a real Kubernetes.
//!
//! One cluster for all scenarios, so they are one test: each has namespaces and an agent of its own, and they run side
//! by side. `NAGAYA_TEST_KUBECONFIG` names a cluster to use; without it one is made on this host, and where that is not
//! possible the test is skipped and says so. `NAGAYA_TEST_ONLY` picks scenarios by a part of their name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod cluster;
mod enforcing;
mod environments;
mod fixture;
mod in_pods;
mod kubernetes_api;
mod proxy;
mod releasing;
mod reporting;
mod staying;
mod streaming;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use fixture::World;
use proxy::Proxy;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Scenarios at once: more would only wait for the API server.
const AT_ONCE: usize = 3;

type Scenario = fn(World) -> Pin<Box<dyn Future<Output = ()> + Send>>;

macro_rules! scenarios {
    ($($module:ident :: $name:ident),* $(,)?) => {
        [$((stringify!($name), (|world| Box::pin($module::$name(world))) as Scenario)),*]
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_agent_keeps_its_promises_in_a_real_cluster() {
    let Some(cluster) = cluster::Cluster::start().await else { return };
    // What takes longest begins first.
    let scenarios = scenarios![
        releasing::a_chart_is_installed_upgraded_taken_back_and_removed,
        releasing::killed_at_any_step_a_release_is_brought_to_its_end_by_the_next,
        releasing::a_release_of_a_team_acts_as_the_team,
        environments::a_workspace_of_a_chart_keeps_what_it_has_until_it_was_removed,
        releasing::the_real_helm_reads_ours_and_we_go_on_with_its,
        streaming::a_large_log_waits_for_its_reader,
        staying::of_two_agents_the_newer_enforces_and_the_older_takes_over_again_when_it_dies,
        staying::an_agent_goes_on_without_its_server,
        staying::a_restarted_agent_needs_no_token_and_a_refused_one_takes_a_new_token,
        staying::a_certificate_is_renewed_without_a_token_and_without_a_gap,
        staying::killed_at_any_moment_the_work_is_finished_by_the_next,
        enforcing::an_intent_is_applied_changed_and_pruned,
        enforcing::what_somebody_changes_or_removes_is_put_right_and_told,
        enforcing::a_field_that_is_left_to_its_owner_stays_as_its_owner_has_it,
        enforcing::what_this_kubernetes_lacks_is_told_and_the_rest_goes_on,
        enforcing::a_restored_server_prunes_nothing_until_a_person_agrees,
        enforcing::a_namespace_that_was_there_before_stays_when_it_leaves_the_intent,
        enforcing::a_home_is_removed_only_when_a_person_asked,
        reporting::a_workspace_is_reported_from_wish_to_pod_to_nothing,
        kubernetes_api::a_member_edits_the_teams_namespace_and_nothing_else,
        kubernetes_api::a_watch_streams,
        kubernetes_api::an_upgrade_that_is_refused_leaves_no_raw_bytes,
        streaming::commands_and_logs_stream_both_ways,
    ];
    let only = std::env::var("NAGAYA_TEST_ONLY").unwrap_or_default();
    let limit = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    match cluster.listener().filter(|_| "in_pods::a_desktop_goes_on".contains(&only)) {
        None => println!("skipped: agents in pods, for which the cluster must be made here"),
        Some(listener) => {
            let (limit, kubernetes) = (limit.clone(), cluster.kubernetes.clone());
            running.spawn(async move {
                let _turn = limit.acquire_owned().await.unwrap();
                let begun = std::time::Instant::now();
                let (home, team) = (nagaya_api::agent::AGENT_NAMESPACE.to_owned(), "team-in-pods".to_owned());
                // What pods reach is a proxy; the server itself is on this machine's loopback only.
                let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let proxy = Proxy::start(listener, server.local_addr().unwrap());
                let world = World::start_with(&kubernetes, server, home, team).await;
                let scenario = in_pods::a_desktop_goes_on_while_its_agent_is_replaced(world, proxy);
                let passed = tokio::spawn(scenario).await.is_ok();
                let name = "a_desktop_goes_on_while_its_agent_is_replaced";
                println!("{} {name} ({:.1?})", if passed { "passed" } else { "FAILED" }, begun.elapsed());
                (name, passed)
            });
        }
    }
    for (name, scenario) in scenarios.into_iter().filter(|(name, _)| name.contains(&only)) {
        let (limit, kubernetes) = (limit.clone(), cluster.kubernetes.clone());
        running.spawn(async move {
            let _turn = limit.acquire_owned().await.unwrap();
            let begun = std::time::Instant::now();
            let world = World::start(&kubernetes).await;
            // A task of its own, so that its failure is one name in a list.
            let passed = tokio::spawn(scenario(world)).await.is_ok();
            println!("{} {name} ({:.1?})", if passed { "passed" } else { "FAILED" }, begun.elapsed());
            (name, passed)
        });
    }
    let mut failed = Vec::new();
    while let Some(ended) = running.join_next().await {
        let (name, passed) = ended.unwrap();
        if !passed {
            failed.push(name);
        }
    }
    cluster.stop().await;
    assert!(failed.is_empty(), "failed: {failed:#?}");
}
