//! Templates against other objects.

use nagaya_api::{Cause, Kind, RawObject};
use nagaya_store::Tx;

use super::{Context, must_exist, needed, text, users_of, verdict};
use crate::{answer::Answer, authorisation::Action};

pub(super) async fn check(tx: &mut Tx, context: &Context<'_>, object: &RawObject) -> Answer<()> {
    let mut causes = Vec::new();
    if let Some(team) = &object.metadata.team {
        must_exist(tx, &mut causes, "metadata.team".into(), Kind::Team, team).await?;
    }
    let image = text(object, "image");
    match tx.get(Kind::Image, image).await? {
        // An image that the caller may not see is not there for them.
        Some(found) if context.caller.may(context.state, Action::Get, &found) => {
            let (of, whose) = (&found.metadata.team, &object.metadata.team);
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
    verdict(object, causes)
}

pub(super) async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let name = &object.metadata.name;
    // Deleted workspaces count: started again, they need it.
    let by = users_of(tx, Kind::Workspace, |workspace| text(workspace, "template") == name).await?;
    needed(object, &by, "give them another template, or purge them")
}
