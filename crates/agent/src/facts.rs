//! What the server is told of a cluster besides what it holds: version, answering time, network, certificate.

pub(crate) mod network;

use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1::Namespace;
use kube::{Api, Client};
use nagaya_tunnel::Identity;
use tokio::sync::watch;

use crate::identity::ends;
use crate::report::Reports;

/// How often the API server's version is asked for: it changes under an agent when its cluster is upgraded. The time
/// that it takes is told as the API server's.
const VERSION_EVERY: Duration = Duration::from_secs(60);
/// Between attempts while the API server does not answer.
const AGAIN: Duration = Duration::from_secs(2);

/// Keeps the API server's version and answering time known.
pub async fn versions(client: Client, reports: Reports) {
    loop {
        let begun = Instant::now();
        let pause = match client.apiserver_version().await {
            Ok(version) => {
                let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
                reports.facts(|facts| facts.kubernetes_latency_ms = Some(took));
                reports.kubernetes(&version.git_version);
                VERSION_EVERY
            }
            Err(error) => {
                tracing::debug!(%error, "the API server's version is not known");
                AGAIN
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// What the cluster is known by whatever it is called: the uid of its namespace `kube-system`, which is made with it and
/// goes with it. Asked until there is an answer; empty where the agent may not see it.
pub async fn cluster_uid(client: &Client) -> String {
    let namespaces: Api<Namespace> = Api::all(client.clone());
    loop {
        match namespaces.get_metadata("kube-system").await {
            Ok(namespace) => return namespace.metadata.uid.unwrap_or_default(),
            Err(kube::Error::Api(status)) if matches!(status.code, 403 | 404) => {
                tracing::warn!(%status, "what this cluster is known by cannot be seen");
                return String::new();
            }
            Err(error) => tracing::debug!(%error, "what this cluster is known by is not known yet"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Keeps the end of the agent's certificate known.
pub async fn certificate(mut identity: watch::Receiver<Identity>, reports: Reports) {
    loop {
        let expires = ends(&identity.borrow_and_update());
        reports.facts(|facts| facts.certificate_expires = expires);
        if identity.changed().await.is_err() {
            return;
        }
    }
}
