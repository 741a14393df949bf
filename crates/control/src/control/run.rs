//! The one task that owns the model.

use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use futures::StreamExt;
use jiff::Timestamp;
use nagaya_api::Kind;
use nagaya_store::{EventType, Store, StoreError, WatchEvent, WatchStream};
use nagaya_tunnel::{Hub, HubEvent};
use tokio::sync::{Semaphore, broadcast::error::RecvError, mpsc, oneshot, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Control, load};
use crate::{
    act::{Agents, Clusters, Write, Writes},
    delivery::{AT_ONCE, Mail, Reader, Sender, read, send},
    error::ControlError,
    model::{Action, Event, Figures, Impostor, Model, World},
    trust::{Admitted, Ca, Recognition, enrolment, farewell_key, issue_relay},
};

/// Events that wait: who brings more waits as well.
const EVENTS: usize = 1024;
/// Pause before the store is read again after it failed.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Brain {
    model: Model,
    store: Store,
    hub: Hub,
    ca: Ca,
    admitted: Admitted,
    clusters: Clusters,
    agents: Agents,
    writes: Writes,
    tasks: TaskTracker,
    cancel: CancellationToken,
    events: mpsc::Sender<Event>,
    inbox: mpsc::Receiver<Event>,
    asked: mpsc::Receiver<oneshot::Sender<Figures>>,
    objects: WatchStream,
    wires: BTreeMap<String, Wire>,
    /// For the senders of all wires.
    turns: Arc<Semaphore>,
    /// Where archives of charts are.
    charts: Option<PathBuf>,
    now: Timestamp,
}

/// The two tasks that speak with one cluster's agent. They end when it is dropped.
struct Wire {
    mail: watch::Sender<Mail>,
    arrivals: watch::Sender<u64>,
    _ends: tokio_util::sync::DropGuard,
}

