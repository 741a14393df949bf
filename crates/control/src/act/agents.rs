//! Having agents replaced by the server's version.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use nagaya_api::agent::{AGENT_PATH, AgentUpdate};
use nagaya_tunnel::{Hub, Lane};
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::model::Event;

/// How long an agent may take to begin.
const ANSWER_TIME: Duration = Duration::from_secs(30);
/// Longest refusal that is read.
const ANSWER_LIMIT: usize = 4096;

/// Knows what makes an imported cluster's agent one of this server's version.
#[async_trait]
pub trait AgentUpdates: fmt::Debug + Send + Sync + 'static {
    /// What its agent is sent.
    ///
    /// # Errors
    /// What is not known, in words with the mend.
    async fn update(&self, cluster: &str) -> Result<AgentUpdate, String>;
}

/// What has agents replaced.
#[derive(Clone)]
pub(crate) struct Agents {
    pub(crate) updates: Option<Arc<dyn AgentUpdates>>,
    pub(crate) hub: Hub,
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) tasks: TaskTracker,
    pub(crate) cancel: CancellationToken,
}

impl Agents {
    /// Begins. That it could not be comes as an event; that it succeeded the new agent says by being there.
    pub(crate) fn begin(&self, cluster: String) {
        let this = self.clone();
        self.tasks.spawn(async move {
            let asked = tokio::select! {
                asked = this.ask(&cluster) => asked,
                () = this.cancel.cancelled() => return,
            };
            if let Err(why) = asked {
                tracing::warn!(cluster, why, "an agent was not updated");
                // Nobody listens any more: the server stops.
                let _ = this.events.send(Event::UpdateRefused { cluster, why }).await;
            }
        });
    }

    async fn ask(&self, cluster: &str) -> Result<(), String> {
        let Some(updates) = &self.updates else { return Err("this server updates no agents".to_owned()) };
        let update = updates.update(cluster).await?;
        let body = serde_json::to_vec(&update).map_err(|error| error.to_string())?;
        let mut request = Request::new(nagaya_tunnel::full(body));
        *request.method_mut() = Method::PUT;
        *request.uri_mut() = http::Uri::from_static(AGENT_PATH);
        let answer = async {
            let response =
                self.hub.request(cluster, Lane::Control, request).await.map_err(|e| e.to_string())?;
            let status = response.status();
            if status.is_success() {
                return Ok(());
            }
            if status == StatusCode::NOT_FOUND {
                return Err(format!(
                    "it is too old to be updated from here; apply its manifest again: nagaya cluster import {cluster}"
                ));
            }
            let body = Limited::new(response.into_body(), ANSWER_LIMIT).collect().await;
            let words = body.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned());
            Err(words.unwrap_or_else(|_| status.to_string()))
        };
        let late = || Err("it did not answer in time".to_owned());
        tokio::time::timeout(ANSWER_TIME, answer).await.unwrap_or_else(|_| late())
    }
}
