//! Repositories against other objects, and against what the administrator of the host allows.

use nagaya_api::{Cause, Kind, RawObject, Repository, Resource, kinds::repository::is_local};
use nagaya_store::Tx;

use super::{Context, must_exist, needed, text, users_of, verdict};
use crate::{answer::Answer, catalogue, sources};

pub(super) async fn check(tx: &mut Tx, context: &Context<'_>, object: &RawObject) -> Answer<()> {
    let repository = Repository::from_raw(object)?;
    let mut causes = Vec::new();
    let config = context.state.config.charts.as_ref();
    if is_local(&repository.spec.url)
        && let Err(why) = sources::allowed(&repository.spec.url, config.map_or(&[], |config| &config.paths))
    {
        let mend = "use https, or have whoever runs the server name the folder in its setting chartPaths";
        causes.push(Cause::invalid("spec.url", why, mend));
    }
    for (at, rule) in repository.spec.allow.iter().enumerate() {
        for (nth, team) in rule.teams.iter().enumerate() {
            let field = format!("spec.allow[{at}].teams[{nth}]");
            must_exist(tx, &mut causes, field, Kind::Team, team).await?;
        }
    }
    verdict(object, causes)
}

/// What is sealed for it goes with it.
pub(super) async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let name = &object.metadata.name;
    let by = users_of(tx, Kind::Release, |release| text(release, "repository") == name).await?;
    needed(object, &by, "uninstall them, or have them from another repository, first")?;
    let of_it = |template: &RawObject| template.spec["chart"]["repository"] == name.as_str();
    let by = users_of(tx, Kind::Template, of_it).await?;
    needed(object, &by, "give them a chart of another repository, or delete them, first")?;
    Ok(tx.secret_delete(&catalogue::credential_secret(name)).await?)
}
