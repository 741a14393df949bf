//! The settings themselves, and one layer of them.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow};
use ipnet::Ipv4Net;
use nagaya_store::CommandLine;
use serde::{Deserialize, Serialize};

use super::{Setting as _, Source, default_data_dir};

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr, $key:literal, $variable:literal;)+) => {
        /// What one place says: a file, the environment, or flags.
        #[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[command(next_help_heading = "Instance")]
        pub struct Layer {
            /// Name of the installation on this host; several live side by side [default: main]
            #[arg(long, global = true)]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub instance: Option<String>,
            /// File with settings [default: /etc/nagaya/INSTANCE.yaml]
            #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
            #[serde(skip)]
            pub settings: Option<PathBuf>,
            $($(#[doc = $doc])+
            #[arg(long, global = true, hide_short_help = true)]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $name: Option<$type>,)+
        }

        /// All settings of an instance.
        #[derive(Clone, Debug)]
        pub struct Settings {
            /// Name of the instance.
            pub instance: String,
            $($(#[doc = $doc])+ pub $name: $type,)+
            /// Name, value and source of each, in order.
            pub sources: Vec<(&'static str, String, Source)>,
        }

        impl Layer {
            /// What environment variables say.
            ///
            /// # Errors
            /// When a value is not of its setting's type.
            pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Result<Self> {
                let mut layer = Self {
                    instance: get("NAGAYA_INSTANCE"),
                    settings: get("NAGAYA_SETTINGS").map(PathBuf::from),
                    ..Self::default()
                };
                $(if let Some(text) = get($variable) {
                    let value = text.parse::<$type>().map_err(|error| anyhow!("{} = \"{text}\": {error}", $variable))?;
                    layer.$name = Some(value);
                })+
                Ok(layer)
            }
        }

        impl Settings {
            /// Layers, each winning over those before it, over the defaults.
            ///
            /// # Errors
            /// Never at present.
            pub(super) fn merged(instance: &str, layers: &[(Layer, Source)]) -> Result<Self> {
                let mut sources = vec![("instance", instance.to_owned(), source_of(layers, "NAGAYA_INSTANCE", |l| l.instance.is_some()))];
                $(
                    let default: fn(&str) -> $type = $default;
                    let $name = layers.iter().rev().find_map(|(layer, _)| layer.$name.clone()).unwrap_or_else(|| default(instance));
                    sources.push(($key, $name.shown(), source_of(layers, $variable, |l| l.$name.is_some())));
                )+
                Ok(Self { instance: instance.to_owned(), $($name,)+ sources })
            }

            /// What flags, the environment and earlier commands said, without files and defaults.
            pub(super) fn told(&self) -> Layer {
                let told = |key: &str| self.sources.iter().any(|(name, _, source)| {
                    *name == key && matches!(source, Source::Instance(_) | Source::Environment(_) | Source::Flag)
                });
                Layer { $($name: told($key).then(|| self.$name.clone()),)+ ..Layer::default() }
            }

            /// Flags that give a process of ours exactly these settings.
            pub fn as_flags(&self) -> Vec<String> {
                let mut flags = vec![format!("--instance={}", self.instance)];
                $(
                    let value = self.$name.shown();
                    // A path that is not set has no flag.
                    if !value.is_empty() {
                        flags.push(format!("--{}={value}", stringify!($name).replace('_', "-")));
                    }
                )+
                flags
            }
        }
    };
}

settings! {
    /// Where this instance keeps everything [default: /var/lib/nagaya/INSTANCE]
    data_dir: PathBuf = default_data_dir, "dataDir", "NAGAYA_DATA_DIR";
    /// What instances share: built distributions, images [default: /var/cache/nagaya]
    cache_dir: PathBuf = |_| "/var/cache/nagaya".into(), "cacheDir", "NAGAYA_CACHE";
    /// Private /16 for hub, clusters, pods and services [default: 10.99.0.0/16]
    subnet: Ipv4Net = |_| nagaya_local::DEFAULT_SUBNET, "subnet", "NAGAYA_SUBNET";
    /// Port of console and API in plain http, on loopback only [default: 8080]
    http_port: u16 = |_| 8080, "httpPort", "NAGAYA_HTTP_PORT";
    /// Port of console and API in https [default: 8443]
    https_port: u16 = |_| 8443, "httpsPort", "NAGAYA_HTTPS_PORT";
    /// Address of the https listener [default: 127.0.0.1]
    https_address: IpAddr = |_| IpAddr::from([127, 0, 0, 1]), "httpsAddress", "NAGAYA_HTTPS_ADDRESS";
    /// Certificate chain of the https listener, PEM [default: one of the instance's own CA]
    tls_cert: PathBuf = |_| PathBuf::new(), "tlsCert", "NAGAYA_TLS_CERT";
    /// Key of the https listener, PEM
    tls_key: PathBuf = |_| PathBuf::new(), "tlsKey", "NAGAYA_TLS_KEY";
    /// Names by which people and clusters reach the https listener, comma-separated; kubeconfigs and import lines
    /// name the first [default: its address]
    https_names: String = |_| String::new(), "httpsNames", "NAGAYA_HTTPS_NAMES";
    /// Address and port where agents of clusters elsewhere dial in, for instance 0.0.0.0:7443 [default: nowhere]
    tunnel_listen: String = |_| String::new(), "tunnelListen", "NAGAYA_TUNNEL_LISTEN";
    /// HOST:PORT by which those clusters reach it [default: what --tunnel-listen says]
    tunnel_address: String = |_| String::new(), "tunnelAddress", "NAGAYA_TUNNEL_ADDRESS";
    /// Image of the agent for clusters elsewhere, from a registry that they reach (`nagaya image export` gives it)
    agent_image: String = |_| String::new(), "agentImage", "NAGAYA_AGENT_IMAGE";
    /// Folders of this host below which Sources may read repositories (file://), separated by colons [default: none]
    source_paths: String = |_| String::new(), "sourcePaths", "NAGAYA_SOURCE_PATHS";
    /// Folders of this host below which Repositories may read charts (file://), separated by colons [default: none]
    chart_paths: String = |_| String::new(), "chartPaths", "NAGAYA_CHART_PATHS";
    /// Program that prints the key that seals secrets, with its arguments [default: the key is in DATA_DIR/store/store.key]
    sealing_key_command: CommandLine = |_| CommandLine::default(), "sealingKeyCommand", "NAGAYA_SEALING_KEY_COMMAND";
    /// Distribution for clusters that name none: auto, upstream, debian, a name, a folder [default: auto]
    kubernetes: String = |_| String::new(), "kubernetes", "NAGAYA_KUBERNETES";
    /// What is logged, as tracing's EnvFilter takes it [default: info]
    log: String = |_| "info".into(), "log", "NAGAYA_LOG";
}

fn source_of(layers: &[(Layer, Source)], variable: &str, says: impl Fn(&Layer) -> bool) -> Source {
    match layers.iter().rev().find(|(layer, _)| says(layer)) {
        Some((_, Source::Environment(_))) => Source::Environment(variable.to_owned()),
        Some((_, source)) => source.clone(),
        None => Source::Default,
    }
}

impl Layer {
    /// What a file says; one that is not there says nothing.
    ///
    /// # Errors
    /// When it is no such file.
    pub fn from_file(path: &Path) -> Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) if text.trim().is_empty() => Ok(Self::default()),
            Ok(text) => yaml_serde::from_str(&text)
                .with_context(|| format!("cannot use the settings in {}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn layer(yaml: &str) -> Layer {
        yaml_serde::from_str(yaml).unwrap()
    }

    #[test]
    fn flags_win_over_environment_over_files_and_each_value_names_its_source() {
        let environment =
            Layer::from_environment(|name| (name == "NAGAYA_HTTP_PORT").then(|| "2".into())).unwrap();
        let settings = Settings::merged(
            "x",
            &[
                (layer("httpPort: 1\nhttpsPort: 1\nsubnet: 10.1.0.0/16"), Source::File("f".into())),
                (environment, Source::Environment(String::new())),
                (Layer { https_port: Some(3), ..Layer::default() }, Source::Flag),
            ],
        )
        .unwrap();
        assert_eq!((settings.http_port, settings.https_port), (2, 3));
        let source = |key: &str| settings.sources.iter().find(|(name, ..)| *name == key).unwrap().2.clone();
        assert_eq!(source("httpPort"), Source::Environment("NAGAYA_HTTP_PORT".into()));
        assert_eq!(source("httpsPort"), Source::Flag);
        assert_eq!(source("subnet"), Source::File("f".into()));
        assert_eq!(source("dataDir"), Source::Default);
        assert_eq!(settings.data_dir, PathBuf::from("/var/lib/nagaya/x"));
    }

    #[test]
    fn only_what_was_told_is_kept_so_that_a_file_can_still_change() {
        let layers = [
            (layer("httpPort: 1"), Source::File("f".into())),
            (Layer { https_port: Some(3), ..Layer::default() }, Source::Flag),
        ];
        let told = Settings::merged("x", &layers).unwrap().told();
        assert_eq!(told, Layer { https_port: Some(3), ..Layer::default() });
    }

    #[test]
    fn a_command_is_a_list_in_a_file_and_words_in_a_flag() {
        let file = layer("sealingKeyCommand: [vault, read, \"a key\"]\n");
        let flag: CommandLine = "vault read 'a key'".parse().unwrap();
        assert_eq!(file.sealing_key_command.as_ref(), Some(&flag));
        let settings = Settings::merged("x", &[(file, Source::Flag)]).unwrap();
        let flags = settings.as_flags();
        let given = flags.iter().find_map(|flag| flag.strip_prefix("--sealing-key-command=")).unwrap();
        assert_eq!(given.parse::<CommandLine>().unwrap(), flag);
    }

    #[test]
    fn a_wrong_value_names_its_variable_and_a_wrong_field_its_file() {
        let error =
            Layer::from_environment(|name| (name == "NAGAYA_SUBNET").then(|| "x".into())).unwrap_err();
        assert!(error.to_string().contains("NAGAYA_SUBNET"));
        let dir = std::env::temp_dir().join(format!("nagaya-settings-{}", std::process::id()));
        std::fs::write(&dir, "htpPort: 1\n").unwrap();
        let error = format!("{:#}", Layer::from_file(&dir).unwrap_err());
        std::fs::remove_file(&dir).unwrap();
        assert!(error.contains("htpPort"), "{error}");
    }
}
