//! How a cluster that runs elsewhere comes in: what its agent is told, and the manifest that tells it.

use std::fmt;

use nagaya_api::{ApiError, Cause};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an imported cluster's agent is told besides the server's address. Kept sealed: a proxy may have a password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AgentOptions {
    /// The agent's image, as the cluster pulls it; empty: the one the server was started with.
    pub image: String,
    /// Through which HTTP proxy the agent reaches the server: `http://[user:password@]host[:port]`; empty: none.
    pub https_proxy: String,
    /// Hosts that are reached without it, comma-separated.
    pub no_proxy: String,
    /// Whether another cluster than the one that joined before may take its place.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replace: bool,
}

impl fmt::Debug for AgentOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AgentOptions").field("image", &self.image).finish_non_exhaustive()
    }
}

impl AgentOptions {
    /// Checks each field.
    ///
    /// # Errors
    /// 422 that names all that are wrong.
    pub fn check(&self, cluster: &str) -> Result<(), ApiError> {
        let mut causes = Vec::new();
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_graphic());
        if !plain(&self.image) {
            let mend = "write it as a Pod does: registry.example.com/nagaya:1.2";
            causes.push(Cause::invalid("image", "is no reference of an image", mend));
        }
        if !plain(&self.no_proxy) {
            causes.push(Cause::invalid(
                "noProxy",
                "is no list of hosts",
                "write a.example.com,.b.example.com",
            ));
        }
        if !self.https_proxy.is_empty() {
            let proxy = nagaya_tunnel::proxy::Proxy::parse(&self.https_proxy);
            if let Some(error) = proxy.err().map(|error| error.to_string()) {
                let mend = "write http://[user:password@]host[:port]";
                causes.push(Cause::invalid("httpsProxy", error, mend));
            }
        }
        if causes.is_empty() { Ok(()) } else { Err(ApiError::invalid("JoinToken", cluster, causes)) }
    }
}

/// What makes the manifest of an imported cluster's agent. The program that listens for agents knows how.
pub trait JoinManifests: fmt::Debug + Send + Sync {
    /// The manifest with which `cluster` joins by `token`, as YAML.
    ///
    /// # Errors
    /// When something is not known that the agent needs, and how to say it.
    fn manifest(&self, cluster: &str, token: &str, agent: &AgentOptions) -> Result<String, ApiError>;
}
