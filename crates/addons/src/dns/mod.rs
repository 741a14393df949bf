//! The cluster's DNS: names of Services and pods by the Kubernetes DNS specification 1.1.0, everything else from the
//! machine's own DNS servers.
//!
//! `facts` (what is known of an object) → `index` (all names at one moment) → `lookup` (one question, one answer) are
//! pure; `follow` (watches), `upstream`, `handler` (messages) and this file are the shell around them.

mod breaker;
pub mod facts;
mod fit;
pub mod follow;
pub mod handler;
pub mod index;
pub mod lookup;
#[cfg(test)]
mod tests;
pub mod upstream;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use hickory_proto::rr::Name;
use hickory_server::Server;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::health;

/// A TCP connection without a question is closed after this.
const TCP_IDLE: Duration = Duration::from_secs(10);
/// Answers waiting on one TCP connection.
const TCP_BUFFER: usize = 32;

/// What the DNS is told.
#[derive(Debug, Clone)]
pub struct DnsArgs {
    /// The cluster's domain, e.g. `cluster.local`.
    pub domain: String,
    /// Where questions are taken, UDP and TCP, e.g. `0.0.0.0:53`.
    pub listen: SocketAddr,
    /// Where `/readyz` and `/healthz` answer, e.g. `0.0.0.0:8081`.
    pub health: SocketAddr,
    /// Who is asked about other names; empty: those that `resolv_conf` names.
    pub upstreams: Vec<IpAddr>,
    /// Read when `upstreams` is empty: `/etc/resolv.conf`.
    pub resolv_conf: PathBuf,
    /// Addresses under which this server is reached (the Service's), so that it never asks itself.
    pub own: Vec<IpAddr>,
    /// Names with fixed addresses, outside the cluster's domain.
    pub hosts: Vec<(String, IpAddr)>,
}

impl DnsArgs {
    /// The usual settings for a pod: port 53, probes on 8081, upstreams from `/etc/resolv.conf`.
    #[must_use]
    pub fn new(domain: impl Into<String>) -> Self {
        Self {
            domain: domain.into(),
            listen: SocketAddr::from(([0, 0, 0, 0], 53)),
            health: SocketAddr::from(([0, 0, 0, 0], 8081)),
            upstreams: Vec::new(),
            resolv_conf: PathBuf::from("/etc/resolv.conf"),
            own: Vec::new(),
            hosts: Vec::new(),
        }
    }
}

/// Runs the DNS until SIGTERM or SIGINT, against the cluster of the pod it runs in (or of KUBECONFIG).
///
/// # Errors
/// What could not be set up: an address, the client, a name that is none.
pub async fn run_dns(args: DnsArgs) -> anyhow::Result<()> {
    let client = kube::Client::try_default().await.context("cannot find the cluster's API server")?;
    crate::stop::until_signal(|cancel| serve(args, client, cancel)).await
}

/// Runs the DNS until `cancel`.
///
/// # Errors
/// As [`run_dns`].
pub async fn serve(args: DnsArgs, client: kube::Client, cancel: CancellationToken) -> anyhow::Result<()> {
    let empty = empty_index(&args)?;
    let upstreams = upstreams(&args);
    tracing::info!(domain = %args.domain, listen = %args.listen, ?upstreams, "answering for the cluster");
    if upstreams.is_empty() {
        tracing::warn!("no upstream server: names outside the cluster fail at once");
    }
    let (publish, current) = watch::channel(Arc::new(empty_index(&args)?));
    let (known, ready) = watch::channel(false);
    let mut server = Server::new(handler::Handler::new(current, upstream::Upstream::new(&upstreams)?));
    let listen = args.listen;
    let socket = UdpSocket::bind(listen).await.with_context(|| format!("cannot listen on UDP {listen}"))?;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen on TCP {listen}"))?;
    server.register_socket(socket);
    server.register_listener(listener, TCP_IDLE, TCP_BUFFER);
    tokio::select! {
        () = follow::follow(client, empty, publish, known) => {}
        outcome = health::serve(args.health, ready) => outcome?,
        outcome = server.block_until_done() => outcome.context("the DNS listeners ended")?,
        () = cancel.cancelled() => {}
    }
    server.shutdown_gracefully().await.context("cannot stop the DNS in order")
}

fn empty_index(args: &DnsArgs) -> anyhow::Result<index::Index> {
    let name = |text: &str| Name::from_ascii(text).with_context(|| format!("{text:?} is no domain name"));
    let hosts: anyhow::Result<Vec<_>> =
        args.hosts.iter().map(|(host, address)| Ok((name(host)?, *address))).collect();
    Ok(index::Index::new(name(&args.domain)?, &hosts?))
}

fn upstreams(args: &DnsArgs) -> Vec<IpAddr> {
    if !args.upstreams.is_empty() {
        return args.upstreams.clone();
    }
    let mut own = args.own.clone();
    own.push(args.listen.ip());
    match std::fs::read_to_string(&args.resolv_conf) {
        Ok(content) => upstream::servers_in(&content, &own),
        Err(error) => {
            tracing::warn!(%error, file = %args.resolv_conf.display(), "cannot read which DNS servers the machine uses");
            Vec::new()
        }
    }
}
