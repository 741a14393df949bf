//! Images against other objects.

use nagaya_api::{Kind, RawObject};
use nagaya_store::Tx;

use super::{must_exist, needed, text, users_of, verdict};
use crate::answer::Answer;

pub(super) async fn check(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let mut causes = Vec::new();
    if let Some(team) = &object.metadata.team {
        must_exist(tx, &mut causes, "metadata.team".into(), Kind::Team, team).await?;
    }
    verdict(object, causes)
}

pub(super) async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let name = &object.metadata.name;
    let by = users_of(tx, Kind::Template, |template| text(template, "image") == name).await?;
    needed(object, &by, "give them another image first")
}
