//! The HTTP API, as far as the command line uses it.

mod auth;
mod kubernetes;
mod sse;
mod tls;
mod watch;
mod websocket;

use std::time::Duration;

use http::Method;
use nagaya_api::{ApiError, Kind, RawObject, kinds::cluster::Removal};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

pub use auth::{Me, Membership, NewToken, TokenInfo, create_token_with_password};
pub use sse::Decoder;
pub use watch::{Watch, WatchEvent};
pub use websocket::{ExecStream, FromCommand, Protocol, ToCommand, exec};

use crate::{CliError, Connection};

/// Longest wait for a TCP and TLS connection. Answers may take as long as they need.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client of one server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    connection: Connection,
}

/// A list as the server answers it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct List {
    /// Revision and page.
    #[serde(default)]
    pub metadata: ListMeta,
    /// The objects.
    pub items: Vec<RawObject>,
}

/// Metadata of a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListMeta {
    /// Revision of the list; a watch goes on from it.
    pub resource_version: String,
    /// Where the next page begins; empty on the last.
    #[serde(rename = "continue")]
    pub continue_: Option<String>,
}

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Label selector.
    pub selector: Option<String>,
    /// Team.
    pub team: Option<String>,
}

impl Client {
    /// A client of the server that `connection` names.
    ///
    /// # Errors
    /// When its CA is not a certificate, or a token would go over the network in the clear.
    pub fn new(connection: Connection) -> Result<Self, CliError> {
        if !connection.token.is_empty()
            && connection.server.starts_with("http://")
            && !is_loopback(&connection.server)
        {
            return Err(CliError::Usage(format!(
                "{} is plain http: a token sent there can be read on the way (use https, or an ssh -L tunnel to a loopback address)",
                connection.server
            )));
        }
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(&connection.certificate_authority)?)
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("nagaya/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| CliError::Other(error.to_string()))?;
        Ok(Self { http, connection })
    }

    /// Address of the server.
    pub fn server(&self) -> &str {
        &self.connection.server
    }

    /// The connection's settings.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Address of a path below `/api/v1alpha1`.
    fn url(&self, path: &str) -> String {
        format!("{}/api/v1alpha1/{path}", self.connection.server)
    }

    fn request(&self, method: Method, url: String) -> reqwest::RequestBuilder {
        let request = self.http.request(method, url);
        if self.connection.token.is_empty() { request } else { request.bearer_auth(&self.connection.token) }
    }

    /// Sends a request; an answer that is not a success becomes the error it carries.
    async fn send(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, CliError> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if response.status().is_success() { Ok(response) } else { Err(self.refusal(response).await) }
    }

    fn unreachable(&self, error: &reqwest::Error) -> CliError {
        CliError::Unreachable { server: self.connection.server.clone(), cause: innermost(error) }
    }

    async fn refusal(&self, response: reqwest::Response) -> CliError {
        let status = response.status();
        let text = response.text().await.unwrap_or_default();
        match serde_json::from_str::<ApiError>(&text) {
            Ok(error) if error.code == 401 && self.connection.token.is_empty() => {
                CliError::NotLoggedIn(self.connection.server.clone())
            }
            Ok(error) => error.into(),
            Err(_) => {
                let text = text.lines().next().unwrap_or_default().chars().take(200).collect::<String>();
                let reason = status.canonical_reason().unwrap_or("Unknown").replace(' ', "");
                ApiError::new(
                    status.as_u16(),
                    &reason,
                    format!("{}: {status}: {text}", self.connection.server),
                )
                .into()
            }
        }
    }

