//! Until nothing is left to do: look, decide, act.

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::act::{Actor, Bench, Stop};
use super::cluster::{Cluster, Fault, Readiness};
use super::decide::{Decision, Desired, Operation, Standing, Wish, decide};
use super::key::Key;
use super::objects::{Object, left, parse};
use super::ownership::Release;
use super::plan::{Action, Kind, Options, Work, of_event, plan};
use crate::release::record::SERVER_SIDE;
use crate::release::secret::label_value;
use crate::release::{ChartRecord, Held, History, Hook, Info, Record, Stamp, Status};

/// Helm's words for an installation under way.
pub(super) const INSTALLING: &str = "Initial install underway";
/// Helm's words for an upgrade under way.
pub(super) const UPGRADING: &str = "Preparing upgrade";
/// More operations in a row than any release needs.
const OPERATIONS: usize = 12;

/// Why reconciling stopped before its end. It may be begun again at any time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The cluster could not be asked.
    #[error("{0}")]
    Passing(String),
    /// Something that is to be made is somebody else's.
    #[error("{0}")]
    Conflict(String),
    /// The chart cannot be rendered.
    #[error("{0}")]
    Render(String),
    /// The cluster refused before anything was begun, or while it was removed.
    #[error("{0}")]
    Failed(String),
}

/// What a chart and its values came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rendition {
    /// The chart, for the record.
    pub chart: ChartRecord,
    /// The values that were given.
    pub config: Map<String, Value>,
    /// All objects but those of hooks, in order.
    pub manifest: String,
    /// The hooks.
    pub hooks: Vec<Hook>,
    /// What the chart tells its user.
    pub notes: String,
}

/// Where renditions come from.
#[async_trait]
pub trait Source: Send + Sync {
    /// Renders the chart as `revision`.
    ///
    /// # Errors
    /// Why it cannot be, in words.
    async fn render(&self, revision: u32, upgrade: bool) -> Result<Rendition, String>;

    /// The chart's CustomResourceDefinitions, as one manifest.
    ///
    /// # Errors
    /// Why it cannot be read.
    async fn crds(&self) -> Result<String, String>;
}

/// Who is told what happens.
pub trait Tell: Send + Sync {
    /// An operation begins.
    fn operation(&self, operation: &Operation);
    /// An action of it begins.
    fn action(&self, action: &Action);
    /// An object was looked at.
    fn object(&self, key: &Key, readiness: &Readiness);
}

/// Where it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Nothing is left to do.
    Rests {
        /// How it stands.
        standing: Standing,
        /// All revisions.
        history: History,
    },
    /// Something is to be waited for.
    Waits {
        /// Until when.
        until: Timestamp,
        /// For what.
        why: String,
        /// All revisions.
        history: History,
    },
    /// Nothing of it is there.
    Gone,
}

/// Does what one release needs.
pub struct Reconciler<'a> {
    /// Where.
    pub cluster: &'a dyn Cluster,
    /// Which release.
    pub release: &'a Release,
    /// How.
    pub options: &'a Options,
    /// From what.
    pub source: &'a dyn Source,
    /// Who is told.
    pub tell: &'a dyn Tell,
}

