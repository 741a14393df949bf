//! Requests that change the protocol: exec, attach, port-forward, over SPDY or WebSocket.
//!
//! HTTP/2 has no Upgrade. So the request travels as HTTP/1.1 inside a CONNECT, and the two sides are joined
//! once the API server has answered 101.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Request, Response, StatusCode, Uri, Version, header};
use hyper_util::rt::TokioIo;
use nagaya_api::{
    ApiError,
    agent::{KUBERNETES_AUTHORITY, KUBERNETES_PATH},
};
use nagaya_tunnel::Hub;

use crate::{Identity, StreamGuard, guarded::Guarded, headers, status};

/// How long the API server and the kubelet behind it may take to answer an upgrade. kubelet itself waits up to
/// four minutes for a container's runtime; nobody at a terminal does.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// Sends `request`, which asks to change to `protocol`, to the Kubernetes API of `cluster` at `path_and_query`.
pub(crate) async fn upgrade(
    mut request: Request<Body>,
    protocol: HeaderValue,
    path_and_query: &str,
    cluster: &str,
    identity: &Identity,
    hub: &Hub,
    guard: StreamGuard,
) -> Response<Body> {
    let Ok(uri) = format!("{KUBERNETES_PATH}{path_and_query}").parse::<Uri>() else {
        return status::answer(&ApiError::bad_request(format!("{path_and_query} is no path")));
    };
    let client = hyper::upgrade::on(&mut request);
    headers::clean_request(request.headers_mut());
    identity.put(request.headers_mut());
    request.headers_mut().insert(header::HOST, HeaderValue::from_static("kubernetes.nagaya"));
    request.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    request.headers_mut().insert(header::UPGRADE, protocol);
    *request.uri_mut() = uri;
    *request.version_mut() = Version::HTTP_11;
    request.extensions_mut().clear();

    let answered = tokio::select! {
        answered = tokio::time::timeout(ANSWER_TIME, send(request, cluster, hub, &guard)) => answered,
        why = guard.ended() => return status::answer(&ApiError::forbidden(why.to_string())),
    };
    let mut response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return status::answer(&error),
        Err(_) => {
            let words = format!(
                "the Kubernetes API of cluster \"{cluster}\" did not answer within a minute: try again"
            );
            return status::answer(&ApiError::new(504, "Timeout", words));
        }
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        headers::clean_answer(response.headers_mut());
        return response.map(|body| Body::new(Guarded::new(body, guard)));
    }
    let cluster_side = hyper::upgrade::on(&mut response);
    let streams = guard.streams().clone();
    let cluster = cluster.to_owned();
    streams.spawn(async move {
        let joined = async {
            // The client's side comes only after our 101 was written, the cluster's is there already.
            let (client, cluster) = tokio::try_join!(client, cluster_side)?;
            nagaya_tunnel::splice(TokioIo::new(client), TokioIo::new(cluster)).await?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        };
        tokio::select! {
            result = joined => if let Err(error) = result {
                tracing::debug!(cluster, %error, "an upgraded stream ended with an error");
            },
            why = guard.ended() => tracing::info!(cluster, %why, "an upgraded stream was ended"),
        }
    });
    let (parts, _) = response.into_parts();
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    for name in [
        header::CONNECTION,
        header::UPGRADE,
        header::SEC_WEBSOCKET_ACCEPT,
        header::SEC_WEBSOCKET_PROTOCOL,
        header::HeaderName::from_static("x-stream-protocol-version"),
    ] {
        for value in parts.headers.get_all(&name) {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    answer
}

/// Opens a CONNECT and sends the request in it.
async fn send(
    request: Request<Body>,
    cluster: &str,
    hub: &Hub,
    guard: &StreamGuard,
) -> Result<Response<hyper::body::Incoming>, ApiError> {
    let lost = |error: hyper::Error| {
        ApiError::unavailable(format!(
            "the connection to the Kubernetes API of cluster \"{cluster}\" ended before it answered ({error}): try again"
        ))
    };
    let stream = hub
        .connect(cluster, KUBERNETES_AUTHORITY)
        .await
        .map_err(|error| status::of_tunnel(&error, cluster))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
    guard.streams().spawn(async move {
        // It ends with the answer, or hands the stream over at the 101.
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "a connection inside the tunnel ended with an error");
        }
    });
    sender.send_request(request).await.map_err(lost)
}
