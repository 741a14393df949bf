//! `/readyz`, `/livez` and `/metrics` for kubelet and Prometheus.

use std::convert::Infallible;
use std::time::Duration;

use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use nagaya_tunnel::{Body, DialerStatus, text};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::task::TaskTracker;

use crate::metrics::{MEDIA_TYPE, Metrics, Now};
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
    /// What is counted.
    pub metrics: Metrics,
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
            "/metrics" => {
                let mut response = text(StatusCode::OK, self.metrics.text(&self.now()));
                let media_type = HeaderValue::from_static(MEDIA_TYPE);
                response.headers_mut().insert(header::CONTENT_TYPE, media_type);
                response
            }
            _ => text(StatusCode::NOT_FOUND, "there is /livez, /readyz and /metrics"),
        }
    }

    fn now(&self) -> Now {
        Now {
            tunnel: self.tunnel.borrow().clone(),
            leads: *self.leads.borrow(),
            streams: self.tasks.len(),
            workspaces: self.reports.workspace_count(),
            errors: self.reports.error_count(),
            unready: self.reports.unready_count(),
        }
    }
}
