//! A desktop in the browser: the page's WebSocket on one side, the pod's RFB port on the other.

use std::time::Duration;

use axum::{
    body::Body,
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
};
use bytes::BytesMut;
use futures::{Sink, SinkExt, Stream, StreamExt};
use http::{Response, StatusCode};
use nagaya_api::agent::{service_authority, workspace_authority};
use nagaya_tunnel::{Hub, TunnelError};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

use crate::{CloseReason, StreamGuard};

/// Time between pings to the page. Proxies on the way drop what is idle for a minute.
const PING: Duration = Duration::from_secs(15);
/// A page that neither answers a ping nor says anything else for so long is gone.
const SILENCE: Duration = Duration::from_secs(40);
/// How long a desktop that does not answer is tried again: the page may be opened before the pod is up, and shows
/// the desktop the moment it is. The console itself gives up after 15 s.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pause between two tries.
const RETRY: Duration = Duration::from_millis(50);
/// How long one try may take.
const TRY: Duration = Duration::from_secs(10);
/// How long the close frame may take to get out, and the page's own to come back.
const CLOSING: Duration = Duration::from_secs(1);
/// What is read at once and becomes one message. noVNC takes messages as a stream, so their borders mean nothing.
const CHUNK: usize = 16 * 1024;
/// noVNC cuts what it sends into pieces of 10 KiB; anything near this size is no page of ours.
const MESSAGE: usize = 1 << 20;

/// Which port of which workspace. The caller has checked that the workspace's template names the port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Name of the cluster.
    pub cluster: String,
    /// The Kubernetes namespace.
    pub namespace: String,
    /// Name of the workspace.
    pub workspace: String,
    /// The Service of one that is a release of a chart; none: its pod has a relay.
    pub service: Option<String>,
    /// The port: of the Service, or on the pod's loopback.
    pub port: u16,
}

impl Target {
    fn authority(&self) -> String {
        match &self.service {
            Some(service) => service_authority(service, &self.workspace, &self.namespace, self.port),
            None => workspace_authority(&self.workspace, &self.namespace, self.port),
        }
    }
}

/// Answers the upgrade and carries bytes between the page and the workspace until one of them ends or `guard` does.
///
/// What goes wrong is said by the close code ([`CloseReason`]), never by the answer's status: a page cannot read
/// the latter.
pub async fn desktop(
    upgrade: WebSocketUpgrade,
    target: Target,
    hub: Hub,
    guard: StreamGuard,
) -> Response<Body> {
    let upgrade = upgrade
        .protocols(["binary"])
        .read_buffer_size(CHUNK)
        .write_buffer_size(0)
        .max_message_size(MESSAGE)
        .max_frame_size(MESSAGE);
    upgrade.on_upgrade(move |socket| serve(socket, target, hub, guard))
}

async fn serve(socket: WebSocket, target: Target, hub: Hub, guard: StreamGuard) {
    let (mut sink, mut source) = socket.split();
    let carried = async {
        let stream = match connect(&target, &hub).await {
            Ok(stream) => stream,
            Err(reason) => return reason,
        };
        let (read, write) = tokio::io::split(stream);
        let why = tokio::select! {
            why = down(read, &mut sink) => why,
            why = up(&mut source, write) => why,
        };
        match why {
            // The bytes ended with the connection they came through: the desktop may be alive.
            CloseReason::DesktopEnded if hub.agents(&target.cluster).is_empty() => CloseReason::AgentAway,
            why => why,
        }
    };
    let why = tokio::select! {
        biased;
        why = guard.ended() => why,
        why = carried => why,
    };
    tracing::info!(workspace = target.workspace, cluster = target.cluster, port = target.port, %why, "a desktop stream ended");
    close(&mut sink, &mut source, why).await;
}

async fn connect(
    target: &Target,
    hub: &Hub,
) -> Result<impl AsyncRead + AsyncWrite + Unpin + Send + use<>, CloseReason> {
    let authority = target.authority();
    let end = Instant::now() + PATIENCE;
    loop {
        let reason = match timeout(TRY, hub.connect(&target.cluster, &authority)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => {
                tracing::debug!(workspace = target.workspace, cluster = target.cluster, %error, "no way to a desktop");
                refusal(&error)
            }
            Err(_) => return Err(CloseReason::DesktopSilent),
        };
        let may_come = matches!(reason, CloseReason::WorkspaceStopped | CloseReason::DesktopSilent);
        if !may_come || Instant::now() >= end {
            return Err(reason);
        }
        sleep(RETRY).await;
    }
}

/// What a refusal means for the page. The agent answers 404 where it knows no such workspace, 503 where it has no pod
/// that runs, and 502 where the pod does not answer.
fn refusal(error: &TunnelError) -> CloseReason {
    match error {
        TunnelError::Refused { status: StatusCode::NOT_FOUND | StatusCode::SERVICE_UNAVAILABLE, .. } => {
            CloseReason::WorkspaceStopped
        }
        TunnelError::Refused { .. } => CloseReason::DesktopSilent,
        _ => CloseReason::AgentAway,
    }
}

/// From the workspace to the page. Each read is one message, flushed at once; a page that does not take them holds
/// the reading back, and by HTTP/2's window the desktop itself.
async fn down<S>(mut from: impl AsyncRead + Unpin, to: &mut S) -> CloseReason
where
    S: Sink<Message> + Unpin,
{
    let mut ping = interval(PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(CHUNK);
        let message = tokio::select! {
            read = from.read_buf(&mut buffer) => match read {
                Ok(0) | Err(_) => return CloseReason::DesktopEnded,
                Ok(_) => Message::Binary(buffer.split().freeze()),
            },
            _ = ping.tick() => Message::Ping(bytes::Bytes::new()),
        };
        if to.send(message).await.is_err() {
            return CloseReason::ClientGone;
        }
    }
}

/// From the page to the workspace.
async fn up<S, E>(from: &mut S, mut to: impl AsyncWrite + Unpin) -> CloseReason
where
    S: Stream<Item = Result<Message, E>> + Unpin,
{
    loop {
        let bytes = match timeout(SILENCE, from.next()).await {
            Ok(Some(Ok(Message::Binary(bytes)))) => bytes,
            Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => continue,
            Ok(Some(Ok(Message::Text(_)))) => return CloseReason::NotBinary,
            Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) | Err(_) => return CloseReason::ClientGone,
        };
        if to.write_all(&bytes).await.is_err() || to.flush().await.is_err() {
            return CloseReason::DesktopEnded;
        }
    }
}

/// Says why, and waits a moment for the page's own close frame: a connection that is dropped with bytes unread is
/// reset, and the reset overtakes the reason.
async fn close<K, S, E>(sink: &mut K, source: &mut S, why: CloseReason)
where
    K: Sink<Message> + Unpin,
    S: Stream<Item = Result<Message, E>> + Unpin,
{
    if why == CloseReason::ClientGone {
        return;
    }
    let frame = CloseFrame { code: why.code(), reason: why.words().into() };
    let said = async {
        if sink.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = source.next().await {}
        }
    };
    tokio::select! {
        () = said => {}
        () = sleep(CLOSING) => {}
    }
}
