//! POST /clusters/{name}/start|stop

use axum::Json;
use nagaya_api::{ApiError, Cluster, Kind, RawObject, Resource, kinds::cluster::ClusterPower};
use nagaya_store::Owners;

use crate::{answer::Answer, controllers::objects::write::Write, view::View};

/// Starts or stops a local cluster; its data stays.
pub async fn set(write: Write, name: String, power: ClusterPower) -> Answer<Json<RawObject>> {
    let done = write
        .run(move |tx, _| {
            Box::pin(async move {
                tx.verb = Some(if power == ClusterPower::Running { "start" } else { "stop" });
                let mut cluster = Cluster::from_raw(&tx.need(Kind::Cluster, &name).await?)?;
                let Some(local) = &mut cluster.spec.local else {
                    let message =
                        "only local clusters are started and stopped here: this one is run elsewhere";
                    return Err(ApiError::conflict(Kind::Cluster, &name, message).into());
                };
                local.power = power;
                Ok(tx.update(cluster.to_raw(), Owners::ByChange).await?)
            })
        })
        .await?;
    Ok(Json(View::of(&write.caller.person).object(done.0)))
}
