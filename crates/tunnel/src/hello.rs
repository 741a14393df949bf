//! The first exchange on every connection: the agent says who it is.
//!
//! The certificate names the cluster; which of several agents of that cluster speaks (a rolling update runs two
//! at once) and which is newer, only the agent itself can say.

use http::{HeaderValue, Method, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::Lane;
use crate::body::{Body, empty, full, text};

/// Path that the dialler answers itself, before its service sees anything.
pub(crate) const HELLO_PATH: &str = "/.nagaya/hello";
/// Authority of requests whose caller gave none: it exists only inside the tunnel.
pub(crate) const AGENT_AUTHORITY: &str = "agent.nagaya.internal";
/// Path by which an agent hears, in words, why it is not taken. The dialler answers it too.
pub(crate) const REFUSED_PATH: &str = "/.nagaya/refused";
/// Path by which an agent is asked to dial a lane, with the lane's name at its end. The dialler answers it too; one that
/// dials every lane unasked does not know it, which does no harm.
const LANE_PATH: &str = "/.nagaya/lane/";
/// Header of the question who is there: this server asks for lanes when it needs them.
const ASKS_HEADER: &str = "nagaya-asks-for-lanes";
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
    let mut request = asking(HELLO_PATH, empty());
    request.headers_mut().insert(ASKS_HEADER, HeaderValue::from_static("true"));
    request
}

/// Whether the server that asks who is there asks for lanes as well.
pub(crate) fn asks_for_lanes<B>(request: &Request<B>) -> bool {
    request.headers().contains_key(ASKS_HEADER)
}

/// Asks for a lane.
pub(crate) fn lane(lane: Lane) -> Request<Body> {
    let mut request = asking(&format!("{LANE_PATH}{lane}"), empty());
    *request.method_mut() = Method::POST;
    request
}

/// The lane that a path asks for.
pub(crate) fn asked_lane(path: &str) -> Option<Lane> {
    Lane::from_word(path.strip_prefix(LANE_PATH)?)
}

/// Tells an agent why it is not taken.
pub(crate) fn refusal(why: &str) -> Request<Body> {
    let mut request = asking(REFUSED_PATH, full(why.to_owned()));
    *request.method_mut() = Method::POST;
    request
}

fn asking(path: &str, body: Body) -> Request<Body> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_that_is_asked_for_is_understood() {
        for one in Lane::ALL {
            assert_eq!(asked_lane(lane(one).uri().path()), Some(one));
        }
        for other in [HELLO_PATH, "/.nagaya/lane/", "/.nagaya/lane/other", "/v1/intent"] {
            assert_eq!(asked_lane(other), None);
        }
        assert!(asks_for_lanes(&request()) && !asks_for_lanes(&lane(Lane::Api)));
    }
}
