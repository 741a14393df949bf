//! Writes `state.json` when something changed.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::process::ProcessId;
use crate::{ClusterState, Error, Phase, paths};

/// The state as last written.
pub(super) struct Report {
    path: PathBuf,
    pub(super) state: ClusterState,
    written: Option<ClusterState>,
}

impl Report {
    /// Goes on from what the last supervisor wrote.
    pub(super) fn open(path: PathBuf, name: &str, now: Timestamp) -> Self {
        let old = std::fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str(&text).ok());
        let mut state: ClusterState = old.unwrap_or_else(|| ClusterState::stopped(name, now));
        state.supervisor = ProcessId::own();
        Self { path, state, written: None }
    }

    pub(super) fn phase(&mut self, phase: Phase, message: impl Into<String>, now: Timestamp) {
        if self.state.phase != phase {
            self.state.since = now;
            tracing::info!(cluster = %self.state.name, ?phase, "now");
        }
        (self.state.phase, self.state.message) = (phase, message.into());
    }

    pub(super) fn flush(&mut self) -> Result<(), Error> {
        if self.written.as_ref() != Some(&self.state) {
            let text = serde_json::to_string_pretty(&self.state)
                .map_err(|e| Error::io("write", &self.path, e.into()))?;
            paths::replace(&self.path, text)?;
            self.written = Some(self.state.clone());
        }
        Ok(())
    }
}
