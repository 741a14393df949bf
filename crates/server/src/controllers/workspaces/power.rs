//! POST /workspaces/{name}/start|stop|purge, and what DELETE means for a workspace.

use axum::Json;
use nagaya_api::{ApiError, Kind, RawObject, Resource, Workspace, kinds::workspace::WorkspaceState};
use nagaya_store::{Outcome, Owners, Tx};

use crate::{answer::Answer, authorisation::Action, controllers::objects::write::Write, view::View};

async fn set(
    tx: &mut Tx,
    write: &Write,
    name: &str,
    state: WorkspaceState,
    action: Action,
) -> Answer<(RawObject, Outcome)> {
    tx.verb = Some(action.name());
    let object = tx.need(Kind::Workspace, name).await?;
    write.may(action, &object)?;
    let mut workspace = Workspace::from_raw(&object)?;
    if workspace.metadata.deletion_timestamp.is_some() && state != WorkspaceState::Deleted {
        return Err(
            ApiError::conflict(Kind::Workspace, name, "is being purged and cannot be brought back").into()
        );
    }
    if state == WorkspaceState::Stopped && workspace.spec.state == WorkspaceState::Deleted {
        return Err(ApiError::conflict(Kind::Workspace, name, "is deleted: start it to have it back").into());
    }
    workspace.spec.state = state;
    Ok(tx.update(workspace.to_raw(), Owners::ByChange).await?)
}

async fn answer(
    write: Write,
    name: String,
    state: WorkspaceState,
    action: Action,
) -> Answer<Json<RawObject>> {
    let done = write
        .run(move |tx, write| Box::pin(async move { set(tx, &write, &name, state, action).await }))
        .await?;
    Ok(Json(View::of(&write.caller.person).object(done.0)))
}

/// Starts a workspace; a deleted one comes back with its home.
pub async fn start(write: Write, name: String) -> Answer<Json<RawObject>> {
    answer(write, name, WorkspaceState::Running, Action::Start).await
}

/// Stops a workspace; the home stays.
pub async fn stop(write: Write, name: String) -> Answer<Json<RawObject>> {
    answer(write, name, WorkspaceState::Stopped, Action::Stop).await
}

/// Deletes a workspace: its pod ends, its home stays until it is purged.
pub async fn delete(write: Write, name: String) -> Answer<Json<RawObject>> {
    answer(write, name, WorkspaceState::Deleted, Action::Delete).await
}

/// Removes a workspace with its home. The object goes when its cluster holds nothing of it any more.
pub async fn purge(write: Write, name: String) -> Answer<Json<RawObject>> {
    let done = write
        .run(move |tx, write| {
            Box::pin(async move {
                set(tx, &write, &name, WorkspaceState::Deleted, Action::Purge).await?;
                Ok(tx.delete(Kind::Workspace, &name).await?)
            })
        })
        .await?;
    Ok(Json(View::of(&write.caller.person).object(done.0)))
}
