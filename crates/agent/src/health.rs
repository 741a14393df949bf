//! `/readyz`, `/livez` and `/metrics` for kubelet and Prometheus.

use std::convert::Infallible;
use std::fmt::Write;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use nagaya_tunnel::{Body, DialerStatus, Lane, text};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::task::TaskTracker;

use crate::report::Reports;

const LIMIT: Duration = Duration::from_secs(10);
/// kubelet and Prometheus need two; whoever else connects must not fill the agent.
const AT_ONCE: usize = 16;

/// What is served.
#[derive(Clone)]
pub struct Health {
    /// The tunnel's state, once there is a dialler.
    pub tunnel: watch::Receiver<DialerStatus>,
    /// Whether this agent enforces.
    pub leads: watch::Receiver<bool>,
    /// The reports.
    pub reports: Reports,
    /// Open streams.
    pub tasks: TaskTracker,
}

impl Health {
    /// Serves for ever: kubelet must not kill an agent that drains for its silence.
    pub async fn serve(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                Some(_) = connections.join_next() => continue,
                accepted = listener.accept(), if connections.len() < AT_ONCE => accepted,
            };
            let Ok((tcp, _)) = accepted else {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let health = self.clone();
            connections.spawn(async move {
                let service = service_fn(move |request: Request<Incoming>| {
                    let answer = health.answer(request.uri().path());
                    async move { Ok::<_, Infallible>(answer) }
                });
                let mut builder = hyper::server::conn::http1::Builder::new();
                builder.timer(TokioTimer::new()).header_read_timeout(LIMIT).keep_alive(false);
                let _ =
                    tokio::time::timeout(LIMIT, builder.serve_connection(TokioIo::new(tcp), service)).await;
            });
        }
    }

    fn answer(&self, path: &str) -> Response<Body> {
        match path {
            "/livez" => text(StatusCode::OK, "ok"),
            "/readyz" => {
                let tunnel = self.tunnel.borrow();
                match tunnel.connected() {
                    true => text(StatusCode::OK, "ok"),
                    false => {
                        let why = tunnel.trouble().unwrap_or("not connected yet");
                        text(StatusCode::SERVICE_UNAVAILABLE, format!("no tunnel to the server: {why}"))
                    }
                }
            }
            "/metrics" => text(StatusCode::OK, self.metrics()),
            _ => text(StatusCode::NOT_FOUND, "there is /livez, /readyz and /metrics"),
        }
    }

    fn metrics(&self) -> String {
        let mut out = String::new();
        let tunnel = self.tunnel.borrow().clone();
        head(&mut out, "nagaya_agent_tunnel_connected", "Whether the lane to the server is up.");
        for lane in Lane::ALL {
            let up = u8::from(tunnel.lane(lane).connected);
            let _ = writeln!(out, "nagaya_agent_tunnel_connected{{lane=\"{lane}\"}} {up}");
        }
        let mut gauge = |name: &str, help: &str, value: usize| {
            head(&mut out, name, help);
            let _ = writeln!(out, "{name} {value}");
        };
        gauge(
            "nagaya_agent_leader",
            "Whether this agent enforces the intent.",
            usize::from(*self.leads.borrow()),
        );
        gauge("nagaya_agent_streams", "Streams that are open.", self.tasks.len());
        gauge("nagaya_agent_workspaces", "Workspaces seen in the cluster.", self.reports.workspace_count());
        gauge(
            "nagaya_agent_object_errors",
            "Objects that are not as they should be.",
            self.reports.error_count(),
        );
        gauge("process_resident_memory_bytes", "Resident memory.", resident().unwrap_or_default());
        out
    }
}

fn head(out: &mut String, name: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
}

fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<usize>().ok().map(|kib| kib * 1024)
}
