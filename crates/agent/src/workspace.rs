//! Streams to workspaces: through the relay in their pod, or to the Service that a chart made.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use nagaya_tunnel::Identity;
use nagaya_tunnel::relay::{RELAY_PORT, client_config};
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::release::environment::{self, NoWay};
use crate::report::{PodTarget, Reports};

/// A pod is next door: if it does not answer within this, it will not.
const LIMIT: Duration = Duration::from_secs(5);

/// Why a stream was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The cluster has no such workspace.
    #[error("this cluster holds no workspace {namespace}/{workspace}")]
    Unknown {
        /// Its namespace.
        namespace: String,
        /// Its name.
        workspace: String,
    },
    /// Its pod does not run.
    #[error("{0}")]
    NotRunning(String),
    /// Its pod does not answer.
    #[error("the relay of workspace {workspace} at {address} does not answer: {source}")]
    Unreachable {
        /// The workspace.
        workspace: String,
        /// Where it was tried.
        address: String,
        /// What happened.
        source: std::io::Error,
    },
    /// The relay does not offer that port.
    #[error(
        "workspace {workspace} does not offer port {port}: name it in the template, then stop and start it"
    )]
    NoPort {
        /// The workspace.
        workspace: String,
        /// The port.
        port: u16,
    },
    /// Whoever answers is not the workspace's relay.
    #[error("what answers at {address} is not the relay of workspace {workspace}; nothing was sent to it")]
    Impostor {
        /// The workspace.
        workspace: String,
        /// Where.
        address: String,
    },
    /// The Service of a workspace that is a release leads nowhere.
    #[error("{0}")]
    NoWay(NoWay),
    /// Its pod does not answer.
    #[error("nothing of workspace {workspace} answers at {address}: {source}")]
    Silent {
        /// The workspace.
        workspace: String,
        /// Where it was tried.
        address: String,
        /// What happened.
        source: std::io::Error,
    },
    /// Our own certificate.
    #[error(transparent)]
    Identity(#[from] nagaya_tunnel::TunnelError),
}

impl OpenError {
    /// The status that the server gets.
    pub fn status(&self) -> StatusCode {
        match self {
            OpenError::Unknown { .. } => StatusCode::NOT_FOUND,
            OpenError::NotRunning(_) => StatusCode::SERVICE_UNAVAILABLE,
            OpenError::NoWay(NoWay::NotNow(_)) => StatusCode::SERVICE_UNAVAILABLE,
            OpenError::NoPort { .. } | OpenError::NoWay(NoWay::Never(_)) => StatusCode::FORBIDDEN,
            OpenError::Unreachable { .. }
            | OpenError::Impostor { .. }
            | OpenError::Silent { .. }
            | OpenError::NoWay(NoWay::Unknown(_)) => StatusCode::BAD_GATEWAY,
            OpenError::Identity(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Opens a stream to `port` of a workspace.
///
/// # Errors
/// [`OpenError`], in words for the person who opens the desktop.
pub async fn open(
    reports: &Reports,
    identity: &Identity,
    workspace: &str,
    namespace: &str,
    port: u16,
) -> Result<TlsStream<TcpStream>, OpenError> {
    let target = reports.target(namespace, workspace).ok_or_else(|| OpenError::Unknown {
        namespace: namespace.to_owned(),
        workspace: workspace.to_owned(),
    })?;
    match target.running {
        Some(pod) => dial(identity, workspace, &pod, RELAY_PORT, port).await,
        None => Err(OpenError::NotRunning(target.why_not)),
    }
}

/// Opens a stream to `port` of the Service of a workspace that is a release. What the chart runs there has no relay of
/// Nagaya's at its door: its Service says where it is.
///
/// # Errors
/// [`OpenError`], in words for the person who opens the desktop.
pub async fn open_service(
    client: &kube::Client,
    workspace: &str,
    namespace: &str,
    service: &str,
    port: u16,
) -> Result<TcpStream, OpenError> {
    let (ip, port) =
        environment::way(client, namespace, workspace, service, port).await.map_err(OpenError::NoWay)?;
    let address = address(&ip, port);
    let connected = tokio::time::timeout(LIMIT, TcpStream::connect(&address)).await;
    let connected = connected.unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut)));
    let stream = connected.and_then(|stream| stream.set_nodelay(true).map(|()| stream));
    stream.map_err(|source| OpenError::Silent { workspace: workspace.to_owned(), address, source })
}

fn address(ip: &str, port: u16) -> String {
    if ip.contains(':') { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") }
}

async fn dial(
    identity: &Identity,
    workspace: &str,
    pod: &PodTarget,
    relay_port: u16,
    port: u16,
) -> Result<TlsStream<TcpStream>, OpenError> {
    let config = client_config(identity, &pod.workspace_uid, port)?;
    let address = address(&pod.ip, relay_port);
    let unreachable =
        |source| OpenError::Unreachable { workspace: workspace.to_owned(), address: address.clone(), source };
    let work = async {
        let tcp = TcpStream::connect(&address).await?;
        tcp.set_nodelay(true)?;
        // The name is not looked at: the verifier wants the workspace's URI instead, and no SNI is sent.
        let name = ServerName::try_from("relay.nagaya.internal").map_err(std::io::Error::other)?;
        TlsConnector::from(Arc::new(config)).connect(name, tcp).await
    };
    let outcome = tokio::time::timeout(LIMIT, work)
        .await
        .unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut)));
    outcome.map_err(|source| {
        let tls = source.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match tls {
            Some(rustls::Error::AlertReceived(AlertDescription::NoApplicationProtocol)) => {
                OpenError::NoPort { workspace: workspace.to_owned(), port }
            }
            Some(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::UnknownIssuer,
            )) => OpenError::Impostor { workspace: workspace.to_owned(), address: address.clone() },
            _ => unreachable(source),
        }
    })
}

#[cfg(test)]
#[path = "workspace_tests.rs"]
mod tests;
