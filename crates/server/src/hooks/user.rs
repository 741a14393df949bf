//! Users against other objects.

use nagaya_api::{ApiError, Kind, RawObject, Resource, Team, User};
use nagaya_store::Tx;

use super::{needed, text, users_of};
use crate::answer::Answer;

pub(super) async fn change(tx: &mut Tx, old: &RawObject, new: &RawObject) -> Answer<()> {
    if is_admin(old)? && !is_admin(new)? {
        return somebody_else_is_admin(tx, new).await;
    }
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let name = &object.metadata.name;
    if is_admin(object)? {
        somebody_else_is_admin(tx, object).await?;
    }
    let mut by = users_of(tx, Kind::Workspace, |workspace| text(workspace, "owner") == name).await?;
    by.extend(
        users_of(tx, Kind::Team, |team| Team::from_raw(team).is_ok_and(|team| team.role_of(name).is_some()))
            .await?,
    );
    needed(
        object,
        &by,
        "purge the workspaces and take the person out of the teams first; to close the account at once, disable it",
    )
}

fn is_admin(object: &RawObject) -> Answer<bool> {
    let user = User::from_raw(object)?;
    Ok(user.spec.admin && !user.spec.disabled)
}

/// Without an administrator nobody could make one.
async fn somebody_else_is_admin(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    for other in tx.all(Kind::User).await? {
        if other.metadata.name != object.metadata.name && is_admin(&other)? {
            return Ok(());
        }
    }
    let message = "is the last administrator: make another one first";
    Err(ApiError::conflict(Kind::User, &object.metadata.name, message).into())
}
