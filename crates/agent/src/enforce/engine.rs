//! The loop that holds the intent and carries out plans.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use futures::StreamExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kube::Client;
use nagaya_api::agent::{Intent, IntentAck, Report};
use nagaya_api::kinds::cluster::ObjectError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::act::{ActError, Actor, Outcome};
use super::desired::{Fingerprint, Wanted, read};
use super::memory::Memory;
use super::observe::{Kind, Seen, Watches};
use super::plan::{Action, Applied, Held, Plan, Record, World, plan};
use crate::intent::{self, Line, Loaded, Refusal, StoreError, Stored};
use crate::lease::Leadership;
use crate::metrics::Metrics;
use crate::report::Reports;

/// Requests to the API server at once.
const AT_ONCE: usize = 8;
/// Between attempts while the API server does not answer.
const API_PAUSE: std::time::Duration = std::time::Duration::from_secs(1);
/// Between two reports of what is not ready: a rollout changes many objects many times.
const UNREADY_PAUSE: SignedDuration = SignedDuration::from_millis(500);
/// How long the first lists may take, before what was applied by an earlier agent is applied once more to be sure.
const RECALL: SignedDuration = SignedDuration::from_secs(30);
/// A purge that waits this often is told as a trouble; before, it is only slow.
const SLOW_PURGE: u32 = 4;

/// Why an intent was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum IntentError {
    /// The intent is not acceptable.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An intent that came, and where to say what became of it.
#[derive(Debug)]
pub struct Offer {
    /// The intent.
    pub intent: Intent,
    /// Answered once it is stored.
    pub answer: oneshot::Sender<Result<IntentAck, IntentError>>,
}

/// Enforces one cluster's intent.
pub struct Engine {
    client: Client,
    namespace: String,
    lease: Leadership,
    reports: Reports,
    metrics: Metrics,
    actor: Arc<Actor>,
    watches: Watches,
    seen: mpsc::Receiver<Seen>,
    offers: mpsc::Receiver<Offer>,
    memory: Memory,
    /// The intent in force, without its objects: they are in `wanted`, and once is enough.
    stored: Option<Stored>,
    wanted: Wanted,
    /// Names of the pieces that the intent is stored in.
    pieces: String,
    /// Whether the inventory, with what was applied, is other than it is stored.
    unsaved: bool,
    /// Until when the lists may tell whether what was applied before this agent began is still so.
    recalling: Option<Timestamp>,
    /// Revision of the newest intent, and the server-side apply calls that were made for it.
    calls: (u64, u64),
    /// When what is not ready was last told; none when it is to be told at once.
    told_unready: Option<Timestamp>,
}

impl Engine {
    /// An engine that holds nothing yet. Intents come through `offers`.
    pub fn new(
        client: Client,
        namespace: String,
        lease: Leadership,
        reports: Reports,
        metrics: Metrics,
        offers: mpsc::Receiver<Offer>,
    ) -> Engine {
        let (events, seen) = mpsc::channel(64);
        Engine {
            actor: Arc::new(Actor::new(client.clone())),
            watches: Watches::new(client.clone(), events),
            client,
            namespace,
            lease,
            reports,
            metrics,
            seen,
            offers,
            memory: Memory::default(),
            stored: None,
            wanted: Wanted::default(),
            pieces: String::new(),
            unsaved: false,
            recalling: None,
            calls: (0, 0),
            told_unready: None,
        }
    }

    /// Runs until `cancel`. Whenever another agent has the Lease, nothing is done.
    pub async fn run(mut self, cancel: CancellationToken) {
        let mut leads = self.lease.subscribe();
        loop {
            let led = tokio::select! {
                () = cancel.cancelled() => return,
                led = leads.wait_for(|leads| *leads) => led.is_ok(),
            };
            if !led {
                return;
            }
            let enforcing = async {
                self.begin().await;
                self.enforce(&mut leads).await;
            };
            tokio::select! {
                () = cancel.cancelled() => return,
                () = enforcing => {}
            }
            tracing::info!("another agent enforces now");
            self.rest();
        }
    }

