//! The shell: one task a cluster sends what it should hold.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use jiff::Timestamp;
use nagaya_api::agent::{INTENT_PATH, IntentAck};
use nagaya_store::Store;
use nagaya_tunnel::{Hub, Lane, backoff};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, watch};

use super::charts;
use super::plan::{Held, Ledger, Step, plan};
use crate::{
    error::ControlError,
    model::{Content, Draft, Event},
};

/// Longest answer that is read.
pub(super) const ANSWER_LIMIT: usize = 64 * 1024;
/// How long an agent may take to take an intent in.
pub(super) const ANSWER_TIME: Duration = Duration::from_secs(30);
/// Intents on their way at once: each is a text of its own until the agent has it, and a thousand of them are a hundred
/// megabytes that the allocator never gives back.
pub(crate) const AT_ONCE: usize = 32;
/// Who does not answer within this time no longer counts among those: stalled agents hold nobody up.
const TURN: Duration = Duration::from_millis(500);
/// An agent gets another intent so soon after the last at most. While many things change at once, what it gets then holds
/// several of them; the first of them goes out at once.
const PACE: Duration = Duration::from_millis(250);
const BACKOFF_MIN: Duration = Duration::from_millis(200);
const BACKOFF_MAX: Duration = Duration::from_secs(10);

/// What the sender of a cluster is told: always the newest, never a queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mail {
    /// What the cluster should hold.
    pub(crate) content: Option<Arc<Content>>,
    /// What its agent said it holds when it began to report; none: it is away.
    pub(crate) held: Option<Held>,
    /// How often an agent began to report: what it says then counts, also if it is the same as before.
    pub(crate) hellos: u64,
    /// Digests of charts that its agent asked for.
    pub(crate) lacks: BTreeSet<String>,
    /// How often it asked: it may lack one anew.
    pub(crate) asks: u64,
}

/// What the sender needs.
pub(crate) struct Sender {
    pub(crate) cluster: String,
    pub(crate) store: Store,
    pub(crate) hub: Hub,
    pub(crate) events: mpsc::Sender<Event>,
    /// Shared by all clusters' senders; [`AT_ONCE`].
    pub(crate) turns: Arc<Semaphore>,
    /// Where archives of charts are; none: there are none.
    pub(crate) charts: Option<PathBuf>,
}

/// Sends until the mail's other end is dropped.
pub(crate) async fn send(sender: Sender, mut mail: watch::Receiver<Mail>) {
    let mut ledger = sender.ledger().await;
    let mut failures = 0;
    // What the agent holds, by its hello and its answers since.
    let mut held: Option<Held> = None;
    let (mut hellos, mut asks) = (0, 0);
    let mut told = 0;
    let mut free = Instant::now();
    // Archives of charts that the agent is known to have.
    let mut charts = BTreeSet::new();
    loop {
        let now = mail.borrow_and_update().clone();
        if now.hellos != hellos || now.held.is_none() {
            hellos = now.hellos;
            charts.clear();
            held = now.held;
        }
        let outcome = match (&now.content, &held) {
            (Some(content), Some(holds)) => {
                if now.asks != asks {
                    charts.retain(|digest| !now.lacks.contains(digest));
                }
                match charts::bring_some(&sender, content, &now.lacks, &mut charts).await {
                    Ok(()) => {
                        asks = now.asks;
                        sender.step(content, holds, &mut ledger, &mut charts).await
                    }
                    Err(error) => Err(error),
                }
            }
            _ => Ok(Progress::Rest(None)),
        };
        match outcome {
            Ok(Progress::Rest(revision)) => {
                failures = 0;
                if let (Some(revision), Some(content)) = (revision, &now.content) {
                    if told != revision {
                        told = revision;
                        sender.tell(Event::Numbered { cluster: sender.cluster.clone(), revision }).await;
                    }
                    sender
                        .tell(Event::Taken {
                            cluster: sender.cluster.clone(),
                            hash: content.hash().to_owned(),
                        })
                        .await;
                }
                if mail.changed().await.is_err() {
                    return;
                }
                tokio::time::sleep_until(free.into()).await;
            }
            Ok(Progress::Reserved) => {}
            Ok(Progress::Taken(now_held)) => {
                failures = 0;
                free = Instant::now() + PACE;
                held = Some(now_held);
            }
            Err(error) => {
                tracing::warn!(cluster = sender.cluster, %error, "what a cluster should hold was not taken; it is sent again");
                // Once may be for a number that another took; a connection that breaks is said elsewhere.
                if failures > 0 && matches!(error, ControlError::Agent { .. }) {
                    sender
                        .tell(Event::NotTaken { cluster: sender.cluster.clone(), why: error.to_string() })
                        .await;
                }
                let pause = backoff::pause(failures, BACKOFF_MIN, BACKOFF_MAX, rand::random());
                failures += 1;
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    // Newer content, or an agent that came back, need not wait.
                    changed = mail.changed() => if changed.is_err() { return },
                }
            }
        }
    }
}

