//! Clusters against other objects.

use nagaya_api::{Kind, RawObject};
use nagaya_store::{CLUSTER_FINALIZER, Tx};

use super::{needed, text, users_of};
use crate::answer::Answer;

pub(super) fn create(object: &mut RawObject) -> Answer<()> {
    // What runs must be taken down before the object may go.
    object.metadata.finalizers = vec![CLUSTER_FINALIZER.to_owned()];
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let name = &object.metadata.name;
    let mut by = users_of(tx, Kind::Team, |team| text(team, "cluster") == name).await?;
    // Deleted workspaces count: their homes are still there.
    by.extend(users_of(tx, Kind::Workspace, |workspace| text(workspace, "cluster") == name).await?);
    needed(object, &by, "give the teams another cluster and purge the workspaces, whose homes are on it")
}
