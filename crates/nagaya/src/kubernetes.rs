//! `nagaya kubernetes`: the distributions of an instance.

use std::path::PathBuf;

use anyhow::{Result, bail};
use nagaya_cli::{
    output::Table,
    terminal::{note, print, say},
};
use nagaya_local::{Distribution, KubernetesVersion, Progress, Provider};

use crate::{instance::Folders, settings::Settings, up};

/// `nagaya kubernetes`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    /// Add a distribution; several versions lie side by side
    Add {
        /// Where from
        #[arg(long, value_enum, default_value_t)]
        from: From,
        /// Release to download, for instance 1.36.2 [default: the newest supported one]
        #[arg(long, value_name = "VERSION")]
        version: Option<KubernetesVersion>,
        /// Folder with the binaries, for --from dir
        #[arg(long, value_name = "DIR", required_if_eq("from", "dir"))]
        dir: Option<PathBuf>,
        /// Name to give it [default: where it came from, and its version]
        #[arg(long)]
        name: Option<String>,
    },
    /// List distributions
    List,
}

/// Where a distribution comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum From {
    /// Upstream where it can be reached within seconds, else Debian
    #[default]
    Auto,
    /// Release binaries, their published checksums verified
    Upstream,
    /// Built from Debian's source package (1.20.2; for air-gapped hosts and tests)
    Debian,
    /// A folder of yours
    Dir,
}

/// Runs `kubernetes`.
///
/// # Errors
/// nagaya-local's.
pub async fn run(args: Args, settings: &Settings) -> Result<()> {
    let folders = Folders::of(settings);
    let provider = Provider::new(up::local_config(settings, &folders)?)?;
    let progress = Progress::new(|step| note(&format!("  {step}")));
    match args.command {
        Command::Add { from, version, dir, name } => {
            let added = add(&provider, Wanted { from, version, dir, name }, &progress).await?;
            say(&format!("{}: Kubernetes {} from {}", added.name, added.version, added.from));
        }
        Command::List => {
            let mut table = Table::new(["NAME", "VERSION", "FROM"]);
            for one in provider.distributions().list()? {
                table.row([one.name, one.version.to_string(), one.from]);
            }
            print(&table.render(true, &[]).0);
        }
    }
    Ok(())
}

/// A distribution to add.
struct Wanted {
    from: From,
    version: Option<KubernetesVersion>,
    dir: Option<PathBuf>,
    name: Option<String>,
}

async fn add(provider: &Provider, wanted: Wanted, progress: &Progress) -> Result<Distribution> {
    let Wanted { from, version, dir, name } = wanted;
    let distributions = provider.distributions();
    let from = match from {
        From::Auto if version.is_some() => From::Upstream,
        From::Auto if distributions.upstream_is_reachable().await => From::Upstream,
        From::Auto => {
            note("  the upstream release server cannot be reached: taking Debian's source package");
            From::Debian
        }
        other => other,
    };
    Ok(match (from, dir) {
        (From::Upstream | From::Auto, _) => {
            let default = version.as_ref().map_or_else(|| "upstream".into(), |v| format!("upstream-{v}"));
            distributions.add_upstream(&name.unwrap_or(default), version, progress).await?
        }
        (From::Debian, _) => distributions.add_debian(name.as_deref().unwrap_or("debian"), progress).await?,
        (From::Dir, Some(dir)) => {
            let own = dir.file_name().map(|name| name.to_string_lossy().into_owned());
            distributions.add_dir(&name.or(own).unwrap_or_else(|| "dir".into()), &dir, progress).await?
        }
        (From::Dir, None) => bail!("--from dir wants --dir: a folder with kube-apiserver, kubelet and so on"),
    })
}

/// The distribution that the setting `kubernetes` means among those that are there: one of that name, one from
/// there (`upstream`, `debian`), or the newest when nothing is said.
pub fn chosen<'a>(list: &'a [Distribution], setting: &str) -> Option<&'a Distribution> {
    let newest = |of: &dyn Fn(&&Distribution) -> bool| list.iter().filter(of).max_by_key(|one| one.version);
    if setting.is_empty() || setting == "auto" {
        return newest(&|_| true);
    }
    list.iter()
        .find(|one| one.name == setting)
        .or_else(|| newest(&|one| one.from.split(' ').next() == Some(setting)))
}

/// The distribution that the setting means, added when it is not there yet.
///
/// # Errors
/// When it cannot be had.
pub async fn ensure(provider: &Provider, setting: &str, progress: &Progress) -> Result<Distribution> {
    if let Some(known) = chosen(&provider.distributions().list()?, setting) {
        return Ok(known.clone());
    }
    let wanted = |from, dir| Wanted { from, version: None, dir, name: None };
    let wanted = match setting {
        "" | "auto" => wanted(From::Auto, None),
        "upstream" => wanted(From::Upstream, None),
        "debian" => wanted(From::Debian, None),
        path if path.starts_with('/') => wanted(From::Dir, Some(path.into())),
        other => bail!(
            "kubernetes: there is no distribution \"{other}\" (`nagaya kubernetes list`; or write auto, upstream, debian, or the path of a folder)"
        ),
    };
    add(provider, wanted, progress).await
}
