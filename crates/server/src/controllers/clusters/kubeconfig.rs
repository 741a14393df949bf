//! GET /clusters/{name}/kubeconfig

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use nagaya_api::{ApiError, Kind, Resource, Team};
use nagaya_store::{Filter, NewAudit, NewToken, Purpose, StoreError};

use crate::{ServerState, answer::Answer, authorisation::Caller};

/// Answers a kubeconfig for the cluster: kubectl as the caller, through the tunnel, with an API token made for it.
///
/// JSON, which is YAML too, so that nothing needs quoting.
pub async fn kubeconfig(state: ServerState, caller: Caller, name: String) -> Answer<Response> {
    let Some(server) = state.config.https_url() else {
        return Err(ApiError::new(
            409,
            "Conflict",
            "this server does not listen with TLS, and kubectl sends no token without it: start it with --https-port",
        )
        .about(Kind::Cluster, &name)
        .into());
    };
    let namespace = namespace(&state, &caller, &name).await?;
    let new = NewToken {
        purpose: Purpose::Api,
        user: caller.person.name.clone(),
        name: format!("kubeconfig {name}"),
        expires_at: None,
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
    Ok(([(header::CONTENT_TYPE, "application/yaml")], text + "\n").into_response())
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
