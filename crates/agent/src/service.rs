//! What the agent answers with: the HTTP surface behind the tunnel.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use nagaya_api::agent::{
    AGENT_PATH, AgentUpdate, CHART_LIMIT, CHARTS_PATH, FAREWELL_PATH, INTENT_PATH, Intent,
    KUBERNETES_AUTHORITY, KUBERNETES_PATH, REPORTS_PATH, Report, parse_service_authority,
    parse_workspace_authority,
};
use nagaya_tunnel::{Body, Identity, Lane, Service, TunnelStream, body_stream, empty, full, splice, text};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{broadcast::error::RecvError, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::enforce::engine::{IntentError, Offer};
use crate::farewell::farewell;
use crate::proxy::{self, Upstream};
use crate::release::charts::{ChartError, Charts};
use crate::release::held::remaining;
use crate::report::Reports;
use crate::update::{self, UpdateError};
use crate::workspace::{self, OpenError};

/// The largest intent that is taken in.
const INTENT_LIMIT: usize = 64 * 1024 * 1024;
/// The largest update that is read: two roles.
const UPDATE_LIMIT: usize = 256 * 1024;
/// How long an intent waits for this agent to be the one that enforces.
const INTENT_WAIT: Duration = Duration::from_secs(15);
/// So often the server hears that all is well.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Answers the server.
pub struct Surface {
    /// Where intents go.
    pub offers: mpsc::Sender<Offer>,
    /// What the server is told.
    pub reports: Reports,
    /// The Kubernetes API.
    pub upstream: Upstream,
    /// The same for the agent's own errands.
    pub client: kube::Client,
    /// Where chart archives are kept.
    pub charts: Charts,
    /// The agent's namespace.
    pub namespace: String,
    /// Who this agent is to relays.
    pub identity: watch::Receiver<Identity>,
    /// Streams that are open.
    pub tasks: TaskTracker,
    /// Cancelled when the agent is to end: report streams end at once, others may go on.
    pub ending: CancellationToken,
}

#[async_trait]
impl Service for Surface {
    async fn handle(&self, _lane: Lane, request: Request<Incoming>) -> Response<Body> {
        if request.method() == Method::CONNECT {
            return self.connect(request).await;
        }
        let path = request.uri().path();
        match (request.method(), path) {
            (&Method::PUT, INTENT_PATH) => self.intent(request).await,
            (&Method::GET, REPORTS_PATH) => self.reports(),
            (&Method::GET, FAREWELL_PATH) => self.may_leave().await,
            (&Method::POST, FAREWELL_PATH) => match farewell(&self.client, &self.namespace).await {
                Ok(()) => Response::new(empty()),
                Err(error) => text(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
            },
            (&Method::PUT, AGENT_PATH) => self.update(request).await,
            _ if path.strip_prefix(CHARTS_PATH).is_some_and(|rest| rest.starts_with('/')) => {
                self.chart(request).await
            }
            _ if path.strip_prefix(KUBERNETES_PATH).is_some_and(|rest| rest.starts_with('/')) => {
                proxy::forward(&self.upstream, request).await
            }
            _ => text(
                StatusCode::NOT_FOUND,
                "this agent answers /v1/intent, /v1/reports, /v1/agent, /v1/farewell, /v1/charts/… and /v1/kubernetes/…",
            ),
        }
    }
}

impl Surface {
    async fn intent(&self, request: Request<Incoming>) -> Response<Body> {
        let bytes = match Limited::new(request.into_body(), INTENT_LIMIT).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => {
                return text(StatusCode::BAD_REQUEST, format!("the intent did not arrive whole: {error}"));
            }
        };
        let intent: Intent = match serde_json::from_slice(&bytes) {
            Ok(intent) => intent,
            Err(error) => {
                return text(StatusCode::BAD_REQUEST, format!("the intent cannot be read: {error}"));
            }
        };
        drop(bytes);
        let (answer, answered) = oneshot::channel();
        let waited = tokio::time::timeout(INTENT_WAIT, async {
            self.offers.send(Offer { intent, answer }).await.ok()?;
            answered.await.ok()
        });
        match waited.await {
            Ok(Some(Ok(ack))) => match serde_json::to_vec(&ack) {
                Ok(json) => Response::new(full(json)),
                Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
            },
            Ok(Some(Err(IntentError::Refused(refusal)))) => text(StatusCode::CONFLICT, refusal.to_string()),
            Ok(Some(Err(IntentError::Store(error)))) => {
                text(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
            }
            Ok(None) => {
                text(StatusCode::SERVICE_UNAVAILABLE, "this agent is ending; send the intent to the next")
            }
            Err(_) => text(
                StatusCode::SERVICE_UNAVAILABLE,
                "another agent of this cluster enforces; send it again in a moment",
            ),
        }
    }

    /// Whether releases are left that only this agent can uninstall.
    async fn may_leave(&self) -> Response<Body> {
        match remaining(self.client.clone(), &self.namespace).await {
            Ok(left) if left.is_empty() => Response::new(empty()),
            Ok(left) => {
                let words = format!("it still uninstalls what it was given: {}", left.join(", "));
                text(StatusCode::CONFLICT, words)
            }
            Err(error) => text(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
        }
    }

    async fn update(&self, request: Request<Incoming>) -> Response<Body> {
        let read = Limited::new(request.into_body(), UPDATE_LIMIT).collect().await;
        let update = read.map_err(|error| error.to_string()).and_then(|body| {
            serde_json::from_slice::<AgentUpdate>(&body.to_bytes()).map_err(|error| error.to_string())
        });
        let update = match update {
            Ok(update) => update,
            Err(error) => {
                return text(StatusCode::BAD_REQUEST, format!("the update cannot be read: {error}"));
            }
        };
        match update::update(&self.client, &self.namespace, &update).await {
            Ok(()) => Response::new(empty()),
            Err(error @ UpdateError::Kubernetes(_)) => {
                text(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
            }
            Err(error) => text(StatusCode::CONFLICT, error.to_string()),
        }
    }

    /// Whether a chart's archive is here, or takes it in.
    async fn chart(&self, request: Request<Incoming>) -> Response<Body> {
        let digest = request.uri().path().rsplit('/').next().unwrap_or_default().to_owned();
        let done = match *request.method() {
            Method::HEAD => match self.charts.has(&digest).await {
                Ok(false) => Err(ChartError::Absent(digest)),
                other => other.map(drop),
            },
            Method::PUT => match Limited::new(request.into_body(), CHART_LIMIT).collect().await {
                Ok(body) => self.charts.put(&digest, &body.to_bytes()).await,
                Err(error) => {
                    let size = CHART_LIMIT / 1024 / 1024;
                    let words =
                        format!("the archive did not arrive whole, or is larger than {size} MiB: {error}");
                    return text(StatusCode::BAD_REQUEST, words);
                }
            },
            _ => return text(StatusCode::METHOD_NOT_ALLOWED, "charts are asked for by HEAD and sent by PUT"),
        };
        match done {
            Ok(()) => Response::new(empty()),
            Err(error @ ChartError::Absent(_)) => text(StatusCode::NOT_FOUND, error.to_string()),
            Err(error @ ChartError::Kubernetes(_)) => {
                text(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
            }
            Err(error) => text(StatusCode::BAD_REQUEST, error.to_string()),
        }
    }

    fn reports(&self) -> Response<Body> {
        let subscription = self.reports.subscribe();
        let first: Vec<_> = subscription.first.iter().map(|report| Ok(line(report))).collect();
        let rest = futures::stream::unfold(
            (subscription.changes, self.ending.clone()),
            |(mut changes, ending)| async {
                let report = tokio::select! {
                    () = ending.cancelled() => return None,
                    next = tokio::time::timeout(HEARTBEAT, changes.recv()) => next,
                };
                let bytes = match report {
                    Ok(Ok(report)) => line(&report),
                    Err(_) => line(&Report::Heartbeat),
                    Ok(Err(RecvError::Closed)) => return None,
                    Ok(Err(RecvError::Lagged(missed))) => {
                        // What was missed cannot be told singly: the server begins again with everything.
                        tracing::warn!(missed, "the report stream was too slow and is ended");
                        return None;
                    }
                };
                Some((Ok::<_, std::io::Error>(bytes), (changes, ending)))
            },
        );
        let mut response =
            Response::new(body_stream(futures::StreamExt::chain(futures::stream::iter(first), rest)));
        let ndjson = header::HeaderValue::from_static("application/x-ndjson");
        response.headers_mut().insert(header::CONTENT_TYPE, ndjson);
        response
    }

    async fn connect(&self, request: Request<Incoming>) -> Response<Body> {
        let authority =
            request.uri().authority().map(|authority| authority.as_str().to_owned()).unwrap_or_default();
        if authority == KUBERNETES_AUTHORITY {
            let (upstream, tasks) = (self.upstream.clone(), self.tasks.clone());
            self.tasks.spawn(async move {
                match hyper::upgrade::on(request).await {
                    Ok(upgraded) => proxy::serve(TunnelStream::new(upgraded), upstream, tasks).await,
                    Err(error) => tracing::debug!(%error, "a stream ended before it began"),
                }
            });
            return Response::new(empty());
        }
        // Before the answer, so that what is wrong is said in words and not by a stream that ends at once.
        if let Some((service, name, namespace, port)) = parse_service_authority(&authority) {
            let opened = workspace::open_service(&self.client, name, namespace, service, port).await;
            return self.join(request, &authority, opened);
        }
        let Some((name, namespace, port)) = parse_workspace_authority(&authority) else {
            return text(StatusCode::BAD_REQUEST, format!("{authority} is no place that this agent knows"));
        };
        let identity = self.identity.borrow().clone();
        let opened = workspace::open(&self.reports, &identity, name, namespace, port).await;
        self.join(request, &authority, opened)
    }

    /// Joins the stream that is asked for to one that was opened, or says why none was.
    fn join(
        &self,
        request: Request<Incoming>,
        authority: &str,
        opened: Result<impl AsyncRead + AsyncWrite + Unpin + Send + 'static, OpenError>,
    ) -> Response<Body> {
        let authority = authority.to_owned();
        match opened {
            Ok(pod) => {
                self.tasks.spawn(async move {
                    let joined = async {
                        let upgraded = hyper::upgrade::on(request).await.map_err(std::io::Error::other)?;
                        splice(TunnelStream::new(upgraded), pod).await
                    };
                    if let Err(error) = joined.await {
                        tracing::debug!(authority, %error, "a stream to a workspace ended with an error");
                    }
                });
                Response::new(empty())
            }
            Err(error) => {
                tracing::info!(authority, %error, "a stream to a workspace was not opened");
                text(error.status(), error.to_string())
            }
        }
    }
}

fn line(report: &Report) -> Bytes {
    let mut json = serde_json::to_vec(report).unwrap_or_default();
    json.push(b'\n');
    json.into()
}
