//! Creating, changing, starting, stopping and deleting clusters. What is wanted is written down first; a supervisor
//! carries it out; so a `kill -9` at any point leaves something that the same call completes.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::Instant;

use super::{Provider, homes, supervisors};
use crate::config::ClusterPlan;
use crate::net::addresses::LAST_INDEX;
use crate::paths::{self, ClusterPaths};
use crate::process::ProcessId;
use crate::supervisor::spec::{self, ClusterSpec, Desired, InstanceRef};
use crate::supervisor::{host, logs, teardown};
use crate::{ClusterState, ComponentPhase, Error, Phase, Progress};

const POLL: Duration = Duration::from_millis(50);
/// A cold start took 12–20 s where nothing else ran; a loaded machine gets much more.
const READY_PATIENCE: Duration = Duration::from_secs(300);
const STOP_PATIENCE: Duration = Duration::from_secs(90);
/// A component that ended this often since the wait began will not come up by waiting on.
const HOPELESS_AFTER: u32 = 6;
/// A supervisor says something within this, or its start failed.
const FIRST_WORD: Duration = Duration::from_secs(20);
/// Without a supervisor for this long, another is started. One that was just killed may have been taken for alive, or
/// may still have held its lock when the next one came.
const START_AGAIN: Duration = Duration::from_secs(2);

pub(super) async fn ensure(
    provider: &Provider,
    plan: &ClusterPlan,
    progress: &Progress,
) -> Result<ClusterState, Error> {
    plan.check()?;
    provider.distributions().get(&plan.distribution)?;
    super::hub::up(provider, progress).await?;
    let name = &plan.name;
    let was_stopped = provider.spec(name).map_or(true, |spec| spec.desired == Desired::Stopped);
    let spec = write_spec(provider, plan).await?;
    let paths = provider.paths(name);
    if was_stopped {
        progress.tell(Some(name), format!("starting cluster {name}"), Some(16));
        // A supervisor that is still busy stopping would not look at its spec again.
        wait_for_old_supervisor(provider, &paths, name).await;
    }
    // At every call: the first may have been killed before it came to this.
    homes::take_back(&paths.homes(), &kept_homes(provider, name))?;
    supervisors::ensure(provider, "--cluster-dir", &paths.dir, &provider.reported(&paths, name)).await?;
    wait_ready(provider, &spec, progress).await
}

/// Where homes of a cluster of that name wait for one.
fn kept_homes(provider: &Provider, name: &str) -> PathBuf {
    provider.config().data_dir.join("homes-kept").join(name)
}

/// The plan with its defaults filled in and a place in the subnet.
async fn write_spec(provider: &Provider, plan: &ClusterPlan) -> Result<ClusterSpec, Error> {
    let _one_at_a_time = provider.alone().await?;
    let old = provider.spec(&plan.name).ok();
    let mut taken = BTreeSet::new();
    for other in provider.clusters()? {
        if other != plan.name {
            taken.insert(provider.spec(&other)?.index);
        }
    }
    let index = place(plan, old.as_ref().map(|spec| spec.index), &taken)?;
    let mut plan = plan.clone();
    plan.index = Some(index);
    let (cpu, memory) = (host::millicores()?, host::memory()?);
    fill_cap(&mut plan, cpu, memory)?;
    let paths = provider.paths(&plan.name);
    paths::create_dir(&paths.dir)?;
    write_manifests(&paths, &plan)?;
    let spec =
        ClusterSpec { instance: InstanceRef::of(provider.config()), desired: Desired::Running, plan, index };
    spec::write(&paths.dir, &spec)?;
    Ok(spec)
}

/// Where in the subnet: as asked, else where it was, else the first free place.
fn place(plan: &ClusterPlan, old: Option<u8>, taken: &BTreeSet<u8>) -> Result<u8, Error> {
    let cannot =
        |problem: String, mend: &str| Err(Error::Config { field: "index", problem, mend: mend.into() });
    match (plan.index, old) {
        (Some(asked), Some(old)) if asked != old => cannot(
            format!("cluster {} has place {old}; a cluster does not move", plan.name),
            "leave the place out",
        ),
        (Some(asked), _) if taken.contains(&asked) => {
            cannot(format!("place {asked} belongs to another cluster"), "leave the place out")
        }
        (Some(index), _) | (None, Some(index)) => Ok(index),
        (None, None) => match (1..=LAST_INDEX).find(|index| !taken.contains(index)) {
            Some(index) => Ok(index),
            None => cannot(
                format!("all {LAST_INDEX} places of the instance are taken"),
                "delete a cluster, or use another instance",
            ),
        },
    }
}

