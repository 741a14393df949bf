//! Requests to a cluster's Kubernetes API, through the server and as the caller.

use http::{Method, header};
use nagaya_api::Kind;
use serde_json::Value;

use super::{Client, object_path};
use crate::CliError;

/// Owner of the fields that this program applies in a cluster.
const FIELD_MANAGER: &str = "nagaya-cli";

impl Client {
    /// GETs an object of `cluster`; `path` begins with `/api`.
    ///
    /// # Errors
    /// The server's, or the API server's.
    pub async fn kubernetes_get(&self, cluster: &str, path: &str) -> Result<Value, CliError> {
        self.json(self.request(Method::GET, self.kubernetes_url(cluster, path))).await
    }

    /// POSTs to `cluster`; `path` begins with `/api`.
    ///
    /// # Errors
    /// The server's, or the API server's.
    pub async fn kubernetes_post(&self, cluster: &str, path: &str, body: &Value) -> Result<Value, CliError> {
        self.json(self.request(Method::POST, self.kubernetes_url(cluster, path)).json(body)).await
    }

    /// Applies an object to `cluster`, over what others own of it; `path` begins with `/api` and ends with its name.
    /// <https://kubernetes.io/docs/reference/using-api/server-side-apply/>
    ///
    /// # Errors
    /// The server's, or the API server's.
    pub async fn kubernetes_apply(
        &self,
        cluster: &str,
        path: &str,
        object: &Value,
    ) -> Result<Value, CliError> {
        let request = self
            .request(Method::PATCH, self.kubernetes_url(cluster, path))
            .query(&[("fieldManager", FIELD_MANAGER), ("force", "true")])
            .header(header::CONTENT_TYPE, "application/apply-patch+yaml")
            .body(object.to_string());
        self.json(request).await
    }

    /// Deletes an object of `cluster`; one that is not there is deleted already.
    ///
    /// # Errors
    /// The server's, or the API server's.
    pub async fn kubernetes_delete(&self, cluster: &str, path: &str) -> Result<(), CliError> {
        match self.send(self.request(Method::DELETE, self.kubernetes_url(cluster, path))).await {
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(()),
        }
    }

    fn kubernetes_url(&self, cluster: &str, path: &str) -> String {
        self.url(&format!("{}/kubernetes{path}", object_path(Kind::Cluster, cluster)))
    }
}
