//! The catalogue: charts of the repositories that the caller sees.

pub mod detail;
pub mod icon;
pub mod list;

use std::sync::Arc;

use nagaya_api::{ApiError, RawObject, Repository, Resource as _};

use crate::{
    ServerState,
    answer::Answer,
    authorisation::Caller,
    catalogue::{self, Index, IndexEntry},
};

/// Whether the caller may know of a chart: operations of all, others of what a team of theirs may install.
fn sees(caller: &Caller, repository: &Repository, chart: &str) -> bool {
    caller.person.admin || caller.person.roles.keys().any(|team| repository.offers(team, chart))
}

/// The versions of a chart that the caller sees.
///
/// # Errors
/// 404 when there is no such chart, or none for the caller.
fn versions(
    state: &ServerState,
    caller: &Caller,
    found: &RawObject,
    chart: &str,
) -> Answer<(Repository, Arc<Index>)> {
    let repository = Repository::from_raw(found)?;
    let index = catalogue::index(state, &repository)?;
    if index.charts.contains_key(chart) && sees(caller, &repository, chart) {
        return Ok((repository, index));
    }
    let message = format!("repository \"{}\" has no chart \"{chart}\"", repository.metadata.name);
    Err(ApiError::new(404, "NotFound", message).about("Chart", chart).into())
}

/// The newest version of a chart that is no pre-release, or the newest at all.
fn newest(entries: &[IndexEntry]) -> Option<&IndexEntry> {
    let stable = |entry: &&IndexEntry| {
        catalogue::Version::parse(&entry.version).is_some_and(|version| !version.is_before())
    };
    entries.iter().find(stable).or(entries.first())
}
