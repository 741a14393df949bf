//! `nagaya down` and `nagaya purge`.

use anyhow::{Context as _, Result, bail};
use nagaya_cli::{
    ConfigFile, Global, config,
    terminal::{ask, say},
};
use nagaya_local::Provider;

use crate::{
    instance::{Folders, Lock, ServerProcess},
    settings::{Layer, Settings},
    up::{self, STOP, steps::Steps, timings::Timings},
};

/// `nagaya down`
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct DownArgs {}

/// `nagaya purge`
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct PurgeArgs {
    /// Ask nothing
    #[arg(short, long)]
    yes: bool,
}

/// Stops everything of an instance. Homes, store, images and distributions stay.
///
/// # Errors
/// When something does not end: what.
pub async fn down(_args: DownArgs, flags: &Layer) -> Result<()> {
    up::need_root("nagaya down")?;
    let settings = Settings::load(flags)?;
    if !settings.data_dir.exists() {
        say(&format!(
            "there is no instance {} in {}: nothing to stop",
            settings.instance,
            settings.data_dir.display()
        ));
        return Ok(());
    }
    let steps = Steps::new(Timings::of(&settings.cache_dir));
    let _lock = stop(&settings, &steps).await?;
    say(&format!(
        "instance {} is down after {:.0} s; homes and store are in {}",
        settings.instance,
        steps.elapsed().as_secs_f64(),
        settings.data_dir.display()
    ));
    Ok(())
}

/// Stops the server first, since it would start again what should run.
async fn stop(settings: &Settings, steps: &Steps) -> Result<Lock> {
    let folders = Folders::of(settings);
    let Some(lock) = Lock::try_take(&folders.work_lock())? else {
        bail!(
            "another `nagaya up`, `down` or `purge` of instance {} is at work: wait for it",
            settings.instance
        );
    };
    let server = async {
        if let Some(server) = ServerProcess::find(&folders) {
            server.stop(STOP).await?;
        }
        Ok(())
    };
    steps.run("down-server", "server", server).await?;
    let provider = Provider::new(up::local_config(settings, &folders)?)?;
    steps
        .run("down-clusters", "clusters, network and registry", async {
            Ok(provider.down(&steps.progress()).await?)
        })
        .await?;
    Ok(lock)
}

/// Removes an instance for ever.
///
/// # Errors
/// When the name typed is another one, or something cannot be removed.
pub async fn purge(args: PurgeArgs, flags: &Layer, global: &Global) -> Result<()> {
    up::need_root("nagaya purge")?;
    let settings = Settings::load(flags)?;
    if !settings.data_dir.exists() {
        say(&format!(
            "there is no instance {} in {}: nothing to remove",
            settings.instance,
            settings.data_dir.display()
        ));
        return Ok(());
    }
    if !args.yes {
        let question = format!(
            "this removes instance {} with all homes, the store and {} for ever; type its name to go on:",
            settings.instance,
            settings.data_dir.display()
        );
        if ask(&question)? != settings.instance {
            bail!("that is not its name: nothing was removed");
        }
    }
    let steps = Steps::new(Timings::of(&settings.cache_dir));
    let lock = stop(&settings, &steps).await?;
    let provider = Provider::new(up::local_config(&settings, &Folders::of(&settings))?)?;
    steps
        .run("purge", "homes, store and all else", async { Ok(provider.purge(&steps.progress()).await?) })
        .await?;
    drop(lock);
    remove_data(&settings)?;
    let path = config::path(global);
    let mut file = ConfigFile::load(&path)?;
    if file.get(&settings.instance).is_some() {
        file.remove(&settings.instance);
        file.save(&path)?;
    }
    say(&format!("instance {} is gone", settings.instance));
    Ok(())
}

/// Removes the data directory. Nothing may be mounted in there any more: through a mount, removing would reach
/// what is not ours.
fn remove_data(settings: &Settings) -> Result<()> {
    let mounts = std::fs::read_to_string("/proc/self/mounts").context("cannot read /proc/self/mounts")?;
    let dir = std::fs::canonicalize(&settings.data_dir).unwrap_or_else(|_| settings.data_dir.clone());
    let inside = |line: &&str| {
        line.split(' ').nth(1).is_some_and(|point| std::path::Path::new(point).starts_with(&dir))
    };
    if let Some(line) = mounts.lines().find(inside) {
        bail!("still mounted: {line}; unmount it, then purge again");
    }
    std::fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))
}
