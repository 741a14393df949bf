//! What an agent is told.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use nagaya_tunnel::Timings;
use nagaya_tunnel::proxy::{Proxy, ProxyError};

/// Port of `/readyz`, `/livez` and `/metrics` in the agent's pod.
pub const HEALTH_PORT: u16 = 7901;
/// Where the join Secret is mounted.
pub const JOIN_DIR: &str = "/run/nagaya/join";
/// How long streams may go on after SIGTERM. The pod's grace period is a little longer.
pub const DRAIN: Duration = Duration::from_secs(3600);
/// Environment variable with the server's `host:port`.
pub const SERVER_VARIABLE: &str = "NAGAYA_TUNNEL_SERVER";
/// Environment variable with the agent's own namespace.
pub const NAMESPACE_VARIABLE: &str = "NAGAYA_NAMESPACE";

/// Settings of one agent.
#[derive(Clone)]
pub struct AgentConfig {
    /// `host:port` of the server's tunnel listener.
    pub server: String,
    /// The namespace of the agent's own objects.
    pub namespace: String,
    /// Folder with `token` and `ca.crt`, read at each enrolment. After the first one it may be gone.
    pub join_dir: PathBuf,
    /// Where to serve `/readyz`, `/livez` and `/metrics`; none: nowhere.
    pub health: Option<SocketAddr>,
    /// The version to report.
    pub version: String,
    /// How long streams may go on after the end was asked for.
    pub drain: Duration,
    /// Through which proxy the server is reached.
    pub proxy: Option<Proxy>,
    /// Pings and pauses of the tunnel.
    pub timings: Timings,
    /// How to reach the Kubernetes API; none: as a pod does.
    pub kubernetes: Option<kube::Config>,
}

/// What is missing in the environment.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable is not set.
    #[error("{0} is not set; the agent's Deployment sets it: apply the join manifest again")]
    Missing(&'static str),
    /// The proxy.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
}

impl AgentConfig {
    /// Reads the settings as the Deployment of [`crate::manifests`] gives them. `var` gives an environment
    /// variable's value.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_env(version: &str, var: impl Fn(&str) -> Option<String>) -> Result<AgentConfig, ConfigError> {
        let server = var(SERVER_VARIABLE).ok_or(ConfigError::Missing(SERVER_VARIABLE))?;
        Ok(AgentConfig {
            namespace: var(NAMESPACE_VARIABLE)
                .unwrap_or_else(|| nagaya_api::agent::AGENT_NAMESPACE.to_owned()),
            join_dir: JOIN_DIR.into(),
            health: Some(SocketAddr::from(([0, 0, 0, 0], HEALTH_PORT))),
            version: version.to_owned(),
            drain: DRAIN,
            proxy: Proxy::from_env(&server, var)?,
            timings: Timings::default(),
            kubernetes: None,
            server,
        })
    }
}
