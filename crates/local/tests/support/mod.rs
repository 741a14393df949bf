//! An instance of its own for each test, and what tests ask of it.
#![allow(dead_code)] // each test file uses its part

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::api::{LogParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client};
use nagaya_local::{ClusterPlan, ClusterState, InstanceConfig, Progress, Provider, free_subnet, reap};
use nix::fcntl::{Flock, FlockArg};
use serde_json::json;

pub const IMAGE: &str = "registry.nagaya.internal/test:1";
const MIB: u64 = 1 << 20;

/// One instance, gone when dropped, whatever happened.
pub struct Instance {
    pub provider: Provider,
    data: tempfile::TempDir,
    _alone: Flock<File>,
}

/// Whole clusters are heavy: one such test at a time on this host, however many processes run tests.
fn alone() -> Flock<File> {
    let file = File::create("/tmp/nagaya-local-tests.lock").unwrap();
    Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, e)| e).unwrap()
}

impl Instance {
    pub async fn new(name: &str) -> Self {
        let alone = alone();
        let _ = tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_env_filter("info,kube_client=off")
            .try_init();
        let _ = rustls::crypto::ring::default_provider().install_default();
        assert!(nix::unistd::geteuid().is_root(), "clusters need root: run these tests as root");
        let data = tempfile::Builder::new().prefix("nagaya-local-").tempdir_in("/tmp").unwrap();
        Self { provider: provider(name, data.path()).await, data, _alone: alone }
    }

    /// Another instance beside this one.
    pub async fn beside(&self, name: &str) -> Provider {
        provider(name, &self.data.path().join(name)).await
    }

    pub fn plan(&self, name: &str) -> ClusterPlan {
        let mut plan = ClusterPlan::new(name, "debian");
        (plan.cpu_millicores, plan.memory_bytes) = (1000, 1024 * MIB);
        plan.images.archives = vec![test_image(self.data.path())];
        plan
    }
}

async fn provider(name: &str, data: &Path) -> Provider {
    // Two instances of one test ask before either has its network.
    let seed = std::process::id().wrapping_add(u32::try_from(name.len()).unwrap());
    let mut config = InstanceConfig::new(name, data, free_subnet(seed).await.unwrap()).unwrap();
    config.supervisor_command = vec![example().into(), "supervise".into()];
    // What a killed run of this test left behind, of whatever data directory.
    reap(&config).await.unwrap();
    let provider = Provider::new(config).unwrap();
    provider.distributions().add_debian("debian", &Progress::none()).await.unwrap();
    provider
}

impl Drop for Instance {
    fn drop(&mut self) {
        let config = self.provider.config().clone();
        let reaper = std::thread::spawn(move || {
            tokio::runtime::Runtime::new().unwrap().block_on(async { reap(&config).await.map(drop) })
        });
        if let Err(problem) = reaper.join().unwrap() {
            eprintln!("{problem}");
        }
    }
}

/// The example program, which can `supervise`; cargo builds it beside the tests.
fn example() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let path = own.parent().unwrap().parent().unwrap().join("examples/local");
    assert!(path.exists(), "{} is missing: cargo build -p nagaya-local --examples", path.display());
    path
}

/// An image of busybox alone, as a docker archive, that also serves as the pause image.
fn test_image(folder: &Path) -> PathBuf {
    let archive = folder.join("image.tar");
    if archive.exists() {
        return archive;
    }
    assert!(
        Path::new("/bin/busybox").exists(),
        "tests need a static busybox: apt-get install busybox-static"
    );
    let script = r#"
        set -eu
        cd "$1"; mkdir -p image/root/bin image/root/tmp; cd image
        cp /bin/busybox root/bin/
        for name in sh sleep cat nc wget nslookup ip id touch ls; do ln -sf busybox "root/bin/$name"; done
        printf '#!/bin/sh\ntrap exit TERM\nwhile :; do sleep 100000 & wait $!; done\n' >root/bin/pause
        chmod 755 root/bin/pause
        tar -C root -cf layer.tar .
        sum=$(sha256sum layer.tar | cut -d' ' -f1)
        printf '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["/bin/pause"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$sum" >config.json
        printf '[{"Config":"config.json","RepoTags":["registry.nagaya.internal/pause:3","registry.nagaya.internal/test:1"],"Layers":["layer.tar"]}]' >manifest.json
        tar -cf ../image.tar manifest.json config.json layer.tar
    "#;
    let done = Command::new("sh").args(["-c", script, "sh"]).arg(folder).status().unwrap();
    assert!(done.success());
    archive
}

pub async fn client(provider: &Provider, cluster: &str) -> Client {
    let kubeconfig = Kubeconfig::from_yaml(&provider.admin_kubeconfig(cluster).unwrap()).unwrap();
    let config =
        kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
    Client::try_from(config).unwrap()
}

