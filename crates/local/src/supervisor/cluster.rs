//! The supervisor of one cluster.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use kube::Client;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

use super::engine::{Component, Engine};
use super::preload::Preload;
use super::probe::Probe;
use super::report::Report;
use super::spawn::Place;
use super::spec::{ClusterSpec, Desired};
use super::{host, lock, spec, teardown};
use crate::bootstrap::Bootstrap;
use crate::cgroup::Group;
use crate::distribution::Distributions;
use crate::launch::flags::Differences;
use crate::launch::{self, Facts, Launch};
use crate::mounts::MountNamespace;
use crate::net::addresses::Addresses;
use crate::net::netns::Netns;
use crate::paths::{self, ClusterPaths};
use crate::{Error, KubernetesVersion, Phase, net, pki};

const STEP_STARTING: Duration = Duration::from_millis(25);
const STEP_STEADY: Duration = Duration::from_millis(200);
const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(30);
/// Beside pods of default weight (1024), the control plane gets its processor first.
const CONTROL_SHARES: u64 = 4096;

pub(super) async fn supervise(dir: &Path) -> Result<(), Error> {
    let paths = ClusterPaths::new(dir);
    let Some(_held) = lock::take(&paths.lock())? else {
        tracing::info!(dir = %dir.display(), "another supervisor has this cluster");
        return Ok(());
    };
    let spec_text = paths::read(paths.spec())?;
    let mut spec: ClusterSpec = spec::parse(&paths.spec(), &spec_text)?;
    let name = spec.plan.name.clone();
    let began = Instant::now();
    let mut report = Report::open(paths.state(), &name, Timestamp::now());
    let mut told = signal(SignalKind::terminate()).map_err(|e| Error::io("listen for", "SIGTERM", e))?;

    if spec.desired == Desired::Running {
        // What the last supervisor said holds of nothing until all of it was looked at again.
        report.state.generation = None;
        if report.state.phase != Phase::Ready && report.state.phase != Phase::Degraded {
            report.phase(Phase::Starting, "making its network and namespaces", Timestamp::now());
        }
        report.flush()?;
        let mut running = match Running::prepare(&spec, spec_text, &paths, &mut report).await {
            Ok(running) => running,
            Err(error) => {
                report.phase(Phase::Starting, format!("cannot start: {error}"), Timestamp::now());
                report.flush()?;
                return Err(error);
            }
        };
        let mut housekeeping = Instant::now();
        loop {
            running.step(&mut report, began)?;
            let pause = if report.state.phase == Phase::Ready { STEP_STEADY } else { STEP_STARTING };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = told.recv() => {
                    tracing::info!(cluster = %name, "leaving; the cluster goes on");
                    return Ok(());
                }
            }
            if let Some(changed) = running.spec_changed(&spec)? {
                spec = changed;
                tracing::info!(cluster = %name, desired = ?spec.desired, "the spec changed");
                if spec.desired == Desired::Stopped {
                    break;
                }
                match running.change(&spec, Timestamp::now()).await {
                    Ok(version) => {
                        report.state.version = Some(version);
                        report.state.generation = Some(spec.generation());
                    }
                    // The cluster goes on as it is; the plan's maker learns it from the state.
                    Err(error) => {
                        report.phase(Phase::Degraded, format!("cannot change: {error}"), Timestamp::now())
                    }
                }
            }
            if housekeeping.elapsed() > HOUSEKEEPING_EVERY {
                housekeeping = Instant::now();
                running.keep_house(&spec, Timestamp::now()).await;
            }
        }
        running.bootstrap.stop().await;
    }

    report.phase(Phase::Stopping, "stopping", Timestamp::now());
    report.flush()?;
    let config = spec.instance.config();
    let stopped = teardown::cluster(
        &config,
        &name,
        spec.index,
        &paths,
        |step| tracing::info!(cluster = %name, "{step}"),
    )
    .await;
    match &stopped {
        Ok(()) => {
            let fresh = crate::ClusterState {
                version: report.state.version,
                ..crate::ClusterState::stopped(&name, Timestamp::now())
            };
            report.state = fresh;
        }
        Err(error) => report.phase(Phase::Stopping, error.to_string(), Timestamp::now()),
    }
    report.flush()?;
    stopped
}

/// A cluster whose namespaces are there.
struct Running {
    paths: ClusterPaths,
    engine: Engine,
    bootstrap: Bootstrap,
    preload: Preload,
    mounts: MountNamespace,
    spec_text: String,
}

