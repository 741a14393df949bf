//! Waiting for a release.

use nagaya_api::{
    Kind, RawObject, Release, Resource as _,
    kinds::release::{RESOLVED, ReleaseState},
};

use super::super::workspace::wait::{State, Waiting, until};
use crate::{
    CliError, Client,
    terminal::{complain, print, say},
};

/// Exit code when it failed.
const FAILED: u8 = 1;

/// Where a release is on the way to what `generation` of it asks for.
fn state(release: &Release, generation: i64) -> State {
    let status = &release.status;
    let resolved = status.conditions.iter().find(|one| one.kind == RESOLVED);
    if let Some(failed) = resolved.filter(|one| !one.status && status.observed_generation >= generation) {
        return State::Stuck(failed.message.clone());
    }
    let newest = status.versions.first();
    if status.observed_generation < generation || newest.is_none() {
        return State::Waiting("its chart is being looked for".into());
    }
    let not = |state: ReleaseState| status.clusters.iter().filter(move |one| one.state == state);
    if status.clusters.iter().all(|one| one.state == ReleaseState::Ready && one.version == status.latest) {
        return State::Reached;
    }
    for state in [ReleaseState::Conflict, ReleaseState::Failed] {
        if let Some(one) = not(state).find(|one| one.version == status.latest) {
            return State::Stuck(format!("{}: {state:?}: {}", one.cluster, one.message));
        }
    }
    let waits =
        status.clusters.iter().find(|one| one.state != ReleaseState::Ready || one.version != status.latest);
    let line = waits.map_or(String::new(), |one| {
        let what = if one.step.is_empty() { &one.message } else { &one.step };
        format!("{}: {:?} ({}/{} objects ready) {what}", one.cluster, one.state, one.ready, one.total)
    });
    let sum = &status.summary;
    State::Waiting(format!("{} of {} clusters ready; {line}", sum.ready, sum.targets))
}

/// Waits until a release is what was asked for; what fails ends the wait.
pub async fn wait(client: &Client, asked: &RawObject, waiting: Waiting) -> Result<(), CliError> {
    if waiting.no_wait {
        return Ok(());
    }
    let name = &asked.metadata.name;
    let generation = asked.metadata.generation;
    let done = until(client, Kind::Release, name, waiting.timeout(), |object| {
        let release = Release::from_raw(object)?;
        match state(&release, generation) {
            State::Stuck(why) => {
                complain(&format!("release/{name}: {why}"));
                Err(CliError::Silent(FAILED))
            }
            other => Ok(other),
        }
    })
    .await?;
    let status = Release::from_raw(&done)?.status;
    say(&format!(
        "release/{name} ready: version {} of the chart on {} clusters",
        status.version, status.summary.ready
    ));
    if let Some(first) = status.clusters.iter().find(|one| !one.notes.is_empty()) {
        print(&format!("\n{}\n", first.notes.trim_end()));
    }
    Ok(())
}

/// Waits until the tests that were asked for have run, and tells how they went.
pub async fn tests(client: &Client, asked: &RawObject, waiting: Waiting) -> Result<(), CliError> {
    let (name, run) = (&asked.metadata.name, Release::from_raw(asked)?.test());
    if waiting.no_wait {
        return Ok(());
    }
    let done = until(client, Kind::Release, name, waiting.timeout(), |object| {
        let status = Release::from_raw(object)?.status;
        let waits = status.clusters.iter().find(|one| one.tested < run);
        Ok(waits.map_or(State::Reached, |one| State::Waiting(format!("{}: its tests run", one.cluster))))
    })
    .await?;
    let mut failed = false;
    for cluster in Release::from_raw(&done)?.status.clusters {
        if cluster.tests.is_empty() {
            say(&format!("{}: the chart has no tests", cluster.cluster));
        }
        for test in cluster.tests {
            failed |= !test.passed;
            let word = if test.passed { "passed" } else { "failed" };
            let why = if test.message.is_empty() { String::new() } else { format!(": {}", test.message) };
            say(&format!("{}: {} {word}{why}", cluster.cluster, test.object));
        }
    }
    if failed { Err(CliError::Silent(FAILED)) } else { Ok(()) }
}
