//! Bundles against other objects.

use nagaya_api::{Bundle, Kind, RawObject, Resource};
use nagaya_store::Tx;

use super::{must_exist, verdict};
use crate::answer::Answer;

pub(super) async fn check(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let bundle = Bundle::from_raw(object)?;
    let mut causes = Vec::new();
    for (at, group) in bundle.spec.groups.iter().enumerate() {
        must_exist(tx, &mut causes, format!("spec.groups[{at}]"), Kind::Group, group).await?;
    }
    verdict(object, causes)
}
