//! Templates against other objects.

use nagaya_api::{
    Cause, Kind, RawObject, Repository, Resource, Team, Template, kinds::template::TemplateChart,
};
use nagaya_store::Tx;

use super::{Context, must_exist, needed, text, users_of, verdict};
use crate::{answer::Answer, authorisation::Action, catalogue};

pub(super) async fn check(tx: &mut Tx, context: &Context<'_>, object: &RawObject) -> Answer<()> {
    let mut causes = Vec::new();
    if let Some(team) = &object.metadata.team {
        must_exist(tx, &mut causes, "metadata.team".into(), Kind::Team, team).await?;
    }
    let template = Template::from_raw(object)?;
    match &template.spec.chart {
        Some(chart) => self::chart(tx, context, &template, chart, &mut causes).await?,
        None => self::image(tx, context, &template, &mut causes).await?,
    }
    verdict(object, causes)
}

async fn image(
    tx: &mut Tx,
    context: &Context<'_>,
    template: &Template,
    causes: &mut Vec<Cause>,
) -> Answer<()> {
    let image = &template.spec.image;
    match tx.get(Kind::Image, image).await? {
        // An image that the caller may not see is not there for them.
        Some(found) if context.caller.may(context.state, Action::Get, &found) => {
            let (of, whose) = (&found.metadata.team, &template.metadata.team);
            if of.is_some() && of != whose {
                causes.push(Cause::invalid(
                    "spec.image",
                    format!("\"{image}\" is the own image of team \"{}\"", of.as_deref().unwrap_or_default()),
                    "name an image of everybody's, or make this a template of that team",
                ));
            }
        }
        _ => causes.push(Cause::not_found(
            "spec.image",
            format!("there is no Image \"{image}\""),
            "create it first, or name one of `nagaya get images`",
        )),
    }
    Ok(())
}

/// What can be said of a chart at once. Whether it takes the values and makes the Service is found out with its archive,
/// and stands in the template's status.
async fn chart(
    tx: &mut Tx,
    context: &Context<'_>,
    template: &Template,
    chart: &TemplateChart,
    causes: &mut Vec<Cause>,
) -> Answer<()> {
    let name = &chart.repository;
    let found = tx.get(Kind::Repository, name).await?;
    // A repository that the caller may not see is not there for them.
    let Some(found) = found.filter(|found| context.caller.may(context.state, Action::Get, found)) else {
        let mend = "create it first, or name one of `nagaya get repositories`";
        causes.push(Cause::not_found(
            "spec.chart.repository",
            format!("there is no Repository \"{name}\""),
            mend,
        ));
        return Ok(());
    };
    let repository = Repository::from_raw(&found)?;
    if !context.caller.person.admin {
        let team = match &template.metadata.team {
            Some(team) => tx.get(Kind::Team, team).await?.map(|raw| Team::from_raw(&raw)).transpose()?,
            None => None,
        };
        if !team.as_ref().is_some_and(|team| repository.permits(team, &chart.chart, team.namespace())) {
            let whose = template.metadata.team.as_deref().unwrap_or_default();
            causes.push(Cause::invalid(
                "spec.chart.chart",
                format!("team \"{whose}\" may not install \"{}\"", chart.chart),
                format!("ask operations to allow it in repository \"{name}\""),
            ));
            return Ok(());
        }
    }
    // One that was not read yet tells nothing: what it has is found out later.
    if let Ok(index) = catalogue::index(context.state, &repository)
        && let Err(cause) = catalogue::choose(&index, name, &chart.chart, &chart.version)
    {
        let field = cause.field.replacen("spec.", "spec.chart.", 1);
        causes.push(Cause { field, ..cause });
    }
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let name = &object.metadata.name;
    // Deleted workspaces count: started again, they need it.
    let by = users_of(tx, Kind::Workspace, |workspace| text(workspace, "template") == name).await?;
    needed(object, &by, "give them another template, or purge them")
}