pub fn pod(name: &str, script: &str, restart: &str) -> Pod {
    serde_json::from_value(json!({
        "metadata": { "name": name, "namespace": "default" },
        "spec": {
            "restartPolicy": restart,
            "terminationGracePeriodSeconds": 1,
            "containers": [{ "name": "main", "image": IMAGE, "imagePullPolicy": "Never", "command": ["sh", "-c", script] }],
        },
    }))
    .unwrap()
}

/// Creates it as soon as its namespace's service account is there.
pub async fn create_pod(client: &Client, pod: &Pod) {
    let pods: Api<Pod> = Api::namespaced(client.clone(), "default");
    until("the pod is accepted", || async { pods.create(&PostParams::default(), pod).await.is_ok() }).await;
}

/// Runs a script in a pod to its end and returns what it printed.
pub async fn run_in_pod(client: &Client, name: &str, script: &str) -> String {
    create_pod(client, &pod(name, script, "Never")).await;
    let pods: Api<Pod> = Api::namespaced(client.clone(), "default");
    until("the pod ends", || async {
        let phase = pods.get(name).await.ok().and_then(|pod| pod.status?.phase);
        phase.is_some_and(|phase| phase == "Succeeded" || phase == "Failed")
    })
    .await;
    pods.logs(name, &LogParams::default()).await.unwrap()
}

pub async fn wait_running(client: &Client, name: &str) -> Pod {
    let pods: Api<Pod> = Api::namespaced(client.clone(), "default");
    until("the pod runs", || async { pods.get(name).await.is_ok_and(|pod| is_running(&pod)) }).await;
    pods.get(name).await.unwrap()
}

fn is_running(pod: &Pod) -> bool {
    let statuses = pod.status.as_ref().and_then(|status| status.container_statuses.as_ref());
    statuses.is_some_and(|all| {
        all.iter().all(|one| one.ready && one.state.as_ref().is_some_and(|s| s.running.is_some()))
    })
}

pub async fn get_pod(client: &Client, name: &str) -> Pod {
    Api::<Pod>::namespaced(client.clone(), "default").get(name).await.unwrap()
}

/// The container of a pod with one container, and how often it was restarted.
pub fn container(pod: &Pod) -> (String, i32) {
    let status = &pod.status.as_ref().unwrap().container_statuses.as_ref().unwrap()[0];
    (status.container_id.clone().unwrap(), status.restart_count)
}

pub async fn wait_state(
    provider: &Provider,
    cluster: &str,
    what: &str,
    good: impl Fn(&ClusterState) -> bool,
) -> ClusterState {
    until(what, || async { provider.state(cluster).is_ok_and(|state| good(&state)) }).await;
    provider.state(cluster).unwrap()
}

/// Waits for something that must come; the limit is far beyond what a loaded machine takes.
pub async fn until<F: Future<Output = bool>>(what: &str, check: impl Fn() -> F) {
    for _ in 0..3000 {
        if check().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("waited in vain until {what}");
}

/// All that an instance could leave on this host, in words. Its data is no leftover.
pub fn traces(provider: &Provider) -> BTreeSet<String> {
    let (name, data) = (&provider.config().name, provider.config().data_dir.display().to_string());
    let mut found = BTreeSet::new();
    let said = |program: &str, args: &[&str]| {
        String::from_utf8_lossy(&Command::new(program).args(args).output().unwrap().stdout).into_owned()
    };
    for line in fs::read_to_string("/proc/self/mountinfo").unwrap().lines() {
        if line.contains(&data)
            || line.contains(&format!("nagaya-{name}"))
            || line.contains(&format!("nagaya-local/{name}"))
        {
            found.insert(format!("mount {line}"));
        }
    }
    for line in said("find", &["/sys/fs/cgroup", "-type", "d", "-path", &format!("*/nagaya/{name}")]).lines()
    {
        found.insert(format!("cgroup {line}"));
    }
    for line in
        said("nft", &["list", "tables"]).lines().filter(|line| line.ends_with(&format!(" nagaya-{name}")))
    {
        found.insert(line.to_owned());
    }
    for line in said("losetup", &["--list", "--noheadings"]).lines().filter(|line| line.contains(&data)) {
        found.insert(format!("loop {line}"));
    }
    for entry in fs::read_dir("/run/netns").into_iter().flatten().filter_map(Result::ok) {
        let file = entry.file_name().to_string_lossy().into_owned();
        if file == format!("nagaya-{name}") || file.starts_with(&format!("nagaya-{name}-")) {
            found.insert(format!("netns {file}"));
        }
    }
    for entry in fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let line = fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default().replace('\0', " ");
        if line.contains(&format!("{data}/")) {
            found.insert(format!("process {line}"));
        }
    }
    found
}

/// Kernel settings of the whole host that clusters must leave alone.
pub fn host_settings() -> Vec<(&'static str, String)> {
    [
        "kernel/panic",
        "kernel/panic_on_oops",
        "vm/overcommit_memory",
        "vm/panic_on_oom",
        "net/netfilter/nf_conntrack_max",
    ]
    .into_iter()
    .map(|key| (key, fs::read_to_string(format!("/proc/sys/{key}")).unwrap_or_default()))
    .collect()
}
