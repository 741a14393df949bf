//! `nagaya up`: an instance from nothing, or from whatever is there, to running desktops.
//!
//! Every step looks at what is there first, so `up` may be ended at any moment and run again.

mod access;
mod organisation;
mod server;
pub mod steps;
pub mod timings;
mod wait;

pub use server::{STOP, ready as server_ready};

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use nagaya_cli::{Client, Global, terminal::say};
use nagaya_local::{InstanceConfig, Provider};

use crate::{
    instance::{Folders, Lock},
    settings::{Layer, Settings, free_ports, free_subnet},
};
use steps::Steps;
use timings::Timings;

/// `nagaya up`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Stay in the foreground: the server ends with this command
    #[arg(long)]
    foreground: bool,
    /// Take ports and a subnet that nothing on this host uses, and keep them for this instance
    #[arg(long, value_name = "HOW")]
    ports: Option<Ports>,
    /// Organisation to create the first time, instead of the example
    #[arg(long, value_name = "FILE", conflicts_with = "empty")]
    organisation: Option<PathBuf>,
    /// Create no organisation
    #[arg(long)]
    empty: bool,
    /// Do not wait for clusters and workspaces
    #[arg(long)]
    no_wait: bool,
}

/// Which ports to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Ports {
    /// Free ones.
    Auto,
}

/// nagaya-local's settings of an instance.
///
/// # Errors
/// When name or subnet cannot be used.
pub fn local_config(settings: &Settings, folders: &Folders) -> Result<InstanceConfig> {
    let mut config = InstanceConfig::new(&settings.instance, &settings.data_dir, settings.subnet)?;
    config.cache_dir.clone_from(&settings.cache_dir);
    // Supervisors outlive this command and the checkout it was built in.
    config.supervisor_command = vec![crate::instance::installed(folders)?.into(), "supervise".into()];
    Ok(config)
}

/// Only root can make namespaces, mounts and cgroups.
///
/// # Errors
/// When we are somebody else.
pub fn need_root(what: &str) -> Result<()> {
    if !nix::unistd::geteuid().is_root() {
        bail!("{what} makes network namespaces, mounts and cgroups: run it as root");
    }
    Ok(())
}

/// Runs `up`.
///
/// # Errors
/// What failed, on what, and the mend. Running it again goes on from there.
pub async fn run(args: Args, flags: &Layer, global: &Global) -> Result<()> {
    need_root("nagaya up")?;
    let settings = settle(&args, flags)?;
    let folders = Folders::of(&settings);
    let Some(_lock) = Lock::try_take(&folders.work_lock())? else {
        bail!(
            "another `nagaya up`, `down` or `purge` of instance {} is at work: wait for it",
            settings.instance
        );
    };
    settings.save()?;
    let steps = Steps::new(Timings::of(&settings.cache_dir));
    let provider = Provider::new(local_config(&settings, &folders)?)?;
    let key = |step: &str| format!("up-{step}");
    steps
        .run(&key("kubernetes"), "Kubernetes distribution", async {
            let one = crate::kubernetes::ensure(&provider, &settings.kubernetes, &steps.progress()).await?;
            steps.tell(&format!("{} ({})", one.name, one.version));
            Ok(())
        })
        .await?;
    steps
        .run(&key("hub"), "network and image registry", async {
            Ok(provider.up_hub(&steps.progress()).await?)
        })
        .await?;
    let mut foreground = None;
    steps
        .run(&key("server"), "server", async {
            foreground = server::ensure(&settings, &folders, args.foreground, &steps).await?;
            Ok(())
        })
        .await?;
    let access = access::ensure(&settings, &folders, global).await?;
    let client = access.client()?;
    if !args.empty {
        steps
            .run(&key("organisation"), "teams, people, images, templates", async {
                organisation::ensure(&client, &settings, &folders, args.organisation.as_deref(), &steps).await
            })
            .await?;
    }
    if !args.no_wait {
        let revive = async || {
            if foreground.is_some() {
                bail!("the server ended: run `nagaya up` again to go on");
            }
            server::ensure(&settings, &folders, false, &steps).await.map(drop)
        };
        wait::ready(&client, &steps, revive).await?;
    }
    summary(&settings, &client, &access, &steps).await?;
    match foreground {
        Some(child) => server::attend(child).await,
        None => Ok(()),
    }
}

/// The settings, with free ports and a free subnet where that was asked for and nothing is chosen yet.
fn settle(args: &Args, flags: &Layer) -> Result<Settings> {
    let settings = Settings::load(flags)?;
    if args.ports != Some(Ports::Auto) {
        return Ok(settings);
    }
    let mut flags = flags.clone();
    let default = |name: &str| {
        settings
            .sources
            .iter()
            .any(|(key, _, source)| *key == name && *source == crate::settings::Source::Default)
    };
    if default("httpPort") && default("httpsPort") {
        let ports = free_ports(2)?;
        (flags.http_port, flags.https_port) = (ports.first().copied(), ports.get(1).copied());
    }
    if default("subnet") {
        flags.subnet = Some(free_subnet(&[])?);
    }
    Settings::load(&flags)
}

async fn summary(settings: &Settings, client: &Client, access: &access::Access, steps: &Steps) -> Result<()> {
    let first = organisation::first_workspace(client).await.context("cannot list workspaces")?;
    say(&format!("\nNagaya is up after {:.0} s.", steps.elapsed().as_secs_f64()));
    say(&format!(
        "  console   {}   (from afar: ssh -L {1}:127.0.0.1:{1} this-host)",
        settings.http_url(),
        settings.http_port
    ));
    say(&format!("  log in    {}", access.login_words()));
    say("  here      `nagaya get workspaces` works already: this account is logged in");
    if let Some(name) = first {
        say(&format!(
            "  desktop   nagaya workspace open {name}   → {}/workspaces/{name}/desktop",
            settings.http_url()
        ));
    }
    access.password_was_shown()
}
