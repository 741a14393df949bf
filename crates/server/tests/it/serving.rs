//! Real listeners.

use std::{net::SocketAddr, sync::Arc};

use nagaya_server::{ServerConfig, ServerState, serve};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

use crate::support::{World, config};

async fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

async fn connect(address: SocketAddr) -> TcpStream {
    loop {
        if let Ok(stream) = TcpStream::connect(address).await {
            return stream;
        }
        tokio::task::yield_now().await;
    }
}

async fn get(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn https_stands_on_a_ca_of_its_own_that_stays_over_restarts() {
    let world = World::empty().await;
    let mut authorities = Vec::new();
    for _ in 0..2 {
        let (http, https) = (free_port().await, free_port().await);
        let config = ServerConfig { http: Some(http), https: Some(https), ..config() };
        let state = ServerState::new(
            world.state.store.clone(),
            world.state.hub.clone(),
            nagaya_gateway::Streams::new(),
            config,
        );
        let cancel = CancellationToken::new();
        let server = tokio::spawn(serve(state, cancel.clone()));
        let answer = get(connect(http).await, "/ca.crt").await;
        let pem = answer.split("\r\n\r\n").nth(1).unwrap().to_owned();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        for name in ["localhost", "127.0.0.1"] {
            let connector = TlsConnector::from(Arc::new(client.clone()));
            let name = ServerName::try_from(name.to_owned()).unwrap();
            let stream = connector.connect(name, connect(https).await).await.unwrap();
            assert!(get(stream, "/readyz").await.starts_with("HTTP/1.1 200"));
        }
        authorities.push(pem);
        cancel.cancel();
        server.await.unwrap().unwrap();
    }
    assert_eq!(authorities[0], authorities[1], "who trusts the CA trusts it after a restart");
}