    /// Reads what was stored: perhaps by another agent, perhaps by an earlier run.
    async fn begin(&mut self) {
        let loaded = loop {
            match intent::load(&self.client, &self.namespace).await {
                Ok(loaded) => break loaded,
                Err(error @ StoreError::Damaged(_)) => {
                    tracing::warn!(%error, "the stored intent is not used");
                    break None;
                }
                // Not to know it is not the same as to have none: without it there would be nothing to enforce.
                Err(error) => tracing::warn!(%error, "the stored intent cannot be read yet"),
            }
            tokio::time::sleep(API_PAUSE).await;
        };
        let revision = loaded.as_ref().map(|loaded| loaded.stored.intent.revision);
        tracing::info!(revision, "this agent enforces");
        let Some(Loaded { stored, applied, pieces }) = loaded else {
            (self.stored, self.wanted) = (None, Wanted::default());
            return;
        };
        let wanted = read(&stored.intent);
        // Written anew in any case: an older agent may have left more pieces than it needed.
        self.hold(stored, wanted, pieces);
        self.memory.recall(applied.into_iter().filter(|(key, _)| self.wanted.objects.contains_key(key)));
        let watched = self.watch().await;
        self.memory.await_lists(&watched);
        self.recalling = Timestamp::now().checked_add(RECALL).ok();
    }

    fn hold(&mut self, mut stored: Stored, wanted: Wanted, pieces: String) {
        self.memory.set_purges(&stored.intent.purge);
        self.reports.holds(&stored.intent);
        self.metrics.holds(stored.intent.revision, wanted.objects.len());
        stored.intent.objects = Vec::new();
        (self.stored, self.wanted, self.pieces) = (Some(stored), wanted, pieces);
        self.unsaved = true;
    }

    fn rest(&mut self) {
        self.watches.keep_only(&BTreeSet::new());
        while self.seen.try_recv().is_ok() {}
        self.memory = Memory::default();
    }

    /// Takes offers and events, and acts, until the Lease is lost.
    async fn enforce(&mut self, leads: &mut watch::Receiver<bool>) {
        let mut unchanged = None;
        loop {
            if self.recalling.is_some_and(|until| until <= Timestamp::now()) {
                self.recalling = None;
                self.memory.doubt();
                unchanged = None;
            }
            let plan = unchanged.take().unwrap_or_else(|| self.plan());
            if !plan.steps.is_empty() {
                match self.lease.confirm().await {
                    Ok(true) => self.carry_out(&plan).await,
                    Ok(false) => return,
                    Err(error) => {
                        tracing::debug!(%error, "the API server does not answer; what is to do waits");
                        tokio::time::sleep(API_PAUSE).await;
                        continue;
                    }
                }
            }
            // Whatever came meanwhile is taken in before the next plan, without waiting if there is something to do.
            let wake = match plan.steps.is_empty() {
                true if self.memory.awaits_lists() => self.recalling.into_iter().chain(plan.wake).min(),
                true => self.settle(&plan).await.into_iter().chain(plan.wake).min(),
                false => Some(Timestamp::now()),
            };
            tokio::select! {
                biased;
                changed = leads.changed() => if changed.is_err() || !*leads.borrow() { return },
                Some(offer) = self.offers.recv() => self.take(offer).await,
                Some(seen) = self.seen.recv() => {
                    let mut matters = self.memory.see(seen);
                    // A list comes as many events: one plan is enough for those that are there.
                    for _ in 0..1000 {
                        let Ok(seen) = self.seen.try_recv() else { break };
                        matters |= self.memory.see(seen);
                    }
                    // A status that changes is no reason to look at thousands of objects again.
                    unchanged = (!matters && plan.steps.is_empty()).then_some(plan);
                }
                () = until(wake), if wake.is_some() => {}
            }
        }
    }

    async fn take(&mut self, offer: Offer) {
        let result = self.admit(offer.intent).await;
        // The one who asked may have gone: the intent is in force all the same.
        let _ = offer.answer.send(result);
    }

    async fn admit(&mut self, offered: Intent) -> Result<IntentAck, IntentError> {
        let held = self.stored.as_ref();
        intent::admit(held.map(|stored| &stored.intent), &offered)?;
        let ack = IntentAck { revision: offered.revision, hash: offered.hash.clone() };
        if held.is_some_and(|stored| is_same(&stored.intent, &offered)) {
            return Ok(ack);
        }
        let wanted = read(&offered);
        let inventory =
            inventory(held.map(|s| s.inventory.as_slice()).unwrap_or_default(), &wanted, &offered);
        let stored = Stored { intent: offered, inventory };
        // Stored before it is acted on: what is applied must be known to whoever goes on after this agent.
        let pieces = intent::save(&self.client, &self.namespace, &stored).await?;
        self.hold(stored, wanted, pieces);
        Ok(ack)
    }

