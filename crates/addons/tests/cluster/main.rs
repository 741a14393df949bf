//! DNS and provisioner against a real API server. One test, so that one control plane does.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod control_plane;
mod dns;
mod provisioner;

use std::future::Future;
use std::time::Duration;

/// Asks again until the answer is there; gives up after a minute.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    for _ in 0..6000 {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_and_homes_on_a_real_api_server() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let Some(plane) = control_plane::ControlPlane::start().await else { return };
    dns::names_follow_the_cluster(plane.client()).await;
    provisioner::a_home_from_its_claim_to_its_purge(plane.client()).await;
}
