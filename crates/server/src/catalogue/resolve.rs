//! Which chart a release asks for, and the version of the release that follows from that.

use jiff::Timestamp;
use nagaya_api::{
    ApiError, Cause, Kind, Release, ReleaseVersion, Repository, Resource,
    condition::{self, Condition},
    kinds::{
        release::{MESSAGE_ANNOTATION, RESOLVED, ROLLBACK_ANNOTATION, ReleaseStatus},
        release_version::{ReleaseVersionSpec, ResolvedChart},
    },
};
use nagaya_store::{AuditFilter, StoreError, Tx, Writer};

use super::{Archives, Chart, bring, choose, config, index};
use crate::{ServerState, answer::Answer};

/// Finds the chart of a release, has its archive here, and keeps what the release then is as a version if it is not the
/// newest already. Returns whether the chart was found; why not is in the release's status.
///
/// # Errors
/// When the store fails.
pub async fn release(state: &ServerState, name: &str) -> Answer<bool> {
    let Some(release) = state.store.get::<Release>(name).await? else { return Ok(true) };
    let found = find(state, &release).await?;
    let by = author(state, name).await?;
    let now = state.now();
    let good = found.is_ok();
    let done = state.store.write(Writer::system("release", now), move |tx| {
        Box::pin(async move {
            let newest = Release::from_raw(&tx.need(Kind::Release, &release.metadata.name).await?)?;
            if newest.metadata.uid != release.metadata.uid
                || newest.metadata.generation != release.metadata.generation
            {
                return Ok(()); // It is another by now, and is looked at again.
            }
            let mut status = newest.status.clone();
            if let Ok(chart) = &found {
                keep(tx, &newest, chart.clone(), by).await?;
            }
            tell(&mut status, found, newest.metadata.generation, now);
            let status =
                serde_json::to_value(status).map_err(|error| ApiError::internal(error.to_string()))?;
            tx.set_status(Kind::Release, &newest.metadata.name, status).await?;
            Ok::<(), StoreError>(())
        })
    });
    match done.await {
        Ok(()) | Err(StoreError::NotFound { .. }) => Ok(good),
        Err(error) => Err(error.into()),
    }
}

/// The chart that a release asks for, with its archive here.
pub(super) async fn find(state: &ServerState, release: &Release) -> Answer<Result<ResolvedChart, Cause>> {
    let spec = &release.spec;
    let Some(repository) = state.store.get::<Repository>(&spec.repository).await? else {
        let message = format!("there is no Repository \"{}\"", spec.repository);
        return Ok(Err(Cause::not_found("spec.repository", message, "create it, or name another")));
    };
    let index = match index(state, &repository) {
        Ok(index) => index,
        Err(refusal) => {
            return Ok(Err(Cause::invalid("spec.repository", refusal.0.message, "")));
        }
    };
    let entry = match choose(&index, &spec.repository, &spec.chart, &spec.version) {
        Ok(entry) => entry,
        // A version that was resolved once stays, though its repository has it no more: it is here.
        Err(cause) => return Ok(held(state, release).ok_or(cause)),
    };
    let (digest, bytes) = match bring(state, &repository, &spec.chart, &entry).await {
        Ok(brought) => brought,
        Err(refusal) => return Ok(Err(Cause::invalid("spec.chart", refusal.0.message, ""))),
    };
    let chart = match Chart::of_archive(&bytes) {
        Ok(chart) => chart.detail,
        Err(why) => {
            return Ok(Err(Cause::invalid(
                "spec.chart",
                format!("{} {}: {why}", spec.chart, entry.version),
                "",
            )));
        }
    };
    if chart.kind == "library" {
        let message = format!("\"{}\" is a library: nothing of it can be installed", spec.chart);
        return Ok(Err(Cause::invalid("spec.chart", message, "name a chart that uses it")));
    }
    Ok(Ok(ResolvedChart {
        repository: spec.repository.clone(),
        name: spec.chart.clone(),
        version: chart.version,
        app_version: chart.app_version,
        digest,
    }))
}

