//! Agents that do not keep to HTTP/2: their connection ends, and nobody else is harmed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{Agent, Server};
use nagaya_tunnel::Lane;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

const PREFACE: usize = 24;
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;

/// A frame (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A connection of `cluster`'s agent, past its handshake, to which the server has sent its first request.
async fn connect(server: &Server, cluster: &str) -> TlsStream<TcpStream> {
    let identity = server.identity(cluster);
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(identity.ca_pem.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let chain = CertificateDer::pem_slice_iter(identity.certificate_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)
        .unwrap();
    config.alpn_protocols = vec![Lane::Control.alpn().to_vec()];
    let tcp = TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::try_from(nagaya_tunnel::SERVER_NAME).unwrap();
    let mut tls = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap();
    let mut preface = [0; PREFACE];
    tls.read_exact(&mut preface).await.unwrap();
    assert!(preface.starts_with(b"PRI * HTTP/2.0"));
    tls.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
    // All is well until here: it answers a ping.
    tls.write_all(&frame(PING, 0, 0, b"how goes")).await.unwrap();
    loop {
        let mut head = [0; 9];
        tls.read_exact(&mut head).await.unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        tls.read_exact(&mut payload).await.unwrap();
        if (head[3], head[4], &*payload) == (PING, 1, b"how goes") {
            return tls;
        }
    }
}

/// Sends `next` again and again until the server ends the connection, and reads all that it says meanwhile. Returns how
/// many bytes it took.
async fn until_ended(mut tls: TlsStream<TcpStream>, first: Vec<u8>, next: Vec<u8>) -> usize {
    // The server's own settings and request come first; without the acknowledgement of the settings it would wait.
    let ended = async {
        tls.write_all(&frame(SETTINGS, 1, 0, &[])).await?;
        tls.write_all(&first).await?;
        let (mut from, mut to) = tokio::io::split(tls);
        let reading = async move { tokio::io::copy(&mut from, &mut tokio::io::sink()).await };
        let writing = async move {
            let mut sent = 0;
            while to.write_all(&next).await.is_ok() && to.flush().await.is_ok() {
                sent += next.len();
            }
            sent
        };
        let (_, sent) = tokio::join!(reading, writing);
        std::io::Result::Ok(sent)
    };
    tokio::time::timeout(Duration::from_secs(60), ended)
        .await
        .expect("the connection never ended")
        .unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endless_headers_and_oversized_frames_end_the_connection_and_harm_no_other() {
    let server = Server::start().await;
    let good = Agent::start("good", server.address, server.identity("good"));
    server.connected("good").await;
    // A literal header without indexing, `a: aaa…` (RFC 7541, section 6.2.2), never ended by END_HEADERS.
    let mut header = vec![0, 1, b'a', 100];
    header.extend([b'a'; 100]);
    let many = header.repeat(100);
    let mut header_of_answer = vec![0x88];
    header_of_answer.extend(&many);
    for (what, first, next) in [
        ("headers without end", frame(HEADERS, 0, 1, &header_of_answer), frame(CONTINUATION, 0, 1, &many)),
        ("continuations of nothing", frame(HEADERS, 0, 1, &[0x88]), frame(CONTINUATION, 0, 1, &[])),
        ("a frame larger than allowed", frame(HEADERS, 4, 1, &[0x88]), frame(DATA, 0, 1, &[0; 64 * 1024])),
        ("more than the window", frame(HEADERS, 4, 1, &[0x88]), frame(DATA, 0, 1, &[0; 16 * 1024])),
        ("a stream that nobody opened", Vec::new(), frame(DATA, 0, 9, &[0; 1024])),
        ("pings of a wrong size", Vec::new(), frame(PING, 0, 0, &[0; 9])),
    ] {
        let taken = until_ended(connect(&server, "evil").await, first, next).await;
        assert!(taken < 16 << 20, "{what}: {taken} bytes were taken");
        assert!(server.hub.agents("evil").is_empty(), "{what}");
        assert_eq!(server.echo("good", Lane::Control, "fine").await.unwrap(), "fine", "{what}");
    }
    good.stop().await;
    server.stop().await;
}
