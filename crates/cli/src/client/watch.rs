//! Watches: objects as they change.

use std::collections::VecDeque;

use nagaya_api::{ApiError, Kind, RawObject};
use serde::Deserialize;
use serde_json::Value;

use super::{Client, Decoder, Filter};
use crate::CliError;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum WatchEvent {
    /// The object is there now, new or as it was before the watch.
    Added(RawObject),
    /// The object changed.
    Modified(RawObject),
    /// The object is gone.
    Deleted(RawObject),
}

impl WatchEvent {
    /// The object it is about.
    pub fn object(&self) -> &RawObject {
        match self {
            Self::Added(object) | Self::Modified(object) | Self::Deleted(object) => object,
        }
    }
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    object: Value,
}

/// A running watch of one kind. It goes on by itself after a lost connection.
#[derive(Debug)]
pub struct Watch {
    client: Client,
    kind: Kind,
    filter: Filter,
    revision: String,
    response: Option<reqwest::Response>,
    decoder: Decoder,
    ready: VecDeque<WatchEvent>,
}

/// Pause before a lost watch is opened again.
const RETRY: std::time::Duration = std::time::Duration::from_millis(500);

impl Client {
    /// Watches a kind from a list's revision on.
    pub fn watch(&self, kind: Kind, filter: &Filter, revision: &str) -> Watch {
        Watch {
            client: self.clone(),
            kind,
            filter: filter.clone(),
            revision: revision.to_owned(),
            response: None,
            decoder: Decoder::default(),
            ready: VecDeque::new(),
        }
    }
}

impl Watch {
    /// The next change.
    ///
    /// # Errors
    /// When the server refuses; `Expired` (410) asks for a new list. A lost connection is no error.
    pub async fn next(&mut self) -> Result<WatchEvent, CliError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(event);
            }
            let Some(response) = &mut self.response else {
                match self.open().await {
                    Ok(response) => self.response = Some(response),
                    Err(CliError::Unreachable { .. }) => tokio::time::sleep(RETRY).await,
                    Err(error) => return Err(error),
                }
                continue;
            };
            match response.chunk().await {
                Ok(Some(bytes)) => {
                    for data in self.decoder.push(&bytes) {
                        self.take(&data)?;
                    }
                }
                Ok(None) | Err(_) => {
                    self.response = None;
                    self.decoder = Decoder::default();
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    async fn open(&self) -> Result<reqwest::Response, CliError> {
        let mut query = vec![("watch", "true".to_owned()), ("resourceVersion", self.revision.clone())];
        if let Some(selector) = &self.filter.selector {
            query.push(("labelSelector", selector.clone()));
        }
        if let Some(team) = &self.filter.team {
            query.push(("team", team.clone()));
        }
        self.client.stream(self.kind.plural(), &query).await
    }

    fn take(&mut self, data: &str) -> Result<(), CliError> {
        let odd = |error: serde_json::Error| {
            CliError::Other(format!("the watch sent something unexpected: {error}"))
        };
        let line: Line = serde_json::from_str(data).map_err(odd)?;
        if line.kind == "ERROR" {
            return Err(serde_json::from_value::<ApiError>(line.object).map_err(odd)?.into());
        }
        if let Some(Value::String(revision)) = line.object.pointer("/metadata/resourceVersion") {
            self.revision.clone_from(revision);
        }
        if line.kind == "BOOKMARK" {
            return Ok(());
        }
        let object: RawObject = serde_json::from_value(line.object).map_err(odd)?;
        match line.kind.as_str() {
            "ADDED" => self.ready.push_back(WatchEvent::Added(object)),
            "MODIFIED" => self.ready.push_back(WatchEvent::Modified(object)),
            "DELETED" => self.ready.push_back(WatchEvent::Deleted(object)),
            // A newer server may say more; what is not known is not needed.
            _ => {}
        }
        Ok(())
    }
}
