//! One release's life in this cluster: brought to what is wanted, then watched.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kube::Client;
use nagaya_api::agent::{EnvironmentObservation, ObjectLine, ReleaseIntent, ReleaseState};
use nagaya_helm::action::ownership::Release;
use nagaya_helm::action::{Cluster, Desired, Error, Options, Outcome, Reconciler, Source, Standing, Wish};
use nagaya_helm::release::{History, secret::label_value};
use tokio::sync::Semaphore;

use super::charts::Charts;
use super::cluster::{InCluster, client_as};
use super::correct::Kept;
use super::environment;
use super::held::{Held, Ledger};
use super::hold;
use super::render::{ChartSource, NoChart};
use super::tell::Teller;
use crate::enforce::resolve::Resolver;
use crate::lease::Leadership;
use crate::report::Reports;

/// Between two looks at a release that is as it should be.
const LOOK: Duration = Duration::from_secs(15);
/// Between two looks at a workspace that comes up: somebody waits for it.
const SOON: Duration = Duration::from_secs(1);
/// Between two attempts at what did not work: doubled each time, from and to.
const AGAIN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(120));
/// How many revisions are remembered.
const HISTORY: usize = 10;

/// What lives of releases share.
pub(super) struct Context {
    pub(super) client: Client,
    pub(super) config: kube::Config,
    pub(super) lease: Leadership,
    pub(super) reports: Reports,
    pub(super) charts: Charts,
    pub(super) resolver: Arc<Resolver>,
    pub(super) ledger: Ledger,
    /// Releases that are worked on at once.
    pub(super) permits: Semaphore,
}

/// What is to be of one release name in one namespace.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Job {
    /// What is to go.
    pub(super) absent: Vec<Held>,
    /// What is to be there then.
    pub(super) present: Option<ReleaseIntent>,
}

/// Lives until it is dropped, which may be at any moment, or until nothing of the release is left.
pub(super) async fn live(job: Job, context: Arc<Context>) {
    for held in &job.absent {
        let teller =
            Teller::new(context.reports.clone(), &held.name, &held.uid, &held.release_name, &held.namespace);
        let replaced = job.present.as_ref().is_some_and(|release| release.uid == held.uid);
        let mut pause = AGAIN.0;
        while let Err(why) = context.remove(held, &teller, replaced).await {
            teller.stuck(ReleaseState::Uninstalling, why);
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(AGAIN.1);
        }
    }
    if let Some(release) = &job.present {
        Life::new(release, &context).run().await;
    }
}

