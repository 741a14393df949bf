//! Doing one action. Every action may be repeated.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::cluster::{Cluster, Fault, Readiness};
use super::key::Key;
use super::objects::Object;
use super::ownership::{Release, hand_over, is_kept};
use super::plan::{Action, Options};
use super::reconcile::Tell;
use crate::release::secret::name;
use crate::release::{Held, History, Status};

/// Between two looks at what is awaited.
const LOOK: Duration = Duration::from_secs(1);
/// How often a kind that was just made known is asked for.
const KIND_LOOKS: usize = 20;

/// Why an action was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The cluster said so.
    Fault(Fault),
    /// An object to be made is somebody else's.
    Conflict(String),
    /// It was done, and did not succeed.
    Failed(String),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(f),
            Self::Conflict(why) | Self::Failed(why) => f.write_str(why),
        }
    }
}

/// The moment that is `time` from now.
pub(super) fn until(now: Timestamp, time: Duration) -> Timestamp {
    SignedDuration::try_from(time).ok().and_then(|time| now.checked_add(time).ok()).unwrap_or(Timestamp::MAX)
}

/// Does actions of one operation.
pub struct Actor<'a> {
    /// Where.
    pub cluster: &'a dyn Cluster,
    /// Of which release.
    pub release: &'a Release,
    /// How.
    pub options: &'a Options,
    /// Who is told.
    pub tell: &'a dyn Tell,
}

/// What an operation works on.
pub struct Bench<'a> {
    /// The record that it makes, or removes.
    pub draft: &'a mut Held,
    /// The objects that it makes; for an uninstallation, none.
    pub target: &'a [Object],
    /// CustomResourceDefinitions of the chart.
    pub crds: &'a [Object],
    /// All revisions as they were when it began.
    pub history: &'a History,
}

