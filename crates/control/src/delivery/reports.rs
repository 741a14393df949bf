//! The shell: one task a cluster reads what its agent reports.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::Request;
use http_body_util::BodyExt;
use nagaya_api::agent::{REPORTS_PATH, Report};
use nagaya_tunnel::{Hub, Lane, backoff};
use tokio::sync::{mpsc, watch};

use super::{allowance::Allowance, bounds::bounded, plan::Held, send::Mail};
use crate::model::Event;

/// An agent sends a heartbeat each 10 s; one that is silent for so long is asked anew.
const SILENCE: Duration = Duration::from_secs(35);
/// Longest line: one workspace with its events, or all nodes of a large cluster.
const LINE_LIMIT: usize = 8 << 20;
/// What each piece of a stream costs besides its bytes.
const FRAME: usize = 64;
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
    let mut allowance = Allowance::new(Instant::now());
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
            ended = reader.stream(&mut heard, &mut allowance) => ended,
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
    async fn stream(&self, heard: &mut bool, allowance: &mut Allowance) -> String {
        tokio::time::sleep(allowance.beginning(Instant::now())).await;
        let mut request = Request::new(nagaya_tunnel::empty());
        *request.uri_mut() = http::Uri::from_static(REPORTS_PATH);
        let response = match self.hub.request(&self.cluster, Lane::Control, request).await {
            Ok(response) if response.status().is_success() => response,
            Ok(response) => return format!("it answered {}", response.status()),
            Err(error) => return error.to_string(),
        };
        let mut body = response.into_body();
        let mut lines = Lines::default();
        let (mut turn, mut unread) = (Turn::default(), 0_u64);
        loop {
            let frame = match tokio::time::timeout(SILENCE, body.frame()).await {
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(error))) => return error.to_string(),
                Ok(None) => return "the agent ended them".to_owned(),
                Err(_) => return "the agent was silent for too long".to_owned(),
            };
            let Ok(data) = frame.into_data() else { continue };
            tokio::time::sleep(allowance.bytes(data.len() + FRAME, Instant::now())).await;
            lines.push(&data);
            if lines.is_too_long() {
                return "a line is too long".to_owned();
            }
            while let Some(line) = lines.next() {
                tokio::time::sleep(allowance.line(Instant::now())).await;
                let report = match serde_json::from_slice::<Report>(&line) {
                    Ok(report) => bounded(report),
                    Err(error) => {
                        // A newer agent may tell what this server does not know.
                        unread += 1;
                        if u64::is_power_of_two(unread) {
                            tracing::warn!(cluster = self.cluster, %error, unread, "a report does not read");
                        }
                        continue;
                    }
                };
                match turn.of(&report) {
                    Ok(Said::Report) => self.hear(report).await,
                    Ok(Said::Again) => {
                        tokio::time::sleep(allowance.beginning(Instant::now())).await;
                        self.again(report).await;
                    }
                    Err(why) => return why.to_owned(),
                }
                *heard = true;
            }
        }
    }

    /// The agent says anew who it is: its cluster was upgraded. What was told so far stays.
    async fn again(&self, report: Report) {
        if let Report::Hello { agent_version, kubernetes_version, .. } = report {
            let cluster = self.cluster.clone();
            let event = Event::Renewed { cluster, agent_version, kubernetes: kubernetes_version };
            let _ = self.events.send(event).await;
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

/// How far a stream of reports is: first who reports, once `Synced`.
#[derive(Default)]
struct Turn {
    begun: bool,
    synced: bool,
}

/// What a report is in its stream.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// One of those that follow each other.
    Report,
    /// Who reports, though that was said.
    Again,
}

impl Turn {
    /// Takes the next report; an error says why the stream is not listened to any more.
    fn of(&mut self, report: &Report) -> Result<Said, &'static str> {
        match report {
            Report::Hello { .. } if self.begun => return Ok(Said::Again),
            Report::Hello { .. } => self.begun = true,
            _ if !self.begun => return Err("it does not begin with who reports"),
            Report::Synced if self.synced => return Err("it says twice that all was told"),
            Report::Synced => self.synced = true,
            _ => {}
        }
        Ok(Said::Report)
    }
}

/// Cuts a stream of bytes into lines.
#[derive(Default)]
struct Lines {
    bytes: BytesMut,
    /// So many of them hold no end of a line: what comes in small pieces is not searched again and again.
    searched: usize,
}

impl Lines {
    fn push(&mut self, data: &Bytes) {
        self.bytes.extend_from_slice(data);
    }

    fn is_too_long(&self) -> bool {
        self.bytes.len() > LINE_LIMIT && !self.bytes[self.searched..].contains(&b'\n')
    }

    fn next(&mut self) -> Option<Bytes> {
        loop {
            let Some(end) = self.bytes[self.searched..].iter().position(|byte| *byte == b'\n') else {
                self.searched = self.bytes.len();
                return None;
            };
            let line = self.bytes.split_to(self.searched + end + 1).freeze();
            self.searched = 0;
            if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Some(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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

    #[test]
    fn a_line_without_end_is_noticed_and_one_with_an_end_is_not() {
        let mut lines = Lines::default();
        let piece = Bytes::from(vec![b'x'; 1 << 20]);
        for _ in 0..8 {
            lines.push(&piece);
            assert!(!lines.is_too_long() && lines.next().is_none());
        }
        lines.push(&Bytes::from_static(b"\n"));
        assert!(!lines.is_too_long());
        assert_eq!(lines.next().map(|line| line.len()), Some((8 << 20) + 1));
        for _ in 0..9 {
            lines.push(&piece);
        }
        assert!(lines.is_too_long());
    }

    #[test]
    fn a_stream_begins_with_who_reports_and_is_complete_once() {
        let hello: Report = serde_json::from_value(serde_json::json!({
            "type": "hello", "agentId": "a", "agentVersion": "1", "kubernetesVersion": "v1", "incarnation": "",
            "revision": 0, "hash": "",
        }))
        .unwrap();
        assert!(Turn::default().of(&Report::Heartbeat).is_err());
        let mut turn = Turn::default();
        assert_eq!(turn.of(&hello), Ok(Said::Report));
        assert_eq!(turn.of(&Report::Synced), Ok(Said::Report));
        assert_eq!(turn.of(&hello), Ok(Said::Again));
        assert_eq!(turn.of(&Report::Heartbeat), Ok(Said::Report));
        assert!(turn.of(&Report::Synced).is_err());
    }
}
