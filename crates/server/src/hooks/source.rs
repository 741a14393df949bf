//! Sources against other objects, and against what the administrator of the host allows.

use nagaya_api::{Cause, Kind, RawObject, Resource, Source, kinds::source::is_local};
use nagaya_store::Tx;

use super::{Context, must_exist, verdict};
use crate::{answer::Answer, sources};

pub(super) async fn check(tx: &mut Tx, context: &Context<'_>, object: &RawObject) -> Answer<()> {
    let source = Source::from_raw(object)?;
    let mut causes = Vec::new();
    let config = context.state.config.sources.as_ref();
    if is_local(&source.spec.url)
        && let Err(why) = sources::allowed(&source.spec.url, config.map_or(&[], |config| &config.paths))
    {
        let mend = "use https, or have whoever runs the server name the folder in its setting sourcePaths";
        causes.push(Cause::invalid("spec.url", why, mend));
    }
    for (at, group) in source.spec.bundle.iter().flat_map(|bundle| bundle.groups.iter().enumerate()) {
        let there = tx.get(Kind::Group, group).await?;
        // The folder may make it.
        if there.is_some_and(|group| group.metadata.deletion_timestamp.is_some()) {
            must_exist(tx, &mut causes, format!("spec.bundle.groups[{at}]"), Kind::Group, group).await?;
        }
    }
    verdict(object, causes)
}

/// Its objects stay, and are nobody's; what is sealed for it goes.
pub(super) async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let source = Source::from_raw(object)?;
    let name = &source.metadata.name;
    for owned in &source.status.objects {
        sources::release(tx, name, owned).await?;
    }
    for secret in [sources::credential_secret(name), sources::webhook_secret(name)] {
        tx.secret_delete(&secret).await?;
    }
    Ok(())
}
