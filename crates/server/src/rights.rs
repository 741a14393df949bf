//! Live streams end when the right to them does.

use std::{collections::BTreeMap, sync::Arc};

use nagaya_api::{ApiError, Kind, RawObject, Resource as _, Workspace, kinds::workspace::WorkspaceState};
use nagaya_gateway::{CloseReason, Identity, StreamInfo, StreamKind};
use nagaya_store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::{
    ServerState,
    answer::Answer,
    authentication,
    authorisation::{self, Action, Caller, People},
};

/// Looks once more whether the caller may do this now. Returns the object as it is now.
///
/// # Errors
/// 401 when the session ended, 403 when the right did.
pub async fn still(
    state: &ServerState,
    caller: &Caller,
    action: Action,
    object: &RawObject,
) -> Answer<RawObject> {
    let token = state.store.token_get(&caller.token.id).await?.filter(|token| token.valid(caller.now));
    let now = match token {
        Some(token) => authentication::caller(state, token).await?,
        None => None,
    };
    let Some(now) = now else {
        return Err(ApiError::unauthorized("the session is over: log in again").into());
    };
    let newest = state.store.get_raw(object.kind, &object.metadata.name).await?;
    match newest {
        // Whoever's rights changed in between would be somebody else in the cluster: the next try is as that.
        Some(newest) if now.person.same_rights(&caller.person) && now.may(state, action, &newest) => {
            Ok(newest)
        }
        _ => Err(ApiError::forbidden(format!("you may no longer {} it", action.name())).into()),
    }
}

/// Whom the caller is in a cluster.
///
/// # Errors
/// When a name cannot be one there, which no stored name is.
pub fn identity(caller: &Caller) -> Answer<Identity> {
    let person = &caller.person;
    let mut groups: Vec<String> = person.roles.keys().map(|team| format!("team:{team}")).collect();
    groups.extend(person.admin_of().map(|team| format!("team-admin:{team}")));
    if person.admin {
        groups.push("role:admin".to_owned());
    }
    let identity = Identity::new(&person.name, groups.iter().map(String::as_str));
    Ok(identity.map_err(|error| ApiError::internal(error.to_string()))?)
}

const fn action(kind: StreamKind) -> Action {
    match kind {
        StreamKind::Desktop => Action::Desktop,
        StreamKind::Exec => Action::Exec,
        StreamKind::Logs => Action::Logs,
        StreamKind::Kubernetes => Action::Kubernetes,
    }
}

/// Why a desktop must not be open though the caller may: the workspace is not to run. Its pod may live on for a while,
/// to let programs save; a page that stays open would show it ending, and then wait for it to come back.
pub fn not_to_run(workspace: &Workspace) -> Option<CloseReason> {
    (workspace.spec.state != WorkspaceState::Running).then_some(CloseReason::WorkspaceStopped)
}

/// Ends live streams whose right is gone, and desktops that are not to run, at every change it may follow from, until
/// cancelled.
pub async fn watch(state: ServerState, cancel: CancellationToken) {
    let mut revisions = state.store.revisions();
    let mut access = state.store.access_changes();
    // Sessions end by time too.
    let mut clock = tokio::time::interval(std::time::Duration::from_secs(20));
    let kinds = [Kind::User, Kind::Team, Kind::Workspace, Kind::Cluster];
    let mut seen = 0;
    let mut before = state.directory.people().await.ok();
    loop {
        let due = tokio::select! {
            () = cancel.cancelled() => return,
            _ = clock.tick() => true,
            changed = access.changed() => changed.is_ok(),
            changed = revisions.changed() => changed.is_ok() && state.store.revision_of(&kinds) > seen,
        };
        if !due {
            continue;
        }
        seen = state.store.revision_of(&kinds);
        match look(&state, before.as_deref()).await {
            Ok(people) => before = Some(people),
            Err(error) => {
                tracing::error!(%error, "live streams could not be judged: ending all of them");
                state.streams.end_where(|_| Some(CloseReason::RightTakenAway));
            }
        }
    }
}

/// Judges all live streams once, given the people as they were at the last look. Returns the people as they are.
async fn look(state: &ServerState, before: Option<&People>) -> Result<Arc<People>, StoreError> {
    // In this order: a stream that is opened after the list was taken looks for itself, see `still`.
    let live = state.streams.list();
    let (people, now) = (state.directory.people().await?, state.now());
    let mut sessions: BTreeMap<&str, bool> = BTreeMap::new();
    let mut lost: BTreeMap<Key<'_>, CloseReason> = BTreeMap::new();
    for info in &live {
        if !sessions.contains_key(info.session.as_str()) {
            let token = state.store.token_get(&info.session).await?;
            let good = token.is_some_and(|token| token.user == info.user && token.valid(now));
            // Whoever works in a desktop uses the session, though the page asks for nothing else meanwhile.
            if good && matches!(info.kind, StreamKind::Desktop | StreamKind::Exec) {
                state.store.token_touch(&info.session, now);
            }
            sessions.insert(&info.session, good);
        }
        let (kind, name) = match &info.workspace {
            Some(workspace) => (Kind::Workspace, workspace.as_str()),
            None => (Kind::Cluster, info.cluster.as_str()),
        };
        let object = state.store.get_raw(kind, name).await?;
        let may = match (people.get(&info.user), &object) {
            (Some(person), Some(object)) => {
                let resource = authorisation::Resource::object(object, &people);
                // kubectl's streams carry the groups of when they were opened.
                let before = before.and_then(|people| people.get(&info.user));
                let same = info.kind != StreamKind::Kubernetes
                    || before.is_none_or(|before| before.same_rights(person));
                same && state.judge.may(person, action(info.kind), &resource)
            }
            _ => false,
        };
        let why = match object {
            _ if !may => Some(CloseReason::RightTakenAway),
            Some(object) if info.kind == StreamKind::Desktop => {
                // One that does not parse was never opened either.
                Workspace::from_raw(&object).ok().and_then(|workspace| not_to_run(&workspace))
            }
            _ => None,
        };
        lost.extend(why.map(|why| (key(info), why)));
    }
    state.streams.end_where(|info| {
        if sessions.get(info.session.as_str()) == Some(&false) {
            return Some(CloseReason::SessionOver);
        }
        lost.get(&key(info)).copied()
    });
    Ok(people)
}

/// Streams of one key are judged alike.
type Key<'a> = (&'a str, &'a str, Option<&'a str>, &'static str);

fn key(info: &StreamInfo) -> Key<'_> {
    (&info.user, &info.cluster, info.workspace.as_deref(), action(info.kind).name())
}
