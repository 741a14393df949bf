//! Logs: lines for people on a terminal, JSON for machines where NAGAYA_LOG_FORMAT=json says so.

use std::io::IsTerminal as _;

use anyhow::{Result, anyhow};
use tracing_subscriber::EnvFilter;

/// Sends traces to standard error.
///
/// # Errors
/// When `filter` is none, or traces go somewhere already.
pub fn start(filter: &str) -> Result<()> {
    let filter =
        EnvFilter::try_new(directives(filter)).map_err(|error| anyhow!("log: \"{filter}\": {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::env::var("NAGAYA_LOG_FORMAT").is_ok_and(|format| format == "json") {
        builder.json().try_init()
    } else {
        builder.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
    started.map_err(|error| anyhow!("{error}"))
}

/// Where kube writes an ERROR for each request that fails. It returns the same to who asked, and that says it with what
/// was asked and whether it is tried again; while an API server starts, that is a dozen lines of no use to anybody.
const KUBE: &str = "kube_client::client::builder";

/// `filter`, and what is left out unless it asks for it.
fn directives(filter: &str) -> String {
    if filter.contains("kube_client") { filter.to_owned() } else { format!("{filter},{KUBE}=off") }
}

/// The filter for programs that are told by the environment only.
pub fn from_environment() -> String {
    std::env::var("NAGAYA_LOG").unwrap_or_else(|_| "info".into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use super::*;

    /// What is written under a filter, by target.
    fn written(filter: &str) -> Vec<&'static str> {
        let file = Arc::new(tempfile::tempfile().unwrap());
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::try_new(directives(filter)).unwrap())
            .with_writer(file.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::error!(target: "kube_client::client::builder", "failed with error client error (Connect)");
            tracing::error!(target: "kube_client::client::auth", "the kubeconfig is of no use");
            tracing::info!(target: "nagaya_control", "brought up");
        });
        let mut text = String::new();
        let mut file = file.as_ref();
        std::io::Seek::rewind(&mut file).unwrap();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        let all = ["client::builder", "client::auth", "nagaya_control"];
        all.into_iter().filter(|target| text.contains(target)).collect()
    }

    #[test]
    fn what_kube_says_of_each_failed_request_is_left_out_unless_it_is_asked_for() {
        assert_eq!(written("info"), ["client::auth", "nagaya_control"]);
        assert_eq!(written("warn,nagaya_control=debug"), ["client::auth", "nagaya_control"]);
        assert_eq!(written("info,kube_client=error"), ["client::builder", "client::auth", "nagaya_control"]);
        assert!(written("off").is_empty());
    }
}
