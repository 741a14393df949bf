//! The shell: one task a cluster reads what its agent reports.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Request;
use http_body_util::BodyExt;
use nagaya_api::agent::{REPORTS_PATH, Report};
use nagaya_tunnel::{Hub, Lane, backoff};
use tokio::sync::{mpsc, watch};

use super::{plan::Held, send::Mail};
use crate::model::Event;

/// An agent sends a heartbeat each 10 s; one that is silent for so long is asked anew.
const SILENCE: Duration = Duration::from_secs(35);
/// Longest line: one workspace with its events, or all nodes of a large cluster.
const LINE_LIMIT: usize = 8 << 20;
const BACKOFF_MIN: Duration = Duration::from_millis(100);
const BACKOFF_MAX: Duration = Duration::from_secs(5);

/// What the reader needs.
pub(crate) struct Reader {
    pub(crate) cluster: String,
    pub(crate) hub: Hub,
    pub(crate) events: mpsc::Sender<Event>,
    /// The sender is told what the agent holds.
    pub(crate) mail: watch::Sender<Mail>,
}

/// Reads until `arrivals` has no other end. `arrivals` changes when an agent connects: the newest one is listened to.
pub(crate) async fn read(reader: Reader, mut arrivals: watch::Receiver<u64>) {
    let mut failures = 0;
    loop {
        arrivals.mark_unchanged();
        if reader.hub.agents(&reader.cluster).is_empty() {
            if arrivals.changed().await.is_err() {
                return;
            }
            continue;
        }
        let mut heard = false;
        let ended = tokio::select! {
            ended = reader.stream(&mut heard) => ended,
            changed = arrivals.changed() => {
                if changed.is_err() {
                    return;
                }
                // Another agent connected, a newer one maybe. What was told stays until it has told all.
                failures = 0;
                continue;
            }
        };
        failures = if heard { 0 } else { failures + 1 };
        tracing::info!(cluster = reader.cluster, why = ended, "the agent's reports ended");
        reader.mail.send_modify(|mail| mail.held = None);
        let _ = reader.events.send(Event::ReportsEnded { cluster: reader.cluster.clone() }).await;
        let pause = backoff::pause(failures, BACKOFF_MIN, BACKOFF_MAX, rand::random());
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            changed = arrivals.changed() => if changed.is_err() { return },
        }
    }
}

impl Reader {
    /// Listens to one stream until it ends; tells why it did.
    async fn stream(&self, heard: &mut bool) -> String {
        let mut request = Request::new(nagaya_tunnel::empty());
        *request.uri_mut() = http::Uri::from_static(REPORTS_PATH);
        let response = match self.hub.request(&self.cluster, Lane::Control, request).await {
            Ok(response) if response.status().is_success() => response,
            Ok(response) => return format!("it answered {}", response.status()),
            Err(error) => return error.to_string(),
        };
        let mut body = response.into_body();
        let mut lines = Lines::default();
        loop {
            let frame = match tokio::time::timeout(SILENCE, body.frame()).await {
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(error))) => return error.to_string(),
                Ok(None) => return "the agent ended them".to_owned(),
                Err(_) => return "the agent was silent for too long".to_owned(),
            };
            let Ok(data) = frame.into_data() else { continue };
            lines.push(&data);
            if lines.is_too_long() {
                return "a line is too long".to_owned();
            }
            while let Some(line) = lines.next() {
                match serde_json::from_slice::<Report>(&line) {
                    Ok(report) => {
                        *heard = true;
                        self.hear(report).await;
                    }
                    // A newer agent may tell what this server does not know.
                    Err(error) => tracing::warn!(cluster = self.cluster, %error, "a report does not read"),
                }
            }
        }
    }

    async fn hear(&self, report: Report) {
        let held = match &report {
            Report::Hello { incarnation, revision, hash, .. } => {
                Some(Held { incarnation: incarnation.clone(), revision: *revision, hash: hash.clone() })
            }
            _ => None,
        };
        let _ = self
            .events
            .send(Event::Reported { cluster: self.cluster.clone(), report: Box::new(report) })
            .await;
        if held.is_some() {
            self.mail.send_modify(|mail| {
                mail.held = held;
                mail.hellos += 1;
            });
        }
    }
}

/// Cuts a stream of bytes into lines.
#[derive(Default)]
struct Lines(BytesMut);

impl Lines {
    fn push(&mut self, data: &Bytes) {
        self.0.extend_from_slice(data);
    }

    fn is_too_long(&self) -> bool {
        self.0.len() > LINE_LIMIT && !self.0.contains(&b'\n')
    }

    fn next(&mut self) -> Option<Bytes> {
        loop {
            let end = self.0.iter().position(|byte| *byte == b'\n')?;
            let line = self.0.split_to(end + 1).freeze();
            if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Some(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_wherever_the_bytes_were() {
        let mut lines = Lines::default();
        let mut got = Vec::new();
        for piece in ["{\"a\"", ":1}\n{", "}\n\n \n{\"b\":2}\n{\"c"] {
            lines.push(&Bytes::from(piece));
            while let Some(line) = lines.next() {
                got.push(String::from_utf8_lossy(&line).trim().to_owned());
            }
        }
        assert_eq!(got, ["{\"a\":1}", "{}", "{\"b\":2}"]);
    }
}
