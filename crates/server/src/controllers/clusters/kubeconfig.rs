//! GET /clusters/{name}/kubeconfig

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use nagaya_api::{ApiError, Cause, Kind, Resource, Team};
use nagaya_store::{Filter, NewAudit, NewToken, Purpose, StoreError};
use serde::Deserialize;

use crate::{ServerState, answer::Answer, authorisation::Caller};

/// How long a kubeconfig lets its owner in unless said otherwise: a working day.
const LIVES: SignedDuration = SignedDuration::from_hours(12);
/// The longest. It is a file that lies about; programs have tokens of their own.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 7);
/// The shortest: time to put it where kubectl finds it.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);
/// What the tokens of kubeconfigs are called, before the cluster's name.
const TOKEN_NAME: &str = "kubeconfig ";

/// Query of a kubeconfig.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KubeconfigQuery {
    /// How long it lets its owner in, in seconds.
    pub expiration_seconds: Option<i64>,
}

impl KubeconfigQuery {
    fn lives(self, cluster: &str) -> Result<SignedDuration, ApiError> {
        let lives = self.expiration_seconds.map_or(LIVES, SignedDuration::from_secs);
        if (SHORTEST..=LONGEST).contains(&lives) {
            return Ok(lives);
        }
        let cause = Cause::invalid(
            "expirationSeconds",
            format!("must be from {} to {}", SHORTEST.as_secs(), LONGEST.as_secs()),
            "ask for 7 days at most, and get another kubeconfig then; for a program make a token of its own",
        );
        Err(ApiError::invalid("Kubeconfig", cluster, vec![cause]))
    }
}

/// The cluster of a kubeconfig's token, by what the token is called.
pub fn cluster_of(token_name: &str) -> Option<&str> {
    token_name.strip_prefix(TOKEN_NAME)
}

/// Answers a kubeconfig for the cluster: kubectl as the caller, through the tunnel, with an API token made for it,
/// which ends.
///
/// JSON, which is YAML too, so that nothing needs quoting; but for a comment that says until when it is good.
pub async fn kubeconfig(
    state: ServerState,
    caller: Caller,
    name: String,
    query: KubeconfigQuery,
) -> Answer<Response> {
    let Some(server) = state.config.https_url() else {
        return Err(ApiError::new(
            409,
            "Conflict",
            "this server does not listen with TLS, and kubectl sends no token without it: start it with --https-port",
        )
        .about(Kind::Cluster, &name)
        .into());
    };
    let ends = caller.now.saturating_add(query.lives(&name)?).unwrap_or(caller.now);
    let namespace = namespace(&state, &caller, &name).await?;
    let new = NewToken {
        purpose: Purpose::Api,
        user: caller.person.name.clone(),
        name: format!("{TOKEN_NAME}{name}"),
        expires_at: Some(ends),
        idle: None,
    };
    let record = NewAudit {
        who: caller.person.name.clone(),
        verb: "kubeconfig".into(),
        kind: "Cluster".into(),
        name: name.clone(),
        result: "ok".into(),
        ..NewAudit::default()
    };
    let (_, secret) = state
        .store
        .write(caller.writer(None), move |tx| {
            Box::pin(async move {
                let made = tx.token_create(new).await?;
                tx.audit(record).await?;
                Ok::<_, StoreError>(made)
            })
        })
        .await?;
    let mut cluster = serde_json::json!({
        "server": format!("{server}{}/clusters/{name}/kubernetes", crate::routes::API),
    });
    let ca = state.ca.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    if let Some(pem) = ca {
        cluster["certificate-authority-data"] = STANDARD.encode(pem).into();
    }
    let context = format!("nagaya-{}-{name}", state.config.instance);
    let user = format!("nagaya-{}-{}", state.config.instance, caller.person.name);
    let config = serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": context, "cluster": cluster}],
        "users": [{"name": user, "user": {"token": secret}}],
        "contexts": [{"name": context, "context": {"cluster": context, "user": user, "namespace": namespace}}],
        "current-context": context,
        "preferences": {},
    });
    let text =
        serde_json::to_string_pretty(&config).map_err(|error| ApiError::internal(error.to_string()))?;
    let text = format!("{}{text}\n", comment(&name, &caller.person.name, ends));
    Ok(([(header::CONTENT_TYPE, "application/yaml")], text).into_response())
}

/// What stands at the top of the file.
fn comment(cluster: &str, user: &str, ends: Timestamp) -> String {
    let until = Timestamp::from_second(ends.as_second()).unwrap_or(ends);
    format!("# cluster {cluster} as {user} until {until}; then get another: nagaya kubeconfig {cluster}\n")
}

/// The namespace kubectl begins in: that of the caller's first team there.
async fn namespace(state: &ServerState, caller: &Caller, cluster: &str) -> Answer<String> {
    let teams = state.store.list::<Team>(&Filter::default()).await?;
    let mine = teams
        .items
        .into_iter()
        .find(|team| team.spec.cluster == cluster && caller.person.roles.contains_key(&team.meta().name));
    Ok(mine.map_or_else(|| "default".to_owned(), |team| team.namespace().to_owned()))
}
