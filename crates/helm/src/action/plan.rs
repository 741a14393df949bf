//! Of which actions an operation consists: pure. Each action may be repeated, so an interrupted operation is done by
//! doing all of its actions again; only hooks that came to their end are left out.

use std::fmt;
use std::time::Duration;

use super::key::Key;
use super::objects::Object;
use crate::manifest::sort_uninstall;
use crate::release::{History, Hook, Status};

/// How operations are done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether the namespace is made when it is not there.
    pub create_namespace: bool,
    /// Whether an operation is complete only when all objects are ready.
    pub wait: bool,
    /// How long each wait may take.
    pub timeout: Duration,
    /// Whether hooks are run.
    pub hooks: bool,
    /// Whether CustomResourceDefinitions of the chart's `crds/` are installed.
    pub crds: bool,
    /// How many revisions are remembered.
    pub history: usize,
}

impl Default for Options {
    fn default() -> Self {
        let timeout = Duration::from_secs(300);
        Self { create_namespace: false, wait: true, timeout, hooks: true, crds: true, history: 10 }
    }
}

/// Which operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Making it.
    Install,
    /// Changing it.
    Upgrade,
    /// Going back.
    Rollback,
    /// Removing it; `failed`: because its first installation did not come to be.
    Uninstall {
        /// Whether the record stays, to say so.
        failed: bool,
    },
}

impl Kind {
    /// The operation in whose midst a record is.
    pub fn of(status: Status) -> Option<Kind> {
        match status {
            Status::PendingInstall => Some(Kind::Install),
            Status::PendingUpgrade => Some(Kind::Upgrade),
            Status::PendingRollback => Some(Kind::Rollback),
            _ => None,
        }
    }

    /// How its record stands meanwhile.
    pub fn status(self) -> Status {
        match self {
            Kind::Install => Status::PendingInstall,
            Kind::Upgrade => Status::PendingUpgrade,
            Kind::Rollback => Status::PendingRollback,
            Kind::Uninstall { .. } => Status::Uninstalling,
        }
    }

    fn events(self) -> (&'static str, &'static str) {
        match self {
            Kind::Install => ("pre-install", "post-install"),
            Kind::Upgrade => ("pre-upgrade", "post-upgrade"),
            Kind::Rollback => ("pre-rollback", "post-rollback"),
            Kind::Uninstall { .. } => ("pre-delete", "post-delete"),
        }
    }
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make the namespace, if it is not there.
    Namespace {
        /// Its name.
        name: String,
    },
    /// Make a kind known, if it is not, and wait until the API server knows it.
    Crd {
        /// The CustomResourceDefinition.
        key: Key,
    },
    /// Make sure that no object to be made is somebody else's.
    Check {
        /// The objects.
        keys: Vec<Key>,
    },
    /// Forget an old revision.
    Forget {
        /// Which.
        revision: u32,
    },
    /// Write down that it is begun.
    Begin {
        /// The revision.
        revision: u32,
        /// How it stands now.
        status: Status,
    },
    /// Run a hook and wait for its end.
    Hook {
        /// At which moment.
        event: &'static str,
        /// Which of the record's hooks.
        index: usize,
        /// `Kind name`.
        name: String,
    },
    /// Remove the objects of hooks that were to go when all of the moment succeeded.
    Tidy {
        /// The moment.
        event: &'static str,
    },
    /// Apply an object.
    Apply {
        /// Which.
        key: Key,
    },
    /// Remove an object.
    Remove {
        /// Which.
        key: Key,
    },
    /// Wait until all objects are ready.
    AwaitReady,
    /// Wait until all objects are gone.
    AwaitGone,
    /// Note that an earlier revision is no longer what is there.
    Supersede {
        /// Which.
        revision: u32,
    },
    /// Write down that it is done.
    Finish {
        /// The revision.
        revision: u32,
        /// How it stands now.
        status: Status,
    },
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace { name } => write!(f, "make namespace {name}"),
            Self::Crd { key } => write!(f, "install {} {}", key.kind, key.name),
            Self::Check { keys } => write!(f, "check that {} new objects are nobody's", keys.len()),
            Self::Forget { revision } => write!(f, "forget revision {revision}"),
            Self::Begin { revision, status } => write!(f, "begin revision {revision} ({status})"),
            Self::Hook { event, name, .. } => write!(f, "run {event} hook {name}"),
            Self::Tidy { event } => write!(f, "remove {event} hooks that are done"),
            Self::Apply { key } => write!(f, "apply {key}"),
            Self::Remove { key } => write!(f, "remove {key}"),
            Self::AwaitReady => f.write_str("wait until all objects are ready"),
            Self::AwaitGone => f.write_str("wait until all objects are gone"),
            Self::Supersede { revision } => write!(f, "note that revision {revision} was replaced"),
            Self::Finish { revision, status } => write!(f, "note that revision {revision} is {status}"),
        }
    }
}

