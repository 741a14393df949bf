//! Releases against other objects, and against what teams may install by themselves.

use nagaya_api::{Cause, Kind, RawObject, Release, Repository, Resource, Team, Template, Workspace};
use nagaya_store::{RELEASE_FINALIZER, Tx};

use super::{Context, must_exist, verdict};
use crate::{answer::Answer, authorisation::Action};

pub(super) async fn create(tx: &mut Tx, context: &Context<'_>, object: &mut RawObject) -> Answer<()> {
    check(tx, context, object).await?;
    object.metadata.finalizers = vec![RELEASE_FINALIZER.to_owned()];
    Ok(())
}

pub(super) async fn check(tx: &mut Tx, context: &Context<'_>, object: &RawObject) -> Answer<()> {
    let release = Release::from_raw(object)?;
    // One that is to go is only uninstalled, whatever its spec says.
    if release.metadata.deletion_timestamp.is_some() {
        return Ok(());
    }
    let spec = &release.spec;
    let mut causes = Vec::new();
    // A repository that the caller may not see is not there for them.
    let repository = match tx.get(Kind::Repository, &spec.repository).await? {
        Some(found) if context.caller.may(context.state, Action::Get, &found) => {
            Some(Repository::from_raw(&found)?)
        }
        _ => {
            let mend = "create it first, or name one of `nagaya get repositories`";
            let message = format!("there is no Repository \"{}\"", spec.repository);
            causes.push(Cause::not_found("spec.repository", message, mend));
            None
        }
    };
    let mut team = None;
    if let Some(name) = &spec.team {
        must_exist(tx, &mut causes, "spec.team".into(), Kind::Team, name).await?;
        team = tx.get(Kind::Team, name).await?.map(|raw| Team::from_raw(&raw)).transpose()?;
    }
    let operations = context.caller.person.admin;
    if let Some(cluster) = &spec.cluster {
        if operations || team.as_ref().is_some_and(|team| team.spec.cluster == *cluster) {
            must_exist(tx, &mut causes, "spec.cluster".into(), Kind::Cluster, cluster).await?;
        } else if let Some(team) = &team {
            let message = format!("\"{cluster}\" is not the cluster of team \"{}\"", team.metadata.name);
            let mend = format!("name \"{}\", or ask operations", team.spec.cluster);
            causes.push(Cause::invalid("spec.cluster", message, mend));
        }
    }
    if let Some(group) = &spec.group {
        if operations {
            must_exist(tx, &mut causes, "spec.group".into(), Kind::Group, group).await?;
        } else {
            let mend = "name your team's cluster in spec.cluster, or ask operations";
            causes.push(Cause::invalid("spec.group", "is for operations", mend));
        }
    }
    if let (false, Some(repository), Some(team)) = (operations, &repository, &team)
        && !repository.permits(team, &spec.chart, &spec.namespace)
    {
        causes.push(refused(repository, team, &release));
    }
    taken(tx, &release, &mut causes).await?;
    verdict(object, causes)
}

/// Why a team may not install this.
fn refused(repository: &Repository, team: &Team, release: &Release) -> Cause {
    let (chart, name) = (&release.spec.chart, &team.metadata.name);
    let mend = format!("ask operations to allow it in repository \"{}\"", repository.metadata.name);
    if repository.offers(name, chart) {
        let namespace = &release.spec.namespace;
        let message = format!("team \"{name}\" may not install \"{chart}\" into namespace \"{namespace}\"");
        return Cause::invalid("spec.namespace", message, mend);
    }
    Cause::invalid("spec.chart", format!("team \"{name}\" may not install \"{chart}\""), mend)
}

/// Helm knows a release by namespace and name: two of ours would take turns with one.
async fn taken(tx: &mut Tx, release: &Release, causes: &mut Vec<Cause>) -> Answer<()> {
    for other in tx.all(Kind::Release).await? {
        let other = Release::from_raw(&other)?;
        let same_place = release.spec.cluster.is_some() && other.spec.cluster == release.spec.cluster
            || release.spec.group.is_some() && other.spec.group == release.spec.group;
        if same_place
            && other.metadata.name != release.metadata.name
            && other.spec.namespace == release.spec.namespace
            && other.release_name() == release.release_name()
        {
            let message = format!(
                "\"{}\" in namespace \"{}\" is release \"{}\" already",
                release.release_name(),
                release.spec.namespace,
                other.metadata.name
            );
            causes.push(Cause::invalid("spec.releaseName", message, "choose another name"));
        }
    }
    for other in tx.all(Kind::Workspace).await? {
        let other = Workspace::from_raw(&other)?;
        if release.spec.cluster.as_deref() != Some(&other.spec.cluster)
            || other.spec.namespace != release.spec.namespace
            || other.metadata.name != release.release_name()
        {
            continue;
        }
        let template = tx.get(Kind::Template, &other.spec.template).await?;
        let charted = template
            .map(|raw| Template::from_raw(&raw))
            .transpose()?
            .is_some_and(|one| one.spec.chart.is_some());
        if charted {
            let (name, namespace) = (release.release_name(), &release.spec.namespace);
            let message = format!(
                "\"{name}\" in namespace \"{namespace}\" is a workspace, which is a release of that name"
            );
            causes.push(Cause::invalid("spec.releaseName", message, "choose another name"));
        }
    }
    Ok(())
}
