//! The hub from outside: network, registry, its supervisor.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::Instant;

use super::{Provider, supervisors};
use crate::cgroup::Group;
use crate::config::InstanceConfig;
use crate::paths::{self, ClusterPaths};
use crate::process::ProcessId;
use crate::program::Program;
use crate::supervisor::spec::{self, Desired, HubSpec, InstanceRef};
use crate::supervisor::{host, logs};
use crate::{Error, Phase, Progress, net};

const PATIENCE: Duration = Duration::from_secs(30);

fn dir(config: &InstanceConfig) -> PathBuf {
    config.data_dir.join("hub")
}

fn record(config: &InstanceConfig) -> PathBuf {
    config.data_dir.join("instance.json")
}

/// A data directory belongs to one instance: another name or subnet over the same clusters would tear them apart.
pub(super) fn remember(config: &InstanceConfig) -> Result<(), Error> {
    let path = record(config);
    let own = InstanceRef::of(config);
    if let Ok(text) = std::fs::read_to_string(&path) {
        let old: InstanceRef = spec::parse(&path, &text)?;
        if (&old.name, old.subnet) != (&own.name, own.subnet) {
            return Err(Error::Config {
                field: "data directory",
                problem: format!(
                    "{} belongs to instance {} with subnet {}",
                    config.data_dir.display(),
                    old.name,
                    old.subnet
                ),
                mend: "use that name and subnet, or another data directory".into(),
            });
        }
    }
    let text = serde_json::to_string_pretty(&own).map_err(|e| Error::io("write", &path, e.into()))?;
    paths::replace_if_changed(&path, &text).map(drop)
}

pub(super) fn forget(config: &InstanceConfig) -> Result<(), Error> {
    let path = record(config);
    match std::fs::remove_file(&path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", path, e)),
        _ => Ok(()),
    }
}

pub(super) async fn up(provider: &Provider, progress: &Progress) -> Result<(), Error> {
    let config = provider.config();
    // Callers at once (one per cluster) must not make the same link twice.
    let _one_at_a_time = provider.alone().await?;
    let paths = ClusterPaths::new(dir(config));
    let ready = |phase: Phase| phase == Phase::Ready;
    if net::netns::Netns::hub(&config.name).exists() {
        let state = provider.reported(&paths, "hub");
        if ready(state.phase) && supervisors::is_current(provider, &state) {
            return Ok(());
        }
    }
    host::check()?;
    progress.tell(None, "making the instance's network and registry", Some(3));
    if net::hub::ensure(config).await? {
        // A registry that still runs is in a network that nobody reaches any more.
        Group::instance(&config.name)?.child("hub").kill().await;
    }
    seed(provider).await?;
    paths::create_dir(&paths.dir)?;
    spec::write(&paths.dir, &HubSpec { instance: InstanceRef::of(config), desired: Desired::Running })?;
    let began = Instant::now();
    let mut started = false;
    loop {
        let state = provider.reported(&paths, "hub");
        let alive = supervisors::is_current(provider, &state);
        if alive && ready(state.phase) {
            return Ok(());
        }
        if !alive && !started {
            supervisors::ensure(provider, "--hub-dir", &paths.dir, &state).await?;
            started = true;
        }
        if began.elapsed() > PATIENCE {
            let log = state
                .components
                .keys()
                .flat_map(|name| logs::tail(&paths.log_of(name), 3))
                .collect::<Vec<_>>();
            let log = if log.is_empty() { logs::tail(&paths.log_of("supervisor"), 5) } else { log };
            return Err(Error::Cluster {
                cluster: "hub".into(),
                problem: format!("the registry is not up: {}", state.message),
                log,
            });
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Whether the registry should run and nobody watches over it.
pub(super) fn is_unsupervised(provider: &Provider) -> bool {
    let paths = ClusterPaths::new(dir(provider.config()));
    let wanted = spec::read::<HubSpec>(&paths.dir).is_ok_and(|spec| spec.desired == Desired::Running);
    wanted && !provider.reported(&paths, "hub").supervisor.is_some_and(ProcessId::is_alive)
}

pub(super) async fn restart(provider: &Provider) -> Result<(), Error> {
    let paths = ClusterPaths::new(dir(provider.config()));
    supervisors::ensure(provider, "--hub-dir", &paths.dir, &provider.reported(&paths, "hub")).await
}

/// Stops the registry; the network is removed by [`crate::reap`].
pub(super) async fn stop(provider: &Provider, progress: &Progress) -> Result<(), Error> {
    let config = provider.config();
    let paths = ClusterPaths::new(dir(config));
    if !paths.spec().exists() {
        return Ok(());
    }
    progress.tell(None, "stopping the registry", Some(1));
    spec::write(&paths.dir, &HubSpec { instance: InstanceRef::of(config), desired: Desired::Stopped })?;
    let state = provider.reported(&paths, "hub");
    if let Some(supervisor) = state.supervisor
        && !supervisor.ended_within(PATIENCE).await
    {
        supervisors::end(&state).await;
    }
    Ok(())
}

/// Adds what the cache has: blobs as hard links (they never change), the small rest as copies.
pub(super) async fn seed(provider: &Provider) -> Result<(), Error> {
    let config = provider.config();
    let (from, to) = (config.cache_dir.join("registry"), config.data_dir.join("registry"));
    paths::create_dir(&to)?;
    let root = Path::new("docker/registry/v2");
    if !from.join(root).exists() {
        return Ok(());
    }
    // Whoever fills the cache writes an image's blobs before its name. Blobs both before and after the names: no name is
    // ever here without its blobs for longer than this takes, whatever is being written meanwhile.
    let blobs: &[&str] = &["--link", "--no-clobber"];
    // Names move: the newer link wins, be it the cache's or one that was pushed here.
    for (part, how) in [("blobs", blobs), ("repositories", &["--update"]), ("blobs", blobs)] {
        let (source, target) = (from.join(root).join(part), to.join(root).join(part));
        if !source.exists() {
            continue;
        }
        paths::create_dir(&target)?;
        let copy = |how: &[&str]| {
            Program::new(format!("seed the registry from {}", source.display()), "cp")
                .args(["--archive", "--no-target-directory"])
                .args(how)
                .args([&source, &target])
                .patience(Duration::from_secs(600))
        };
        // Across file systems nothing can be linked.
        if copy(how).run().await.is_err() {
            copy(&["--update"]).run().await?;
        }
    }
    Ok(())
}
