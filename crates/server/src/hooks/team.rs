//! Teams against other objects.

use nagaya_api::{Cause, Kind, RawObject, Resource, Team};
use nagaya_store::Tx;

use super::{must_exist, needed, text, users_of, verdict};
use crate::answer::Answer;

pub(super) async fn check(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let team = Team::from_raw(object)?;
    let mut causes = Vec::new();
    must_exist(tx, &mut causes, "spec.cluster".into(), Kind::Cluster, &team.spec.cluster).await?;
    for (at, member) in team.spec.members.iter().enumerate() {
        must_exist(tx, &mut causes, format!("spec.members[{at}].user"), Kind::User, &member.user).await?;
    }
    for other in tx.all(Kind::Team).await? {
        let other = Team::from_raw(&other)?;
        // Rights in a cluster are given by namespace: two teams in one would have each other's.
        if other.metadata.name != team.metadata.name
            && other.spec.cluster == team.spec.cluster
            && other.namespace() == team.namespace()
        {
            causes.push(Cause::invalid(
                "spec.namespace",
                format!(
                    "\"{}\" on cluster \"{}\" is the namespace of team \"{}\"",
                    team.namespace(),
                    team.spec.cluster,
                    other.metadata.name
                ),
                "choose another namespace or cluster",
            ));
        }
    }
    verdict(object, causes)
}

pub(super) async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let name = &object.metadata.name;
    // Deleted workspaces count: their homes are still there.
    let mut by = users_of(tx, Kind::Workspace, |workspace| text(workspace, "team") == name).await?;
    by.extend(users_of(tx, Kind::Release, |release| text(release, "team") == name).await?);
    for kind in [Kind::Template, Kind::Image] {
        by.extend(users_of(tx, kind, |one| one.metadata.team.as_deref() == Some(name)).await?);
    }
    needed(
        object,
        &by,
        "purge the workspaces, and delete the team's own releases, templates and images, first",
    )
}
