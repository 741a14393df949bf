//! The agent removes itself from its cluster, because the server says that the cluster leaves Nagaya.

use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use kube::api::{DeleteParams, Patch, PatchParams};
use kube::{Api, Client};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::manifests::NAME;

/// Has Kubernetes remove `namespace`, in which the agent is, and then its cluster-wide rights: whoever loses them first
/// can remove nothing more, so they are made the namespace's dependents and left to the garbage collector.
///
/// # Errors
/// The API server's. Done again it goes on from wherever it ended.
pub async fn farewell(client: &Client, namespace: &str) -> Result<(), kube::Error> {
    let namespaces: Api<Namespace> = Api::all(client.clone());
    let Some(own) = namespaces.get_opt(namespace).await? else { return Ok(()) };
    let owner = json!({
        "apiVersion": "v1", "kind": "Namespace", "name": namespace,
        "uid": own.metadata.uid.unwrap_or_default(),
    });
    let patch = json!({ "metadata": { "ownerReferences": [owner] } });
    goes_with(&Api::<ClusterRoleBinding>::all(client.clone()), &patch).await?;
    goes_with(&Api::<ClusterRole>::all(client.clone()), &patch).await?;
    tracing::info!(namespace, "told to leave: removing the agent's own namespace");
    match namespaces.delete(namespace, &DeleteParams::background()).await {
        Ok(_) => Ok(()),
        // It is going already.
        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn goes_with<K>(api: &Api<K>, patch: &Value) -> Result<(), kube::Error>
where
    K: Clone + DeserializeOwned + std::fmt::Debug,
{
    match api.patch(NAME, &PatchParams::default(), &Patch::Merge(patch)).await {
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        other => other.map(drop),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::{Arc, Mutex};

    use http::{Request, Response};
    use http_body_util::BodyExt;
    use kube::client::Body;

    use super::*;

    type Calls = Arc<Mutex<Vec<String>>>;

    /// An API server that has the namespace, or has not, and keeps what was asked of it.
    fn client(there: bool, calls: &Calls) -> Client {
        let calls = calls.clone();
        let answer = move |request: Request<Body>| {
            let calls = calls.clone();
            async move {
                let line = format!("{} {}", request.method(), request.uri().path());
                let body = request.into_body().collect().await.unwrap().to_bytes();
                let owned = String::from_utf8_lossy(&body).contains("uid-1");
                calls.lock().unwrap().push(if owned { format!("{line} owned") } else { line.clone() });
                let (code, body) = match line.as_str() {
                    "GET /api/v1/namespaces/nagaya-system" | "DELETE /api/v1/namespaces/nagaya-system"
                        if there =>
                    {
                        (
                            200,
                            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "nagaya-system", "uid": "uid-1"}}),
                        )
                    }
                    line if line.ends_with("clusterroles/nagaya-agent") => (
                        200,
                        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": NAME}}),
                    ),
                    _ => (
                        404,
                        json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "NotFound", "message": "no", "code": 404}),
                    ),
                };
                let response =
                    Response::builder().status(code).body(Body::from(body.to_string().into_bytes()));
                Ok::<_, std::convert::Infallible>(response.unwrap())
            }
        };
        Client::new(tower::service_fn(answer), "default")
    }

    #[tokio::test]
    async fn rights_are_left_to_go_with_the_namespace_which_goes_last() {
        let calls = Calls::default();
        farewell(&client(true, &calls), "nagaya-system").await.unwrap();
        let rbac = "/apis/rbac.authorization.k8s.io/v1";
        assert_eq!(
            *calls.lock().unwrap(),
            [
                "GET /api/v1/namespaces/nagaya-system".to_owned(),
                format!("PATCH {rbac}/clusterrolebindings/nagaya-agent owned"),
                format!("PATCH {rbac}/clusterroles/nagaya-agent owned"),
                "DELETE /api/v1/namespaces/nagaya-system".to_owned(),
            ],
            "the binding is gone already, and that is no failure"
        );
    }

    #[tokio::test]
    async fn what_is_gone_is_not_asked_for_again() {
        let calls = Calls::default();
        farewell(&client(false, &calls), "nagaya-system").await.unwrap();
        assert_eq!(*calls.lock().unwrap(), ["GET /api/v1/namespaces/nagaya-system"]);
    }
}
