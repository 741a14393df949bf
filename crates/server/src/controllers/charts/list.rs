//! GET /charts and GET /charts/{name}/{chart}

use std::collections::BTreeMap;

use axum::Json;
use nagaya_api::{
    Kind, Release, Repository, Resource as _,
    catalogue::{ChartLine, ChartList, ChartVersionLine, ChartVersions},
};
use nagaya_store::Filter;
use serde::Deserialize;

use super::{newest, sees, versions};
use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller, Found},
    catalogue,
};

/// Query of the catalogue.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChartsQuery {
    /// Words that all must be found.
    pub search: String,
    /// Name of a repository.
    pub repository: String,
}

/// Charts that the caller may install.
pub async fn list(state: ServerState, caller: Caller, query: ChartsQuery) -> Answer<Json<ChartList>> {
    let config = catalogue::config(&state)?;
    let mut installed: BTreeMap<(String, String), u32> = BTreeMap::new();
    for raw in state.store.list_raw(Kind::Release, &Filter::default(), |_| true).await?.items {
        if caller.may(&state, Action::Get, &raw) {
            let release = Release::from_raw(&raw)?.spec;
            *installed.entry((release.repository, release.chart)).or_default() += 1;
        }
    }
    let words: Vec<String> = query.search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut items = Vec::new();
    for raw in state.store.list_raw(Kind::Repository, &Filter::default(), |_| true).await?.items {
        if !caller.may(&state, Action::Get, &raw) {
            continue;
        }
        let repository = Repository::from_raw(&raw)?;
        let name = &repository.metadata.name;
        if !query.repository.is_empty() && query.repository != *name {
            continue;
        }
        let Some(index) = state.catalogue.index(config, &repository) else { continue };
        for (chart, entries) in &index.charts {
            let Some(entry) = newest(entries).filter(|_| sees(&caller, &repository, chart)) else { continue };
            let text = format!("{chart} {} {}", entry.description, entry.keywords.join(" ")).to_lowercase();
            if !words.iter().all(|word| text.contains(word.as_str())) {
                continue;
            }
            items.push(ChartLine {
                repository: name.clone(),
                name: chart.clone(),
                version: entry.version.clone(),
                app_version: entry.app_version.clone(),
                description: entry.description.clone(),
                icon: !entry.icon.is_empty(),
                keywords: entry.keywords.clone(),
                deprecated: entry.deprecated,
                versions: u32::try_from(entries.len()).unwrap_or(u32::MAX),
                installed: installed.get(&(name.clone(), chart.clone())).copied().unwrap_or(0),
            });
        }
    }
    // What is named so comes before what only mentions it.
    let rank = |line: &ChartLine| !words.iter().all(|word| line.name.to_lowercase().contains(word.as_str()));
    items.sort_by_cached_key(|line| (rank(line), line.name.clone(), line.repository.clone()));
    Ok(Json(ChartList { items }))
}

/// The versions of a chart.
pub async fn of_chart(
    state: ServerState,
    caller: Caller,
    found: Found,
    chart: String,
) -> Answer<Json<ChartVersions>> {
    let (_, index) = versions(&state, &caller, &found.0, &chart)?;
    let line = |entry: &catalogue::IndexEntry| ChartVersionLine {
        version: entry.version.clone(),
        app_version: entry.app_version.clone(),
        created: entry.created.clone(),
        digest: entry.digest.clone(),
        description: entry.description.clone(),
        deprecated: entry.deprecated,
    };
    let entries = index.charts.get(&chart).map(Vec::as_slice).unwrap_or_default();
    Ok(Json(ChartVersions { versions: entries.iter().map(line).collect() }))
}