/// Everything that the actions depend on.
#[derive(Debug)]
pub struct Work<'a> {
    /// Which operation.
    pub kind: Kind,
    /// The revision that it makes, or removes.
    pub revision: u32,
    /// The objects that it makes, in order; none of an uninstallation.
    pub target: &'a [Object],
    /// The objects that earlier revisions may have left, in order.
    pub left: &'a [Key],
    /// The record's hooks.
    pub hooks: &'a [Hook],
    /// Hooks that came to their end when it was done before.
    pub done: &'a [String],
    /// All revisions.
    pub history: &'a History,
    /// How it is done.
    pub options: &'a Options,
}

/// The actions, in order.
pub fn plan(work: &Work<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    let (before, after) = work.kind.events();
    let revision = work.revision;
    let mut gone: Vec<Key> = work.left.iter().filter(|key| !work.makes(key)).cloned().collect();
    sort_uninstall(&mut gone, |key| key.kind.as_str());
    let begun = work.history.revision(revision).map(|held| held.status()) == Some(work.kind.status());
    if let Kind::Uninstall { failed } = work.kind {
        if !begun {
            actions.push(Action::Begin { revision, status: Status::Uninstalling });
        }
        actions.extend(work.hooks(before));
        actions.extend(gone.into_iter().map(|key| Action::Remove { key }));
        actions.extend(work.options.wait.then_some(Action::AwaitGone));
        actions.extend(work.hooks(after));
        // The newest goes last: it is what tells that something is left to do.
        let others =
            work.history.revisions().iter().map(|held| held.record.version).filter(|n| *n != revision);
        actions.extend(others.filter(|_| !failed).map(|revision| Action::Forget { revision }));
        actions.push(match failed {
            true => Action::Finish { revision, status: Status::Uninstalled },
            false => Action::Forget { revision },
        });
        return actions;
    }
    let left = |key: &Key| work.left.iter().any(|other| other.same_object(key));
    let new: Vec<Key> =
        work.target.iter().map(|object| &object.key).filter(|key| !left(key)).cloned().collect();
    if !begun {
        actions.extend((!new.is_empty()).then_some(Action::Check { keys: new }));
        let surplus = work.history.surplus(work.options.history);
        actions.extend(surplus.into_iter().map(|revision| Action::Forget { revision }));
        actions.push(Action::Begin { revision, status: work.kind.status() });
    }
    actions.extend(work.hooks(before));
    actions.extend(work.target.iter().map(|object| Action::Apply { key: object.key.clone() }));
    actions.extend(gone.into_iter().map(|key| Action::Remove { key }));
    actions.extend(work.options.wait.then_some(Action::AwaitReady));
    actions.extend(work.hooks(after));
    let replaced = work.history.revisions().iter().filter(|held| {
        held.record.version != revision && matches!(held.status(), Status::Deployed | Status::Uninstalled)
    });
    actions.extend(replaced.map(|held| Action::Supersede { revision: held.record.version }));
    actions.push(Action::Finish { revision, status: Status::Deployed });
    actions
}

impl Work<'_> {
    fn makes(&self, key: &Key) -> bool {
        self.target.iter().any(|object| object.key.same_object(key))
    }

    /// The hooks of a moment, lightest first, without those that came to their end.
    fn hooks(&self, event: &'static str) -> Vec<Action> {
        let chosen = of_event(self.hooks, event);
        let mut actions: Vec<Action> = chosen
            .iter()
            .filter(|_| self.options.hooks)
            .filter(|index| !self.done.contains(&mark(event, &self.hooks[**index])))
            .map(|index| {
                let hook = &self.hooks[*index];
                Action::Hook { event, index: *index, name: format!("{} {}", hook.kind, hook.name) }
            })
            .collect();
        let goes =
            |index: &usize| self.hooks[*index].delete_policies.iter().any(|one| one == "hook-succeeded");
        if self.options.hooks && chosen.iter().any(goes) {
            actions.push(Action::Tidy { event });
        }
        actions
    }
}

/// Which of `hooks` are of a moment, in the order in which they are run.
pub fn of_event(hooks: &[Hook], event: &str) -> Vec<usize> {
    let is_of = |hook: &Hook| {
        // `test-success` is what `test` was called once.
        hook.events.iter().any(|one| one == event || (event == "test" && one == "test-success"))
    };
    let mut chosen: Vec<usize> = (0..hooks.len()).filter(|index| is_of(&hooks[*index])).collect();
    chosen.sort_by(|a, b| {
        let order = |index: usize| (hooks[index].weight, &hooks[index].name);
        order(*a).cmp(&order(*b))
    });
    chosen
}

/// What is written down of a hook that came to its end.
pub fn mark(event: &str, hook: &Hook) -> String {
    format!("{event}/{}/{}", hook.kind, hook.name)
}