/// The chart that a release was resolved to before, if its archive is here and it is what the release names exactly.
fn held(state: &ServerState, release: &Release) -> Option<ResolvedChart> {
    let (spec, status) = (&release.spec, &release.status);
    let exact = spec.version.trim_start_matches('v') == status.version && !status.version.is_empty();
    let bytes = Archives::new(&config(state).ok()?.folder).get(&status.digest).filter(|_| exact)?;
    let chart = Chart::of_archive(&bytes).ok()?.detail;
    Some(ResolvedChart {
        repository: spec.repository.clone(),
        name: spec.chart.clone(),
        version: chart.version,
        app_version: chart.app_version,
        digest: status.digest.clone(),
    })
}

/// Keeps what a release is with this chart as a version, unless the newest is the same.
async fn keep(tx: &mut Tx, release: &Release, chart: ResolvedChart, by: String) -> Result<(), StoreError> {
    let meta = &release.metadata;
    let (mut latest, mut newest): (u64, Option<ReleaseVersionSpec>) = (0, None);
    for raw in tx.all(Kind::ReleaseVersion).await? {
        let version = ReleaseVersion::from_raw(&raw)?.spec;
        if version.release != meta.name {
            continue;
        }
        // Numbers go on over releases of one name, since versions are named by them.
        latest = latest.max(version.version);
        if version.uid == meta.uid && newest.as_ref().is_none_or(|newest| newest.version < version.version) {
            newest = Some(version);
        }
    }
    let mut version = ReleaseVersionSpec::of(&release.spec, chart);
    if newest.as_ref().is_some_and(|newest| newest.is_same_content(&version)) {
        return Ok(());
    }
    // A new chart version that fits comes by itself; what was said of the last change is not of it.
    let changed = newest.as_ref().is_none_or(|newest| newest.generation != meta.generation);
    let said = |annotation: &str| meta.annotations.get(annotation).filter(|_| changed);
    version.release.clone_from(&meta.name);
    version.uid.clone_from(&meta.uid);
    version.version = latest + 1;
    version.generation = meta.generation;
    version.by = if changed { by } else { String::new() };
    version.message = said(MESSAGE_ANNOTATION).cloned().unwrap_or_default();
    // `GENERATION/VERSION`: a rollback is of the change that it was made with only.
    version.rollback_to = said(ROLLBACK_ANNOTATION)
        .and_then(|text| text.split_once('/'))
        .filter(|(generation, _)| generation.parse() == Ok(meta.generation))
        .and_then(|(_, version)| version.parse().ok())
        .unwrap_or(0);
    let version = ReleaseVersion::new(&ReleaseVersion::name_of(&meta.name, latest + 1), version);
    tx.create(version.to_raw().validated()?).await.map(drop)
}

fn tell(status: &mut ReleaseStatus, found: Result<ResolvedChart, Cause>, generation: i64, now: Timestamp) {
    status.observed_generation = generation;
    let (good, reason, message) = match found {
        Ok(chart) => {
            let message = format!("{}/{} {}", chart.repository, chart.name, chart.version);
            (status.version, status.digest) = (chart.version, chart.digest);
            (true, "Found", message)
        }
        Err(cause) => {
            let mend = if cause.mend.is_empty() { String::new() } else { format!(" ({})", cause.mend) };
            (false, "NotFound", format!("{}: {}{mend}", cause.field, cause.message))
        }
    };
    let resolved = Condition {
        kind: RESOLVED.into(),
        status: good,
        reason: reason.into(),
        message,
        last_transition_time: now,
    };
    condition::set(&mut status.conditions, resolved);
}

/// Who changed a release last, by the audit record; empty when that does not tell.
async fn author(state: &ServerState, release: &str) -> Answer<String> {
    let filter = AuditFilter {
        kind: Some(Kind::Release.name().to_owned()),
        name: Some(release.to_owned()),
        limit: 20,
        ..AuditFilter::default()
    };
    let records = state.store.audit_list(&filter).await?;
    let change = records.into_iter().find(|record| {
        record.result == "ok" && ["create", "update", "rollback"].contains(&record.verb.as_str())
    });
    Ok(change.map(|record| record.user).unwrap_or_default())
}
