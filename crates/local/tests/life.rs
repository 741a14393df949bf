//! A cluster's life on this host: it becomes Ready, bears any death, and leaves nothing.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::Path;

use futures::StreamExt;
use k8s_openapi::api::core::v1::Node;
use kube::Api;
use nagaya_local::{ClusterPlan, Phase, Progress};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use support::{
    Instance, client, container, create_pod, get_pod, host_settings, pod, traces, until, wait_running,
    wait_state,
};

const SLEEPS: &str = "trap exit TERM; while :; do sleep 1; done";

#[tokio::test]
async fn a_cluster_has_its_cap_keeps_its_pods_over_a_stop_and_leaves_nothing() {
    let before = host_settings();
    let instance = Instance::new("lt-life").await;
    let (provider, silent) = (&instance.provider, Progress::none());
    let plan = instance.plan("one");
    let state = provider.ensure_cluster(&plan, &silent).await.unwrap();
    assert_eq!(state.phase, Phase::Ready);
    eprintln!("ready after {:?} ms", state.ready_after_ms);
    assert_eq!(host_settings(), before, "kubelet rewrote settings of the host");

    let api = client(provider, "one").await;
    let node = Api::<Node>::all(api.clone()).get("one").await.unwrap();
    let allocatable = node.status.unwrap().allocatable.unwrap();
    assert_eq!((allocatable["cpu"].0.as_str(), allocatable["memory"].0.as_str()), ("1", "1Gi"));
    assert_eq!(node.metadata.labels.unwrap()["nagaya.dev/homes"], "one");

    create_pod(&api, &pod("stays", SLEEPS, "Always")).await;
    wait_running(&api, "stays").await;
    let again = provider.ensure_cluster(&plan, &silent).await.unwrap();
    assert_eq!(
        again.components["etcd"].process, state.components["etcd"].process,
        "the same plan changes nothing"
    );

    provider.stop_cluster("one", &silent).await.unwrap();
    assert_eq!(provider.state("one").unwrap().phase, Phase::Stopped);
    provider.stop_cluster("one", &silent).await.unwrap();
    provider.start_cluster("one", &silent).await.unwrap();
    wait_running(&api, "stays").await;

    let homes = provider.config().data_dir.join("clusters/one/homes");
    std::fs::create_dir_all(homes.join("home-1")).unwrap();
    std::fs::write(homes.join("home-1/disk.img"), "precious").unwrap();
    provider.delete_cluster("one", &silent).await.unwrap();
    provider.delete_cluster("one", &silent).await.unwrap();
    assert!(provider.clusters().unwrap().is_empty());
    let kept = provider.config().data_dir.join("homes-kept/one/home-1/disk.img");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "precious", "deleting a cluster keeps its homes");
    provider.ensure_cluster(&plan, &silent).await.unwrap();
    let back = std::fs::read_to_string(homes.join("home-1/disk.img")).unwrap();
    assert_eq!((back.as_str(), kept.exists()), ("precious", false), "the next of that name takes them back");
    provider.delete_cluster("one", &silent).await.unwrap();

    provider.down(&silent).await.unwrap();
    assert_eq!(traces(provider), Default::default());
    assert_eq!(host_settings(), before);
    provider.down(&silent).await.unwrap();
    provider.purge(&silent).await.unwrap();
    assert!(!provider.config().data_dir.join("homes-kept").exists());
}

#[tokio::test]
async fn whatever_is_killed_comes_back_and_pods_do_not_notice() {
    let instance = Instance::new("lt-kill").await;
    let (provider, silent) = (&instance.provider, Progress::none());
    provider.ensure_cluster(&instance.plan("one"), &silent).await.unwrap();
    let api = client(provider, "one").await;
    create_pod(&api, &pod("stays", SLEEPS, "Always")).await;
    let first = container(&wait_running(&api, "stays").await);

    let names: Vec<String> = provider.state("one").unwrap().components.into_keys().collect();
    assert_eq!(names.len(), 7);
    for name in &names {
        let state = wait_state(provider, "one", "it is ready", |state| state.phase == Phase::Ready).await;
        let old = state.components[name].process.unwrap();
        kill(Pid::from_raw(old.pid), Signal::SIGKILL).unwrap();
        wait_state(provider, "one", &format!("{name} is back"), |state| {
            state.phase == Phase::Ready && state.components[name].process.is_some_and(|new| new != old)
        })
        .await;
    }

    // The supervisor: what it supervised goes on and is taken over.
    let watching = tokio::spawn(provider.watch_states().for_each(|_| async {}));
    let before = provider.state("one").unwrap();
    kill(Pid::from_raw(before.supervisor.unwrap().pid), Signal::SIGKILL).unwrap();
    let after = wait_state(provider, "one", "another supervisor is there", |state| {
        state.phase == Phase::Ready && state.supervisor != before.supervisor
    })
    .await;
    for name in &names {
        assert_eq!(after.components[name].process, before.components[name].process, "{name} was taken over");
    }

    // All at once.
    for process in after.components.values().filter_map(|component| component.process).chain(after.supervisor)
    {
        kill(Pid::from_raw(process.pid), Signal::SIGKILL).unwrap();
    }
    wait_state(provider, "one", "all are back", |state| {
        let new = |name: &String| state.components[name].process != after.components[name].process;
        state.phase == Phase::Ready && names.iter().all(new)
    })
    .await;
    watching.abort();
    until("the pod is seen again", || async { container(&get_pod(&api, "stays").await) == first }).await;

    provider.down(&silent).await.unwrap();
    assert_eq!(traces(provider), Default::default());
}

