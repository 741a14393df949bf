#![allow(clippy::unwrap_used)]
//! The engine against a Kubernetes that is a map in memory and counts what is applied to it.

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::enforce::kubernetes_in_memory::Kubernetes;
use crate::lease::holder;

const OBJECTS: usize = 20;

/// An engine at work, as one agent after the other has one.
struct Running {
    reports: Reports,
    offers: mpsc::Sender<Offer>,
    cancel: CancellationToken,
    tasks: tokio::task::JoinSet<()>,
    told: tokio::sync::broadcast::Receiver<Arc<Report>>,
}

impl Running {
    fn start(kubernetes: &Kubernetes, started: i64) -> Running {
        let client = kubernetes.client();
        let lease = Leadership::new(client.clone(), "home", holder(started, "agent"));
        let reports = Reports::new("agent", "test");
        let (offers, offered) = mpsc::channel(1);
        let releases = watch::channel(None).0;
        let metrics = Metrics::default();
        let engine =
            Engine::new(client, "home".into(), lease.clone(), reports.clone(), metrics, offered, releases);
        let told = reports.subscribe().changes;
        let cancel = CancellationToken::new();
        let mut tasks = tokio::task::JoinSet::new();
        let over = cancel.clone();
        tasks.spawn(async move { lease.keep(over).await });
        tasks.spawn(engine.run(cancel.clone()));
        Running { reports, offers, cancel, tasks, told }
    }

    async fn offer(&self, intent: &Intent) {
        let (answer, answered) = oneshot::channel();
        self.offers.send(Offer { intent: intent.clone(), answer }).await.unwrap();
        answered.await.unwrap().unwrap();
    }

    /// The calls that were made for an intent, once it is carried out.
    async fn applied(&self, wanted: u64) -> u64 {
        let told = || {
            let first = self.reports.subscribe().first;
            first.into_iter().find_map(|report| match report {
                Report::Applied { revision, applied, errors, .. } if revision == wanted => {
                    assert_eq!(errors, []);
                    Some(applied)
                }
                _ => None,
            })
        };
        eventually("the intent is carried out", || told().is_some()).await;
        told().unwrap()
    }

    /// Corrections that were told so far.
    fn drifts(&mut self) -> usize {
        let told = std::iter::from_fn(|| self.told.try_recv().ok());
        told.filter(|report| matches!(**report, Report::Drift { .. })).count()
    }

    async fn stop(mut self) {
        self.cancel.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn intent(revision: u64) -> Intent {
    let object = |at| {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": format!("c{at}"), "namespace": "team"},
            "data": {"a": "1", "b": "2"}})
    };
    Intent::new("one", revision, (0..OBJECTS).map(object).collect(), Vec::new())
}

async fn settled(kubernetes: &Kubernetes) {
    eventually("what was applied is kept", || kubernetes.remembers(OBJECTS)).await;
}

#[tokio::test]
async fn with_its_server_away_drift_is_corrected_and_on_return_nothing_is_applied() {
    let kubernetes = Kubernetes::default();
    let agent = Running::start(&kubernetes, 1);
    agent.offer(&intent(1)).await;
    assert_eq!(agent.applied(1).await, OBJECTS as u64);
    // The server is away: nothing comes from it.
    kubernetes.edit("c3", "a");
    eventually("the edit is undone", || kubernetes.value("c3", "a").as_deref() == Some("1")).await;
    kubernetes.remove("c4");
    eventually("the removed is there again", || kubernetes.value("c4", "a").is_some()).await;
    assert_eq!(kubernetes.applies(), OBJECTS + 2);
    // The server is back, and sends what is held already, for it may have lost the answer; then the same from another run.
    agent.offer(&intent(1)).await;
    agent.offer(&intent(2)).await;
    assert_eq!(agent.applied(2).await, 0, "another number is no other content");
    assert_eq!(kubernetes.applies(), OBJECTS + 2);
    agent.stop().await;
}

#[tokio::test]
async fn an_agent_that_begins_anew_applies_only_what_changed_meanwhile() {
    let kubernetes = Kubernetes::default();
    let agent = Running::start(&kubernetes, 1);
    agent.offer(&intent(1)).await;
    agent.applied(1).await;
    settled(&kubernetes).await;
    agent.stop().await;

    let agent = Running::start(&kubernetes, 2);
    assert_eq!(agent.applied(1).await, 0);
    assert_eq!(kubernetes.applies(), OBJECTS);
    agent.stop().await;

    kubernetes.edit("c3", "a");
    kubernetes.remove("c4");
    let mut agent = Running::start(&kubernetes, 3);
    assert_eq!(agent.applied(1).await, 2);
    assert_eq!(kubernetes.applies(), OBJECTS + 2);
    assert_eq!(kubernetes.value("c3", "a").as_deref(), Some("1"));
    assert!(kubernetes.value("c4", "a").is_some());
    assert_eq!(agent.drifts(), 2, "what happened while no agent ran is told");
    agent.stop().await;
}
