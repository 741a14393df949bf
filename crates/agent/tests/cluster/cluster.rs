//! The cluster that the scenarios share.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use kube::config::{KubeConfigOptions, Kubeconfig};
use nagaya_local::{ClusterPlan, InstanceConfig, Progress, Provider, free_subnet, reap};
use nix::fcntl::{Flock, FlockArg};

/// An image of busybox, which the cluster has without any registry.
pub const IMAGE: &str = "registry.nagaya.internal/agent-test:1";
/// An image of the example `cast`: the agent, the relay, an echo.
pub const CAST_IMAGE: &str = "registry.nagaya.internal/agent-cast:1";
/// The same under another name, as a new version has one.
pub const CAST_IMAGE_AGAIN: &str = "registry.nagaya.internal/agent-cast:2";
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
        let binaries = Path::new("/var/cache/nagaya/kubernetes/debian-1.20.2-r2/kubelet");
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
        config.supervisor_command = vec![cast().into(), "supervise".into()];
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

    /// A listener that the cluster's pods reach; none where the cluster is somebody else's.
    pub fn listener(&self) -> Option<tokio::net::TcpListener> {
        let listener = self.made.as_ref()?.provider.hub_listener(7443).unwrap();
        Some(tokio::net::TcpListener::from_std(listener).unwrap())
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

/// The example `cast`, which cargo builds beside the tests.
fn cast() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().unwrap().parent().unwrap().join("examples/cast")
}

/// Both images in one archive.
fn image(folder: &Path) -> PathBuf {
    let script = r#"
        set -eu
        mkdir -p "$1/image"; cd "$1/image"
        pack() { # pack NAME ENTRYPOINT TAGS: the folder NAME as an image
            tar -C "$1" -cf "$1.tar" .
            sum=$(sha256sum "$1.tar" | cut -d' ' -f1)
            printf '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Entrypoint":%s,"User":"65532"},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$2" "$sum" >"$1.json"
            printf '{"Config":"%s.json","RepoTags":%s,"Layers":["%s.tar"]}' "$1" "$3" "$1"
        }
        mkdir -p box/bin box/tmp cast/bin
        cp /bin/busybox box/bin/
        for name in sh sleep cat echo seq head wc; do ln -sf busybox "box/bin/$name"; done
        printf '#!/bin/sh\ntrap exit TERM\nwhile :; do sleep 100000 & wait $!; done\n' >box/bin/pause
        chmod 755 box/bin/pause
        cp "$2" cast/bin/cast
        strip cast/bin/cast
        ldd "$2" | grep -o '/[^ ]*' | while read -r library; do
            mkdir -p "cast$(dirname "$library")"; cp -L "$library" "cast$library"
        done
        box=$(pack box '["/bin/pause"]' '["registry.nagaya.internal/pause:3","registry.nagaya.internal/agent-test:1"]')
        cast=$(pack cast '["/bin/cast"]' '["registry.nagaya.internal/agent-cast:1","registry.nagaya.internal/agent-cast:2"]')
        printf '[%s,%s]' "$box" "$cast" >manifest.json
        tar -cf ../image.tar manifest.json box.json box.tar cast.json cast.tar
    "#;
    let done = Command::new("sh").args(["-c", script, "sh"]).arg(folder).arg(cast()).status().unwrap();
    assert!(done.success());
    folder.join("image.tar")
}
