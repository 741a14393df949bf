//! The enrolment endpoint.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{BODY_LIMIT, ENROL_PATH, EnrolError, EnrolRequest, Enroller, Issued, RENEW_PATH, RenewRequest};
use crate::body::{Body, full, text};

/// A caller gets this long for all it wants: it is not authenticated yet.
const WHOLE: Duration = Duration::from_secs(30);

/// Serves one connection. `cluster` is the name in the client certificate, if one was shown.
pub(crate) async fn serve_enrolment<IO>(io: IO, cluster: Option<String>, enroller: Arc<dyn Enroller>)
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| {
        let (cluster, enroller) = (cluster.clone(), enroller.clone());
        async move { Ok::<_, Infallible>(answer(request, cluster, enroller).await) }
    });
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(WHOLE / 3).max_buf_size(64 * 1024).keep_alive(false);
    let connection = builder.serve_connection(TokioIo::new(io), service);
    match tokio::time::timeout(WHOLE, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "an enrolment connection broke"),
        Err(_) => tracing::debug!("an enrolment connection took too long and was closed"),
    }
}

async fn answer(
    request: Request<Incoming>,
    cluster: Option<String>,
    enroller: Arc<dyn Enroller>,
) -> Response<Body> {
    if request.method() != Method::POST {
        return text(StatusCode::METHOD_NOT_ALLOWED, "only POST");
    }
    let path = request.uri().path().to_owned();
    let result = match (path.as_str(), cluster) {
        (ENROL_PATH, _) => match read::<EnrolRequest>(request).await {
            Ok(body) => enroller.enrol(&body.token, &body.csr_pem).await,
            Err(words) => return text(StatusCode::BAD_REQUEST, words),
        },
        (RENEW_PATH, Some(cluster)) => match read::<RenewRequest>(request).await {
            Ok(body) => enroller.renew(&cluster, &body.csr_pem).await,
            Err(words) => return text(StatusCode::BAD_REQUEST, words),
        },
        (RENEW_PATH, None) => {
            Err(EnrolError::Refused("a renewal needs the certificate that it replaces".to_owned()))
        }
        _ => return text(StatusCode::NOT_FOUND, "there is /v1/enrol and /v1/renew"),
    };
    match result {
        Ok(issued) => json(&issued),
        Err(error) => {
            tracing::warn!(%error, path, "an agent was not enrolled");
            let words = match &error {
                EnrolError::Refused(words) | EnrolError::Unavailable(words) => words.clone(),
            };
            text(error.status(), words)
        }
    }
}

async fn read<T: DeserializeOwned>(request: Request<Incoming>) -> Result<T, String> {
    let body =
        Limited::new(request.into_body(), BODY_LIMIT).collect().await.map_err(|error| error.to_string())?;
    serde_json::from_slice(&body.to_bytes()).map_err(|error| format!("the body is not as expected: {error}"))
}

fn json(issued: &Issued) -> Response<Body> {
    match serde_json::to_vec(issued) {
        Ok(bytes) => Response::new(full(bytes)),
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}
