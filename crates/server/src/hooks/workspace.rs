//! Workspaces against other objects.

use nagaya_api::{
    ApiError, Cause, Kind, RawObject, Release, Resource, Team, Template, User, Workspace,
    kinds::workspace::WorkspaceState,
};
use nagaya_store::{HOME_FINALIZER, Tx};

use super::{Context, must_exist, verdict};
use crate::{answer::Answer, authorisation::Action};

pub(super) async fn create(tx: &mut Tx, context: &Context<'_>, object: &mut RawObject) -> Answer<()> {
    let name = object.metadata.name.clone();
    if let Some(there) = tx.get(Kind::Workspace, &name).await? {
        return Err(name_taken(context, &there)?);
    }
    let mut workspace = Workspace::from_raw(object)?;
    let mut causes = Vec::new();
    owner(tx, &workspace, &mut causes).await?;
    let template = template(tx, context, &workspace, &mut causes).await?;
    match tx.get(Kind::Team, &workspace.spec.team).await? {
        Some(team) => place(&mut workspace, &Team::from_raw(&team)?, &mut causes),
        None => {
            must_exist(tx, &mut causes, "spec.team".into(), Kind::Team, &workspace.spec.team.clone()).await?;
        }
    }
    if let Some(template) = template {
        if template.spec.chart.is_some() {
            release_name(tx, &workspace, &mut causes).await?;
        }
        let size = template.spec.home_size;
        if *workspace.spec.home_size.get_or_insert(size) != size {
            causes.push(Cause::invalid(
                "spec.homeSize",
                format!("is {size} by template \"{}\"", template.metadata.name),
                "leave it out",
            ));
        }
    }
    if workspace.spec.state == WorkspaceState::Deleted {
        causes.push(Cause::invalid(
            "spec.state",
            "a new workspace cannot be deleted",
            "say Running or Stopped",
        ));
    }
    verdict(object, causes)?;
    workspace.metadata.finalizers = vec![HOME_FINALIZER.to_owned()];
    *object = workspace.to_raw();
    Ok(())
}

pub(super) async fn change(
    tx: &mut Tx,
    context: &Context<'_>,
    old: &RawObject,
    new: &RawObject,
) -> Answer<()> {
    let (old, workspace) = (Workspace::from_raw(old)?, Workspace::from_raw(new)?);
    let mut causes = Vec::new();
    if old.spec.template != workspace.spec.template {
        let new = template(tx, context, &workspace, &mut causes).await?;
        let before = tx.get(Kind::Template, &old.spec.template).await?;
        let before = before.map(|raw| Template::from_raw(&raw)).transpose()?;
        if let (Some(new), Some(before)) = (new, before) {
            let charted = new.spec.chart.is_some();
            // What runs would end at once: one is not a change of the other.
            if charted != before.spec.chart.is_some() && old.spec.state == WorkspaceState::Running {
                let message = "one is of an image and the other of a chart";
                causes.push(Cause::invalid("spec.template", message, "stop the workspace first"));
            }
            if charted && before.spec.chart.is_none() {
                release_name(tx, &workspace, &mut causes).await?;
            }
        }
    }
    if workspace.metadata.deletion_timestamp.is_some() && workspace.spec.state != WorkspaceState::Deleted {
        let message = "is being purged and cannot be brought back";
        return Err(ApiError::conflict(Kind::Workspace, &new.metadata.name, message).into());
    }
    verdict(new, causes)
}

/// A workspace of a chart is a release of its name: there must be no other.
async fn release_name(tx: &mut Tx, workspace: &Workspace, causes: &mut Vec<Cause>) -> Answer<()> {
    let spec = &workspace.spec;
    for raw in tx.all(Kind::Release).await? {
        let release = Release::from_raw(&raw)?;
        if release.spec.cluster.as_deref() == Some(&spec.cluster)
            && release.spec.namespace == spec.namespace
            && release.release_name() == workspace.metadata.name
        {
            let (name, namespace) = (&release.metadata.name, &spec.namespace);
            let message = format!("release \"{name}\" has this name in namespace \"{namespace}\"");
            causes.push(Cause::invalid("metadata.name", message, "choose another name"));
        }
    }
    Ok(())
}

