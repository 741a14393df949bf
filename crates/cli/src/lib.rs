//! The command line for people: everything that talks to a Nagaya server over its HTTP API.
//!
//! - [`config`]: which server, as whom (`~/.config/nagaya/config.yaml`).
//! - [`client`]: the HTTP API: objects, watches, streams.
//! - [`documents`]: YAML and JSON files as objects, with the place of each kept for messages.
//! - [`manifests`]: Kubernetes objects for bundles, from files, folders and Kustomizations.
//! - [`output`]: tables, YAML and JSON.
//! - [`commands`]: one file a command group.
//!
//! What changes the machine itself (`up`, `down`, `server`, …) is in the binary's crate.

pub mod client;
pub mod commands;
pub mod config;
pub mod documents;
pub mod error;
pub mod manifests;
pub mod output;
pub mod terminal;

pub use client::Client;
pub use commands::Command;
pub use config::{ConfigFile, Connection};
pub use error::CliError;

/// Field manager of `nagaya apply`.
pub const FIELD_MANAGER: &str = "nagaya-cli";

/// Which server to talk to, as whom. Flags and environment win over the file.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Connection")]
pub struct Global {
    /// File with contexts (default: ~/.config/nagaya/config.yaml)
    #[arg(
        long = "config",
        global = true,
        env = "NAGAYA_CONFIG",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub config: Option<std::path::PathBuf>,
    /// Context to use instead of the current one
    #[arg(
        long,
        global = true,
        env = "NAGAYA_CONTEXT",
        value_name = "NAME",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub context: Option<String>,
    /// Address of the server, instead of the context's
    #[arg(
        long,
        global = true,
        env = "NAGAYA_SERVER",
        value_name = "URL",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub server: Option<String>,
    /// Token, instead of the context's. Better given as NAGAYA_TOKEN: a process list shows arguments
    #[arg(
        long,
        global = true,
        env = "NAGAYA_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub token: Option<String>,
}