    fn plan(&self) -> Plan {
        let Some(stored) = &self.stored else { return Plan::default() };
        plan(&World {
            wanted: &self.wanted.objects,
            records: &self.memory.records,
            inventory: &stored.inventory,
            purges: &self.memory.purges,
            incarnation: &stored.intent.incarnation,
            confirm_prune: stored.intent.confirm_prune,
            now: Timestamp::now(),
        })
    }

    async fn carry_out(&mut self, plan: &Plan) {
        for step in &plan.steps {
            if !self.offers.is_empty() {
                return; // a newer intent came: what it wants is done next
            }
            let work: Vec<_> = step.iter().map(|action| self.work(action)).collect();
            let done: Vec<_> = futures::stream::iter(work).buffer_unordered(AT_ONCE).collect().await;
            for (action, result) in done {
                self.note(&action, result);
            }
        }
        self.watch().await;
        // Before it is said that the intent was carried out, what is not ready must be known.
        self.told_unready = None;
    }

    fn work(&self, action: &Action) -> BoxFuture<'static, (Action, Result<Option<Outcome>, ActError>)> {
        let (actor, action) = (self.actor.clone(), action.clone());
        let desired = match &action {
            Action::Apply { key, .. } => self.wanted.objects.get(key).cloned(),
            _ => None,
        };
        Box::pin(async move {
            tracing::info!("{action}");
            let done = match (&action, desired) {
                (Action::Apply { key, .. }, Some(desired)) => actor.apply(key, &desired).await.map(Some),
                (Action::Apply { .. }, None) => Ok(None),
                (Action::Prune { key }, _) => actor.prune(key).await.map(|()| None),
                (Action::Purge { claim }, _) => actor.purge(claim).await.map(|()| None),
            };
            (action, done)
        })
    }

    fn note(&mut self, action: &Action, result: Result<Option<Outcome>, ActError>) {
        let now = Timestamp::now();
        let applies = matches!(action, Action::Apply { .. });
        // What never came to the API server is no call.
        let called = !applies || matches!(result, Ok(Some(_)) | Err(ActError::Kubernetes(_)));
        if called {
            self.metrics.acted(action, result.is_ok());
        }
        if called && applies {
            let revision = self.revision();
            let made = if self.calls.0 == revision { self.calls.1 } else { 0 };
            self.calls = (revision, made + 1);
        }
        if let Err(error) = &result
            && !matches!(error, ActError::Waiting(_))
        {
            tracing::warn!(%action, %error, "an action failed");
        }
        match (action, result) {
            (Action::Apply { key, why }, Ok(Some(outcome))) => {
                let Some(desired) = self.wanted.objects.get(key) else { return };
                let before = self.memory.records.get(key).and_then(|record| record.applied);
                let now_applied = Applied { fingerprint: desired.fingerprint, owned: outcome.owned };
                self.unsaved |= before != Some(now_applied);
                if let Some(correction) = self.memory.applied(key, *why, desired, outcome, now) {
                    tracing::info!(%action, manager = correction.manager, fields = ?correction.fields, "put right");
                    self.reports.drift(Report::Drift {
                        object: correction.key.to_string(),
                        manager: correction.manager,
                        fields: correction.fields,
                        at: now,
                        bundle: desired.bundle(),
                        release: String::new(),
                    });
                }
            }
            (Action::Apply { .. }, Ok(None)) => {}
            (Action::Apply { key, .. }, Err(error)) => {
                let tried =
                    self.wanted.objects.get(key).map(|desired| desired.fingerprint).unwrap_or_default();
                self.memory.failed(key, tried, &error, now);
            }
            (Action::Prune { key }, Ok(_)) => {
                self.memory.forget(key);
                if let Some(stored) = &mut self.stored {
                    stored.inventory.retain(|held| held.key != *key);
                    self.unsaved = true;
                }
            }
            (Action::Prune { key }, Err(error)) => {
                self.memory.failed(key, Fingerprint::default(), &error, now);
            }
            (Action::Purge { claim }, result) => {
                self.memory.purged(claim, result.map(|_| ()).map_err(|error| error.to_string()), now);
            }
        }
    }

    /// Watches every kind that is wanted, and no other. Returns those that it can.
    async fn watch(&mut self) -> BTreeSet<Kind> {
        let kinds: BTreeSet<Kind> = self.wanted.objects.keys().map(Kind::of).collect();
        self.watches.keep_only(&kinds);
        for kind in kinds {
            if !self.watches.has(&kind)
                && let Ok(resolved) = self.actor.resolver().resolve(&kind.api_version, &kind.kind).await
            {
                self.watches.start(kind, &resolved);
            }
        }
        self.watches.kinds()
    }

    /// Nothing is left to do now: tells the server, and tidies what is stored. Returns when something is to be told
    /// that waits now.
    async fn settle(&mut self, plan: &Plan) -> Option<Timestamp> {
        let later = self.tell_unready(Timestamp::now());
        let stored = self.stored.as_ref()?;
        self.reports.applied(Report::Applied {
            revision: stored.intent.revision,
            hash: stored.intent.hash.clone(),
            errors: self.errors(),
            unconfirmed: plan.unconfirmed.iter().map(ToString::to_string).collect(),
            applied: if self.calls.0 == self.revision() { self.calls.1 } else { 0 },
        });
        if self.unsaved {
            let saved = self.lines(stored);
            match intent::save_inventory(&self.client, &self.namespace, &stored.intent, &self.pieces, &saved)
                .await
            {
                Ok(all) => {
                    intent::sweep(&self.client, &self.namespace, &all).await;
                    self.unsaved = false;
                }
                Err(error) => tracing::debug!(%error, "the inventory is written later"),
            }
        }
        later
    }

    /// The inventory as it is to be stored.
    fn lines(&self, stored: &Stored) -> Vec<Line> {
        let applied = |held: &Held| self.memory.records.get(&held.key).and_then(|record| record.applied);
        stored.inventory.iter().map(|held| Line { held: held.clone(), applied: applied(held) }).collect()
    }

    /// Tells what is not ready, if that changed, but not more often than people can read.
    fn tell_unready(&mut self, now: Timestamp) -> Option<Timestamp> {
        if !self.memory.unready_changed() {
            return None;
        }
        let due = self.told_unready.and_then(|told| told.checked_add(UNREADY_PAUSE).ok());
        if let Some(due) = due.filter(|due| *due > now) {
            return Some(due);
        }
        self.reports.unready(self.memory.take_unready());
        self.told_unready = Some(now);
        None
    }

    fn revision(&self) -> u64 {
        self.stored.as_ref().map_or(0, |stored| stored.intent.revision)
    }

    fn errors(&self) -> Vec<ObjectError> {
        let mut errors = self.wanted.errors.clone();
        let failed = |record: &Record| record.error.clone().filter(|_| record.failures > 0);
        let held: HashMap<_, _> = self.memory.records.iter().collect();
        let mut objects: Vec<_> = held
            .into_iter()
            .filter_map(|(key, record)| Some((key, failed(record)?)))
            .map(|(key, message)| ObjectError { object: key.to_string(), message })
            .collect();
        objects.sort_by(|a, b| a.object.cmp(&b.object));
        errors.append(&mut objects);
        for (claim, record) in self.memory.purges.iter().filter(|(_, record)| record.failures >= SLOW_PURGE) {
            if let Some(message) = failed(record) {
                let object = format!("PersistentVolumeClaim {}/{}", claim.namespace, claim.claim);
                errors.push(ObjectError { object, message });
            }
        }
        errors
    }
}

/// Whether an intent is the one that is held; the hash stands for its objects.
fn is_same(held: &Intent, offered: &Intent) -> bool {
    let parts = |one: &Intent| (one.revision, one.confirm_prune);
    parts(held) == parts(offered) && held.incarnation == offered.incarnation && held.hash == offered.hash
}

/// What was held before, and what is wanted now under the new incarnation.
fn inventory(before: &[Held], wanted: &Wanted, intent: &Intent) -> Vec<Held> {
    let now =
        wanted.objects.keys().map(|key| Held { key: key.clone(), incarnation: intent.incarnation.clone() });
    let left = before.iter().filter(|held| !wanted.objects.contains_key(&held.key)).cloned();
    now.chain(left).collect()
}

async fn until(at: Option<Timestamp>) {
    let left = at.map(|at| at.duration_since(Timestamp::now()));
    let left = left.and_then(|left| std::time::Duration::try_from(left).ok()).unwrap_or_default();
    tokio::time::sleep(left).await;
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