fn fill_cap(plan: &mut ClusterPlan, host_cpu: u32, host_memory: u64) -> Result<(), Error> {
    if plan.cpu_millicores == 0 {
        plan.cpu_millicores = host_cpu / 2;
    }
    if plan.memory_bytes == 0 {
        plan.memory_bytes = (host_memory / 4) >> 20 << 20;
    }
    let margin = crate::cgroup::EVICTION_MARGIN;
    if plan.cpu_millicores > host_cpu || plan.memory_bytes + margin > host_memory {
        return Err(Error::Config {
            field: "cap",
            problem: format!(
                "cluster {} is to have {}m CPU and {} bytes; this host has {host_cpu}m and {host_memory}",
                plan.name, plan.cpu_millicores, plan.memory_bytes
            ),
            mend: "give it less".into(),
        });
    }
    Ok(())
}

/// `manifests/*.json` become what the plan says; files of names it no longer has go (their objects stay).
fn write_manifests(paths: &ClusterPaths, plan: &ClusterPlan) -> Result<(), Error> {
    let folder = paths.manifests();
    paths::create_dir(&folder)?;
    for (name, object) in &plan.manifests {
        crate::config::check_label("manifest name", name, 63)?;
        paths::replace_if_changed(folder.join(format!("{name}.json")), &format!("{object:#}\n"))?;
    }
    let entries = std::fs::read_dir(&folder).map_err(|e| Error::io("read", &folder, e))?;
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "json")
            && !plan.manifests.contains_key(&stem)
        {
            std::fs::remove_file(&path).map_err(|e| Error::io("remove", &path, e))?;
        }
    }
    Ok(())
}

async fn wait_for_old_supervisor(provider: &Provider, paths: &ClusterPaths, name: &str) {
    let state = provider.reported(paths, name);
    if state.phase == Phase::Stopping
        && let Some(supervisor) = state.supervisor
    {
        supervisor.ended_within(STOP_PATIENCE).await;
    }
}

