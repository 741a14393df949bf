//! POST /clusters/{name}/join-token

use axum::{Json, http::StatusCode};
use jiff::{SignedDuration, Timestamp};
use nagaya_api::{ApiError, Cluster, Kind, RawObject, Resource as _, kinds::cluster::Provider};
use nagaya_store::NewAudit;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ServerState, answer::Answer, authorisation::Caller, join::AgentOptions, routes::JOIN};

/// How long a join token waits for its agent.
const LIVES: SignedDuration = SignedDuration::from_hours(1);

/// A join token, shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewJoinToken {
    /// The secret that the agent shows once.
    pub token: String,
    /// The cluster whose agent may use it.
    pub cluster: String,
    /// When it ends unused.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// For an imported cluster: where its manifest is, for `kubectl apply -f`, until the token is used or ends.
    /// Empty when this server does not listen with TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The same as a path on this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether the certificate behind `url` is of the instance's own CA, which kubectl does not know: `/ca.crt`.
    pub private_ca: bool,
}

/// Makes a token with which the cluster's agent joins, once.
pub async fn create(
    state: ServerState,
    caller: Caller,
    found: &RawObject,
    options: AgentOptions,
) -> Answer<(StatusCode, Json<NewJoinToken>)> {
    let cluster = Cluster::from_raw(found)?;
    let name = cluster.metadata.name.clone();
    let imported = cluster.spec.provider == Provider::Import;
    if cluster.metadata.deletion_timestamp.is_some() {
        return Err(ApiError::conflict(
            Kind::Cluster,
            &name,
            "it is being deleted: nothing joins it any more",
        )
        .into());
    }
    if imported {
        options.check(&name)?;
        let Some(manifests) = &state.config.join else {
            let why = "this server listens for no clusters elsewhere: start it with --tunnel-listen ADDRESS:PORT and --tunnel-address HOST:PORT";
            return Err(ApiError::conflict(Kind::Cluster, &name, why).into());
        };
        // Before there is a token: what is missing is said now, and not to who applies it.
        manifests.manifest(&name, "", &options)?;
        let replace = options.replace;
        let options = AgentOptions { replace: false, ..options };
        let sealed = serde_json::to_vec(&options).map_err(|error| ApiError::internal(error.to_string()))?;
        state.store.secret_put(&nagaya_control::join_options_secret(&name), &sealed, caller.now).await?;
        if replace {
            nagaya_control::replace_cluster(&state.store, &name, caller.now).await?;
        }
    }
    let (token, secret) = state.store.join_token_create(caller.writer(None), &name, LIVES).await?;
    let record = NewAudit {
        who: caller.person.name.clone(),
        verb: "join-token".into(),
        kind: "Cluster".into(),
        name,
        result: "ok".into(),
        ..NewAudit::default()
    };
    state.store.audit(caller.writer(None), record).await?;
    let path = imported.then(|| format!("{JOIN}{secret}"));
    let made = NewJoinToken {
        url: path.as_ref().and_then(|path| Some(format!("{}{path}", state.config.https_url()?))),
        path,
        private_ca: state.ca.read().unwrap_or_else(std::sync::PoisonError::into_inner).is_some(),
        token: secret,
        cluster: token.cluster,
        expires_at: token.expires_at,
    };
    Ok((StatusCode::CREATED, Json(made)))
}