impl Reconciler<'_> {
    /// Goes on until nothing is left to do.
    ///
    /// # Errors
    /// [`Error`]; begun again it goes on from where it stopped.
    pub async fn run(&self, wish: &Wish) -> Result<Outcome, Error> {
        for _ in 0..OPERATIONS {
            let history = self.history().await?;
            match decide(wish, &history, self.cluster.now()) {
                Decision::Rest(standing) => return Ok(Outcome::Rests { standing, history }),
                Decision::Wait { until, why } => return Ok(Outcome::Waits { until, why, history }),
                Decision::Gone => return Ok(Outcome::Gone),
                Decision::Do(operation) => {
                    self.tell.operation(&operation);
                    self.operate(&operation, wish, &history).await?;
                }
            }
        }
        Err(Error::Failed(
            "it does not come to rest; somebody else seems to change the same release".to_owned(),
        ))
    }

    /// All revisions as they are in the cluster.
    ///
    /// # Errors
    /// [`Error`], also when what is there is no record.
    pub async fn history(&self) -> Result<History, Error> {
        let secrets = self.cluster.records(&self.release.namespace, &self.release.name).await;
        let secrets = secrets.map_err(|fault| before(Stop::Fault(fault)))?;
        let read = |secret: &Value| {
            Held::from_secret(secret).map_err(|error| {
                let name = secret.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
                let namespace = &self.release.namespace;
                Error::Failed(format!(
                    "Secret {namespace}/{name} is no record of a release: {error}; remove it"
                ))
            })
        };
        Ok(History::new(secrets.iter().map(read).collect::<Result<_, _>>()?))
    }

    async fn operate(&self, operation: &Operation, wish: &Wish, history: &History) -> Result<(), Error> {
        let newest = |revision: &u32| history.revision(*revision).cloned().unwrap_or_default();
        match operation {
            Operation::Install { revision } => self.make(Kind::Install, *revision, wish, history).await,
            Operation::Upgrade { revision } => self.make(Kind::Upgrade, *revision, wish, history).await,
            Operation::Rollback { revision, to, failed } => {
                let draft = self.back(*revision, *to, *failed, wish, history);
                self.carry_out(Kind::Rollback, draft, history, &[]).await
            }
            Operation::Resume { revision } => {
                let draft = newest(revision);
                match Kind::of(draft.status()) {
                    Some(kind) => self.carry_out(kind, draft, history, &[]).await,
                    None => Ok(()),
                }
            }
            Operation::Abandon { revision, why } => {
                let mut draft = newest(revision);
                draft.record.info.status = Status::Failed;
                draft.record.info.description = format!("Abandoned: {why}");
                self.actor().save(&mut draft).await.map_err(before)
            }
            Operation::Settle { revision } => {
                let mut draft = newest(revision);
                if let (Some(stamp), Wish::Present(desired)) = (&mut draft.stamp, wish) {
                    *stamp = desired.stamp();
                }
                for earlier in history.deployed_before() {
                    self.actor().supersede(earlier).await.map_err(before)?;
                }
                self.actor().save(&mut draft).await.map_err(before)
            }
            Operation::Uninstall { revision, failed } => {
                let mut draft = newest(revision);
                let info = &mut draft.record.info;
                info.deleted.get_or_insert(self.cluster.now());
                if let (true, Some(stamp)) = (*failed, &mut draft.stamp) {
                    stamp.instead_of = Some((stamp.content.clone(), stamp.attempt));
                }
                self.carry_out(Kind::Uninstall { failed: *failed }, draft, history, &[]).await
            }
        }
    }

    fn actor(&self) -> Actor<'_> {
        Actor { cluster: self.cluster, release: self.release, options: self.options, tell: self.tell }
    }

    /// Renders a revision and puts it in place.
    async fn make(&self, kind: Kind, revision: u32, wish: &Wish, history: &History) -> Result<(), Error> {
        let Wish::Present(desired) = wish else { return Ok(()) };
        let crds = match self.options.crds && kind == Kind::Install {
            true => parse(&self.source.crds().await.map_err(Error::Render)?, "").map_err(Error::Render)?,
            false => Vec::new(),
        };
        let mut ahead = Vec::new();
        if self.options.create_namespace {
            ahead.push(Action::Namespace { name: self.release.namespace.clone() });
        }
        ahead.extend(crds.iter().map(|object| Action::Crd { key: object.key.clone() }));
        let mut nothing = Held::default();
        let mut bench = Bench { draft: &mut nothing, target: &[], crds: &crds, history };
        for action in &ahead {
            self.tell.action(action);
            self.actor().act(action, &mut bench).await.map_err(before)?;
        }
        let rendition = self.source.render(revision, kind == Kind::Upgrade).await.map_err(Error::Render)?;
        let draft = self.draft(kind, revision, desired, rendition, history);
        self.carry_out(kind, draft, history, &crds).await
    }

    fn draft(
        &self,
        kind: Kind,
        revision: u32,
        desired: &Desired,
        rendition: Rendition,
        history: &History,
    ) -> Held {
        let now = self.cluster.now();
        let first = history.newest().and_then(|held| held.record.info.first_deployed);
        let info = Info {
            first_deployed: first.filter(|_| kind != Kind::Install).or(Some(now)),
            last_deployed: Some(now),
            description: if kind == Kind::Install { INSTALLING } else { UPGRADING }.to_owned(),
            status: kind.status(),
            notes: rendition.notes,
            ..Info::default()
        };
        let record = Record {
            name: self.release.name.clone(),
            namespace: self.release.namespace.clone(),
            version: revision,
            info,
            chart: rendition.chart,
            config: rendition.config,
            manifest: rendition.manifest,
            hooks: rendition.hooks,
            apply_method: SERVER_SIDE.to_owned(),
            ..Record::default()
        };
        let labels = history.newest().map(|held| held.labels.clone()).unwrap_or_default();
        Held { record, stamp: Some(desired.stamp()), labels, ..Held::default() }
    }

    /// A revision with the content of an earlier one.
    fn back(&self, revision: u32, to: u32, failed: bool, wish: &Wish, history: &History) -> Held {
        let earlier = history.revision(to).cloned().unwrap_or_default();
        let mut record = earlier.record;
        record.version = revision;
        record.apply_method = SERVER_SIDE.to_owned();
        record.info.status = Status::PendingRollback;
        record.info.last_deployed = Some(self.cluster.now());
        record.info.deleted = None;
        record.info.description = format!("Rollback to {to}");
        for hook in &mut record.hooks {
            hook.last_run = Default::default();
        }
        let stamp = match wish {
            Wish::Present(desired) if failed => Some(Stamp {
                content: earlier.stamp.map(|stamp| stamp.content).unwrap_or_default(),
                instead_of: Some((label_value(&desired.content), desired.attempt)),
                ..desired.stamp()
            }),
            Wish::Present(desired) => Some(desired.stamp()),
            Wish::Absent { .. } => None,
        };
        Held { record, stamp, labels: earlier.labels, ..Held::default() }
    }

    /// Does all actions of an operation. One that fails is written down as failed; what is to follow from that is decided
    /// next.
    async fn carry_out(
        &self,
        kind: Kind,
        mut draft: Held,
        history: &History,
        crds: &[Object],
    ) -> Result<(), Error> {
        let namespace = &self.release.namespace;
        let removes = matches!(kind, Kind::Uninstall { .. });
        let target = match removes {
            true => Vec::new(),
            false => parse(&draft.record.manifest, namespace).map_err(Error::Render)?,
        };
        let left = left(history, Some(&draft).filter(|_| removes), namespace).map_err(Error::Failed)?;
        let actions = plan(&Work {
            kind,
            revision: draft.record.version,
            target: &target,
            left: &left,
            hooks: &draft.record.hooks,
            done: &draft.done,
            history,
            options: self.options,
        });
        let mut begun = !draft.resource_version.is_empty();
        let mut bench = Bench { draft: &mut draft, target: &target, crds, history };
        for action in &actions {
            self.tell.action(action);
            let Err(stop) = self.actor().act(action, &mut bench).await else {
                begun |= matches!(action, Action::Begin { .. });
                continue;
            };
            match stop {
                Stop::Fault(Fault::Passing(why)) => return Err(Error::Passing(why)),
                Stop::Conflict(why) => {
                    let what = if kind == Kind::Install { "install" } else { "update" };
                    return Err(Error::Conflict(format!("Unable to continue with {what}: {why}")));
                }
                stop if !begun || removes => return Err(before(stop)),
                stop => return self.failed(kind, bench.draft, &stop).await,
            }
        }
        Ok(())
    }

    async fn failed(&self, kind: Kind, draft: &mut Held, stop: &Stop) -> Result<(), Error> {
        let what = match kind {
            Kind::Install => "Release",
            Kind::Rollback => "Rollback",
            Kind::Upgrade | Kind::Uninstall { .. } => "Upgrade",
        };
        draft.record.info.status = Status::Failed;
        draft.record.info.description = format!("{what} \"{}\" failed: {stop}", self.release.name);
        self.actor().save(draft).await.map_err(before)
    }

    /// Runs the tests of what is deployed, and tells of each how it went. Nothing is told when nothing is deployed.
    ///
    /// # Errors
    /// When the cluster could not be asked. A test that fails is no error.
    pub async fn test(&self) -> Result<Vec<(Key, Result<(), String>)>, Error> {
        let history = self.history().await?;
        let Some(mut draft) = history.deployed().cloned() else { return Ok(Vec::new()) };
        let mut results = Vec::new();
        for index in of_event(&draft.record.hooks, "test") {
            let hook = &draft.record.hooks[index];
            let key = Key {
                api_version: String::new(),
                kind: hook.kind.clone(),
                namespace: self.release.namespace.clone(),
                name: hook.name.clone(),
            };
            let action = Action::Hook { event: "test", index, name: format!("{} {}", key.kind, key.name) };
            self.tell.action(&action);
            let mut bench = Bench { draft: &mut draft, target: &[], crds: &[], history: &history };
            let result = self.actor().act(&action, &mut bench).await;
            draft.done.retain(|one| !one.starts_with("test/"));
            match result {
                Err(Stop::Fault(Fault::Passing(why))) => return Err(Error::Passing(why)),
                result => results.push((key, result.map_err(|stop| stop.to_string()))),
            }
        }
        if !results.is_empty() {
            self.actor().tidy(&draft, "test").await.map_err(before)?;
            self.actor().save(&mut draft).await.map_err(before)?;
        }
        Ok(results)
    }
}

/// What a stop is when no record tells of it.
fn before(stop: Stop) -> Error {
    match stop {
        Stop::Fault(Fault::Passing(why)) => Error::Passing(why),
        Stop::Conflict(why) => Error::Conflict(why),
        Stop::Fault(fault) => Error::Failed(fault.to_string()),
        Stop::Failed(why) => Error::Failed(why),
    }
}