impl Context {
    /// Whether this agent is still the one that acts.
    async fn leads(&self) -> Result<(), String> {
        match self.lease.confirm().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("another agent of this cluster acts".to_owned()),
            Err(error) => Err(format!("the API server does not answer: {error}")),
        }
    }

    async fn remove(&self, held: &Held, teller: &Teller, replaced: bool) -> Result<(), String> {
        let _permit = self.permits.acquire().await;
        self.leads().await?;
        let client = client_as(&self.config, &self.client, held.act_as.as_ref())?;
        let cluster = InCluster::new(client, self.resolver.clone(), Vec::new());
        // Two of them at one home would be in each other's way: it is stopped when its pods have ended.
        let cluster = if held.workspace { cluster.with_pods() } else { cluster };
        let release = Release { namespace: held.namespace.clone(), name: held.release_name.clone() };
        let options = Options { hooks: held.hooks, ..Options::default() };
        let reconciler = Reconciler {
            cluster: &cluster,
            release: &release,
            options: &options,
            source: &NoChart,
            tell: teller,
        };
        match reconciler.run(&Wish::Absent { uid: held.uid.clone() }).await {
            Ok(Outcome::Gone) => {
                self.ledger.forget(held).await.map_err(|error| error.to_string())?;
                if !replaced {
                    self.reports.release_gone(&held.name, &held.uid);
                }
                Ok(())
            }
            Ok(Outcome::Waits { why, .. }) => Err(why),
            Ok(Outcome::Rests { .. }) => Err("it is not gone yet".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// When to look again.
enum Next {
    /// All is done that can be done.
    Rest(Duration),
    /// Something did not work.
    Again,
}

struct Life<'a> {
    release: &'a ReleaseIntent,
    context: &'a Context,
    teller: Teller,
    desired: Desired,
    options: Options,
    kept: Kept,
    /// The records when they were last read, as names and versions.
    known: String,
    standing: Option<Standing>,
    /// Of a workspace: whether other content is wanted than it has.
    outdated: bool,
}

impl<'a> Life<'a> {
    fn new(release: &'a ReleaseIntent, context: &'a Context) -> Life<'a> {
        let ReleaseIntent { name, uid, release_name, namespace, .. } = release;
        let teller = Teller::new(context.reports.clone(), name, uid, release_name, namespace);
        teller.tell(|_| {});
        Life {
            teller,
            desired: Desired {
                uid: uid.clone(),
                content: release.content.clone(),
                attempt: release.attempt,
                chart: release.chart.name.clone(),
                atomic: release.atomic,
                rollback: release.rollback,
            },
            options: Options {
                create_namespace: release.create_namespace,
                // What is taken back when it does not work must be waited for.
                wait: release.wait || release.atomic,
                timeout: Duration::from_secs(release.timeout_seconds.into()),
                hooks: release.hooks,
                crds: release.crds,
                history: HISTORY,
            },
            kept: Kept::default(),
            known: String::new(),
            standing: None,
            outdated: false,
            release,
            context,
        }
    }

    async fn run(&mut self) {
        let mut pause = AGAIN.0;
        loop {
            match self.step().await {
                Next::Rest(time) => {
                    pause = AGAIN.0;
                    tokio::time::sleep(time).await;
                }
                Next::Again => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(AGAIN.1);
                }
            }
        }
    }

    fn helm(&self) -> Release {
        Release { namespace: self.release.namespace.clone(), name: self.release.release_name.clone() }
    }

    /// Does what is to do, and says when to look again.
    async fn step(&mut self) -> Next {
        let _permit = self.context.permits.acquire().await;
        let stuck = |teller: &Teller, why: String| {
            teller.stuck(ReleaseState::Waiting, why);
            Next::Again
        };
        if let Err(why) = self.context.leads().await {
            return stuck(&self.teller, why);
        }
        let client = match client_as(&self.context.config, &self.context.client, self.release.act_as.as_ref())
        {
            Ok(client) => client,
            Err(why) => return stuck(&self.teller, why),
        };
        let ignore = self.release.ignore.clone();
        let cluster = InCluster::new(client.clone(), self.context.resolver.clone(), ignore);
        if self.release.hold {
            return self.hold(&cluster).await;
        }
        match cluster.fingerprint(&self.helm()).await {
            Ok(found) if self.standing.is_some() && found == self.known => return self.watch(&cluster).await,
            Ok(_) => {}
            Err(fault) => return stuck(&self.teller, fault.to_string()),
        }
        let source =
            ChartSource::new(self.release, &self.context.charts, client, self.context.resolver.clone());
        self.reconcile(&cluster, &source).await
    }

    /// Looks at what is to stay as it is, and changes nothing.
    async fn hold(&mut self, cluster: &InCluster) -> Next {
        let release = self.helm();
        let history = reconciler_of(cluster, &release, &self.options, &NoChart, &self.teller).history().await;
        let looked = match history {
            Ok(history) if history.deployed().is_none() => {
                Err("nothing of it is deployed, and it is to stay so".into())
            }
            Ok(history) => self.settled(cluster, &history).await,
            Err(error) => Err(error.to_string()),
        };
        match looked {
            Ok(state) => self.rest(state),
            Err(why) => {
                self.teller.stuck(ReleaseState::NotReady, why);
                Next::Again
            }
        }
    }

    async fn reconcile(&mut self, cluster: &InCluster, source: &ChartSource<'_>) -> Next {
        let release = self.helm();
        let reconciler =
            Reconciler { cluster, release: &release, options: &self.options, source, tell: &self.teller };
        let (desired, outdated) = match hold::wanted(self.release, &self.desired, &reconciler).await {
            Ok(wanted) => wanted,
            Err(error) => {
                self.teller.stuck(ReleaseState::Waiting, error.to_string());
                return Next::Again;
            }
        };
        let ran = reconciler.run(&Wish::Present(desired)).await;
        if let Some(digest) = source.lacks() {
            self.teller.tell(|seen| {
                digest.clone_into(&mut seen.lacks_chart);
                seen.lacked += 1;
            });
            let why = "its chart's archive is not in this cluster; the server is asked to send it".to_owned();
            self.teller.stuck(ReleaseState::Waiting, why);
            return Next::Again;
        }
        let (standing, history) = match ran {
            Ok(Outcome::Rests { standing, history }) => (standing, history),
            Ok(Outcome::Waits { until, why, .. }) => {
                self.teller.stuck(ReleaseState::Waiting, why);
                let left = until.duration_since(Timestamp::now());
                return Next::Rest(Duration::try_from(left).unwrap_or_default().clamp(AGAIN.0, LOOK));
            }
            Ok(Outcome::Gone) => return Next::Again,
            Err(error) => {
                let state = match error {
                    Error::Passing(_) => ReleaseState::Waiting,
                    Error::Conflict(_) => ReleaseState::Conflict,
                    Error::Render(_) | Error::Failed(_) => ReleaseState::Failed,
                };
                self.teller.tell(|seen| {
                    seen.content.clone_from(&self.release.content);
                    seen.attempt = self.release.attempt;
                });
                self.teller.stuck(state, error.to_string());
                return Next::Again;
            }
        };
        self.outdated = outdated;
        let (content, attempt) = (self.release.content.clone(), self.release.attempt);
        self.teller.tell(|seen| {
            (seen.content, seen.attempt) = (content, attempt);
            seen.lacks_chart.clear();
        });
        self.standing = Some(standing);
        if let Some(next) =
            self.test(&reconciler_of(cluster, &release, &self.options, source, &self.teller)).await
        {
            return next;
        }
        match self.settled(cluster, &history).await {
            Ok(state) => self.rest(state),
            Err(why) => {
                self.teller.stuck(ReleaseState::NotReady, why);
                self.standing = None;
                Next::Again
            }
        }
    }

    fn rest(&self, state: ReleaseState) -> Next {
        let comes_up = self.release.environment.is_some() && state == ReleaseState::NotReady;
        Next::Rest(if comes_up { SOON } else { LOOK })
    }

    /// How it stands by its objects and, of a workspace, by what is behind its Service.
    async fn stands(&self, lines: &[ObjectLine]) -> (ReleaseState, String) {
        let (state, message) = self.state(lines);
        let Some(environment) = &self.release.environment else { return (state, message) };
        if matches!(self.standing, Some(Standing::Failed(_) | Standing::Conflict(_))) {
            return (state, message);
        }
        let looked = environment::look(&self.context.client, &self.helm(), environment).await;
        let blocked = match looked {
            Ok(seen) => {
                let (blocked, outdated) = (environment::obstacle(environment, &seen), self.outdated);
                let seen = Box::new(EnvironmentObservation { outdated, ..seen });
                self.teller.tell(|told| told.environment = Some(seen));
                blocked
            }
            Err(why) => Some(why),
        };
        match (state, blocked) {
            (ReleaseState::Ready, Some(why)) => (ReleaseState::NotReady, why),
            _ => (state, message),
        }
    }

    /// Runs the chart's tests, if a person asked.
    async fn test(&self, reconciler: &Reconciler<'_>) -> Option<Next> {
        let (uid, test) = (&self.release.uid, self.release.test);
        let last = self.context.ledger.last_test(uid).await;
        self.teller.tell(|seen| seen.tested = last);
        if self.standing != Some(Standing::Deployed) || last >= test {
            return None;
        }
        let ran = reconciler.test().await.map_err(|error| error.to_string());
        let noted = match ran {
            Ok(_) => self.context.ledger.tested(uid, test).await.map_err(|error| error.to_string()),
            Err(why) => Err(why),
        };
        if let Err(why) = noted {
            self.teller.stuck(ReleaseState::Waiting, why);
        }
        // The records have changed: they are read again, and tell how it went.
        Some(Next::Rest(Duration::ZERO))
    }

    /// Nothing is left to do: remembers what is deployed, and tells how it stands.
    async fn settled(&mut self, cluster: &InCluster, history: &History) -> Result<ReleaseState, String> {
        self.known = cluster.fingerprint(&self.helm()).await.map_err(|fault| fault.to_string())?;
        let uid = label_value(&self.release.uid);
        let ours =
            history.deployed().filter(|held| held.stamp.as_ref().is_some_and(|stamp| stamp.uid == uid));
        self.kept = match ours {
            Some(held) => Kept::of(&held.record)?,
            None => Kept::default(),
        };
        let mut look = self.kept.look(cluster).await.map_err(|fault| fault.to_string())?;
        if let Some(held) = ours.filter(|_| !look.drifted.is_empty() && !self.release.hold) {
            let (name, reports) = (&self.release.name, &self.context.reports);
            let corrected = self.kept.correct(cluster, &held.record, &look.drifted, name, reports).await;
            corrected.map_err(|fault| fault.to_string())?;
            look = self.kept.look(cluster).await.map_err(|fault| fault.to_string())?;
        }
        let (state, message) = self.stands(&look.lines).await;
        self.teller.rests(state, message, history, look.lines);
        Ok(state)
    }

    /// Looks at what is deployed, and puts right what somebody changed.
    async fn watch(&mut self, cluster: &InCluster) -> Next {
        let look = match self.kept.look(cluster).await {
            Ok(look) => look,
            Err(fault) => {
                self.teller.stuck(ReleaseState::NotReady, fault.to_string());
                return Next::Again;
            }
        };
        if !look.drifted.is_empty() {
            // What it is to be is in the record, which is read only now.
            let release = self.helm();
            let reconciler = reconciler_of(cluster, &release, &self.options, &NoChart, &self.teller);
            let history = match reconciler.history().await {
                Ok(history) => history,
                Err(error) => {
                    self.teller.stuck(ReleaseState::NotReady, error.to_string());
                    return Next::Again;
                }
            };
            if let Some(held) = history.revision(self.kept.revision) {
                let (name, reports) = (&self.release.name, &self.context.reports);
                if let Err(fault) =
                    self.kept.correct(cluster, &held.record, &look.drifted, name, reports).await
                {
                    self.teller.stuck(ReleaseState::NotReady, fault.to_string());
                    return Next::Again;
                }
            }
            return Next::Rest(AGAIN.0);
        }
        let (state, message) = self.stands(&look.lines).await;
        self.teller.tell(|seen| {
            (seen.state, seen.message) = (state, message);
            seen.objects = look.lines;
        });
        self.rest(state)
    }

    fn state(&self, lines: &[ObjectLine]) -> (ReleaseState, String) {
        match &self.standing {
            Some(Standing::Failed(why)) => (ReleaseState::Failed, why.clone()),
            Some(Standing::Conflict(why)) => (ReleaseState::Conflict, why.clone()),
            Some(Standing::Deployed) | None => match lines.iter().find(|line| !line.ready) {
                Some(line) => (ReleaseState::NotReady, format!("{}: {}", line.object, line.message)),
                None => (ReleaseState::Ready, String::new()),
            },
        }
    }
}

fn reconciler_of<'a>(
    cluster: &'a dyn Cluster,
    release: &'a Release,
    options: &'a Options,
    source: &'a dyn Source,
    teller: &'a Teller,
) -> Reconciler<'a> {
    Reconciler { cluster, release, options, source, tell: teller }
}
