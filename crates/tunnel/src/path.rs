//! The TCP and TLS path from an agent to its server.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::AsyncBufReadExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::SERVER_NAME;
use crate::proxy::Proxy;
use crate::tls::refusal;

/// Bytes that the kernel takes before it has sent those before.
const NOT_SENT: u32 = 128 * 1024;

/// Why a path could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PathError {
    #[error("the server at {server} cannot be reached: {source}")]
    Unreachable { server: String, source: io::Error },
    #[error(
        "the server at {server} is not to be trusted: {source}; is the CA in the join Secret the server's?"
    )]
    Untrusted { server: String, source: io::Error },
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Credentials(#[from] crate::TunnelError),
    #[error("the server at {0} did not answer in time")]
    Timeout(String),
}

/// Dials, through the proxy if there is one, and shakes hands.
pub(crate) async fn dial(
    server: &str,
    proxy: Option<&Proxy>,
    config: ClientConfig,
    limit: Duration,
) -> Result<TlsStream<TcpStream>, PathError> {
    let name = ServerName::try_from(SERVER_NAME).map_err(|error| {
        PathError::Credentials(crate::TunnelError::credentials("the server's name", error))
    })?;
    let work = async {
        let tcp = match proxy {
            Some(proxy) => proxy.connect(server).await,
            None => TcpStream::connect(server).await,
        }
        .map_err(|source| PathError::Unreachable { server: server.to_owned(), source })?;
        tune(&tcp, limit).map_err(|source| PathError::Unreachable { server: server.to_owned(), source })?;
        TlsConnector::from(Arc::new(config)).connect(name, tcp).await.map_err(|source| {
            let broken = matches!(
                source.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()),
                Some(rustls::Error::InvalidCertificate(_))
            );
            match (broken, refusal(&source)) {
                (true, _) => PathError::Untrusted { server: server.to_owned(), source },
                (_, Some(words)) => PathError::Refused(words),
                _ => PathError::Unreachable { server: server.to_owned(), source },
            }
        })
    };
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(PathError::Timeout(server.to_owned())))
}

/// In TLS 1.3 a client is done before the server has seen its certificate: only the first bytes from the server
/// show that it was admitted. Waits for them without taking them.
pub(crate) async fn admitted(
    server: &str,
    tls: &mut TlsStream<TcpStream>,
    limit: Duration,
) -> Result<(), PathError> {
    match tokio::time::timeout(limit, tls.fill_buf()).await {
        Err(_) => Err(PathError::Timeout(server.to_owned())),
        Ok(Ok([])) => Err(PathError::Unreachable {
            server: server.to_owned(),
            source: io::Error::new(io::ErrorKind::UnexpectedEof, "it closed the connection at once"),
        }),
        Ok(Ok(_)) => Ok(()),
        Ok(Err(source)) => Err(match refusal(&source) {
            Some(words) => PathError::Refused(words),
            None => PathError::Unreachable { server: server.to_owned(), source },
        }),
    }
}

/// A keystroke must not wait for Nagle; and bytes that nobody acknowledges end the connection, also where the
/// keep-alive ping itself is stuck behind them.
pub(crate) fn tune(tcp: &TcpStream, unacknowledged: Duration) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let socket = socket2::SockRef::from(tcp);
    // What is not sent yet waits here and not in the kernel, where a ping would queue up behind megabytes of it: on a
    // slow path its answer would come too late, and a connection that works would be given up.
    socket.set_tcp_notsent_lowat(NOT_SENT)?;
    socket.set_tcp_user_timeout(Some(unacknowledged))
}
