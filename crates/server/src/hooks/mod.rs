//! What a kind adds to the common verbs: values filled in, and checks against other objects. All of it runs in the
//! transaction of the write, so nothing can change between check and write.

mod bundle;
mod cluster;
mod group;
mod image;
mod release;
mod repository;
mod source;
mod team;
mod template;
mod user;
mod workspace;

use nagaya_api::{ApiError, Cause, Kind, RawObject, kinds::cluster::Removal};
use nagaya_store::Tx;

use crate::{ServerState, answer::Answer, authorisation::Caller};

/// Who writes.
pub struct Context<'a> {
    /// The server.
    pub state: &'a ServerState,
    /// The caller.
    pub caller: &'a Caller,
}

/// Fills in and checks a new object.
///
/// # Errors
/// 422 with every field that names something that is not there, and the like.
pub async fn create(tx: &mut Tx, context: &Context<'_>, object: &mut RawObject) -> Answer<()> {
    if object.metadata.team.is_some() && !matches!(object.kind, Kind::Image | Kind::Template) {
        let mend = if matches!(object.kind, Kind::Workspace | Kind::Release) {
            "say spec.team"
        } else {
            "leave it out"
        };
        let cause = Cause::invalid("metadata.team", "is for images and templates", mend);
        return Err(ApiError::invalid(object.kind, &object.metadata.name, vec![cause]).into());
    }
    match object.kind {
        Kind::Cluster => cluster::create(object),
        // The policies let nobody write versions.
        Kind::User | Kind::Group | Kind::BundleVersion | Kind::ReleaseVersion => Ok(()),
        Kind::Repository => repository::check(tx, context, object).await,
        Kind::Release => release::create(tx, context, object).await,
        Kind::Bundle => bundle::check(tx, object).await,
        Kind::Source => source::check(tx, context, object).await,
        Kind::Team => team::check(tx, object).await,
        Kind::Image => image::check(tx, object).await,
        Kind::Template => template::check(tx, context, object).await,
        Kind::Workspace => workspace::create(tx, context, object).await,
    }
}

/// Checks a change, beyond what the kind itself forbids.
///
/// # Errors
/// As [`create`].
pub async fn change(tx: &mut Tx, context: &Context<'_>, old: &RawObject, new: &RawObject) -> Answer<()> {
    if old.metadata.team != new.metadata.team {
        let cause =
            Cause::invalid("metadata.team", "cannot be changed", "create another object for that team");
        return Err(ApiError::invalid(new.kind, &new.metadata.name, vec![cause]).into());
    }
    match new.kind {
        Kind::Cluster | Kind::Group | Kind::BundleVersion | Kind::ReleaseVersion => Ok(()),
        Kind::Repository => repository::check(tx, context, new).await,
        Kind::Release => release::check(tx, context, new).await,
        Kind::User => user::change(tx, old, new).await,
        Kind::Bundle => bundle::check(tx, new).await,
        Kind::Source => source::check(tx, context, new).await,
        Kind::Team => team::check(tx, new).await,
        Kind::Image => image::check(tx, new).await,
        Kind::Template => template::check(tx, context, new).await,
        Kind::Workspace => workspace::change(tx, context, old, new).await,
    }
}

/// Checks that nothing needs an object that is to go.
///
/// # Errors
/// 409 that names what needs it.
pub async fn delete(tx: &mut Tx, object: &RawObject) -> Answer<()> {
    match object.kind {
        Kind::Cluster => cluster::delete(tx, object).await,
        Kind::User => user::delete(tx, object).await,
        Kind::Group => group::delete(tx, object).await,
        Kind::Source => source::delete(tx, object).await,
        Kind::Team => team::delete(tx, object).await,
        Kind::Image => image::delete(tx, object).await,
        Kind::Template => template::delete(tx, object).await,
        Kind::Repository => repository::delete(tx, object).await,
        // A workspace is deleted by its state, and purged on its owner's word; a bundle's objects leave the clusters, and a
        // release is uninstalled before its object goes.
        Kind::Workspace | Kind::Bundle | Kind::BundleVersion | Kind::Release | Kind::ReleaseVersion => Ok(()),
    }
}

/// Keeps with an imported cluster that is to go what becomes of what Nagaya put there.
///
/// # Errors
/// 422 when that was not said, or does not apply.
pub async fn removal(tx: &mut Tx, object: RawObject, asked: Option<Removal>) -> Answer<()> {
    if object.kind == Kind::Cluster {
        return cluster::removal(tx, object, asked).await;
    }
    match asked {
        None => Ok(()),
        Some(_) => {
            verdict(&object, vec![Cause::invalid("objects", "is for imported clusters", "leave it out")])
        }
    }
}

/// Adds a cause when the object named is not there.
async fn must_exist(
    tx: &mut Tx,
    causes: &mut Vec<Cause>,
    field: String,
    kind: Kind,
    name: &str,
) -> Answer<()> {
    let mend = match tx.get(kind, name).await? {
        Some(object) if object.metadata.deletion_timestamp.is_none() => return Ok(()),
        Some(_) => "it is being deleted: name another".to_owned(),
        None => format!("create it first, or name one of `nagaya get {}`", kind.plural()),
    };
    causes.push(Cause::not_found(field, format!("there is no {kind} \"{name}\""), mend));
    Ok(())
}

/// `Ok` when there is no cause.
fn verdict(object: &RawObject, causes: Vec<Cause>) -> Answer<()> {
    if causes.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid(object.kind, &object.metadata.name, causes).into())
}

/// A refusal to delete what others need; names the first few of them.
fn needed(object: &RawObject, by: &[String], mend: &str) -> Answer<()> {
    if by.is_empty() {
        return Ok(());
    }
    let shown = by.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    let more = if by.len() > 5 { format!(" and {} more", by.len() - 5) } else { String::new() };
    let message = format!("it is needed by {shown}{more}: {mend}");
    Err(ApiError::conflict(object.kind, &object.metadata.name, message).into())
}

/// The objects of a kind that pass, as `workspace x`.
async fn users_of(tx: &mut Tx, kind: Kind, uses: impl Fn(&RawObject) -> bool) -> Answer<Vec<String>> {
    let all = tx.all(kind).await?;
    let word = kind.name().to_lowercase();
    Ok(all.iter().filter(|one| uses(one)).map(|one| format!("{word} {}", one.metadata.name)).collect())
}

/// A text field of an object's spec.
fn text<'a>(object: &'a RawObject, field: &str) -> &'a str {
    object.spec.get(field).and_then(|value| value.as_str()).unwrap_or_default()
}
