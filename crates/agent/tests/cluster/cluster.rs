//! The cluster that the scenarios share.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use kube::config::{KubeConfigOptions, Kubeconfig};
use nagaya_local::{ClusterPlan, InstanceConfig, Progress, Provider, free_subnet, reap};
use nix::fcntl::{Flock, FlockArg};

/// An image of busybox, which the cluster has without any registry.
pub const IMAGE: &str = "registry.nagaya.internal/agent-test:1";
const INSTANCE: &str = "agent-test";

pub struct Cluster {
    pub kubernetes: kube::Config,
    made: Option<Made>,
}

struct Made {
    provider: Provider,
    _folder: tempfile::TempDir,
    /// Whole clusters are heavy: one test of any crate at a time makes one.
    _alone: Flock<File>,
}

impl Cluster {
    /// `None`, with words, where there can be none.
    pub async fn start() -> Option<Cluster> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        if std::env::var_os("RUST_LOG").is_some() {
            let filter = tracing_subscriber::EnvFilter::from_default_env();
            let _ = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
        }
        if let Ok(path) = std::env::var("NAGAYA_TEST_KUBECONFIG") {
            let kubernetes = read(Kubeconfig::read_from(path).unwrap()).await;
            return Some(Cluster { kubernetes, made: None });
        }
        let binaries = Path::new("/var/cache/nagaya/kubernetes/debian-1.20.2/kubelet");
        if !nix::unistd::geteuid().is_root() || !binaries.exists() || !Path::new("/bin/busybox").exists() {
            println!("skipped: a cluster needs root, {} and a static /bin/busybox", binaries.display());
            return None;
        }
        let alone = tokio::task::spawn_blocking(|| {
            let file = File::create("/tmp/nagaya-local-tests.lock").unwrap();
            Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, error)| error).unwrap()
        });
        let alone = alone.await.unwrap();
        let folder = tempfile::Builder::new().prefix("nagaya-agent-").tempdir_in("/tmp").unwrap();
        let subnet = free_subnet(std::process::id()).await.unwrap();
        let mut config = InstanceConfig::new(INSTANCE, folder.path(), subnet).unwrap();
        config.supervisor_command = vec![supervisor().into(), "supervise".into()];
        reap(&config).await.unwrap();
        let provider = Provider::new(config).unwrap();
        provider.distributions().add_debian("debian", &Progress::none()).await.unwrap();
        let mut plan = ClusterPlan::new("one", "debian");
        (plan.cpu_millicores, plan.memory_bytes) = (1500, 1536 << 20);
        plan.images.archives = vec![image(folder.path())];
        provider.ensure_cluster(&plan, &Progress::none()).await.unwrap();
        let kubernetes =
            read(Kubeconfig::from_yaml(&provider.admin_kubeconfig("one").unwrap()).unwrap()).await;
        Some(Cluster { kubernetes, made: Some(Made { provider, _folder: folder, _alone: alone }) })
    }

    pub async fn stop(self) {
        drop(self.made);
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let config = self.provider.config().clone();
        let reaping = std::thread::spawn(move || {
            tokio::runtime::Runtime::new().unwrap().block_on(async { reap(&config).await.map(drop) })
        });
        if let Err(problem) = reaping.join().unwrap() {
            println!("{problem}");
        }
    }
}

async fn read(kubeconfig: Kubeconfig) -> kube::Config {
    kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap()
}

/// The example `supervise`, which cargo builds beside the tests.
fn supervisor() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().unwrap().parent().unwrap().join("examples/supervise")
}

fn image(folder: &Path) -> PathBuf {
    let script = r#"
        set -eu
        mkdir -p "$1/image/root/bin" "$1/image/root/tmp"; cd "$1/image"
        cp /bin/busybox root/bin/
        for name in sh sleep cat echo seq head wc; do ln -sf busybox "root/bin/$name"; done
        printf '#!/bin/sh\ntrap exit TERM\nwhile :; do sleep 100000 & wait $!; done\n' >root/bin/pause
        chmod 755 root/bin/pause
        tar -C root -cf layer.tar .
        sum=$(sha256sum layer.tar | cut -d' ' -f1)
        printf '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["/bin/pause"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$sum" >config.json
        printf '[{"Config":"config.json","RepoTags":["registry.nagaya.internal/pause:3","registry.nagaya.internal/agent-test:1"],"Layers":["layer.tar"]}]' >manifest.json
        tar -cf ../image.tar manifest.json config.json layer.tar
    "#;
    let done = Command::new("sh").args(["-c", script, "sh"]).arg(folder).status().unwrap();
    assert!(done.success());
    folder.join("image.tar")
}
