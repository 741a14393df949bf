//! `nagaya addon`: what local clusters need inside themselves.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use anyhow::Result;
use nagaya_addons::{
    dns::{DnsArgs, run_dns},
    provisioner::{ProvisionerArgs, run_provisioner},
};

/// `nagaya addon`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// The cluster's DNS
    Dns {
        /// The cluster's domain
        #[arg(long, default_value = "cluster.local")]
        domain: String,
        /// Where questions are taken
        #[arg(long, default_value = "0.0.0.0:53")]
        listen: SocketAddr,
        /// Where probes are answered
        #[arg(long, default_value = "0.0.0.0:8081")]
        health: SocketAddr,
        /// Who is asked about other names (default: those of --resolv-conf)
        #[arg(long = "upstream", value_name = "ADDRESS")]
        upstreams: Vec<IpAddr>,
        /// Where upstreams are read
        #[arg(long, default_value = "/etc/resolv.conf")]
        resolv_conf: PathBuf,
        /// Address of the DNS Service, so that it never asks itself
        #[arg(long, value_name = "ADDRESS")]
        own: Vec<IpAddr>,
        /// A name with a fixed address
        #[arg(long = "host", value_name = "NAME=ADDRESS", value_parser = host)]
        hosts: Vec<(String, IpAddr)>,
    },
    /// The provisioner of homes
    Provisioner {
        /// The folder of all homes
        #[arg(long)]
        homes: PathBuf,
        /// The cluster's name
        #[arg(long)]
        cluster: String,
        /// The node to label (default: the environment's NODE_NAME)
        #[arg(long)]
        node: Option<String>,
        /// Where probes are answered
        #[arg(long, default_value = "0.0.0.0:8082")]
        health: SocketAddr,
    },
}

fn host(text: &str) -> Result<(String, IpAddr), String> {
    let (name, address) = text.split_once('=').ok_or("write NAME=ADDRESS")?;
    Ok((name.to_owned(), address.parse().map_err(|error| format!("{error}"))?))
}

/// Runs until it is told to stop.
///
/// # Errors
/// What could not be set up.
pub async fn run(args: Args) -> Result<()> {
    crate::logging::start(&crate::logging::from_environment())?;
    match args.command {
        Command::Dns { domain, listen, health, upstreams, resolv_conf, own, hosts } => {
            run_dns(DnsArgs { listen, health, upstreams, resolv_conf, own, hosts, ..DnsArgs::new(domain) })
                .await
        }
        Command::Provisioner { homes, cluster, node, health } => {
            let usual = ProvisionerArgs::new(homes, cluster);
            run_provisioner(ProvisionerArgs { node: node.or(usual.node.clone()), health, ..usual }).await
        }
    }
}
