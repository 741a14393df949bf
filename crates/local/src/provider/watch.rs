//! States as they change, by looking at small files once a second: no event can be lost that way.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::time::Instant;

use super::{Provider, hub, supervisors};
use crate::{ClusterState, Error, Phase};

const EVERY: Duration = Duration::from_millis(500);

/// A supervisor that ends at once (its hub is down) is not started in a loop.
const RESTART_EVERY: Duration = Duration::from_secs(3);

/// What the watcher remembers between two looks.
#[derive(Default)]
struct Seen {
    states: BTreeMap<String, ClusterState>,
    restarted: BTreeMap<String, Instant>,
}

pub(super) fn states(provider: Provider) -> BoxStream<'static, ClusterState> {
    stream::unfold((provider, Seen::default()), |(provider, mut seen)| async move {
        loop {
            let changed = seen.look(&provider).await;
            if !changed.is_empty() {
                return Some((stream::iter(changed), (provider, seen)));
            }
            tokio::time::sleep(EVERY).await;
        }
    })
    .flatten()
    .boxed()
}

impl Seen {
    /// What changed since the last look; restarts supervisors on the way. A deleted cluster is told once as stopped.
    async fn look(&mut self, provider: &Provider) -> Vec<ClusterState> {
        let names = provider.clusters().unwrap_or_default();
        let mut changed = vec![];
        self.states.retain(|name, old| {
            let there = names.contains(name);
            if !there && old.phase != Phase::Stopped {
                let stopped = ClusterState::stopped(name, jiff::Timestamp::now());
                changed.push(ClusterState { message: "deleted".into(), ..stopped });
            }
            there
        });
        if hub::is_unsupervised(provider) && self.may_restart("") {
            warn_of(hub::restart(provider).await);
        }
        for name in names {
            let Ok(state) = provider.state(&name) else { continue };
            if state.phase == Phase::Unsupervised && self.may_restart(&name) {
                let paths = provider.paths(&name);
                let reported = provider.reported(&paths, &name);
                warn_of(supervisors::ensure(provider, "--cluster-dir", &paths.dir, &reported).await);
            }
            if self.states.get(&name) != Some(&state) {
                self.states.insert(name, state.clone());
                changed.push(state);
            }
        }
        changed
    }

    /// `name` is empty for the hub.
    fn may_restart(&mut self, name: &str) -> bool {
        let may = self.restarted.get(name).is_none_or(|at| at.elapsed() >= RESTART_EVERY);
        if may {
            self.restarted.insert(name.to_owned(), Instant::now());
        }
        may
    }
}

fn warn_of(result: Result<(), Error>) {
    if let Err(problem) = result {
        tracing::warn!("{problem}");
    }
}
