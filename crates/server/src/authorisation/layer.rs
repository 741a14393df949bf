//! The one place where requests are let through: each route says what it does to what, and this decides.

use std::sync::Arc;

use axum::{
    RequestExt,
    body::Body,
    extract::{RawPathParams, Request},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use nagaya_api::{ApiError, Kind, RawObject};
use nagaya_store::{NewAudit, Purpose, Token, Writer, team_of};

use super::{Action, Person, Resource, directory::People};
use crate::{ServerState, answer::Refusal, authentication, body};

/// How the thing acted on is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Open to everybody, logged in or not.
    Public,
    /// What a logged-in person has for themselves.
    Oneself,
    /// The instance.
    System,
    /// All objects of a kind, or of all.
    Collection,
    /// The object whose name is in the path.
    Object(Kind),
    /// The object in the body, which is to be made.
    Proposal(Kind),
    /// The object in the body, whose name is in the path, as it would be.
    Draft(Kind),
    /// The object whose name is in the path; when there is none, the one in the body is to be made.
    ObjectOrProposal(Kind),
}

/// What a route does to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The action.
    pub action: Action,
    /// Its object.
    pub subject: Subject,
    /// Open also to a session that came in by a password somebody else knows; of an object, only to the person it is.
    pub mends_password: bool,
}

/// Who asks, once known.
#[derive(Clone)]
pub struct Caller {
    /// The person.
    pub person: Arc<Person>,
    /// Everybody, as of the same moment.
    pub people: Arc<People>,
    /// The session or token.
    pub token: Token,
    /// When the request came.
    pub now: Timestamp,
}

impl Caller {
    /// The writer of what this request changes.
    pub fn writer(&self, manager: Option<&str>) -> Writer {
        let usual = match self.token.purpose {
            Purpose::Session => "console",
            Purpose::Api => "api",
        };
        Writer::user(&self.person.name, manager.unwrap_or(usual), self.now)
    }

    /// Whether the caller may do `action` to `object`.
    pub fn may(&self, state: &ServerState, action: Action, object: &RawObject) -> bool {
        state.judge.may(&self.person, action, &Resource::object(object, &self.people))
    }
}

/// The object a request is about, as it was when the request was let through.
#[derive(Clone)]
pub struct Found(pub Arc<RawObject>);

