//! Asking the provider: one piece of work a cluster at a time.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use jiff::{SignedDuration, Timestamp};
use nagaya_api::{Cluster, agent::FAREWELL_PATH, kinds::cluster::Removal};
use nagaya_store::{Store, Writer};
use nagaya_tunnel::{Hub, Lane};
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Write, Writes};
use crate::{
    cluster::ClusterAction,
    model::{Event, Outcome},
    provider::{ClusterOrder, ClusterProvider, Join},
    trust::{Ca, farewell_key, replace_cluster},
};

/// How long an agent has to use its join token: longer than the slowest first start.
const JOIN_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// How long an agent may take to have its own removal begun.
const ANSWER_TIME: Duration = Duration::from_secs(30);
/// Longest answer to that.
const WORDS: usize = 64 << 10;

/// What asks the provider.
#[derive(Clone)]
pub(crate) struct Clusters {
    pub(crate) provider: Arc<dyn ClusterProvider>,
    pub(crate) store: Store,
    pub(crate) ca: Ca,
    pub(crate) hub: Hub,
    pub(crate) writes: Writes,
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) tasks: TaskTracker,
    pub(crate) cancel: CancellationToken,
    /// The work under way, by cluster: what overtakes it ends it first.
    pub(crate) under_way: Arc<Mutex<BTreeMap<String, UnderWay>>>,
}

/// One piece of work.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay {
    over: CancellationToken,
    /// Held while it goes on.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Clusters {
    /// Begins the work; its end comes as an event. `uid` is the cluster object's.
    pub(crate) fn begin(&self, action: ClusterAction, uid: String) {
        if let ClusterAction::Release { cluster } = &action {
            self.writes.ask(cluster, Write::ReleaseCluster { uid });
            return;
        }
        let mine = {
            let mut all = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            let before = all.entry(action.cluster().to_owned()).or_default();
            before.over.cancel();
            *before = UnderWay { over: self.cancel.child_token(), turn: before.turn.clone() };
            before.clone()
        };
        let this = self.clone();
        self.tasks.spawn(async move {
            let work = async {
                let _turn = mine.turn.lock().await;
                this.work(&action).await
            };
            let outcome = tokio::select! {
                outcome = work => outcome,
                () = mine.over.cancelled() => return,
            };
            let outcome = outcome.unwrap_or_else(|why| {
                tracing::warn!(%action, why, "a cluster's provider failed; it is asked again");
                Outcome::Failed(why)
            });
            // Nobody listens any more: the server stops.
            let _ = this.events.send(Event::Worked { action, outcome }).await;
        });
    }

    async fn work(&self, action: &ClusterAction) -> Result<Outcome, String> {
        let mut join_until = None;
        match action {
            ClusterAction::Ensure { cluster, spec, join, keep_agent } => {
                let (name, spec, keep_agent) = (cluster.clone(), spec.clone(), *keep_agent);
                let mut order = ClusterOrder { name, spec, join: None, keep_agent };
                if *join {
                    let writer = Writer::system("control", Timestamp::now());
                    let (token, secret) = self
                        .store
                        .join_token_create(writer, cluster, JOIN_LIFE)
                        .await
                        .map_err(|error| error.to_string())?;
                    join_until = Some(token.expires_at);
                    // What is made here may be made anew under its name, and is the one that is meant then.
                    let replaced = replace_cluster(&self.store, cluster, Timestamp::now()).await;
                    replaced.map_err(|error| error.to_string())?;
                    order.join = Some(Join { token: secret, ca_pem: self.ca.authority().bundle_pem() });
                }
                self.provider.ensure(order).await.map_err(|error| error.to_string())?;
            }
            ClusterAction::Stop { cluster } => {
                self.provider.stop(cluster).await.map_err(|error| error.to_string())?;
            }
            ClusterAction::Delete { cluster } => {
                self.provider.delete(cluster).await.map_err(|error| error.to_string())?;
            }
            ClusterAction::Farewell { cluster } => self.farewell(cluster).await?,
            ClusterAction::Release { .. } => {}
        }
        Ok(Outcome::Done { join_until })
    }

    /// Kept before it is sent: should the answer be lost, the agent's absence is one.
    async fn farewell(&self, cluster: &str) -> Result<(), String> {
        if self.hub.agents(cluster).is_empty() {
            return Err("its agent is not connected".to_owned());
        }
        let going = self.store.get::<Cluster>(cluster).await.map_err(|error| error.to_string())?;
        if going.is_some_and(|going| Removal::of(&going) == Some(Removal::Remove)) {
            // It is asked before it is told: once told, its absence is its answer.
            let (status, words) = self.ask(cluster, Method::GET).await?;
            if status == StatusCode::CONFLICT {
                return Err(words);
            }
        }
        let kept = self.store.meta_set(&farewell_key(cluster), "told", Timestamp::now()).await;
        kept.map_err(|error| error.to_string())?;
        // Nobody listens any more: the server stops.
        let _ = self.events.send(Event::Told { cluster: cluster.to_owned() }).await;
        let (status, _) = self.ask(cluster, Method::POST).await?;
        if status.is_success() {
            Ok(())
        } else {
            Err(format!("its agent did not remove itself: it answered {status}"))
        }
    }

    /// Asks an agent about its farewell (GET), or for it (POST). Returns its answer's status and words.
    async fn ask(&self, cluster: &str, method: Method) -> Result<(StatusCode, String), String> {
        let mut request = Request::new(nagaya_tunnel::empty());
        *request.method_mut() = method;
        *request.uri_mut() = http::Uri::from_static(FAREWELL_PATH);
        let answer = async {
            let response = self.hub.request(cluster, Lane::Control, request).await;
            let response = response.map_err(|error| error.to_string())?;
            let status = response.status();
            let body = Limited::new(response.into_body(), WORDS).collect().await;
            let body = body.map_err(|error| error.to_string())?.to_bytes();
            Ok((status, String::from_utf8_lossy(&body).trim().to_owned()))
        };
        let answer = tokio::time::timeout(ANSWER_TIME, answer).await;
        answer.map_err(|_| "its agent did not answer in time".to_owned())?
    }
}
