//! Which releases are Nagaya's: kept in the agent's own namespace, where nobody else writes. By the records alone a team
//! could have the agent remove what it may not remove itself.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{ObjectMeta, Patch, PatchParams};
use kube::{Api, Client};
use nagaya_api::agent::{ActAs, ReleaseIntent};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

const NAME: &str = "nagaya-releases";
const LABEL: &str = "nagaya.dev/agent-state";
const FIELD: &str = "releases";
const MANAGER: &str = "nagaya-agent";

/// A release that an intent held, and that was not removed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Held {
    /// Name of the Release in Nagaya.
    pub(super) name: String,
    /// Its uid.
    pub(super) uid: String,
    /// The release's name in Helm.
    pub(super) release_name: String,
    /// Its namespace.
    pub(super) namespace: String,
    /// As whom the agent works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) act_as: Option<ActAs>,
    /// Whether hooks are run.
    pub(super) hooks: bool,
    /// The incarnation whose intent held it last.
    pub(super) incarnation: String,
    /// [`ReleaseIntent::test`] of the tests that were run last.
    #[serde(default)]
    pub(super) tested: u32,
    /// Whether it is a workspace.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) workspace: bool,
}

impl Held {
    fn of(release: &ReleaseIntent, incarnation: &str) -> Held {
        Held {
            name: release.name.clone(),
            uid: release.uid.clone(),
            release_name: release.release_name.clone(),
            namespace: release.namespace.clone(),
            act_as: release.act_as.clone(),
            hooks: release.hooks,
            incarnation: incarnation.to_owned(),
            tested: 0,
            workspace: release.environment.is_some(),
        }
    }

    /// As people read it.
    pub(super) fn title(&self) -> String {
        format!("Release {}/{}", self.namespace, self.release_name)
    }
}

/// What was held before, and what is wanted now under the present incarnation. A release that moved to another name or
/// namespace is two: the one that was, which is to go, and the new one.
pub(super) fn merged(before: &[Held], wanted: &[ReleaseIntent], incarnation: &str) -> Vec<Held> {
    let place = |held: &Held| (held.uid.clone(), held.namespace.clone(), held.release_name.clone());
    let mut now: Vec<Held> = wanted.iter().map(|release| Held::of(release, incarnation)).collect();
    for held in &mut now {
        held.tested = before.iter().find(|old| place(old) == place(held)).map_or(0, |old| old.tested);
    }
    let left = before.iter().filter(|old| !now.iter().any(|held| place(held) == place(old))).cloned();
    let left: Vec<Held> = left.collect();
    now.extend(left);
    now
}

/// The releases that are held in a cluster, as people read them: none is left once all are uninstalled.
///
/// # Errors
/// The API server's.
pub async fn remaining(client: Client, namespace: &str) -> Result<Vec<String>, kube::Error> {
    let held = Ledger::load(client, namespace).await?.held.into_inner();
    Ok(held.iter().map(Held::title).collect())
}

/// All held releases, in a Secret.
pub(super) struct Ledger {
    secrets: Api<Secret>,
    held: Mutex<Vec<Held>>,
}

impl Ledger {
    /// Reads what is held.
    pub(super) async fn load(client: Client, namespace: &str) -> Result<Ledger, kube::Error> {
        let secrets: Api<Secret> = Api::namespaced(client, namespace);
        let bytes = secrets.get_opt(NAME).await?.and_then(|secret| secret.data?.remove(FIELD));
        let held = match bytes.map(|bytes| serde_json::from_slice(&bytes.0)) {
            Some(Err(error)) => {
                tracing::warn!(%error, "Secret {NAME} is damaged; releases that left the intent stay");
                Vec::new()
            }
            read => read.and_then(Result::ok).unwrap_or_default(),
        };
        Ok(Ledger { secrets, held: Mutex::new(held) })
    }

    /// Takes in what is wanted, before anything is done for it. Returns all that is held.
    pub(super) async fn want(
        &self,
        wanted: &[ReleaseIntent],
        incarnation: &str,
    ) -> Result<Vec<Held>, kube::Error> {
        self.change(|held| *held = merged(held, wanted, incarnation)).await
    }

    /// Forgets a release that was removed.
    pub(super) async fn forget(&self, gone: &Held) -> Result<(), kube::Error> {
        self.change(|held| held.retain(|one| one != gone)).await.map(drop)
    }

    /// Notes that tests were run.
    pub(super) async fn tested(&self, uid: &str, test: u32) -> Result<(), kube::Error> {
        self.change(|held| held.iter_mut().filter(|one| one.uid == uid).for_each(|one| one.tested = test))
            .await
            .map(drop)
    }

    /// Which tests were run last.
    pub(super) async fn last_test(&self, uid: &str) -> u32 {
        self.held
            .lock()
            .await
            .iter()
            .filter(|held| held.uid == uid)
            .map(|held| held.tested)
            .max()
            .unwrap_or(0)
    }

    async fn change(&self, change: impl FnOnce(&mut Vec<Held>)) -> Result<Vec<Held>, kube::Error> {
        let mut held = self.held.lock().await;
        let mut next = held.clone();
        change(&mut next);
        if *held != next {
            self.save(&next).await?;
            *held = next;
        }
        Ok(held.clone())
    }

    async fn save(&self, held: &[Held]) -> Result<(), kube::Error> {
        let json = serde_json::to_vec(held).map_err(kube::Error::SerdeError)?;
        let secret = Secret {
            metadata: ObjectMeta {
                name: Some(NAME.to_owned()),
                labels: Some(BTreeMap::from([(LABEL.to_owned(), FIELD.to_owned())])),
                ..ObjectMeta::default()
            },
            data: Some(BTreeMap::from([(FIELD.to_owned(), ByteString(json))])),
            ..Secret::default()
        };
        self.secrets.patch(NAME, &PatchParams::apply(MANAGER).force(), &Patch::Apply(&secret)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::enforce::kubernetes_in_memory::Kubernetes;

    fn release(uid: &str, namespace: &str) -> ReleaseIntent {
        serde_json::from_value(json!({ "name": uid, "uid": uid, "releaseName": "ci", "namespace": namespace,
            "chart": {"name": "c"}, "content": "x" }))
        .unwrap()
    }

    #[test]
    fn what_left_is_held_under_the_incarnation_that_held_it_last() {
        let first = merged(&[], &[release("a", "n"), release("b", "n")], "one");
        let then = merged(&first, &[release("a", "n")], "two");
        let lines: Vec<_> = then.iter().map(|held| (held.uid.as_str(), held.incarnation.as_str())).collect();
        assert_eq!(lines, [("a", "two"), ("b", "one")]);
        let moved = merged(&first, &[release("a", "other")], "one");
        assert_eq!(moved.iter().filter(|held| held.uid == "a").count(), 2, "the old place is to be cleared");
    }

    #[tokio::test]
    async fn what_is_held_outlives_the_agent() {
        let client = Kubernetes::default().client();
        let ledger = Ledger::load(client.clone(), "home").await.unwrap();
        let held = ledger.want(&[release("a", "n")], "one").await.unwrap();
        ledger.tested("a", 3).await.unwrap();
        let again = Ledger::load(client.clone(), "home").await.unwrap();
        assert_eq!(again.last_test("a").await, 3);
        let all = again.want(&[], "one").await.unwrap();
        assert_eq!((all.len(), held.len()), (1, 1));
        assert_eq!(remaining(client.clone(), "home").await.unwrap(), ["Release n/ci"]);
        again.forget(&all[0]).await.unwrap();
        assert!(Ledger::load(client, "home").await.unwrap().want(&[], "one").await.unwrap().is_empty());
    }
}
