//! DELETE /<plural>/{name}

use axum::Json;
use nagaya_api::{Kind, RawObject};

use super::write::Write;
use crate::{answer::Answer, authorisation::Action, controllers::workspaces, hooks, sources, view::View};

/// Deletes an object that nothing needs any more. A workspace's home is kept: see `workspaces::power`.
pub async fn delete(write: Write, kind: Kind, name: String) -> Answer<Json<RawObject>> {
    if kind == Kind::Workspace {
        return workspaces::power::delete(write, name).await;
    }
    let (last, _) = write
        .run(move |tx, write| {
            Box::pin(async move {
                let object = tx.need(kind, &name).await?;
                write.may(Action::Delete, &object)?;
                sources::check_owned(&object, None, write.query.r#override)?;
                hooks::delete(tx, &object).await?;
                hooks::removal(tx, object, write.query.objects).await?;
                Ok(tx.delete(kind, &name).await?)
            })
        })
        .await?;
    Ok(Json(View::of(&write.caller.person).object(last)))
}
