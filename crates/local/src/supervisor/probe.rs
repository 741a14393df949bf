//! Whether a component answers.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use kube::Client;
use serde_json::Value;

use crate::net::netns::Netns;
use crate::process::ProcessId;

/// How to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Probe {
    /// 200 to a GET on the namespace's loopback.
    Http { ip: Ipv4Addr, port: u16, path: &'static str },
    /// Accepts connections on the namespace's loopback.
    Tcp { port: u16 },
    /// Accepts connections on a unix socket, as the process itself sees the path.
    Unix { path: &'static str },
    /// 200 to a GET from the API server.
    Api { path: &'static str },
    /// The API says that this node is Ready, and said so after this process started.
    NodeReady { node: String },
}

impl Probe {
    pub(crate) async fn ask(
        self,
        netns: Netns,
        client: Option<Client>,
        process: ProcessId,
        patience: Duration,
    ) -> Result<(), String> {
        let asked = async {
            match self {
                Self::Api { path } => get(client, path).await.map(drop),
                Self::NodeReady { node } => node_ready(client, &node, process).await,
                _ => {
                    let blocking = move || self.ask_blocking(&netns, process, patience);
                    tokio::task::spawn_blocking(blocking).await.map_err(|e| e.to_string())?
                }
            }
        };
        tokio::time::timeout(patience, asked).await.unwrap_or_else(|_| Err("no answer".into()))
    }

    fn ask_blocking(self, netns: &Netns, process: ProcessId, patience: Duration) -> Result<(), String> {
        match self {
            Self::Unix { path } => {
                let seen = format!("/proc/{}/root{path}", process.pid);
                UnixStream::connect(seen).map(drop).map_err(|e| format!("{path}: {e}"))
            }
            Self::Tcp { port } => {
                let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
                inside(netns, move || TcpStream::connect_timeout(&at, patience).map(drop))
            }
            Self::Http { ip, port, path } => inside(netns, move || {
                let mut stream = TcpStream::connect_timeout(&SocketAddr::from((ip, port)), patience)?;
                stream.set_read_timeout(Some(patience))?;
                write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
                let mut start = [0; 12];
                stream.read_exact(&mut start)?;
                let said = String::from_utf8_lossy(&start);
                if said.ends_with(" 200") {
                    Ok(())
                } else {
                    Err(std::io::Error::other(format!("it said {said}")))
                }
            }),
            Self::Api { .. } | Self::NodeReady { .. } => Err("not asked on a thread".into()),
        }
    }
}

fn inside(netns: &Netns, job: impl FnOnce() -> std::io::Result<()> + Send + 'static) -> Result<(), String> {
    netns.enter(job).map_err(|e| e.to_string())?.map_err(|e| e.to_string())
}

async fn get(client: Option<Client>, path: &str) -> Result<String, String> {
    let client = client.ok_or("there is no client yet")?;
    let request = http::Request::get(path).body(vec![]).map_err(|e| e.to_string())?;
    client.request_text(request).await.map_err(|e| in_words(&e))
}

/// One line for people.
fn in_words(error: &kube::Error) -> String {
    let kube::Error::Api(status) = error else { return "does not accept connections yet".into() };
    let missing = status.message.lines().filter_map(|line| line.strip_prefix("[-]")?.split(' ').next());
    let missing: Vec<&str> =
        missing.map(|check| check.trim_start_matches("poststarthook/")).take(3).collect();
    if missing.is_empty() {
        format!("says {}", status.code)
    } else {
        format!("prepares {}", missing.join(", "))
    }
}

async fn node_ready(client: Option<Client>, node: &str, process: ProcessId) -> Result<(), String> {
    let text = get(client, &format!("/api/v1/nodes/{node}")).await;
    let text =
        text.map_err(
            |problem| if problem == "says 404" { "has not registered its node yet".into() } else { problem },
        )?;
    let node: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    judge_node(&node, process.started_at().unwrap_or(0))
}

/// A node object left by an earlier run says Ready too, so its heartbeat counts only from `since` (Unix seconds) on.
fn judge_node(node: &Value, since: i64) -> Result<(), String> {
    let conditions = node["status"]["conditions"].as_array();
    let ready = conditions.and_then(|all| all.iter().find(|condition| condition["type"] == "Ready"));
    let ready = ready.ok_or("kubelet has not reported yet")?;
    let heartbeat = ready["lastHeartbeatTime"].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    if heartbeat.is_none_or(|at| at.as_second() < since) {
        return Err("kubelet has not reported since it started".into());
    }
    if ready["status"] == "True" {
        return Ok(());
    }
    Err(ready["message"].as_str().unwrap_or("the node is not ready").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_old_heartbeat_does_not_count() {
        let node = json!({"status": {"conditions": [
            {"type": "Ready", "status": "True", "lastHeartbeatTime": "2026-11-23T16:00:00Z", "message": "fine"}]}});
        let at = 1_795_449_600;
        assert_eq!(judge_node(&node, at), Ok(()));
        assert!(judge_node(&node, at + 1).is_err());
        assert!(judge_node(&json!({}), 0).is_err());
    }
}
