#![allow(clippy::unwrap_used)]

use jiff::Timestamp;
use nagaya_tunnel::ca::{Authority, Credential, Csr};
use nagaya_tunnel::tls::provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

fn identity(authority: &Authority) -> Identity {
    let csr = Csr::generate().unwrap();
    let certificate_pem = authority.issue_agent("java", &csr.csr_pem, Timestamp::now()).unwrap();
    Identity { certificate_pem, key_pem: csr.key_pem, ca_pem: authority.bundle_pem() }
}

/// A stand-in for the relay that shows `credential` and offers port 5901.
async fn relay(credential: &Credential) -> u16 {
    let chain = vec![CertificateDer::from_pem_slice(credential.certificate_pem.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(credential.key_pem.as_bytes()).unwrap();
    let mut config = rustls::ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    config.alpn_protocols = vec![b"nagaya-port/5901".to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((tcp, _)) = listener.accept().await {
            if let Ok(mut tls) = acceptor.accept(tcp).await {
                tls.write_all(b"RFB").await.unwrap();
            }
        }
    });
    port
}

fn pod(uid: &str) -> PodTarget {
    PodTarget { ip: "127.0.0.1".into(), workspace_uid: uid.into() }
}

#[tokio::test]
async fn only_the_workspaces_own_relay_is_spoken_to() {
    let authority = Authority::generate(Timestamp::now()).unwrap();
    let other = Authority::generate(Timestamp::now()).unwrap();
    let me = identity(&authority);
    let right = relay(&authority.issue_relay("uid-1", &[], Timestamp::now()).unwrap()).await;
    let mut stream = dial(&me, "w", &pod("uid-1"), right, 5901).await.unwrap();
    let mut banner = [0; 3];
    stream.read_exact(&mut banner).await.unwrap();
    assert_eq!(&banner, b"RFB");

    // The pod's address now belongs to another workspace's pod.
    let error = dial(&me, "w", &pod("uid-2"), right, 5901).await.unwrap_err();
    assert!(matches!(error, OpenError::Impostor { .. }), "{error}");
    let forged = relay(&other.issue_relay("uid-1", &[], Timestamp::now()).unwrap()).await;
    let error = dial(&me, "w", &pod("uid-1"), forged, 5901).await.unwrap_err();
    assert!(matches!(error, OpenError::Impostor { .. }), "{error}");
    let error = dial(&me, "w", &pod("uid-1"), right, 22).await.unwrap_err();
    assert!(matches!(error, OpenError::NoPort { port: 22, .. }), "{error}");
    let old = authority.issue_relay("uid-1", &[], Timestamp::UNIX_EPOCH).unwrap();
    let error = dial(&me, "w", &pod("uid-1"), relay(&old).await, 5901).await.unwrap_err();
    assert!(matches!(error, OpenError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_workspace_that_is_not_there_is_said_to_be_not_there() {
    let authority = Authority::generate(Timestamp::now()).unwrap();
    let error = open(&Reports::new("a", "1"), &identity(&authority), "w", "java", 5901).await.unwrap_err();
    assert_eq!(error.status(), StatusCode::NOT_FOUND);
}
