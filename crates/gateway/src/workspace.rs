//! Commands and logs of a workspace, through the Kubernetes API, as the caller.

use axum::body::Body;
use http::{Request, Response};
use nagaya_api::ApiError;
use nagaya_tunnel::Hub;
use serde::{Deserialize, Serialize};

use crate::{Identity, StreamGuard, forward::forward, headers, status, upgrade::upgrade};

/// The container that a person works in, where a chart does not call it otherwise.
const CONTAINER: &str = "workspace";
/// What an exec's query may say; everything else is ours to say.
const EXEC_KEYS: &[&str] = &["command", "stdin", "stdout", "stderr", "tty"];

/// Where a workspace's pod is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodTarget {
    /// Name of the cluster.
    pub cluster: String,
    /// The Kubernetes namespace.
    pub namespace: String,
    /// Name of its pod.
    pub pod: String,
    /// Name of the container that a person works in; empty: `workspace`.
    pub container: String,
}

impl PodTarget {
    fn path(&self, subresource: &str) -> String {
        format!("/api/v1/namespaces/{}/pods/{}/{subresource}", self.namespace, self.pod)
    }

    fn container(&self) -> &str {
        if self.container.is_empty() { CONTAINER } else { &self.container }
    }
}

/// What of a log is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LogQuery {
    /// `workspace`, which is the default, or `relay`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Whether to go on with what is written later.
    pub follow: bool,
    /// Lines from the end to begin with; none: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tail_lines: Option<u32>,
    /// Whether of the container before its last restart.
    pub previous: bool,
    /// Whether each line begins with its time.
    pub timestamps: bool,
}

impl LogQuery {
    /// The query of the Kubernetes API.
    fn query(&self, own: &str) -> Result<String, Box<ApiError>> {
        let container = self.container.as_deref().unwrap_or(CONTAINER);
        if ![CONTAINER, "relay"].contains(&container) {
            return Err(Box::new(ApiError::bad_request(format!(
                "a workspace has no container \"{container}\": say workspace or relay"
            ))));
        }
        let container = if container == CONTAINER { own } else { container };
        let mut query = format!("container={container}");
        for (key, wanted) in
            [("follow", self.follow), ("previous", self.previous), ("timestamps", self.timestamps)]
        {
            if wanted {
                query.push_str(&format!("&{key}=true"));
            }
        }
        if let Some(lines) = self.tail_lines {
            query.push_str(&format!("&tailLines={lines}"));
        }
        Ok(query)
    }
}

/// The query of the Kubernetes API for an exec: only the keys a client may say, the container ours; a terminal
/// with a shell where it says nothing.
fn exec_query(asked: &str, container: &str) -> String {
    let mut query = format!("container={container}");
    let mut said = |key: &str| {
        let mut any = false;
        for pair in asked.split('&').filter(|pair| pair.split('=').next() == Some(key)) {
            query.push('&');
            query.push_str(pair);
            any = true;
        }
        any
    };
    let said: Vec<&str> = EXEC_KEYS.iter().copied().filter(|key| said(key)).collect();
    if !said.contains(&"command") {
        query.push_str("&command=/bin/bash&command=-l");
    }
    if !said.iter().any(|key| *key != "command") {
        query.push_str("&stdin=true&stdout=true&tty=true");
    }
    query
}

/// Runs a command in the workspace's container. The request must ask for an upgrade: WebSocket with one of
/// Kubernetes' channel protocols (`v5.channel.k8s.io`, `v4.channel.k8s.io`), or SPDY/3.1; the stream is the API
/// server's own. Query: `command` (repeated), `stdin`, `stdout`, `stderr`, `tty`; without any, a login shell
/// in a terminal.
pub async fn exec(
    request: Request<Body>,
    target: &PodTarget,
    identity: &Identity,
    hub: &Hub,
    guard: StreamGuard,
) -> Response<Body> {
    let Some(protocol) = headers::upgrade_of(request.headers()) else {
        let words = "exec is a WebSocket: ask for an upgrade, with subprotocol v4.channel.k8s.io or v5.channel.k8s.io";
        return status::answer(&ApiError::bad_request(words));
    };
    let path = format!(
        "{}?{}",
        target.path("exec"),
        exec_query(request.uri().query().unwrap_or_default(), target.container())
    );
    upgrade(request, protocol, &path, &target.cluster, identity, hub, guard).await
}

/// The log of the workspace's container as plain text.
pub async fn logs(
    query: LogQuery,
    target: &PodTarget,
    identity: &Identity,
    hub: &Hub,
    guard: StreamGuard,
) -> Response<Body> {
    let query = match query.query(target.container()) {
        Ok(query) => query,
        Err(error) => return status::answer(&error),
    };
    let path = format!("{}?{query}", target.path("log"));
    forward(Request::new(Body::empty()), &path, &target.cluster, identity, hub, guard).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_exec_is_always_in_the_workspaces_container() {
        assert_eq!(
            exec_query("command=ls&command=-l&container=relay&stdout=1&x=y", "workspace"),
            "container=workspace&command=ls&command=-l&stdout=1"
        );
        assert_eq!(
            exec_query("", "desk"),
            "container=desk&command=/bin/bash&command=-l&stdin=true&stdout=true&tty=true"
        );
    }

    #[test]
    fn logs_are_of_the_workspaces_containers_only() {
        let query = LogQuery { follow: true, tail_lines: Some(5), ..LogQuery::default() };
        assert_eq!(query.query("workspace").unwrap(), "container=workspace&follow=true&tailLines=5");
        let other = LogQuery { container: Some("x&follow=true".into()), ..LogQuery::default() };
        assert!(other.query("workspace").is_err());
        let named = LogQuery { container: Some("workspace".into()), ..LogQuery::default() };
        assert_eq!(named.query("desk").unwrap(), "container=desk", "a chart calls it as it likes");
    }
}
