//! Streams to workspaces, through the relay in their pod.

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
            OpenError::NoPort { .. } => StatusCode::FORBIDDEN,
            OpenError::Unreachable { .. } | OpenError::Impostor { .. } => StatusCode::BAD_GATEWAY,
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

async fn dial(
    identity: &Identity,
    workspace: &str,
    pod: &PodTarget,
    relay_port: u16,
    port: u16,
) -> Result<TlsStream<TcpStream>, OpenError> {
    let config = client_config(identity, &pod.workspace_uid, port)?;
    let address = if pod.ip.contains(':') {
        format!("[{}]:{relay_port}", pod.ip)
    } else {
        format!("{}:{relay_port}", pod.ip)
    };
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