#[tokio::test]
async fn a_start_or_stop_that_was_killed_is_completed_or_undone_by_the_next_call() {
    let instance = Instance::new("lt-half").await;
    let (provider, silent) = (&instance.provider, Progress::none());
    let plan = instance.plan("one");
    for milliseconds in [30, 200, 800, 2500] {
        let starting = tokio::spawn({
            let (provider, plan) = (provider.clone(), plan.clone());
            async move { provider.ensure_cluster(&plan, &Progress::none()).await }
        });
        until("a supervisor is there", || async { supervisor(provider).is_some() }).await;
        tokio::time::sleep(std::time::Duration::from_millis(milliseconds)).await;
        starting.abort();
        if let Some(pid) = supervisor(provider) {
            let _ = kill(pid, Signal::SIGKILL);
        }
        if milliseconds == 200 {
            provider.down(&silent).await.unwrap();
            assert_eq!(traces(provider), Default::default(), "after {milliseconds} ms");
        }
    }
    provider.ensure_cluster(&plan, &silent).await.unwrap();

    for milliseconds in [10, 700] {
        let stopping = tokio::spawn({
            let provider = provider.clone();
            async move { provider.stop_cluster("one", &Progress::none()).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(milliseconds)).await;
        stopping.abort();
        if let Some(pid) = supervisor(provider) {
            let _ = kill(pid, Signal::SIGKILL);
        }
    }
    provider.ensure_cluster(&plan, &silent).await.unwrap();
    provider.down(&silent).await.unwrap();
    assert_eq!(traces(provider), Default::default());
}

fn supervisor(provider: &nagaya_local::Provider) -> Option<Pid> {
    let state = provider.state("one").ok()?;
    let process = state.supervisor.filter(|process| process.is_alive())?;
    Path::new("/proc").join(process.pid.to_string()).exists().then(|| Pid::from_raw(process.pid))
}

#[tokio::test]
async fn an_upgrade_and_another_cap_leave_pods_alone() {
    let instance = Instance::new("lt-change").await;
    let (provider, silent) = (&instance.provider, Progress::none());
    let plan = instance.plan("one");
    provider.ensure_cluster(&plan, &silent).await.unwrap();
    let api = client(provider, "one").await;
    create_pod(&api, &pod("stays", SLEEPS, "Always")).await;
    let first = container(&wait_running(&api, "stays").await);
    let before = provider.state("one").unwrap();

    // The same release from a folder of its own: other binaries, as in an upgrade.
    let folder = provider.config().data_dir.join("other");
    let built = provider.config().cache_dir.join("kubernetes/debian-1.20.2-r2");
    std::fs::create_dir_all(&folder).unwrap();
    for program in ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"] {
        std::fs::copy(built.join(program), folder.join(program)).unwrap();
    }
    let other = provider.distributions().add_dir("other", &folder, &silent).await.unwrap();
    assert_eq!(other.version.to_string(), "1.20.2");
    assert_eq!(provider.distributions().list().unwrap().len(), 2);
    let mut plan = ClusterPlan { distribution: "other".into(), ..plan };
    (plan.cpu_millicores, plan.memory_bytes) = (1500, 2 << 30);
    let after = provider.ensure_cluster(&plan, &silent).await.unwrap();

    for name in ["etcd", "containerd"] {
        assert_eq!(
            after.components[name].process, before.components[name].process,
            "{name} had no reason to restart"
        );
    }
    for name in ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"] {
        assert_ne!(
            after.components[name].process, before.components[name].process,
            "{name} is still the old one"
        );
    }
    until("the node has its new cap", || async {
        let node = Api::<Node>::all(api.clone()).get("one").await;
        node.is_ok_and(|node| node.status.unwrap().allocatable.unwrap()["memory"].0 == "2Gi")
    })
    .await;
    assert_eq!(container(&get_pod(&api, "stays").await), first);
    provider.down(&silent).await.unwrap();
    assert_eq!(traces(provider), Default::default());
}