impl Brain {
    pub(super) async fn new(
        control: Control,
        writes: Writes,
        tasks: TaskTracker,
        cancel: CancellationToken,
        asked: mpsc::Receiver<oneshot::Sender<Figures>>,
    ) -> Result<Self, ControlError> {
        let Control { store, hub, ca, admitted, provider, settings } = control;
        let now = Timestamp::now();
        let (world, revision) = load::world(&store).await?;
        load::forget_relays(&store, world.workspaces.values(), now).await?;
        let relays = load::relays(&store, world.workspaces.values()).await?;
        let (events, inbox) = mpsc::channel(EVENTS);
        let mut enrolled = Vec::new();
        for cluster in world.clusters.keys() {
            if let Some(known) = enrolment(&store, cluster).await? {
                enrolled.push(Event::Enrolled { cluster: cluster.clone(), not_after: known.not_after });
            }
            if store.meta_get(&farewell_key(cluster)).await?.is_some() {
                enrolled.push(Event::Told { cluster: cluster.clone() });
            }
        }
        for release in world.releases.keys() {
            let secrets = load::secrets(&store, release).await?;
            enrolled.push(Event::Sealed { release: release.clone(), secrets });
        }
        let bundle = ca.authority().bundle_pem();
        let charts = settings.charts.clone();
        let mut model = Model::new(settings.intents, store.incarnation(), world, relays, bundle, now);
        if settings.updates.is_some() {
            model.update_agents();
        }
        for event in enrolled {
            model.know(event, now);
        }
        let objects = store.watch(&World::KINDS, Some(revision));
        let clusters = Clusters {
            provider,
            store: store.clone(),
            ca: ca.clone(),
            hub: hub.clone(),
            writes: writes.clone(),
            events: events.clone(),
            tasks: tasks.clone(),
            cancel: cancel.clone(),
            under_way: std::sync::Arc::default(),
        };
        let agents = Agents {
            updates: settings.updates,
            hub: hub.clone(),
            events: events.clone(),
            tasks: tasks.clone(),
            cancel: cancel.clone(),
        };
        Ok(Self {
            model,
            store,
            hub,
            ca,
            admitted,
            clusters,
            agents,
            writes,
            tasks,
            cancel,
            events,
            inbox,
            asked,
            objects,
            wires: BTreeMap::new(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            charts,
            now,
        })
    }

    pub(super) fn store(&self) -> Store {
        self.store.clone()
    }

    /// Until the end is asked for.
    pub(super) async fn run(mut self) {
        let cancel = self.cancel.clone();
        let mut agents = self.hub.events();
        let mut authorities = self.ca.changes();
        let mut certificates = self.ca.issued();
        let mut recognised = self.ca.recognised();
        let mut states = self.clusters.provider.states().fuse();
        for cluster in self.hub.clusters() {
            self.arrived(&cluster);
        }
        self.take(Event::Tick);
        loop {
            let (due, gather) = (self.sleep(self.model.due(self.now)), self.sleep(self.model.gather()));
            tokio::select! {
                biased;
                () = cancel.cancelled() => return,
                change = self.objects.next() => match change {
                    Some(Ok(change)) => {
                        let event = stored(change);
                        // What is sealed of a release changes with it.
                        if let Event::Stored(object) = &event
                            && object.kind == Kind::Release
                        {
                            self.sealed(&object.metadata.name.clone()).await;
                        }
                        self.take(event);
                    }
                    Some(Err(error)) => self.read_again(Some(error)).await,
                    None => self.read_again(None).await,
                },
                // Before the reports: whoever asks must not wait for those who talk without end.
                Some(answer) = self.asked.recv() => {
                    // Who does not wait any more misses nothing.
                    let _ = answer.send(self.model.figures());
                }
                Some(event) = self.inbox.recv() => self.take(event),
                event = agents.recv() => match event {
                    Ok(HubEvent::AgentConnected { cluster, .. }) => self.arrived(&cluster),
                    Ok(HubEvent::AgentGone { .. }) => {} // Its reports end, and that is taken in.
                    Err(RecvError::Lagged(_)) => {
                        for cluster in self.hub.clusters() {
                            self.arrived(&cluster);
                        }
                    }
                    Err(RecvError::Closed) => return,
                },
                Some(state) = states.next() => self.take(Event::Provider(state)),
                changed = authorities.changed() => match changed {
                    Ok(()) => {
                        let bundle_pem = authorities.borrow_and_update().bundle_pem();
                        self.take(Event::AuthoritiesChanged { bundle_pem });
                    }
                    Err(_) => return,
                },
                issued = certificates.recv() => if let Ok(issued) = issued {
                    self.take(Event::Enrolled { cluster: issued.cluster, not_after: issued.not_after });
                },
                found = recognised.recv() => if let Ok(found) = found {
                    self.recognised(found);
                },
                () = due => self.take(Event::Tick),
                () = gather => self.take(Event::Gather),
            }
        }
    }

    /// Sleeps until something is due, for good if nothing is.
    fn sleep(&self, until: Option<Timestamp>) -> impl Future<Output = ()> + use<> {
        let wait =
            until.map(|at| Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default());
        async move {
            match wait {
                // A timer takes no more than some years; looking again each hour does no harm.
                Some(wait) => tokio::time::sleep(wait.min(Duration::from_secs(3600))).await,
                None => futures::future::pending().await,
            }
        }
    }

    /// Takes an event in and has carried out what follows, and what follows from that.
    fn take(&mut self, event: Event) {
        let mut waiting = VecDeque::from([event]);
        while let Some(event) = waiting.pop_front() {
            self.now = Timestamp::now();
            for action in self.model.step(event, self.now) {
                waiting.extend(self.act(action));
            }
        }
    }

    fn act(&mut self, action: Action) -> Option<Event> {
        if action.is_news() {
            tracing::info!("{action}");
        } else {
            tracing::debug!("{action}");
        }
        match action {
            Action::IssueRelay { workspace } => return self.issue(&workspace),
            Action::Deliver { cluster, content } => {
                self.wire(&cluster).mail.send_modify(|mail| mail.content = Some(content));
            }
            Action::SendChart { cluster, digest } => {
                self.wire(&cluster).mail.send_modify(|mail| {
                    mail.lacks.insert(digest);
                    mail.asks += 1;
                });
            }
            Action::SayWorkspace { workspace, uid, status, .. } => {
                self.writes.ask(&workspace, Write::Workspace { uid, status });
            }
            Action::SayCluster { cluster, uid, status, .. } => {
                self.writes.ask(&cluster, Write::Cluster { uid, status });
            }
            Action::SayTemplate { template, workspaces } => {
                self.writes.ask(&template, Write::Template { workspaces });
            }
            Action::SayGroup { group, uid, status } => {
                self.writes.ask(&group, Write::Group { uid, status });
            }
            Action::SayBundle { bundle, uid, status } => {
                self.writes.ask(&bundle, Write::Bundle { uid, status });
            }
            Action::MakeVersion { version } => {
                let name = version.metadata.name.clone();
                self.writes.ask(&name, Write::Version { version });
            }
            Action::DropVersion { kind, name, uid } => {
                self.writes.ask(&name, Write::DropVersion { kind, uid });
            }
            Action::SayRelease { release, uid, status } => {
                self.writes.ask(&release, Write::Release { uid, status });
            }
            Action::FinishRelease { release, uid } => {
                self.writes.ask(&release, Write::FinishRelease { uid });
            }
            Action::ReleaseWorkspace { workspace, uid } => {
                self.writes.ask(&workspace, Write::ReleaseWorkspace { uid });
            }
            Action::Cluster(action) => {
                let uid = self.model.cluster_uid(action.cluster()).unwrap_or_default();
                self.clusters.begin(action, uid);
            }
            Action::UpdateAgent { cluster } => self.agents.begin(cluster),
            Action::Admit { cluster, admitted } => {
                self.admitted.set(&cluster, admitted);
                if !admitted {
                    self.wires.remove(&cluster);
                    self.hub.disconnect(&cluster);
                }
            }
        }
        None
    }

    fn recognised(&mut self, found: Recognition) {
        match found {
            Recognition::Bound { replaced: false, .. } => {}
            Recognition::Bound { cluster, .. } => {
                // The one that was known until now is still connected, maybe; it is not let in again.
                self.hub.disconnect(&cluster);
                self.take(Event::Replaced { cluster });
            }
            Recognition::Other { cluster, known, uid, peer } => {
                let impostor = Impostor { known, uid, peer: peer.ip().to_string() };
                self.take(Event::Refused { cluster, impostor });
            }
        }
    }

    fn issue(&mut self, name: &str) -> Option<Event> {
        let workspace = self.model.workspace(name)?;
        let uid = workspace.metadata.uid.clone();
        match issue_relay(&self.ca.authority(), workspace, self.now) {
            Ok(material) => {
                // Should it be lost before it is written, another one is made.
                self.writes.ask(&uid, Write::Relay { material: material.clone() });
                Some(Event::RelayIssued { uid, material })
            }
            Err(error) => {
                tracing::error!(workspace = name, %error, "no certificate could be made for a relay");
                Some(Event::RelayFailed { uid })
            }
        }
    }

    /// Takes in what is sealed of a release.
    async fn sealed(&mut self, release: &str) {
        match load::secrets(&self.store, release).await {
            Ok(secrets) => self.take(Event::Sealed { release: release.to_owned(), secrets }),
            Err(error) => tracing::error!(release, %error, "what is sealed of a release cannot be read"),
        }
    }

    fn arrived(&mut self, cluster: &str) {
        self.wire(cluster).arrivals.send_modify(|count| *count += 1);
    }

    fn wire(&mut self, cluster: &str) -> &Wire {
        let (tasks, store, hub, events) = (&self.tasks, &self.store, &self.hub, &self.events);
        let (cancel, turns, charts) = (&self.cancel, &self.turns, &self.charts);
        self.wires.entry(cluster.to_owned()).or_insert_with(|| {
            let (mail, mail_end) = watch::channel(Mail::default());
            let (arrivals, arrivals_end) = watch::channel(0);
            let sender = Sender {
                cluster: cluster.to_owned(),
                store: store.clone(),
                hub: hub.clone(),
                events: events.clone(),
                turns: turns.clone(),
                charts: charts.clone(),
            };
            let reader = Reader {
                cluster: cluster.to_owned(),
                hub: hub.clone(),
                events: events.clone(),
                mail: mail.clone(),
            };
            let end = cancel.child_token();
            let ended = end.clone();
            tasks.spawn(async move {
                tokio::select! {
                    ((), ()) = futures::future::join(send(sender, mail_end), read(reader, arrivals_end)) => {}
                    () = ended.cancelled() => {}
                }
            });
            Wire { mail, arrivals, _ends: end.drop_guard() }
        })
    }

    /// The watch was lost: reads everything again and goes on from there.
    async fn read_again(&mut self, why: Option<StoreError>) {
        if let Some(error) = why {
            tracing::warn!(%error, "the watch of the store was lost; everything is read again");
        }
        loop {
            if self.cancel.is_cancelled() {
                return;
            }
            match load::again(&self.store, self.model.known()).await {
                Ok((events, revision)) => {
                    self.objects = self.store.watch(&World::KINDS, Some(revision));
                    for event in events {
                        if let Event::Stored(object) = &event
                            && object.kind == Kind::Release
                        {
                            self.sealed(&object.metadata.name.clone()).await;
                        }
                        self.take(event);
                    }
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "the store cannot be read; it is tried again");
                    tokio::select! {
                        () = tokio::time::sleep(PAUSE) => {}
                        () = self.cancel.cancelled() => return,
                    }
                }
            }
        }
    }
}

fn stored(change: WatchEvent) -> Event {
    match change.event {
        EventType::Added | EventType::Modified => Event::Stored(change.object),
        EventType::Deleted => Event::Removed(change.object),
    }
}
