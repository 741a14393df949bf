//! Who asks somebody else's server. Sealed with the server it was given for: what is led elsewhere does not carry it along.

use nagaya_api::{ApiError, Kind, kinds::source::origin};
use nagaya_store::{NewAudit, Writer};
use serde::{Deserialize, Serialize};

use crate::{
    ServerState,
    answer::Answer,
    authorisation::{Action, Caller},
};

/// Who asks.
#[derive(Clone)]
pub struct Credential {
    /// User; of most servers anything will do beside a token.
    pub user: String,
    /// Password or token.
    pub password: String,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    origin: String,
    user: String,
    password: String,
}

/// Seals a credential under a name, for the server of an address.
///
/// # Errors
/// When the store fails.
pub async fn keep(state: &ServerState, secret: &str, url: &str, who: Credential) -> Answer<()> {
    let sealed = Sealed { origin: origin(url).to_owned(), user: who.user, password: who.password };
    let bytes = serde_json::to_vec(&sealed).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(state.store.secret_put(secret, &bytes, state.now()).await?)
}

/// Forgets it.
///
/// # Errors
/// When the store fails.
pub async fn forget(state: &ServerState, secret: String, part: &str) -> Answer<()> {
    let forgotten = state.store.write(Writer::system(part, state.now()), move |tx| {
        Box::pin(async move { tx.secret_delete(&secret).await })
    });
    Ok(forgotten.await?)
}

/// The credential for an address, if one was sealed under this name for its server.
///
/// # Errors
/// When the store fails.
pub async fn of(state: &ServerState, secret: &str, url: &str) -> Answer<Option<Credential>> {
    let Some(bytes) = state.store.secret_get(secret).await? else { return Ok(None) };
    let sealed: Sealed = serde_json::from_slice(&bytes).map_err(|error| {
        ApiError::internal(format!("what is sealed as \"{secret}\" does not read: {error}"))
    })?;
    Ok((sealed.origin == origin(url)).then_some(Credential { user: sealed.user, password: sealed.password }))
}

/// Keeps a record of who sealed something for an object. What it was is in none.
///
/// # Errors
/// When the store fails.
pub async fn record(
    state: &ServerState,
    caller: &Caller,
    action: Action,
    kind: Kind,
    name: &str,
) -> Answer<()> {
    let record = NewAudit {
        who: caller.person.name.clone(),
        verb: action.name().into(),
        kind: kind.name().into(),
        name: name.to_owned(),
        result: "ok".into(),
        ..NewAudit::default()
    };
    Ok(state.store.audit(caller.writer(None), record).await?)
}
