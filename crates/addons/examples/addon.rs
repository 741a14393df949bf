//! A hand's tool for trying this crate without the rest of Nagaya, in a pod or against KUBECONFIG.
//!
//! `addon addon dns LISTEN [UPSTREAM]` and `addon addon provisioner HOMES CLUSTER`.

use std::net::SocketAddr;

use nagaya_addons::dns::{DnsArgs, run_dns};
use nagaya_addons::provisioner::{ProvisionerArgs, run_provisioner};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    drop(rustls::crypto::ring::default_provider().install_default());
    let args: Vec<String> = std::env::args().skip(2).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["dns", listen, ref upstreams @ ..] => {
            let listen: SocketAddr = listen.parse()?;
            let upstreams = upstreams.iter().map(|one| one.parse()).collect::<Result<_, _>>()?;
            run_dns(DnsArgs { listen, upstreams, ..DnsArgs::new("cluster.local") }).await
        }
        ["provisioner", homes, cluster] => run_provisioner(ProvisionerArgs::new(homes, cluster)).await,
        _ => {
            anyhow::bail!("usage: addon addon dns LISTEN [UPSTREAM] | addon addon provisioner HOMES CLUSTER")
        }
    }
}