enum Progress {
    Rest(Option<u64>),
    Reserved,
    Taken(Held),
}

impl Sender {
    fn key(&self) -> String {
        format!("intent/{}", self.cluster)
    }

    async fn ledger(&self) -> Ledger {
        let mut failures = 0;
        loop {
            match self.store.meta_get(&self.key()).await {
                Ok(text) => {
                    let reserved = text.and_then(|text| text.parse().ok()).unwrap_or(0);
                    return Ledger { last: reserved, reserved, ..Ledger::default() };
                }
                Err(error) => {
                    tracing::error!(cluster = self.cluster, %error, "the number of the last intent is not known")
                }
            }
            tokio::time::sleep(backoff::pause(failures, BACKOFF_MIN, BACKOFF_MAX, rand::random())).await;
            failures += 1;
        }
    }

    async fn tell(&self, event: Event) {
        // Nobody listens any more: the server stops.
        let _ = self.events.send(event).await;
    }

    async fn step(
        &self,
        content: &Content,
        held: &Held,
        ledger: &mut Ledger,
        charts: &mut BTreeSet<String>,
    ) -> Result<Progress, ControlError> {
        let incarnation = self.store.incarnation();
        // What is new is hashed while its text is made: an agent that lacks it gets that text.
        let draft = match content.is_hashed() {
            true => None,
            false => Some(self.draft(content).await),
        };
        match plan(content, &incarnation, held, ledger) {
            Step::Rest { revision } => Ok(Progress::Rest(Some(revision))),
            Step::Reserve { up_to } => {
                self.store.meta_set(&self.key(), &up_to.to_string(), Timestamp::now()).await?;
                ledger.reserved = up_to;
                Ok(Progress::Reserved)
            }
            Step::Put { revision } => {
                ledger.last = revision;
                ledger.numbered = Some((content.hash().to_owned(), content.confirm_prune));
                ledger.taken = false;
                // An intent is only understood with what it names; that may take long.
                let draft = draft.filter(|_| content.releases.is_empty());
                charts::bring(self, content, charts).await?;
                let draft = match draft {
                    Some(draft) => draft,
                    None => self.draft(content).await,
                };
                match self.put(content, draft, &incarnation, revision).await {
                    Ok(ack) => {
                        ledger.taken = true;
                        Ok(Progress::Taken(Held { incarnation, revision: ack.revision, hash: ack.hash }))
                    }
                    Err(error) => {
                        if matches!(error, ControlError::Agent { status: StatusCode::CONFLICT, .. }) {
                            // It holds a newer one, or this number with other content: take a number above it.
                            ledger.numbered = None;
                        }
                        Err(error)
                    }
                }
            }
        }
    }

    /// Begins a text when it is its turn, which lasts as long as the text.
    async fn draft(&self, content: &Content) -> (Draft, Option<SemaphorePermit<'_>>) {
        // It is never closed; should it be, there is nothing to wait for.
        let turn = self.turns.acquire().await.ok();
        (content.draft(), turn)
    }

    async fn put(
        &self,
        content: &Content,
        (draft, turn): (Draft, Option<SemaphorePermit<'_>>),
        incarnation: &str,
        revision: u64,
    ) -> Result<IntentAck, ControlError> {
        let refused =
            |status, message: String| ControlError::Agent { cluster: self.cluster.clone(), status, message };
        let body = content.intent(draft, incarnation, revision).into_bytes();
        let mut request = Request::new(nagaya_tunnel::full(body));
        *request.method_mut() = Method::PUT;
        *request.uri_mut() = http::Uri::from_static(INTENT_PATH);
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        tracing::info!(cluster = self.cluster, revision, objects = content.len(), "sending an intent");
        let answer = async {
            let response = self.hub.request(&self.cluster, Lane::Control, request).await?;
            let status = response.status();
            let body = Limited::new(response.into_body(), ANSWER_LIMIT).collect().await;
            let body = body.map_err(|error| refused(status, error.to_string()))?.to_bytes();
            if status != StatusCode::OK {
                return Err(refused(status, String::from_utf8_lossy(&body).trim().to_owned()));
            }
            serde_json::from_slice(&body).map_err(|error| refused(status, error.to_string()))
        };
        let late = || refused(StatusCode::GATEWAY_TIMEOUT, "no answer in time".into());
        let answer = tokio::time::timeout(ANSWER_TIME, answer);
        tokio::pin!(answer);
        let answered = tokio::select! {
            answered = &mut answer => answered,
            () = tokio::time::sleep(TURN) => {
                drop(turn);
                answer.await
            }
        };
        answered.unwrap_or_else(|_| Err(late()))
    }
}
