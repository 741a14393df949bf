//! https: the certificate, where it comes from, and taking over a new one while connections stay.

use std::{
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use jiff::{SignedDuration, Timestamp};
use nagaya_store::Store;
use nagaya_tunnel::ca::Authority;
use rustls::{
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio_util::sync::CancellationToken;

use crate::{ServeError, ServerState, TlsSource};

/// How often a given certificate is looked at for a change, and the own one for its age.
const LOOK: Duration = Duration::from_secs(10);
/// The own certificate is made anew when less than this is left of it.
const RENEW: SignedDuration = SignedDuration::from_hours(24 * 180);
const CA_SECRET: &str = "https-ca-key";
const CA_META: &str = "https-ca";

/// The certificate in use; a new one is for connections made from then on.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// The TLS of the https listener, and what keeps its certificate fresh.
pub struct Tls {
    /// For the acceptor.
    pub config: Arc<rustls::ServerConfig>,
    current: Arc<Current>,
    provider: Arc<CryptoProvider>,
}

/// A certificate with its key, read or made, and how to tell that it is old.
struct Loaded {
    key: CertifiedKey,
    ca: Option<String>,
    mark: Mark,
}

#[derive(Clone, Debug, PartialEq)]
enum Mark {
    Files([Option<SystemTime>; 2]),
    Until(Timestamp),
}

impl Tls {
    /// Gets the certificate.
    ///
    /// # Errors
    /// When it cannot be read or made; the message says which file and why.
    pub async fn new(state: &ServerState) -> Result<(Self, impl Future<Output = ()> + use<>), ServeError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let loaded = load(state, &provider).await?;
        *state.ca.write().unwrap_or_else(PoisonError::into_inner) = loaded.ca;
        let current = Arc::new(Current(RwLock::new(Arc::new(loaded.key))));
        let mut config = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| ServeError::Tls(error.to_string()))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let tls = Self { config: Arc::new(config), current, provider };
        let keeper = keep(tls.current.clone(), tls.provider.clone(), state.clone(), loaded.mark);
        Ok((tls, keeper))
    }
}

/// Takes over a new certificate when there is one. Runs until dropped.
async fn keep(current: Arc<Current>, provider: Arc<CryptoProvider>, state: ServerState, mut mark: Mark) {
    let cancel: CancellationToken = state.stopping.clone();
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        let due = match (&mark, &state.config.tls) {
            (Mark::Files(seen), TlsSource::Files { certificate, key }) => *seen != times(certificate, key),
            (Mark::Until(end), _) => *end < state.now().saturating_add(RENEW).unwrap_or(*end),
            (Mark::Files(_), TlsSource::LocalCa) => false,
        };
        if !due {
            continue;
        }
        match load(&state, &provider).await {
            Ok(loaded) => {
                tracing::info!("took over a new https certificate");
                *current.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(loaded.key);
                *state.ca.write().unwrap_or_else(PoisonError::into_inner) = loaded.ca;
                mark = loaded.mark;
            }
            // The files may be half replaced: the old certificate serves on, and the next look tries again.
            Err(error) => {
                tracing::warn!(%error, "the new https certificate cannot be used: the old one serves on")
            }
        }
    }
}

async fn load(state: &ServerState, provider: &CryptoProvider) -> Result<Loaded, ServeError> {
    match &state.config.tls {
        TlsSource::Files { certificate, key } => {
            let mark = Mark::Files(times(certificate, key));
            let (chain, secret) = (read(certificate)?, read(key)?);
            let what = format!("{} and {}", certificate.display(), key.display());
            Ok(Loaded { key: certified(&chain, &secret, provider, &what)?, ca: None, mark })
        }
        TlsSource::LocalCa => {
            let now = state.now();
            let authority = authority(&state.store, now).await?;
            let (names, addresses) = names(state);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let made = authority
                .issue_server(&names, &addresses, now)
                .map_err(|error| ServeError::Tls(error.to_string()))?;
            let key = certified(
                made.certificate_pem.as_bytes(),
                made.key_pem.as_bytes(),
                provider,
                "the own certificate",
            )?;
            Ok(Loaded { key, ca: Some(authority.bundle_pem()), mark: Mark::Until(made.not_after) })
        }
    }
}

/// The CA of this instance's https certificate, made once. Its key is sealed in the store.
async fn authority(store: &Store, now: Timestamp) -> Result<Authority, ServeError> {
    let failed = |error: &dyn std::fmt::Display| ServeError::Tls(error.to_string());
    let (bundle, key) = (
        store.meta_get(CA_META).await.map_err(|error| failed(&error))?,
        store.secret_get(CA_SECRET).await.map_err(|error| failed(&error))?,
    );
    if let (Some(bundle), Some(key)) = (bundle, key) {
        let key = std::str::from_utf8(&key).map_err(|error| failed(&error))?;
        return Authority::from_pem(&bundle, key).map_err(|error| failed(&error));
    }
    let authority = Authority::generate(now).map_err(|error| failed(&error))?;
    store.secret_put(CA_SECRET, authority.key_pem().as_bytes(), now).await.map_err(|error| failed(&error))?;
    store.meta_set(CA_META, &authority.bundle_pem(), now).await.map_err(|error| failed(&error))?;
    Ok(authority)
}

/// The names and addresses of the own certificate.
fn names(state: &ServerState) -> (Vec<String>, Vec<IpAddr>) {
    let mut names = vec!["localhost".to_owned()];
    let mut addresses = vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
    addresses.extend(state.config.https.map(|address| address.ip()).filter(|ip| !ip.is_unspecified()));
    for name in &state.config.names {
        match name.parse() {
            Ok(ip) => addresses.push(ip),
            Err(_) => names.push(name.clone()),
        }
    }
    addresses.sort_unstable();
    addresses.dedup();
    (names, addresses)
}

fn certified(
    chain: &[u8],
    key: &[u8],
    provider: &CryptoProvider,
    what: &str,
) -> Result<CertifiedKey, ServeError> {
    let failed = |error: &dyn std::fmt::Display| ServeError::Tls(format!("{what}: {error}"));
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>().map_err(|error| failed(&error))?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| failed(&error))?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| failed(&error))
}

fn read(path: &PathBuf) -> Result<Vec<u8>, ServeError> {
    fs::read(path).map_err(|error| ServeError::Tls(format!("{}: {error}", path.display())))
}

fn times(certificate: &Path, key: &Path) -> [Option<SystemTime>; 2] {
    [certificate, key].map(|path| fs::metadata(path).and_then(|data| data.modified()).ok())
}