async fn wait_ready(
    provider: &Provider,
    spec: &ClusterSpec,
    progress: &Progress,
) -> Result<ClusterState, Error> {
    let (name, began) = (&spec.plan.name, Instant::now());
    let (mut seen, mut started) = (began, began);
    let paths = provider.paths(name);
    let mut told = String::new();
    let mut restarts_before: Option<u32> = None;
    loop {
        let state = provider.reported(&paths, name);
        if state.phase == Phase::Ready && runs_plan(&state, provider, spec) {
            progress.tell(Some(name), "ready", None);
            return Ok(state);
        }
        let supervised = state.supervisor.is_some_and(ProcessId::is_alive);
        if supervised {
            seen = Instant::now();
        } else if seen.elapsed() > FIRST_WORD {
            return Err(Error::Cluster {
                cluster: name.clone(),
                problem: format!("its supervisor ended: {}", state.message),
                log: logs::tail(&paths.log_of("supervisor"), 8),
            });
        } else if started.elapsed() > START_AGAIN {
            supervisors::ensure(provider, "--cluster-dir", &paths.dir, &state).await?;
            started = Instant::now();
        }
        let worst =
            state.components.values().filter(|component| component.phase == ComponentPhase::BackingOff);
        let worst = worst.map(|component| component.restarts).max().unwrap_or_default();
        let hopeless = worst >= *restarts_before.get_or_insert(worst) + HOPELESS_AFTER;
        if hopeless || began.elapsed() > READY_PATIENCE {
            return Err(not_ready(name, &paths, &state, began.elapsed()));
        }
        if supervised && state.message != told {
            told.clone_from(&state.message);
            progress.tell(Some(name), &told, None);
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Whether what is Ready is what was asked for: right after a change the old state still stands there.
fn runs_plan(state: &ClusterState, provider: &Provider, spec: &ClusterSpec) -> bool {
    let wanted =
        provider.distributions().get(&spec.plan.distribution).ok().map(|distribution| distribution.version);
    let supervised = state.supervisor.is_some_and(ProcessId::is_alive);
    supervised && state.version == wanted && state.generation == Some(spec.generation())
}

fn not_ready(name: &str, paths: &ClusterPaths, state: &ClusterState, waited: Duration) -> Error {
    let ended = state.components.iter().find(|(_, component)| component.phase == ComponentPhase::BackingOff);
    let late = ended
        .or_else(|| state.components.iter().find(|(_, component)| component.phase != ComponentPhase::Ready));
    let (what, log) = match late {
        Some((component, told)) => (
            format!("{component} is {:?} after {} s: {}", told.phase, waited.as_secs(), told.message),
            if told.log.is_empty() { logs::tail(&paths.log_of(component), 5) } else { told.log.clone() },
        ),
        None => (format!("not ready after {} s: {}", waited.as_secs(), state.message), vec![]),
    };
    Error::Cluster {
        cluster: name.into(),
        problem: format!("{what}; all logs are in {}", paths.logs().display()),
        log,
    }
}

pub(super) async fn stop(provider: &Provider, name: &str, progress: &Progress) -> Result<(), Error> {
    let mut spec = provider.spec(name)?;
    let paths = provider.paths(name);
    progress.tell(Some(name), format!("stopping cluster {name}"), Some(6));
    spec.desired = Desired::Stopped;
    spec::write(&paths.dir, &spec)?;
    let began = Instant::now();
    loop {
        let state = provider.reported(&paths, name);
        let supervised = state.supervisor.is_some_and(ProcessId::is_alive);
        if !supervised || began.elapsed() > STOP_PATIENCE {
            supervisors::end(&state).await;
            break;
        }
        tokio::time::sleep(POLL).await;
    }
    // Nothing to do when its supervisor did it all; all of it when the supervisor was killed on the way.
    let config = provider.config();
    teardown::cluster(config, name, spec.index, &paths, |step| progress.tell(Some(name), step, None)).await?;
    let state = provider.reported(&paths, name);
    if state.phase != Phase::Stopped {
        let stopped =
            ClusterState { version: state.version, ..ClusterState::stopped(name, jiff::Timestamp::now()) };
        let text = serde_json::to_string_pretty(&stopped)
            .map_err(|e| Error::io("write", paths.state(), e.into()))?;
        paths::replace(paths.state(), text)?;
    }
    Ok(())
}

pub(super) async fn delete(provider: &Provider, name: &str, progress: &Progress) -> Result<(), Error> {
    match stop(provider, name, progress).await {
        Ok(()) | Err(Error::NoCluster(_)) => {}
        Err(error) => return Err(error),
    }
    let paths = provider.paths(name);
    progress.tell(Some(name), "keeping its homes, removing the rest", Some(1));
    homes::keep(&paths.homes(), &kept_homes(provider, name))?;
    // The spec goes last: until then the cluster is listed, and deleting it again completes this.
    let spec = paths.spec();
    let entries = match std::fs::read_dir(&paths.dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(Error::io("read", &paths.dir, e)),
    };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| *path != spec) {
        if path.is_dir() {
            paths::remove_tree(&path)?;
        } else {
            std::fs::remove_file(&path).map_err(|e| Error::io("remove", &path, e))?;
        }
    }
    paths::remove_tree(&paths.dir)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cluster_keeps_its_place_and_never_takes_anothers() {
        let plan = ClusterPlan::new("a", "d");
        let taken = BTreeSet::from([1, 2]);
        assert_eq!(place(&plan, None, &taken).unwrap(), 3);
        assert_eq!(place(&plan, Some(7), &taken).unwrap(), 7);
        let asking = ClusterPlan { index: Some(2), ..plan.clone() };
        assert!(place(&asking, None, &taken).is_err());
        assert!(place(&ClusterPlan { index: Some(9), ..plan }, Some(7), &taken).is_err());
    }

    #[test]
    fn a_cap_beyond_the_host_is_refused() {
        let mut plan = ClusterPlan::new("a", "d");
        fill_cap(&mut plan, 2000, 8 << 30).unwrap();
        assert_eq!((plan.cpu_millicores, plan.memory_bytes), (1000, 2 << 30));
        plan.cpu_millicores = 2001;
        assert!(fill_cap(&mut plan, 2000, 8 << 30).is_err());
    }
}
