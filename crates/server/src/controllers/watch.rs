//! GET /watch, GET /<plural>?watch=true: changes as server-sent events (HTML Standard, 9.2).

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use nagaya_api::{ApiError, Kind, RawObject, selector::Selector};
use nagaya_store::{EventType, Purpose, StoreError, WatchEvent, WatchStream, team_of};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    sync::watch as bell,
    time::{Interval, MissedTickBehavior, interval},
};

use super::objects::list::ListQuery;
use crate::{
    ServerState,
    answer::Answer,
    authentication,
    authorisation::{Action, Caller, Resource},
    view::View,
};

/// Time between signs of life: below the minute after which proxies drop a silent connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Query of a watch of many kinds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WatchQuery {
    /// Plural names, comma-separated; none: all kinds.
    pub kinds: String,
    /// Changes after this revision; none: from now on.
    pub resource_version: Option<String>,
}

/// One event on the wire.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    event: &'a str,
    object: Value,
}

/// Watches many kinds.
pub async fn watch(
    state: ServerState,
    caller: Caller,
    headers: &HeaderMap,
    query: &WatchQuery,
) -> Answer<Response> {
    let names = query.kinds.split(',').map(str::trim).filter(|name| !name.is_empty());
    let kinds = names.map(str::parse).collect::<Result<Vec<Kind>, ApiError>>()?;
    open(state, caller, headers, kinds, &ListQuery::default(), query.resource_version.as_deref()).await
}

/// Watches one kind.
pub async fn watch_kind(
    state: ServerState,
    caller: Caller,
    headers: &HeaderMap,
    kind: Kind,
    query: &ListQuery,
) -> Answer<Response> {
    open(state, caller, headers, vec![kind], query, query.resource_version.as_deref()).await
}

