//! Logs: lines for people on a terminal, JSON for machines where NAGAYA_LOG_FORMAT=json says so.

use std::io::IsTerminal as _;

use anyhow::{Result, anyhow};
use tracing_subscriber::EnvFilter;

/// Sends traces to standard error.
///
/// # Errors
/// When `filter` is none, or traces go somewhere already.
pub fn start(filter: &str) -> Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| anyhow!("log: \"{filter}\": {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::env::var("NAGAYA_LOG_FORMAT").is_ok_and(|format| format == "json") {
        builder.json().try_init()
    } else {
        builder.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
    started.map_err(|error| anyhow!("{error}"))
}

/// The filter for programs that are told by the environment only.
pub fn from_environment() -> String {
    std::env::var("NAGAYA_LOG").unwrap_or_else(|_| "info".into())
}