/// What is said when the name is taken: more when it is by a deleted workspace of one's own.
fn name_taken(context: &Context<'_>, there: &RawObject) -> Answer<crate::answer::Refusal> {
    let name = &there.metadata.name;
    let workspace = Workspace::from_raw(there)?;
    let mut error = ApiError::already_exists(Kind::Workspace, name);
    if !context.caller.may(context.state, Action::Get, there) {
        error.message = format!("Workspace \"{name}\" already exists, of somebody else: choose another name");
    } else if workspace.metadata.deletion_timestamp.is_some() {
        error.message =
            format!("Workspace \"{name}\" is being purged: wait until it is gone, or choose another name");
    } else if workspace.spec.state == WorkspaceState::Deleted {
        error.message = format!(
            "Workspace \"{name}\" was deleted and its home is kept: start it to have it back, purge it to free the name, or choose another name"
        );
    }
    Ok(error.into())
}

async fn owner(tx: &mut Tx, workspace: &Workspace, causes: &mut Vec<Cause>) -> Answer<()> {
    let spec = &workspace.spec;
    let Some(user) = tx.get(Kind::User, &spec.owner).await? else {
        return must_exist(tx, causes, "spec.owner".into(), Kind::User, &spec.owner).await;
    };
    let user = User::from_raw(&user)?;
    if user.spec.disabled {
        causes.push(Cause::invalid(
            "spec.owner",
            format!("the account of \"{}\" is closed", spec.owner),
            "open it, or name another owner",
        ));
    }
    let Some(team) = tx.get(Kind::Team, &spec.team).await? else { return Ok(()) };
    if !user.spec.admin && Team::from_raw(&team)?.role_of(&spec.owner).is_none() {
        causes.push(Cause::invalid(
            "spec.owner",
            format!("\"{}\" is not in team \"{}\"", spec.owner, spec.team),
            "add the person to the team first, or name another team",
        ));
    }
    Ok(())
}

/// The template, if the team may use it.
async fn template(
    tx: &mut Tx,
    context: &Context<'_>,
    workspace: &Workspace,
    causes: &mut Vec<Cause>,
) -> Answer<Option<Template>> {
    let (name, field) = (&workspace.spec.template, "spec.template".to_owned());
    let found = tx.get(Kind::Template, name).await?;
    // A template that the caller may not see is not there for them.
    let Some(raw) = found.filter(|raw| context.caller.may(context.state, Action::Get, raw)) else {
        let mend = "name one of `nagaya get templates`";
        causes.push(Cause::not_found(field, format!("there is no Template \"{name}\""), mend));
        return Ok(None);
    };
    let template = Template::from_raw(&raw)?;
    if let Some(team) = template.metadata.team.as_ref().filter(|team| **team != workspace.spec.team) {
        let message = format!("\"{name}\" is the own template of team \"{team}\"");
        causes.push(Cause::invalid(field, message, "name a template of everybody's or of this team"));
    }
    Ok(Some(template))
}

/// Puts a new workspace where its team's workspaces go.
fn place(workspace: &mut Workspace, team: &Team, causes: &mut Vec<Cause>) {
    let fields = [
        ("spec.cluster", &mut workspace.spec.cluster, team.spec.cluster.as_str()),
        ("spec.namespace", &mut workspace.spec.namespace, team.namespace()),
    ];
    for (field, value, from_team) in fields {
        if value.is_empty() {
            from_team.clone_into(value);
        } else if value != from_team {
            causes.push(Cause::invalid(
                field,
                format!("is \"{from_team}\" by team \"{}\"", team.metadata.name),
                "leave it out",
            ));
        }
    }
}
