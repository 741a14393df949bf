//! What a server is told: one typed struct.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use jiff::SignedDuration;

use nagaya_control::Census;

use crate::{catalogue::ChartConfig, join::JoinManifests, sources::SourceConfig};

/// How a server listens and lets people in.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Plain http, on a loopback address only: a browser calls `http://localhost` a secure context, and nobody
    /// else can listen in. From afar: `ssh -L`.
    pub http: Option<SocketAddr>,
    /// https.
    pub https: Option<SocketAddr>,
    /// The certificate of https.
    pub tls: TlsSource,
    /// Names and addresses by which people reach the https listener, for the local CA's certificate and for
    /// kubeconfigs; the first is the one kubeconfigs name. Empty: `127.0.0.1` and `localhost`.
    pub names: Vec<String>,
    /// Origins, besides those of the listeners, whose pages may use sessions; for instance
    /// `https://desktops.example.com`. Exact: scheme, host and port.
    pub origins: Vec<String>,
    /// How long a session lives at most.
    pub session_lives: SignedDuration,
    /// How long a session lives without being used.
    pub session_idle: SignedDuration,
    /// How hard passwords are hashed.
    pub hashing: Hashing,
    /// Instance's name; it stands in kubeconfigs.
    pub instance: String,
    /// How clusters elsewhere join; none: this server does not listen for them.
    pub join: Option<Arc<dyn JoinManifests>>,
    /// The reconcilers' figures, for `/metrics`; none: there are no reconcilers.
    pub census: Option<Census>,
    /// How repositories are read; none: this server reads none.
    pub sources: Option<SourceConfig>,
    /// How chart repositories are read; none: this server reads none.
    pub charts: Option<ChartConfig>,
}

/// Where the https certificate comes from.
#[derive(Clone, Debug, Default)]
pub enum TlsSource {
    /// A CA of this instance: its key is sealed in the store, its certificate is at `/ca.crt`.
    #[default]
    LocalCa,
    /// PEM files, read again when they change.
    Files {
        /// The certificate, then its intermediates.
        certificate: PathBuf,
        /// The private key.
        key: PathBuf,
    },
}

/// Cost of argon2id (RFC 9106).
#[derive(Clone, Copy, Debug)]
pub struct Hashing {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for Hashing {
    /// One of OWASP's equally strong settings: 9 MiB, four passes. Of these the one with little memory, because the
    /// allocator keeps what a login took, and an idle server is to be small.
    fn default() -> Self {
        Self { memory: 9 * 1024, passes: 4 }
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            http: Some(SocketAddr::from(([127, 0, 0, 1], 8080))),
            https: Some(SocketAddr::from(([127, 0, 0, 1], 8443))),
            tls: TlsSource::default(),
            names: Vec::new(),
            origins: Vec::new(),
            session_lives: SignedDuration::from_hours(7 * 24),
            session_idle: SignedDuration::from_hours(12),
            hashing: Hashing::default(),
            instance: "main".into(),
            join: None,
            census: None,
            sources: None,
            charts: None,
        }
    }
}

impl ServerConfig {
    /// `https://host:port` under which kubectl finds the server, if it listens with TLS.
    pub fn https_url(&self) -> Option<String> {
        let address = self.https?;
        let host = self.names.first().cloned().unwrap_or_else(|| {
            if address.ip().is_unspecified() { "127.0.0.1".into() } else { address.ip().to_string() }
        });
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        Some(format!("https://{host}:{}", address.port()))
    }
}
