//! An authority, a Secret on disk as Kubernetes mounts it, a relay and an agent's side of the handshake.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nagaya_relay::door::{self, DoorSettings};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A certificate authority with a name of its own.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
    pub der: CertificateDer<'static>,
}

/// A certificate with its key.
pub struct Pair {
    pub pem: String,
    pub chain: Vec<CertificateDer<'static>>,
    pub key: KeyPair,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { pem: certificate.pem(), der: certificate.der().clone(), issuer: Issuer::new(params, key) }
    }

    pub fn issue(&self, uri: &str, usage: ExtendedKeyUsagePurpose) -> Pair {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, uri);
        params.subject_alt_names =
            vec![SanType::URI(uri.try_into().unwrap()), SanType::DnsName("relay".try_into().unwrap())];
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Pair { pem: certificate.pem(), chain: vec![certificate.der().clone()], key }
    }

    pub fn agent(&self, cluster: &str) -> Pair {
        self.issue(&format!("nagaya://cluster/{cluster}/agent"), ExtendedKeyUsagePurpose::ClientAuth)
    }

    pub fn relay(&self) -> Pair {
        self.issue("nagaya://workspace/7/relay", ExtendedKeyUsagePurpose::ServerAuth)
    }
}

/// Writes a generation of the Secret and swaps `..data` to it.
pub fn mount(dir: &Path, generation: &str, relay: &Pair, trusted: &[&Authority]) {
    let data = dir.join(format!("..{generation}"));
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("tls.crt"), &relay.pem).unwrap();
    std::fs::write(data.join("tls.key"), relay.key.serialize_pem()).unwrap();
    std::fs::write(data.join("ca.crt"), trusted.iter().map(|ca| ca.pem.as_str()).collect::<String>())
        .unwrap();
    std::os::unix::fs::symlink(&data, dir.join("..data_tmp")).unwrap();
    std::fs::rename(dir.join("..data_tmp"), dir.join("..data")).unwrap();
}

/// A relay that runs.
pub struct Relay {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Relay {
    pub async fn start(secret_dir: PathBuf, ports: Vec<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let settings = DoorSettings { listen: address, secret_dir, cluster: "java".into(), ports };
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(door::serve(listener, settings, async move { drop(stopped.await) }));
        Self { address, stop, task }
    }

    pub async fn stop(self) {
        drop(self.stop);
        self.task.await.unwrap();
    }
}

/// Dials as an agent would; `identity` is what it shows, `trusted` what it trusts.
pub async fn dial(
    address: SocketAddr,
    trusted: &Authority,
    identity: Option<&Pair>,
    alpn: Option<&str>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(pair) => {
            let key = PrivateKeyDer::try_from(pair.key.serialize_der()).unwrap();
            builder.with_client_auth_cert(pair.chain.clone(), key).unwrap()
        }
    };
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("relay").unwrap(), stream).await
}

/// Whether the door lets `identity` in and what is sent comes back. In TLS 1.3 a client learns only by reading that
/// it was refused.
pub async fn echoes(
    address: SocketAddr,
    trusted: &Authority,
    identity: Option<&Pair>,
    alpn: Option<&str>,
) -> std::io::Result<()> {
    let mut stream = dial(address, trusted, identity, alpn).await?;
    stream.write_all(b"ping").await?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await?;
    assert_eq!(&answer, b"ping");
    Ok(())
}

/// A desktop that says back what it hears, counting who came.
pub async fn echo_desktop() -> (u16, Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let visits = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = visits.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            tokio::spawn(async move {
                let (mut read, mut write) = stream.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
                let _ = write.shutdown().await;
            });
        }
    });
    (port, visits)
}
