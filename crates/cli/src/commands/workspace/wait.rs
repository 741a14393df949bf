//! Waiting for an object to become what was asked for, with a line that says what is awaited.

use std::{io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use nagaya_api::{Kind, RawObject};

use crate::{
    CliError, Client,
    client::{Filter, Watch, WatchEvent},
    output::short_name,
    terminal::note,
};

/// Whether and how long to wait.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Waiting {
    /// Do not wait
    #[arg(long)]
    pub no_wait: bool,
    /// Seconds to wait at most
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    pub timeout: u64,
}

impl Waiting {
    /// The longest wait.
    pub fn timeout(self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}

/// Where an object is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Where it should be.
    Reached,
    /// On its way: what it waits for.
    Waiting(String),
    /// It got stuck: why. It is still waited for, as somebody may mend it.
    Stuck(String),
}

/// A line that changes in place on a terminal, or lines one below the other elsewhere.
struct Display {
    bar: Option<ProgressBar>,
    last: String,
}

impl Display {
    fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>4} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { bar, last: String::new() }
    }

    fn show(&mut self, line: &str) {
        if line == self.last {
            return;
        }
        line.clone_into(&mut self.last);
        match &self.bar {
            Some(bar) => bar.set_message(line.to_owned()),
            None => note(&format!("  {line}")),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Waits until `state` says that the object is where it should be; gives the object as it then is.
///
/// # Errors
/// When it is deleted, when the server refuses, or when the time is over (the message says what it waits for).
pub async fn until(
    client: &Client,
    kind: Kind,
    name: &str,
    timeout: Duration,
    state: impl Fn(&RawObject) -> Result<State, CliError>,
) -> Result<RawObject, CliError> {
    let mut display = Display::new();
    let mut last = String::new();
    let waiting = async {
        loop {
            let (object, mut watch) = snapshot(client, kind, name).await?;
            let mut now = object;
            loop {
                match state(&now)? {
                    State::Reached => return Ok(now),
                    State::Waiting(line) | State::Stuck(line) => {
                        display.show(&line);
                        last = line;
                    }
                }
                match next(&mut watch, name).await? {
                    Some(object) => now = object,
                    None => break,
                }
            }
        }
    };
    match tokio::time::timeout(timeout, waiting).await {
        Ok(result) => result,
        Err(_) => Err(CliError::Other(format!(
            "{} is not there after {} s: {last} (see `nagaya describe {} {name}`)",
            short_name(kind, name),
            timeout.as_secs(),
            kind.name().to_lowercase()
        ))),
    }
}

/// Waits until an object is gone.
///
/// # Errors
/// When the time is over or the server refuses.
pub async fn gone(client: &Client, kind: Kind, name: &str, timeout: Duration) -> Result<(), CliError> {
    let waited = until(client, kind, name, timeout, |object| {
        let message = object.status.get("message").and_then(|value| value.as_str()).unwrap_or_default();
        Ok(State::Waiting(format!("being deleted {message}")))
    });
    match waited.await {
        Err(error) if error.is_not_found() => Ok(()),
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The object now, and a watch that goes on from there.
async fn snapshot(client: &Client, kind: Kind, name: &str) -> Result<(RawObject, Watch), CliError> {
    let object = client.get(kind, name).await?;
    let watch = client.watch(kind, &Filter::default(), &object.metadata.resource_version);
    Ok((object, watch))
}

/// The next form of the object; none when the watch must begin anew.
async fn next(watch: &mut Watch, name: &str) -> Result<Option<RawObject>, CliError> {
    loop {
        match watch.next().await {
            Ok(WatchEvent::Deleted(object)) if object.metadata.name == name => {
                return Err(nagaya_api::ApiError::not_found(object.kind, name).into());
            }
            Ok(WatchEvent::Added(object) | WatchEvent::Modified(object)) if object.metadata.name == name => {
                return Ok(Some(object));
            }
            Ok(_) => {}
            Err(CliError::Api(error)) if error.code == 410 => return Ok(None),
            Err(error) => return Err(error),
        }
    }
}
