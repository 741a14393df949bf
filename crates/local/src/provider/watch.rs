//! States as they change, by looking at small files once a second: no event can be lost that way.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};

use super::{Provider, supervisors};
use crate::supervisor::spec::Desired;
use crate::{ClusterState, Phase};

const EVERY: Duration = Duration::from_millis(500);

pub(super) fn states(provider: Provider) -> BoxStream<'static, ClusterState> {
    let begin = (provider, BTreeMap::<String, ClusterState>::new());
    stream::unfold(begin, |(provider, mut seen)| async move {
        loop {
            let changed = look(&provider, &mut seen).await;
            if !changed.is_empty() {
                return Some((stream::iter(changed), (provider, seen)));
            }
            tokio::time::sleep(EVERY).await;
        }
    })
    .flatten()
    .boxed()
}

/// What changed since `seen`; restarts supervisors on the way. A deleted cluster is told once as stopped.
async fn look(provider: &Provider, seen: &mut BTreeMap<String, ClusterState>) -> Vec<ClusterState> {
    let names = provider.clusters().unwrap_or_default();
    let mut changed = vec![];
    seen.retain(|name, old| {
        let there = names.contains(name);
        if !there && old.phase != Phase::Stopped {
            changed.push(ClusterState { message: "deleted".into(), ..ClusterState::stopped(name, jiff::Timestamp::now()) });
        }
        there
    });
    for name in names {
        let Ok(state) = provider.state(&name) else { continue };
        if state.phase == Phase::Unsupervised {
            restart(provider, &name).await;
        }
        if seen.get(&name) != Some(&state) {
            seen.insert(name, state.clone());
            changed.push(state);
        }
    }
    changed
}

async fn restart(provider: &Provider, name: &str) {
    let paths = provider.paths(name);
    let wanted = provider.spec(name).is_ok_and(|spec| spec.desired == Desired::Running);
    if !wanted {
        return;
    }
    if let Err(problem) = supervisors::ensure(provider, "--cluster-dir", &paths.dir, &provider.reported(&paths, name)).await {
        tracing::warn!(cluster = name, "{problem}");
    }
    // It needs a moment to say that it is there.
    tokio::time::sleep(EVERY).await;
}
