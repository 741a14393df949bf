//! DNS and provisioner against a real API server. One test, so that one control plane does.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod control_plane;
mod dns;
mod provisioner;

use std::future::Future;
use std::time::Duration;

use nix::mount::{MsFlags, mount};
use nix::sched::CloneFlags;

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

#[test]
fn names_and_homes_on_a_real_api_server() {
    drop(rustls::crypto::ring::default_provider().install_default());
    if nix::unistd::geteuid().is_root() {
        // Mounts of its own: nobody who copies the host's namespace meanwhile holds them, and none outlives the test.
        // Threads started from here on, the runtime's, are in it as well.
        // A loopback of its own too: a port found free stays free, whatever other tests open meanwhile.
        nix::sched::unshare(CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWNET).unwrap();
        let up = std::process::Command::new("ip").args(["link", "set", "lo", "up"]).status().unwrap();
        assert!(up.success(), "the loopback device comes up");
        mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let Some(plane) = control_plane::ControlPlane::start().await else { return };
        dns::names_follow_the_cluster(plane.client()).await;
        provisioner::a_home_from_its_claim_to_its_purge(plane.client()).await;
    });
}
