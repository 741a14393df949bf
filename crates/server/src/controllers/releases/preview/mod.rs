//! POST /releases/{name}/preview: what a release would be. Nothing is changed anywhere.

mod charts;
mod cluster;
mod difference;
mod offers;
pub(crate) mod render;

use std::sync::Arc;

use axum::{Json, body::Bytes};
use nagaya_api::{
    ApiError, Cause, Cluster, Kind, Release, Repository, Resource as _, Team,
    catalogue::{Preview, PreviewError, PreviewRequest},
};

use super::{layers, values};
use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller},
    body,
    catalogue::{bring, choose, index},
    rights,
};

/// What is kept from one preview to the next: a form is previewed with every change in it.
#[derive(Default)]
pub struct Kept {
    pub(crate) charts: charts::Charts,
    offers: offers::Offers,
}

/// Renders the release that is proposed, for one cluster, as its agent would; lookups are the caller's own.
pub async fn preview(
    state: ServerState,
    caller: Caller,
    name: String,
    bytes: Bytes,
) -> Answer<Json<Preview>> {
    let request: PreviewRequest = body::json(&bytes)?;
    let release = Release::from_raw(&Release::new(&name, request.spec).to_raw().validated()?)?;
    let there = state.store.get_raw(Kind::Release, &name).await?;
    if there.as_ref().is_some_and(|there| !caller.may(&state, Action::Get, there)) {
        return Err(ApiError::already_exists(Kind::Release, &name).into());
    }
    let repository = allowed(&state, &caller, &release).await?;
    let targets = layers::targets(&state, &release).await?;
    let cluster = match &request.cluster {
        None => targets.first(),
        Some(name) => targets.iter().find(|one| one.metadata.name == *name),
    };
    let mut preview = Preview {
        cluster: cluster.map(|one| one.metadata.name.clone()).unwrap_or_default(),
        ..Preview::default()
    };
    if cluster.is_none() {
        preview.warnings.push("there is no such cluster now: it is rendered for none in particular".into());
    }
    let said = layers::layers(&state, &release, cluster).await?;
    let own = values::own(&state, &release).await.unwrap_or_default();
    preview.layers = layers::explain(&said, &own, &release);
    let spec = &release.spec;
    let entry = match choose(&*index(&state, &repository)?, &spec.repository, &spec.chart, &spec.version) {
        Ok(entry) => entry,
        Err(cause) => {
            preview.error = Some(PreviewError {
                path: cause.field,
                message: cause.message,
                mend: cause.mend,
                ..PreviewError::default()
            });
            return Ok(Json(preview));
        }
    };
    preview.version.clone_from(&entry.version);
    let (digest, archive) = bring(&state, &repository, &spec.chart, &entry).await?;
    let identity = rights::identity(&caller)?;
    let way = cluster.map(|one| cluster::Cluster {
        hub: state.hub.clone(),
        name: one.metadata.name.clone(),
        identity,
    });
    let mut now = None;
    let mut offer = Arc::default();
    if let Some(way) = &way {
        match state.previews.offers.of(way).await {
            Ok(known) => offer = known,
            Err(why) => {
                preview.warnings.push(format!("cluster \"{}\" does not say what it offers: {why}", way.name))
            }
        }
        match way.manifest(&spec.namespace, release.release_name()).await {
            Ok(manifest) => now = manifest,
            Err(why) => {
                preview.warnings.push(format!("what runs on cluster \"{}\" cannot be read: {why}", way.name))
            }
        }
    }
    let job = render::Job {
        digest,
        archive,
        release: release.clone(),
        values: layers::masked(&said, &release),
        kubernetes: cluster.map(|one: &Cluster| one.status.kubernetes_version.clone()).unwrap_or_default(),
        offer,
        way,
        installed: now.is_some(),
        now: state.now(),
        handle: tokio::runtime::Handle::current(),
    };
    let rendered = state.previews.charts.render(job).await;
    let secrets = sealed(&state, &release).await?;
    render::put(&mut preview, rendered);
    if preview.error.is_none() && preview.schema.is_empty() {
        let before = now.map(|text| difference::masked(text, &secrets)).unwrap_or_default();
        preview.changes = difference::changes(&before, &preview.documents, &spec.namespace);
    }
    Ok(Json(preview))
}

/// The repository, if the caller may have this from it and there.
async fn allowed(state: &ServerState, caller: &Caller, release: &Release) -> Answer<Repository> {
    let spec = &release.spec;
    let invalid = |cause| ApiError::invalid(Kind::Release, &release.metadata.name, vec![cause]);
    let found = state.store.get_raw(Kind::Repository, &spec.repository).await?;
    let Some(found) = found.filter(|found| caller.may(state, Action::Get, found)) else {
        let message = format!("there is no Repository \"{}\"", spec.repository);
        return Err(invalid(Cause::not_found(
            "spec.repository",
            message,
            "name one of `nagaya get repositories`",
        ))
        .into());
    };
    let repository = Repository::from_raw(&found)?;
    if caller.person.admin {
        return Ok(repository);
    }
    let name = spec.team.clone().unwrap_or_default();
    let team = state.store.get::<Team>(&name).await?;
    let good = team.is_some_and(|team| {
        repository.permits(&team, &spec.chart, &spec.namespace)
            && spec.cluster.as_ref() == Some(&team.spec.cluster)
    });
    if good {
        return Ok(repository);
    }
    let message = format!("team \"{name}\" may not install \"{}\" there", spec.chart);
    let mend = "choose your team's cluster and namespace, or ask operations to allow it";
    Err(invalid(Cause::invalid("spec.chart", message, mend)).into())
}

/// What is sealed of a release, to be masked wherever it shows.
async fn sealed(state: &ServerState, release: &Release) -> Answer<Vec<String>> {
    let mut all = Vec::new();
    for name in state.store.secret_names(&Release::secret_name(&release.metadata.name, "")).await? {
        if let Some(value) = state.store.secret_get(&name).await? {
            all.push(String::from_utf8_lossy(&value).into_owned());
        }
    }
    Ok(all)
}
