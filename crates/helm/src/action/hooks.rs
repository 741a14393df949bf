//! Hooks: objects that are made at a moment of a release's life, and awaited.

use std::time::Duration;

use serde_json::Value;

use super::act::{Actor, Stop, until};
use super::cluster::{Fault, Readiness};
use super::key::Key;
use super::objects::{Object, parse};
use super::plan::mark;
use crate::release::record::HookRun;
use crate::release::{Held, Hook, HookPhase};

const BEFORE: &str = "before-hook-creation";
const SUCCEEDED: &str = "hook-succeeded";
const FAILED: &str = "hook-failed";

impl Hook {
    fn goes(&self, policy: &str) -> bool {
        match self.delete_policies.is_empty() {
            true => policy == BEFORE,
            false => self.delete_policies.iter().any(|one| one == policy),
        }
    }
}

impl Actor<'_> {
    /// Runs one hook to its end, and writes that down.
    ///
    /// # Errors
    /// When it failed or took too long.
    pub(super) async fn hook(&self, draft: &mut Held, event: &str, index: usize) -> Result<(), Stop> {
        let Some(hook) = draft.record.hooks.get(index).cloned() else { return Ok(()) };
        let objects = parse(&hook.manifest, &self.release.namespace).map_err(Stop::Failed)?;
        // Who was interrupted in it left its object, perhaps at work.
        let resumed = hook.last_run.phase == HookPhase::Running;
        if hook.goes(BEFORE) {
            self.remove_hook(&objects).await?;
        }
        let begun =
            HookRun { started_at: Some(self.cluster.now()), completed_at: None, phase: HookPhase::Running };
        draft.record.hooks[index].last_run = begun;
        self.save(draft).await?;
        let result = self.run_hook(&objects, resumed).await;
        if let Err(Stop::Fault(Fault::Passing(_))) = result {
            return result; // nobody knows how it ends; whoever goes on will
        }
        let run = &mut draft.record.hooks[index].last_run;
        run.completed_at = Some(self.cluster.now());
        run.phase = if result.is_ok() { HookPhase::Succeeded } else { HookPhase::Failed };
        match result {
            Ok(()) => {
                draft.done.push(mark(event, &hook));
                self.save(draft).await
            }
            Err(stop) => {
                if hook.goes(FAILED) {
                    self.remove_hook(&objects).await?;
                }
                Err(Stop::Failed(format!("{event} hook {} {} failed: {stop}", hook.kind, hook.name)))
            }
        }
    }

    async fn run_hook(&self, objects: &[Object], resumed: bool) -> Result<(), Stop> {
        for object in objects {
            match self.cluster.create(&object.key, &object.value).await {
                Ok(_) => {}
                Err(Fault::Taken(_)) if resumed => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        for object in objects {
            self.await_hook(&object.key).await?;
        }
        Ok(())
    }

    async fn await_hook(&self, key: &Key) -> Result<(), Stop> {
        let deadline = until(self.cluster.now(), self.options.timeout);
        loop {
            let last = match self.cluster.get(key).await? {
                None => "it is not there any more".to_owned(),
                Some(live) => match self.cluster.completion(key, &live) {
                    Readiness::Ready => return Ok(()),
                    Readiness::Never(why) => return Err(Stop::Failed(why)),
                    Readiness::NotYet(why) => why,
                },
            };
            self.tell.object(key, &Readiness::NotYet(last.clone()));
            if self.cluster.now() >= deadline {
                return Err(self.too_long(&format!("{key}: {last}")));
            }
            self.cluster.pause(Duration::from_secs(1)).await;
        }
    }

    /// Removes hooks of a moment that were to go when all of them succeeded.
    pub(super) async fn tidy(&self, draft: &Held, event: &str) -> Result<(), Stop> {
        for index in super::plan::of_event(&draft.record.hooks, event) {
            let hook = &draft.record.hooks[index];
            if hook.goes(SUCCEEDED) {
                let objects = parse(&hook.manifest, &self.release.namespace).map_err(Stop::Failed)?;
                self.remove_hook(&objects).await?;
            }
        }
        Ok(())
    }

    /// Removes a hook's objects and waits until they are gone: the next of the same name must be a new one.
    async fn remove_hook(&self, objects: &[Object]) -> Result<(), Stop> {
        for object in objects {
            // With a kind all of its objects would go.
            if object.key.kind == "CustomResourceDefinition" {
                continue;
            }
            let deadline = until(self.cluster.now(), self.options.timeout);
            while let Some(live) = self.cluster.get(&object.key).await? {
                let uid = live.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default();
                if live.pointer("/metadata/deletionTimestamp").is_none() {
                    self.cluster.delete(&object.key, uid).await?;
                    continue;
                }
                if self.cluster.now() >= deadline {
                    return Err(self.too_long(&format!("{} is still being removed", object.key)));
                }
                self.cluster.pause(Duration::from_secs(1)).await;
            }
        }
        Ok(())
    }
}
