//! Clusters against other objects.

use nagaya_api::{
    Cause, Cluster, Kind, RawObject, Resource as _,
    kinds::cluster::{Provider, REMOVAL_ANNOTATION, Removal},
};
use nagaya_store::{CLUSTER_FINALIZER, Owners, Tx};

use super::{needed, text, users_of, verdict};
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
    needed(object, &by, "give the teams another cluster and purge the workspaces, whose homes are on it")?;
    let by = users_of(tx, Kind::Release, |release| text(release, "cluster") == name).await?;
    needed(object, &by, "uninstall the releases first, or give them another cluster")
}

pub(super) async fn removal(tx: &mut Tx, mut object: RawObject, asked: Option<Removal>) -> Answer<()> {
    let cluster = Cluster::from_raw(&object)?;
    if cluster.spec.provider == Provider::Local {
        return match asked {
            None => Ok(()),
            Some(_) => {
                let mend =
                    "leave it out: a local cluster goes with all that is in it, and homes are kept aside";
                verdict(&object, vec![Cause::invalid("objects", "is for imported clusters", mend)])
            }
        };
    }
    // Where no agent ever came there is nothing.
    let joined = cluster.status.agent.since.is_some();
    let Some(asked) = asked else {
        return match joined && Removal::of(&cluster).is_none() {
            false => Ok(()),
            true => {
                let mend = "say keep (they stay), remove (all but homes), or forget (nothing is done there: for a cluster that is not reached any more)";
                verdict(&object, vec![Cause::required("objects", mend)])
            }
        };
    };
    let name = asked.name().to_owned();
    if object.metadata.annotations.insert(REMOVAL_ANNOTATION.to_owned(), name.clone()) != Some(name) {
        tx.update(object, Owners::ByChange).await?;
    }
    Ok(())
}
