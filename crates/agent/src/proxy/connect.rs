//! `CONNECT kubernetes.nagaya:443`: HTTP/1.1 inside a stream, for requests that change the protocol.
//!
//! HTTP/2 has no Upgrade, so exec, attach and port-forward come this way. Nothing is raw before the API server has
//! answered 101: until then every byte is parsed, and the rules of [`super::prepare`] hold.

use std::convert::Infallible;

use http::{HeaderMap, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use nagaya_tunnel::{Body, TunnelStream, empty, splice, wrap};
use tokio_util::task::TaskTracker;

use super::headers::clean_answer;
use super::{CallerError, Upstream, prepare, status, unreachable_answer};

/// What of a 101 the client must see.
const SWITCHED: &[&str] = &[
    "connection",
    "upgrade",
    "sec-websocket-accept",
    "sec-websocket-protocol",
    "sec-websocket-extensions",
    "x-stream-protocol-version",
];

/// Serves one stream until it ends. What an upgrade leaves behind runs in `tasks`.
pub async fn serve(stream: TunnelStream, upstream: Upstream, tasks: TaskTracker) {
    let service = service_fn(move |request: Request<Incoming>| {
        let (upstream, tasks) = (upstream.clone(), tasks.clone());
        async move { Ok::<_, Infallible>(answer(request, upstream, tasks).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a stream to the Kubernetes API ended with an error");
    }
}

async fn answer(mut request: Request<Incoming>, upstream: Upstream, tasks: TaskTracker) -> Response<Body> {
    let server_side = hyper::upgrade::on(&mut request);
    let (mut request, protocol) = match prepare(request) {
        Ok(prepared) => prepared,
        Err(error @ CallerError::Path) => {
            return status(StatusCode::BAD_REQUEST, "BadRequest", &error.to_string());
        }
        Err(error) => return status(StatusCode::FORBIDDEN, "Forbidden", &error.to_string()),
    };
    if let Some(protocol) = &protocol {
        request.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("Upgrade"));
        request.headers_mut().insert(header::UPGRADE, protocol.clone());
    }
    let mut response = match upstream.send(request.map(wrap)).await {
        Ok(response) => response,
        Err(error) => return unreachable_answer(&error),
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        clean_answer(response.headers_mut());
        return response.map(wrap);
    }
    if protocol.is_none() {
        return status(
            StatusCode::BAD_GATEWAY,
            "InternalError",
            "the Kubernetes API changed the protocol unasked",
        );
    }
    let cluster_side = hyper::upgrade::on(&mut response);
    tasks.spawn(async move {
        // The server's side comes only after our 101 was written.
        let joined = async {
            let (server, cluster) =
                tokio::try_join!(server_side, cluster_side).map_err(std::io::Error::other)?;
            splice(TokioIo::new(server), TokioIo::new(cluster)).await
        };
        if let Err(error) = joined.await {
            tracing::debug!(%error, "an upgraded stream ended with an error");
        }
    });
    let mut answer = Response::new(empty());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    copy(response.headers(), answer.headers_mut());
    answer
}

fn copy(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from.iter().filter(|(name, _)| SWITCHED.contains(&name.as_str())) {
        to.append(name.clone(), value.clone());
    }
}