/// Lets a request through, or says why not.
pub async fn guard(state: ServerState, guard: Guard, mut request: Request, next: Next) -> Response {
    if guard.subject == Subject::Public {
        return next.run(request).await;
    }
    let caller = match authentication::authenticate(&state, request.headers(), request.method()).await {
        Ok(caller) => caller,
        Err(refusal) => return refusal.into_response(),
    };
    if let Err(refusal) = own_password(&state, guard, &caller, &mut request).await {
        return refusal.into_response();
    }
    let method = request.method().clone();
    let mut about = About::default();
    let response = match admit(&state, guard, &caller, &mut request, &mut about).await {
        Ok(()) => {
            request.extensions_mut().insert(caller.clone());
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    };
    let to_record = !method.is_safe() || response.status() == StatusCode::FORBIDDEN;
    if let Some(refusal) = response.extensions().get::<Refusal>().filter(|_| to_record).cloned() {
        record_refusal(&state, &caller, guard, about, &refusal).await;
    }
    response
}

/// Refuses a session that came in by a password somebody else knows, but for what mends that: until then it may be
/// that somebody's. Tokens are none of it: such a session can make none, so each was made by the person before, or by
/// the server for its host's own root.
async fn own_password(
    state: &ServerState,
    guard: Guard,
    caller: &Caller,
    request: &mut Request,
) -> Result<(), Refusal> {
    let name = &caller.person.name;
    if caller.token.purpose != Purpose::Session
        || !state.store.credential(name).await?.is_some_and(|credential| credential.must_change)
    {
        return Ok(());
    }
    let mends = guard.mends_password
        && match guard.subject {
            Subject::Object(_) => path_name(request).await? == *name,
            _ => true,
        };
    if mends {
        return Ok(());
    }
    let message = "somebody else set your password and knows it: choose one of your own first, in the console or by `nagaya login`";
    Err(ApiError::new(403, "MustChangePassword", message).about(Kind::User, name).into())
}

/// What a refusal is about.
#[derive(Default)]
struct About {
    kind: Option<Kind>,
    name: String,
    team: Option<String>,
}

async fn admit(
    state: &ServerState,
    guard: Guard,
    caller: &Caller,
    request: &mut Request,
    about: &mut About,
) -> Result<(), Refusal> {
    let person = &caller.person;
    let object = match guard.subject {
        Subject::Public => return Ok(()),
        Subject::Oneself => return permit(state, caller, guard.action, &Resource::oneself()),
        Subject::System => return permit(state, caller, guard.action, &Resource::system()),
        Subject::Collection => return permit(state, caller, guard.action, &Resource::collection()),
        Subject::Proposal(kind) => {
            about.kind = Some(kind);
            return propose(state, caller, kind, None, request, about).await;
        }
        Subject::Draft(kind) => {
            let name = path_name(request).await?;
            about.kind = Some(kind);
            return propose(state, caller, kind, Some(&name), request, about).await;
        }
        Subject::Object(kind) | Subject::ObjectOrProposal(kind) => {
            let name = path_name(request).await?;
            about.kind = Some(kind);
            about.name.clone_from(&name);
            match state.store.get_raw(kind, &name).await? {
                Some(object) => object,
                None if matches!(guard.subject, Subject::ObjectOrProposal(_)) && is_apply(request) => {
                    return propose(state, caller, kind, Some(&name), request, about).await;
                }
                None => return Err(ApiError::not_found(kind, &name).into()),
            }
        }
    };
    about.team = team_of(&object).map(str::to_owned);
    let resource = Resource::object(&object, &caller.people);
    let mut judge = state.judge.of(person);
    if !judge.may(guard.action, resource.clone()) {
        // What somebody may not see is not there for them.
        return Err(if judge.may(Action::Get, resource) {
            forbidden(person, guard.action, &format!("{} \"{}\"", object.kind, object.metadata.name)).into()
        } else {
            ApiError::not_found(object.kind, &object.metadata.name).into()
        });
    }
    request.extensions_mut().insert(Found(Arc::new(object)));
    Ok(())
}

fn permit(state: &ServerState, caller: &Caller, action: Action, resource: &Resource) -> Result<(), Refusal> {
    if state.judge.may(&caller.person, action, resource) {
        return Ok(());
    }
    Err(forbidden(&caller.person, action, "this instance").into())
}

async fn propose(
    state: &ServerState,
    caller: &Caller,
    kind: Kind,
    name: Option<&str>,
    request: &mut Request,
    about: &mut About,
) -> Result<(), Refusal> {
    let bytes = body::read(request).await?;
    let object = body::object(kind, name, &bytes)?;
    about.name.clone_from(&object.metadata.name);
    about.team = team_of(&object).map(str::to_owned);
    *request.body_mut() = Body::from(bytes);
    if state.judge.may(&caller.person, Action::Create, &Resource::object(&object, &caller.people)) {
        return Ok(());
    }
    let what = format!("{kind} \"{}\"", object.metadata.name);
    Err(forbidden(&caller.person, Action::Create, &what).about(kind, &object.metadata.name).into())
}

fn forbidden(person: &Person, action: Action, what: &str) -> ApiError {
    ApiError::forbidden(format!(
        "{} may not {} {what}: ask an administrator of your team, or operations",
        person.name,
        action.name()
    ))
}

async fn path_name(request: &mut Request) -> Result<String, Refusal> {
    let parameters: RawPathParams = request
        .extract_parts()
        .await
        .map_err(|_| ApiError::bad_request("the address is not valid UTF-8 once decoded"))?;
    let name = parameters.iter().find(|(key, _)| *key == "name").map(|(_, value)| value.to_owned());
    name.ok_or_else(|| ApiError::internal("a route without {name} asks for an object").into())
}

/// Whether the request is a server-side apply, which makes what is not there.
fn is_apply(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with(body::APPLY))
}

/// Keeps a record of what somebody tried and was refused. What worked is on record already, with the change.
async fn record_refusal(
    state: &ServerState,
    caller: &Caller,
    guard: Guard,
    about: About,
    Refusal(error): &Refusal,
) {
    let record = NewAudit {
        who: caller.person.name.clone(),
        verb: guard.action.name().to_owned(),
        kind: about.kind.map(|kind| kind.name().to_owned()).unwrap_or_default(),
        name: about.name,
        team: about.team,
        result: error.reason.clone(),
        message: error.message.clone(),
        changes: Vec::new(),
    };
    if let Err(error) = state.store.audit(caller.writer(None), record).await {
        tracing::error!(%error, "a refusal could not be recorded");
    }
}
