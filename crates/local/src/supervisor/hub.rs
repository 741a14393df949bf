//! The supervisor of what the clusters share: the registry's two processes.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use tokio::signal::unix::{SignalKind, signal};

use super::engine::{Component, Engine};
use super::probe::Probe;
use super::report::Report;
use super::spawn::Place;
use super::spec::{Desired, HubSpec};
use super::{lock, spec};
use crate::cgroup::Group;
use crate::launch::registry::registries;
use crate::net::addresses::{Addresses, PUSH_PORT, REGISTRY_PORT};
use crate::net::netns::Netns;
use crate::paths::{self, ClusterPaths};
use crate::{ClusterState, Error, Phase};

pub(super) async fn supervise(dir: &Path) -> Result<(), Error> {
    let paths = ClusterPaths::new(dir);
    let spec: HubSpec = spec::read(dir)?;
    let Some(_held) = lock::take(&paths.lock())? else { return Ok(()) };
    let config = spec.instance.config();
    let group = Group::instance(&config.name)?.child("hub");
    let mut report = Report::open(paths.state(), "hub", Timestamp::now());
    let mut told = signal(SignalKind::terminate()).map_err(|e| Error::io("listen for", "SIGTERM", e))?;

    let desired = |paths: &ClusterPaths| spec::read::<HubSpec>(&paths.dir).map(|spec| spec.desired);
    if spec.desired == Desired::Running {
        paths::create_dir(paths.logs())?;
        let hub = Addresses(config.subnet).hub();
        let launches = registries(dir, &config.data_dir.join("registry"), hub);
        let components = launches.into_iter().map(|launch| {
            let port = if launch.name == "registry" { REGISTRY_PORT } else { PUSH_PORT };
            let probe = Probe::Http { ip: hub, port, path: "/v2/" };
            Component {
                fingerprint: launch.fingerprint(),
                launch,
                after: vec![],
                needs: vec![],
                ready: probe.clone(),
                live: probe,
            }
        });
        let place = Place {
            control: group.clone(),
            netns: Netns::hub(&config.name),
            mounts: None,
            logs: paths.logs(),
        };
        let mut engine =
            Engine::adopt(place, components.collect(), &report.state.components, Timestamp::now()).await;
        let mut rounds = 0_u32;
        while desired(&paths)? == Desired::Running {
            let now = Timestamp::now();
            engine.step(now);
            report.state.components = engine.states();
            match engine.waits_for() {
                None => report.phase(Phase::Ready, "ready", now),
                Some(what) => report.phase(Phase::Starting, what, now),
            }
            report.flush()?;
            rounds = rounds.wrapping_add(1);
            if rounds.is_multiple_of(100)
                && let Err(error) = engine.rotate_logs()
            {
                tracing::warn!("{error}");
            }
            let pause = if engine.all_ready() { 300 } else { 30 };
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(pause)) => {}
                _ = told.recv() => return Ok(()),
            }
        }
    }
    report.phase(Phase::Stopping, "stopping", Timestamp::now());
    report.flush()?;
    group.end(Duration::from_secs(5)).await;
    group.remove().await?;
    report.state = ClusterState::stopped("hub", Timestamp::now());
    report.flush()
}