impl Running {
    async fn prepare(
        spec: &ClusterSpec,
        spec_text: String,
        paths: &ClusterPaths,
        report: &mut Report,
    ) -> Result<Self, Error> {
        let (config, name) = (spec.instance.config(), &spec.plan.name);
        let group = Group::instance(&config.name)?.child(name);
        let mounts = MountNamespace::of(&config.name, name);
        if !mounts.exists() {
            // What still runs lost the namespace it belongs to (the host's /run was cleared, or a stop was interrupted).
            group.kill().await;
        }
        for folder in ["config", "logs", "etcd"] {
            paths::create_dir(paths.dir.join(folder))?;
        }
        let protect = |folder: PathBuf| {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(&folder, mode).map_err(|e| Error::io("protect", &folder, e))
        };
        protect(paths.dir.join("etcd"))?;
        for part in ["pods", "control"] {
            group.child(part).create()?;
        }
        group.child("control").shares(CONTROL_SHARES)?;
        Group::weigh_all(host::millicores()? / 1000)?;
        // First its pin, by which `reap` knows of a cluster whose data directory it was not told.
        if mounts.ensure(paths).await? {
            report.phase(Phase::Starting, "making its network and namespaces", Timestamp::now());
        }
        if net::cluster::ensure(&config, name, spec.index).await? {
            // What still runs is in a network that nobody reaches any more.
            group.kill().await;
        }
        let facts = facts(spec, paths).await?;
        pki::ensure(&paths.pki(), &identity(&facts), Timestamp::now())?;
        cap(&group.child("pods"), &facts);

        let place = Place {
            control: group.child("control"),
            netns: Netns::cluster(&config.name, name),
            mounts: Some(mounts.clone()),
            logs: paths.logs(),
        };
        report.state.version = Some(facts.version);
        report.state.generation = Some(spec.generation());
        report.state.api_server = Some(format!("https://{}:{}", facts.node_ip, launch::API_PORT));
        let client = client(paths, &facts).await?;
        let bootstrap = Bootstrap::start(client.clone(), &facts, spec, paths);
        let mut engine =
            Engine::adopt(place, components(&facts), &report.state.components, Timestamp::now()).await;
        engine.client = Some(client);
        let preload = Preload::start(spec.plan.images.archives.clone(), mounts.clone(), paths.clone());
        Ok(Self { paths: paths.clone(), engine, bootstrap, preload, mounts, spec_text })
    }

    fn step(&mut self, report: &mut Report, began: Instant) -> Result<(), Error> {
        let now = Timestamp::now();
        self.engine.step(now);
        self.bootstrap.api_ready(self.engine.is_ready("kube-apiserver"));
        report.state.components = self.engine.states();
        self.preload.runtime_ready(self.engine.is_ready("containerd"));
        let objects_or_images = self.bootstrap.waits_for().or_else(|| self.preload.waits_for());
        match (self.engine.waits_for(), objects_or_images, report.state.phase) {
            (None, None, Phase::Ready) => {}
            (None, None, before) => {
                if before == Phase::Starting {
                    report.state.ready_after_ms = u64::try_from(began.elapsed().as_millis()).ok();
                }
                report.phase(Phase::Ready, "ready", now);
            }
            (Some(what), _, Phase::Ready | Phase::Degraded) => report.phase(Phase::Degraded, what, now),
            (None, Some(what), Phase::Degraded | Phase::Ready) => report.phase(Phase::Ready, what, now),
            (Some(what), _, _) | (None, Some(what), _) => report.phase(Phase::Starting, what, now),
        }
        report.flush()
    }

    /// The new spec, when the file changed.
    fn spec_changed(&mut self, old: &ClusterSpec) -> Result<Option<ClusterSpec>, Error> {
        let path = self.paths.spec();
        let text = paths::read(&path)?;
        if text == self.spec_text {
            return Ok(None);
        }
        let new: ClusterSpec = spec::parse(&path, &text)?;
        self.spec_text = text;
        Ok((new != *old).then_some(new))
    }

    /// A new plan: another cap, distribution, image. Components whose launch differs are started anew; pods stay.
    async fn change(&mut self, spec: &ClusterSpec, now: Timestamp) -> Result<KubernetesVersion, Error> {
        let facts = facts(spec, &self.paths).await?;
        let group = Group::instance(&spec.instance.name)?.child(&spec.plan.name);
        cap(&group.child("pods"), &facts);
        self.engine.replace(components(&facts), now);
        self.preload =
            Preload::start(spec.plan.images.archives.clone(), self.mounts.clone(), self.paths.clone());
        self.bootstrap.change(client(&self.paths, &facts).await?, &facts, spec);
        Ok(facts.version)
    }

    /// What is done now and then, and where a failure must not end the supervisor.
    async fn keep_house(&mut self, spec: &ClusterSpec, now: Timestamp) {
        if let Err(error) = self.engine.rotate_logs() {
            tracing::warn!(cluster = %spec.plan.name, "{error}");
        }
        if let Err(error) = self.renew(spec, now).await {
            tracing::warn!(cluster = %spec.plan.name, "{error}");
        }
    }

