//! The settings of an instance: one typed struct, put together from defaults, a file, what an earlier `nagaya up`
//! was told, the environment and flags; each wins over those before it. `nagaya config show` prints where each
//! value came from.

mod free;
mod layer;

use std::{fmt, net::IpAddr, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use ipnet::Ipv4Net;
use nagaya_store::CommandLine;

pub use free::{free_ports, free_subnet};
pub use layer::{Layer, Settings};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// A settings file.
    File(PathBuf),
    /// An earlier `nagaya up` of this instance.
    Instance(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A flag.
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Instance(path) => write!(f, "{} (an earlier `nagaya up`)", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// A value that can be shown and given back as text.
pub trait Setting: Clone {
    /// The text.
    fn shown(&self) -> String;
}

macro_rules! setting {
    ($($type:ty => $show:expr),+ $(,)?) => {
        $(impl Setting for $type {
            fn shown(&self) -> String {
                let show: fn(&$type) -> String = $show;
                show(self)
            }
        })+
    };
}
setting! {
    String => Clone::clone,
    PathBuf => |path| path.display().to_string(),
    Ipv4Net => ToString::to_string,
    IpAddr => ToString::to_string,
    u16 => ToString::to_string,
    CommandLine => ToString::to_string,
}

impl Settings {
    /// The settings that these flags, the environment and the files give.
    ///
    /// # Errors
    /// When a file or a value is not what it should be; the message says which and from where.
    pub fn load(flags: &Layer) -> Result<Self> {
        let environment = Layer::from_environment(|name| std::env::var(name).ok())?;
        let instance =
            flags.instance.clone().or_else(|| environment.instance.clone()).unwrap_or_else(|| "main".into());
        check_instance(&instance)?;
        let file_path = flags
            .settings
            .clone()
            .or_else(|| environment.settings.clone())
            .unwrap_or_else(|| format!("/etc/nagaya/{instance}.yaml").into());
        let file = Layer::from_file(&file_path)?;
        let data_dir =
            [&flags.data_dir, &environment.data_dir, &file.data_dir].into_iter().flatten().next().cloned();
        let data_dir = data_dir.unwrap_or_else(|| default_data_dir(&instance));
        let saved_path = data_dir.join(SAVED);
        let saved = Layer::from_file(&saved_path)?;
        Self::merged(
            &instance,
            &[
                (file, Source::File(file_path)),
                (saved, Source::Instance(saved_path)),
                (environment, Source::Environment(String::new())),
                (flags.clone(), Source::Flag),
            ],
        )
    }

    /// Keeps for later commands what this one was told by flags and environment.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self) -> Result<()> {
        let path = self.data_dir.join(SAVED);
        std::fs::create_dir_all(&self.data_dir)
            .with_context(|| format!("cannot make {}", self.data_dir.display()))?;
        let mut kept = self.told();
        // These say where the file lies; written into it they could only contradict that.
        (kept.instance, kept.data_dir, kept.settings) = (None, None, None);
        let text = yaml_serde::to_string(&kept)?;
        crate::instance::write_atomically(&path, text.as_bytes(), 0o644)
    }

    /// Address of the plain http listener as the console's and the command line's.
    pub fn http_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.http_port)
    }
}

/// Under the data directory: what `nagaya up` was told.
const SAVED: &str = "instance.yaml";

fn default_data_dir(instance: &str) -> PathBuf {
    PathBuf::from("/var/lib/nagaya").join(instance)
}

/// The rule is nagaya-local's: the name becomes part of network namespaces', interfaces' and tables' names.
fn check_instance(name: &str) -> Result<()> {
    let good = !name.is_empty()
        && name.len() <= 20
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if !good {
        bail!(
            "instance: \"{name}\" is not a name (use at most 20 lower-case letters, digits and inner dashes)"
        );
    }
    Ok(())
}
