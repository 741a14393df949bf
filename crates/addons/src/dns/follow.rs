//! Keeps the index in step with the cluster.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::core::v1::{Endpoints, Service};
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client};
use tokio::sync::watch;

use super::facts::{self, EndpointFacts, ServiceFacts};
use super::index::Index;
use crate::watch::{Mirror, backoff};

/// Events taken in before the index is built anew: a burst (a Deployment's start) costs one building, not hundreds.
const BURST: usize = 1024;

#[expect(
    clippy::large_enum_variant,
    reason = "an event lives for one turn of the loop; boxing each costs more"
)]
enum Change {
    Service(Event<Service>),
    Endpoints(Event<Endpoints>),
}

/// Watches Services and Endpoints for as long as it is polled, publishing an index after each burst of changes and
/// `ready` once both have been seen whole. While the API server is away, the last index counts.
pub async fn follow(
    client: Client,
    empty: Index,
    index: watch::Sender<Arc<Index>>,
    ready: watch::Sender<bool>,
) {
    // Endpoints, not EndpointSlices: those are v1 in every version from 1.20 on, these from 1.21 on.
    let services = backoff(watcher(Api::<Service>::all(client.clone()), watcher::Config::default()));
    let endpoints = backoff(watcher(Api::<Endpoints>::all(client), watcher::Config::default()));
    let changes = stream::select(services.map_ok(Change::Service), endpoints.map_ok(Change::Endpoints));
    let mut bursts = Box::pin(changes.ready_chunks(BURST));
    let (mut services, mut endpoints) = (Mirror::<ServiceFacts>::new(), Mirror::<Vec<EndpointFacts>>::new());
    while let Some(burst) = bursts.next().await {
        let mut changed = false;
        for change in burst {
            changed |= match change {
                Ok(Change::Service(event)) => services.apply(event, facts::service),
                Ok(Change::Endpoints(event)) => endpoints
                    .apply(event, |one| Some(facts::endpoints(one)).filter(|found| !found.is_empty())),
                Err(error) => {
                    tracing::warn!(%error, "watching Services and Endpoints was interrupted; it is tried again");
                    false
                }
            };
        }
        if changed {
            index.send_replace(Arc::new(empty.with(services.facts(), endpoints.facts())));
        }
        if services.synced() && endpoints.synced() && !ready.send_replace(true) {
            tracing::info!(services = services.facts().len(), "all names of the cluster are known");
        }
    }
}