    async fn json<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, CliError> {
        let response = self.send(request).await?;
        let bytes = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            CliError::Other(format!("{} answered something unexpected: {error}", self.connection.server))
        })
    }

    /// One object.
    ///
    /// # Errors
    /// The server's.
    pub async fn get(&self, kind: Kind, name: &str) -> Result<RawObject, CliError> {
        self.json(self.request(Method::GET, self.url(&object_path(kind, name)))).await
    }

    /// All objects of a kind, page after page.
    ///
    /// # Errors
    /// The server's.
    pub async fn list(&self, kind: Kind, filter: &Filter) -> Result<List, CliError> {
        let mut whole = List::default();
        let mut next: Option<String> = None;
        loop {
            let mut request = self.request(Method::GET, self.url(kind.plural())).query(&[("limit", "500")]);
            if let Some(selector) = &filter.selector {
                request = request.query(&[("labelSelector", selector)]);
            }
            if let Some(team) = &filter.team {
                request = request.query(&[("team", team)]);
            }
            if let Some(token) = &next {
                request = request.query(&[("continue", token)]);
            }
            let page: List = self.json(request).await?;
            whole.items.extend(page.items);
            if whole.metadata.resource_version.is_empty() {
                // A watch from the first page's revision tells also what changed while later ones were read.
                whole.metadata.resource_version = page.metadata.resource_version;
            }
            next = page.metadata.continue_.filter(|token| !token.is_empty());
            if next.is_none() {
                return Ok(whole);
            }
        }
    }

    /// Creates an object.
    ///
    /// # Errors
    /// The server's.
    pub async fn create(&self, object: &RawObject) -> Result<RawObject, CliError> {
        self.json(self.request(Method::POST, self.url(object.kind.plural())).json(object)).await
    }

    /// Server-side apply under [`crate::FIELD_MANAGER`].
    ///
    /// # Errors
    /// The server's; a conflict names the fields and their owners.
    pub async fn apply(
        &self,
        kind: Kind,
        name: &str,
        object: &Value,
        options: ApplyOptions,
    ) -> Result<RawObject, CliError> {
        let request = self
            .request(Method::PATCH, self.url(&object_path(kind, name)))
            .query(&[
                ("fieldManager", crate::FIELD_MANAGER),
                ("force", if options.force { "true" } else { "false" }),
                ("dryRun", if options.dry_run { "true" } else { "false" }),
            ])
            .header("content-type", "application/apply-patch+json")
            .body(object.to_string());
        self.json(request).await
    }

    /// Changes an object by a JSON merge patch (RFC 7396).
    ///
    /// # Errors
    /// The server's.
    pub async fn merge(&self, kind: Kind, name: &str, patch: &Value) -> Result<RawObject, CliError> {
        self.merge_as(crate::FIELD_MANAGER, kind, name, patch).await
    }

    /// As [`Client::merge`], with a name for who then owns the fields.
    ///
    /// # Errors
    /// The server's.
    pub async fn merge_as(
        &self,
        manager: &str,
        kind: Kind,
        name: &str,
        patch: &Value,
    ) -> Result<RawObject, CliError> {
        let request = self
            .request(Method::PATCH, self.url(&object_path(kind, name)))
            .query(&[("fieldManager", manager)])
            .header("content-type", "application/merge-patch+json")
            .body(patch.to_string());
        self.json(request).await
    }

    /// Deletes an object. A workspace's home stays.
    ///
    /// # Errors
    /// The server's.
    pub async fn delete(&self, kind: Kind, name: &str) -> Result<(), CliError> {
        self.send(self.request(Method::DELETE, self.url(&object_path(kind, name)))).await.map(drop)
    }

    /// Deletes an imported cluster, and says what becomes of what Nagaya put there.
    ///
    /// # Errors
    /// The server's.
    pub async fn delete_imported(&self, name: &str, removal: Removal) -> Result<(), CliError> {
        let request = self.request(Method::DELETE, self.url(&object_path(Kind::Cluster, name)));
        self.send(request.query(&[("objects", removal.name())])).await.map(drop)
    }

    /// Puts JSON to a path below the API.
    ///
    /// # Errors
    /// The server's.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Value, CliError> {
        self.json(self.request(Method::PUT, self.url(path)).json(body)).await
    }

    /// Puts an object in the place of the one of its name, which must be the one that it was read as.
    ///
    /// # Errors
    /// The server's; a conflict when it was changed since.
    pub async fn replace(&self, object: &RawObject) -> Result<RawObject, CliError> {
        let path = self.url(&object_path(object.kind, &object.metadata.name));
        self.json(self.request(Method::PUT, path).json(object)).await
    }

    /// POSTs to a path below `/api/v1alpha1`; an empty answer is null.
    ///
    /// # Errors
    /// The server's.
    pub async fn post(&self, path: &str, body: Option<&Value>) -> Result<Value, CliError> {
        let mut request = self.request(Method::POST, self.url(path));
        if let Some(body) = body {
            request = request.json(body);
        }
        let bytes = self.send(request).await?.bytes().await.map_err(|error| self.unreachable(&error))?;
        Ok(serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// GETs a text below `/api/v1alpha1`.
    ///
    /// # Errors
    /// The server's.
    pub async fn text(&self, path: &str) -> Result<String, CliError> {
        let response = self.send(self.request(Method::GET, self.url(path))).await?;
        response.text().await.map_err(|error| self.unreachable(&error))
    }

    /// Opens a stream of bytes below `/api/v1alpha1`.
    ///
    /// # Errors
    /// The server's.
    pub async fn stream(&self, path: &str, query: &[(&str, String)]) -> Result<reqwest::Response, CliError> {
        self.send(self.request(Method::GET, self.url(path)).query(query)).await
    }

    /// GETs a path at the server's root (`/version`, `/readyz`) with a short patience.
    ///
    /// # Errors
    /// The server's.
    pub async fn root(&self, path: &str) -> Result<String, CliError> {
        let request = self
            .request(Method::GET, format!("{}{path}", self.connection.server))
            .timeout(Duration::from_secs(5));
        self.send(request).await?.text().await.map_err(|error| self.unreachable(&error))
    }
}

/// How to apply.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApplyOptions {
    /// Take over fields that other managers own.
    pub force: bool,
    /// Check and answer, change nothing.
    pub dry_run: bool,
}

/// Path of an object below `/api/v1alpha1`.
pub fn object_path(kind: Kind, name: &str) -> String {
    format!("{}/{}", kind.plural(), encode(name))
}

/// Percent-encodes what cannot stand in a path segment or a query value.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Whether an address is this machine's own, where nothing can listen in.
fn is_loopback(server: &str) -> bool {
    let host = server.split("://").nth(1).unwrap_or(server).split('/').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The cause at the bottom: "connection refused" says more than "error sending request".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut at: &dyn std::error::Error = error;
    while let Some(source) = at.source() {
        at = source;
    }
    at.to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_goes_in_the_clear_to_this_machine_only() {
        let client = |server: &str| {
            Client::new(Connection {
                server: server.into(),
                certificate_authority: String::new(),
                token: "t".into(),
            })
        };
        for good in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80", "http://a.localhost:1"] {
            assert!(client(good).is_ok(), "{good}");
        }
        for bad in ["http://10.0.0.1:8080", "http://localhost.example", "http://nagaya.example"] {
            assert!(client(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_path_segment() {
        assert_eq!(object_path(Kind::Team, "../users?x"), "teams/..%2Fusers%3Fx");
    }
}