impl Actor<'_> {
    /// Does one action.
    ///
    /// # Errors
    /// [`Stop`].
    pub async fn act(&self, action: &Action, bench: &mut Bench<'_>) -> Result<(), Stop> {
        match action {
            Action::Namespace { name } => self.namespace(name).await,
            Action::Crd { key } => match bench.crds.iter().find(|object| object.key == *key) {
                Some(object) => self.crd(object).await,
                None => Ok(()),
            },
            Action::Check { keys } => self.check(keys).await,
            Action::Forget { revision } => self.forget(*revision).await,
            Action::Begin { status, .. } => {
                bench.draft.record.info.status = *status;
                match bench.draft.resource_version.is_empty() {
                    true => self.write(bench.draft).await,
                    false => self.save(bench.draft).await,
                }
            }
            Action::Hook { event, index, .. } => self.hook(bench.draft, event, *index).await,
            Action::Tidy { event } => self.tidy(bench.draft, event).await,
            Action::Apply { key } => match bench.target.iter().find(|object| object.key == *key) {
                Some(object) => self.apply(object).await,
                None => Ok(()),
            },
            Action::Remove { key } => self.remove(key).await,
            Action::AwaitReady => self.await_ready(bench.target).await,
            Action::AwaitGone => self.await_gone(bench.draft, bench.history).await,
            Action::Supersede { revision } => match bench.history.revision(*revision) {
                Some(held) => self.supersede(held).await,
                None => Ok(()),
            },
            Action::Finish { status, .. } => {
                let info = &mut bench.draft.record.info;
                info.status = *status;
                if let Some(words) = done(info.description.as_str()) {
                    words.clone_into(&mut info.description);
                }
                self.save(bench.draft).await
            }
        }
    }

    fn secret(&self, revision: u32) -> Key {
        Key {
            api_version: "v1".into(),
            kind: "Secret".into(),
            namespace: self.release.namespace.clone(),
            name: name(&self.release.name, revision),
        }
    }

    /// Writes a record that is not there yet.
    async fn write(&self, held: &mut Held) -> Result<(), Stop> {
        let secret = held.to_secret().map_err(|error| Stop::Failed(error.to_string()))?;
        let written = self.cluster.create(&self.secret(held.record.version), &secret).await;
        held.resource_version = version(&written.map_err(taken)?);
        Ok(())
    }

    /// Writes a record in place of what it was.
    pub(super) async fn save(&self, held: &mut Held) -> Result<(), Stop> {
        let secret = held.to_secret().map_err(|error| Stop::Failed(error.to_string()))?;
        let written = self.cluster.replace(&self.secret(held.record.version), &secret).await;
        held.resource_version = version(&written.map_err(taken)?);
        Ok(())
    }

    async fn forget(&self, revision: u32) -> Result<(), Stop> {
        Ok(self.cluster.delete(&self.secret(revision), "").await?)
    }

    async fn namespace(&self, name: &str) -> Result<(), Stop> {
        let key = Key {
            api_version: "v1".into(),
            kind: "Namespace".into(),
            namespace: String::new(),
            name: name.into(),
        };
        if self.cluster.get(&key).await?.is_some() {
            return Ok(());
        }
        // The label is Helm's too.
        let namespace = json!({ "apiVersion": "v1", "kind": "Namespace",
            "metadata": { "name": name, "labels": { "name": name } } });
        match self.cluster.create(&key, &namespace).await {
            Ok(_) | Err(Fault::Taken(_)) => Ok(()),
            Err(fault) => Err(fault.into()),
        }
    }

    /// A kind that is there stays as it is: another release, or a newer chart, may have brought it.
    async fn crd(&self, object: &Object) -> Result<(), Stop> {
        if self.cluster.get(&object.key).await?.is_none() {
            match self.cluster.create(&object.key, &object.value).await {
                Ok(_) | Err(Fault::Taken(_)) => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        self.await_ready(std::slice::from_ref(object)).await
    }

    async fn check(&self, keys: &[Key]) -> Result<(), Stop> {
        for key in keys {
            if let Some(live) = self.cluster.get(key).await?
                && let Some(refusal) = self.release.refuses(key, &live)
            {
                return Err(Stop::Conflict(refusal));
            }
        }
        Ok(())
    }

    /// Notes that a revision was replaced.
    pub(super) async fn supersede(&self, held: &Held) -> Result<(), Stop> {
        let mut held = held.clone();
        held.record.info.status = Status::Superseded;
        self.save(&mut held).await
    }

    async fn apply(&self, object: &Object) -> Result<(), Stop> {
        let mut value = object.value.clone();
        self.release.mark(&mut value);
        if let Some(live) = self.cluster.get(&object.key).await?
            && let Some(patch) = hand_over(&live)
        {
            self.cluster.patch(&object.key, &patch).await?;
        }
        let mut looks = 0;
        let applied = loop {
            match self.cluster.apply(&object.key, &value).await {
                // Its kind may have come with an object before it.
                Err(Fault::NoKind(_)) if looks < KIND_LOOKS => {
                    looks += 1;
                    self.cluster.pause(LOOK).await;
                }
                Err(fault @ Fault::Passing(_)) => return Err(fault.into()),
                Err(fault) => return Err(Stop::Failed(format!("{}: {fault}", object.key))),
                Ok(applied) => break applied,
            }
        };
        self.tell.object(&object.key, &self.cluster.readiness(&object.key, &applied));
        Ok(())
    }

    /// Removes what is this release's, and not to be kept.
    async fn remove(&self, key: &Key) -> Result<(), Stop> {
        let Some(live) = self.cluster.get(key).await? else { return Ok(()) };
        if !self.release.owns(&live)
            || is_kept(&live)
            || live.pointer("/metadata/deletionTimestamp").is_some()
        {
            return Ok(());
        }
        let uid = live.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default();
        Ok(self.cluster.delete(key, uid).await?)
    }

    async fn await_ready(&self, objects: &[Object]) -> Result<(), Stop> {
        let deadline = until(self.cluster.now(), self.options.timeout);
        let mut left: Vec<&Object> = objects.iter().collect();
        loop {
            let mut last = None;
            let mut waiting = Vec::new();
            for object in left {
                let readiness = match self.cluster.get(&object.key).await? {
                    Some(live) => self.cluster.readiness(&object.key, &live),
                    None => Readiness::NotYet("it is not there".to_owned()),
                };
                self.tell.object(&object.key, &readiness);
                match readiness {
                    Readiness::Ready => {}
                    Readiness::Never(why) => return Err(Stop::Failed(format!("{}: {why}", object.key))),
                    Readiness::NotYet(why) => {
                        last.get_or_insert_with(|| format!("{}: {why}", object.key));
                        waiting.push(object);
                    }
                }
            }
            let Some(last) = last else { return Ok(()) };
            if self.cluster.now() >= deadline {
                return Err(self.too_long(&last));
            }
            left = waiting;
            self.cluster.pause(LOOK).await;
        }
    }

    /// Waits until nothing of the release is left but what is kept.
    async fn await_gone(&self, draft: &Held, history: &History) -> Result<(), Stop> {
        let deadline = until(self.cluster.now(), self.options.timeout);
        let keys =
            super::objects::left(history, Some(draft), &self.release.namespace).map_err(Stop::Failed)?;
        for key in &keys {
            loop {
                match self.cluster.get(key).await? {
                    Some(live) if self.release.owns(&live) && !is_kept(&live) => {}
                    _ => break,
                }
                if self.cluster.now() >= deadline {
                    return Err(self.too_long(&format!("{key} is still being removed")));
                }
                self.tell.object(key, &Readiness::NotYet("it is being removed".to_owned()));
                self.cluster.pause(LOOK).await;
            }
        }
        Ok(())
    }

    /// What is said when a wait comes to no good end.
    pub(super) fn too_long(&self, last: &str) -> Stop {
        Stop::Failed(format!("it took longer than {} seconds: {last}", self.options.timeout.as_secs()))
    }
}

/// Another wrote the record meanwhile: whoever looks again sees what is to do.
fn taken(fault: Fault) -> Fault {
    match fault {
        Fault::Taken(why) => Fault::Passing(why),
        other => other,
    }
}

fn version(secret: &Value) -> String {
    secret.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Helm's words for an operation that is done, by those for one that is under way.
fn done(description: &str) -> Option<&'static str> {
    match description {
        super::reconcile::INSTALLING => Some("Install complete"),
        super::reconcile::UPGRADING => Some("Upgrade complete"),
        _ => None,
    }
}