    async fn renew(&mut self, spec: &ClusterSpec, now: Timestamp) -> Result<(), Error> {
        let facts = facts(spec, &self.paths).await?;
        cap(&Group::instance(&spec.instance.name)?.child(&spec.plan.name).child("pods"), &facts);
        let renewed = pki::ensure(&self.paths.pki(), &identity(&facts), now)?;
        if !renewed.is_empty() {
            tracing::info!(cluster = %spec.plan.name, ?renewed, "renewed certificates");
            // Their contents are part of each launch's fingerprint, so who uses them is started anew.
            self.engine.replace(components(&facts), now);
            let client = client(&self.paths, &facts).await?;
            self.engine.client = Some(client.clone());
            self.bootstrap.change(client, &facts, spec);
        }
        Ok(())
    }
}

/// A cap below what pods hold now is refused by version 1's memory controller. kubelet, told of the new cap, evicts; the
/// next try succeeds.
fn cap(pods: &Group, facts: &Facts) {
    if let Err(error) = pods.cap(facts.cpu_millicores, facts.memory_bytes) {
        tracing::warn!(cluster = %facts.name, "the new cap waits until pods use less: {error}");
    }
}

fn identity(facts: &Facts) -> pki::Identity {
    pki::Identity { node: facts.name.clone(), node_ip: facts.node_ip, api_service_ip: facts.api_service }
}

async fn client(paths: &ClusterPaths, facts: &Facts) -> Result<Client, Error> {
    let text = pki::admin_kubeconfig(&paths.pki(), &facts.name, facts.node_ip)?;
    crate::bootstrap::client(&facts.name, &text).await
}

async fn facts(spec: &ClusterSpec, paths: &ClusterPaths) -> Result<Facts, Error> {
    let (config, plan) = (spec.instance.config(), &spec.plan);
    let addresses = Addresses(config.subnet);
    let distributions = Distributions::new(&config);
    let distribution = distributions.get(&plan.distribution)?;
    let binaries = distributions.folder(&plan.distribution);
    let group = Group::instance(&config.name)?.child(&plan.name).child("pods");
    Ok(Facts {
        version: distribution.version,
        containerd_major: host::containerd_major().await?,
        cgroup: group.version(),
        may_lower_oom_score: host::may_lower_oom_score(),
        has_kube_proxy: binaries.join("kube-proxy").exists(),
        binaries,
        cluster: paths.clone(),
        name: plan.name.clone(),
        node_ip: addresses.node(spec.index),
        hub: addresses.hub(),
        pods: addresses.pods(spec.index),
        services: addresses.services(spec.index),
        api_service: addresses.api_service(spec.index),
        dns: addresses.dns_service(spec.index),
        pods_cgroup: group.path().to_owned(),
        cpu_millicores: plan.cpu_millicores,
        memory_bytes: plan.memory_bytes,
        host_millicores: host::millicores()?,
        host_memory_bytes: host::memory()?,
        pause_image: plan.images.pause.clone(),
        proxy_env: host::proxy_env(addresses.hub()),
    })
}

fn components(facts: &Facts) -> Vec<Component> {
    launch::components(facts).into_iter().map(|launch| component(facts, launch)).collect()
}

/// What a component comes after, and how it is asked whether it is well.
fn component(facts: &Facts, launch: Launch) -> Component {
    let http = |port, path| Probe::Http { ip: std::net::Ipv4Addr::LOCALHOST, port, path };
    let same = |probe: Probe| (probe.clone(), probe);
    let api: &[&'static str] = &["kube-apiserver"];
    let (after, (ready, live)): (&[&'static str], (Probe, Probe)) = match launch.name {
        "etcd" => (&[], same(http(launch::ETCD_HEALTH_PORT, "/health"))),
        "containerd" => (&[], same(Probe::Unix { path: "/run/containerd/containerd.sock" })),
        // `/livez` says ok of a server that fails at each object: reading one asks etcd, the decoder and the encoder.
        "kube-apiserver" => {
            let object = Probe::Api { path: "/api/v1/namespaces/kube-system" };
            (&["etcd"], (Probe::Api { path: "/readyz" }, object))
        }
        "kube-controller-manager" => (api, same(Probe::Tcp { port: launch::CONTROLLER_MANAGER_PORT })),
        "kube-scheduler" => (api, same(Probe::Tcp { port: launch::SCHEDULER_PORT })),
        "kubelet" => {
            let early = Differences::of(facts).kubelet_looks_for_docker;
            let after: &[&'static str] =
                if early { &["containerd"] } else { &["containerd", "kube-apiserver"] };
            let registered = Probe::NodeReady { node: facts.name.clone() };
            (after, (registered, http(launch::KUBELET_HEALTH_PORT, "/healthz")))
        }
        _ => (api, same(http(launch::PROXY_HEALTH_PORT, "/healthz"))),
    };
    let mut needs = after.to_vec();
    if launch.name == "kubelet" {
        needs.push("kube-apiserver");
    }
    Component { fingerprint: launch.fingerprint(), launch, after: after.to_vec(), needs, ready, live }
}
