//! The first exchange on every connection: the agent says who it is.
//!
//! The certificate names the cluster; which of several agents of that cluster speaks (a rolling update runs two
//! at once) and which is newer, only the agent itself can say.

use http::{Method, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::body::{Body, empty, full, text};

/// Path that the dialler answers itself, before its service sees anything.
pub(crate) const HELLO_PATH: &str = "/.nagaya/hello";
/// Authority of requests whose caller gave none: it exists only inside the tunnel.
pub(crate) const AGENT_AUTHORITY: &str = "agent.nagaya.internal";
/// Path by which an agent hears, in words, why it is not taken. The dialler answers it too.
pub(crate) const REFUSED_PATH: &str = "/.nagaya/refused";
/// Longest hello that is read, and longest words.
pub(crate) const HELLO_LIMIT: usize = 4096;

/// Who an agent is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentHello {
    /// Unique to one run of one agent process.
    pub agent_id: String,
    /// The agent's version.
    pub version: String,
    /// When the agent process began, in milliseconds since 1970. Of two agents of one cluster the one that began
    /// later gets new requests.
    pub started_ms: i64,
    /// What the cluster itself is known by, whatever it is called here: the uid of its namespace `kube-system`. Empty
    /// when the agent does not say, as older ones do not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cluster_uid: String,
}

pub(crate) fn request() -> Request<Body> {
    asking(HELLO_PATH, empty())
}

/// Tells an agent why it is not taken.
pub(crate) fn refusal(why: &str) -> Request<Body> {
    let mut request = asking(REFUSED_PATH, full(why.to_owned()));
    *request.method_mut() = Method::POST;
    request
}

fn asking(path: &'static str, body: Body) -> Request<Body> {
    let mut request = Request::new(body);
    *request.uri_mut() = http::Uri::builder()
        .scheme("http")
        .authority(AGENT_AUTHORITY)
        .path_and_query(path)
        .build()
        .unwrap_or_default();
    request
}

pub(crate) fn answer(hello: &AgentHello) -> Response<Body> {
    match serde_json::to_vec(hello) {
        Ok(json) => Response::new(full(json)),
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}