async fn open(
    state: ServerState,
    caller: Caller,
    headers: &HeaderMap,
    kinds: Vec<Kind>,
    query: &ListQuery,
    revision: Option<&str>,
) -> Answer<Response> {
    // A browser that reconnects by itself says where it was in this header (9.2.5).
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let from = match last.or(revision).filter(|text| !text.is_empty()) {
        Some(text) => Some(text.parse::<u64>().map_err(|_| {
            ApiError::bad_request(format!("resourceVersion \"{text}\" is no revision: take it from a list"))
        })?),
        None => None,
    };
    if let Some(from) = from {
        state.store.watchable(from).await?;
    }
    let position = from.unwrap_or_else(|| state.store.revision());
    let mut beat = interval(HEARTBEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    let mut access = state.store.access_changes();
    access.mark_unchanged();
    let watching = Watching {
        // All kinds, whatever is asked for: changes of teams and users change what may be seen.
        events: state.store.watch(&[], Some(position)),
        access,
        beat,
        kinds,
        selector: query.selector()?,
        team: query.team.clone().filter(|team| !team.is_empty()),
        position,
        told: position,
        caller,
        state,
        first: true,
        over: false,
    };
    let body = stream::unfold(watching, |mut watching| async move {
        let chunk = watching.next().await?;
        Some((Ok::<_, Infallible>(chunk), watching))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // Some proxies would collect the stream before passing it on.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

struct Watching {
    state: ServerState,
    caller: Caller,
    events: WatchStream,
    access: bell::Receiver<u64>,
    beat: Interval,
    kinds: Vec<Kind>,
    selector: Selector,
    team: Option<String>,
    /// The revision the stream is at.
    position: u64,
    /// The revision the client knows it is at.
    told: u64,
    first: bool,
    over: bool,
}

enum Woken {
    Event(Option<Result<WatchEvent, StoreError>>),
    Beat,
    Access,
    Stopping,
}

impl Watching {
    /// The next bytes for the client; none when the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        if self.over {
            return None;
        }
        // At once, so that the client knows that it is connected and from where it can resume.
        if std::mem::take(&mut self.first) {
            return Some(self.bookmark());
        }
        loop {
            let stopping = self.state.stopping.clone();
            let woken = tokio::select! {
                biased;
                () = stopping.cancelled() => Woken::Stopping,
                _ = self.access.changed() => Woken::Access,
                event = self.events.next() => Woken::Event(event),
                _ = self.beat.tick() => Woken::Beat,
            };
            let chunk = match woken {
                Woken::Stopping | Woken::Event(None) => return None,
                Woken::Event(Some(Err(error))) => Some(self.end(&error.into())),
                Woken::Event(Some(Ok(event))) => self.event(&event).await,
                Woken::Access => self.check().await.map(|error| self.end(&error)),
                Woken::Beat => Some(match self.check().await {
                    Some(error) => self.end(&error),
                    None if self.told < self.position => self.bookmark(),
                    None => Bytes::from_static(b":\n\n"),
                }),
            };
            if chunk.is_some() {
                return chunk;
            }
        }
    }

    async fn event(&mut self, event: &WatchEvent) -> Option<Bytes> {
        self.position = event.revision;
        if matches!(event.object.kind, Kind::User | Kind::Team)
            && let Some(error) = self.check().await
        {
            return Some(self.end(&error));
        }
        let object = &event.object;
        if !self.kinds.is_empty() && !self.kinds.contains(&object.kind) {
            return None;
        }
        if self.team.as_deref().is_some_and(|team| team_of(object) != Some(team)) {
            return None;
        }
        let resource = Resource::object(object, &self.caller.people);
        if !self.state.judge.may(&self.caller.person, Action::Get, &resource) {
            return None;
        }
        let word = match event.event {
            // It may have matched before: for this watcher it is gone, as in Kubernetes.
            EventType::Added if !self.selector.matches(&object.metadata.labels) => return None,
            EventType::Modified if !self.selector.matches(&object.metadata.labels) => {
                EventType::Deleted.word()
            }
            other => other.word(),
        };
        self.told = event.revision;
        let shown = View::of(&self.caller.person).object(RawObject::clone(object));
        Some(line(word, serde_json::to_value(shown).unwrap_or_default(), Some(event.revision)))
    }

    /// Why the stream must end now, if it must: the session is over, or what its owner may see has changed, and with
    /// it what the client holds.
    async fn check(&mut self) -> Option<ApiError> {
        let over = || ApiError::unauthorized("the session or token is over: log in again");
        let token = match self.state.store.token_get(&self.caller.token.id).await {
            Ok(token) => token,
            Err(error) => return Some(error.into()),
        };
        let Some(token) = token.filter(|token| alive(token, &self.state)) else { return Some(over()) };
        match authentication::caller(&self.state, token).await {
            Ok(Some(now)) if now.person.same_rights(&self.caller.person) => {
                self.caller = now;
                None
            }
            Ok(Some(_)) => Some(ApiError::new(410, "Expired", "what you may see has changed: list again")),
            Ok(None) => Some(over()),
            Err(refusal) => Some(*refusal.0),
        }
    }

    fn bookmark(&mut self) -> Bytes {
        self.told = self.position;
        let object = json!({
            "apiVersion": nagaya_api::API_VERSION,
            "kind": self.kinds.first().copied().unwrap_or(Kind::Workspace).name(),
            "metadata": {"name": "", "resourceVersion": self.position.to_string()},
        });
        line("BOOKMARK", object, Some(self.position))
    }

    fn end(&mut self, error: &ApiError) -> Bytes {
        self.over = true;
        line("ERROR", serde_json::to_value(error).unwrap_or_default(), None)
    }
}

/// A watch is no use of a session: an unattended page must not keep it alive. But as long as the session has not gone
/// idle the watch may go on.
fn alive(token: &nagaya_store::Token, state: &ServerState) -> bool {
    debug_assert!(matches!(token.purpose, Purpose::Api | Purpose::Session));
    token.valid(state.now())
}

fn line(event: &str, object: Value, revision: Option<u64>) -> Bytes {
    let id = revision.map(|revision| format!("id: {revision}\n")).unwrap_or_default();
    let data = serde_json::to_string(&Line { event, object }).unwrap_or_default();
    Bytes::from(format!("{id}data: {data}\n\n"))
}
