//! Groups against other objects.

use nagaya_api::{Kind, RawObject};
use nagaya_store::Tx;

use super::{needed, text, users_of};
use crate::answer::Answer;

pub(super) async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    let name = object.metadata.name.as_str();
    let names = |bundle: &RawObject| {
        let groups = bundle.spec.get("groups").and_then(|groups| groups.as_array());
        groups.is_some_and(|groups| groups.iter().any(|group| group.as_str() == Some(name)))
    };
    let mut by = users_of(tx, Kind::Bundle, names).await?;
    by.extend(users_of(tx, Kind::Release, |release| text(release, "group") == name).await?);
    needed(object, &by, "give them other groups, or delete them, first")
}
