//! The server's way to the cluster's Kubernetes API, as the person who asked.

mod coalesce;
mod connect;
mod headers;
mod upstream;

pub use connect::serve;
pub use headers::{Caller, CallerError};
pub use upstream::{Upstream, UpstreamError};

use http::{Request, Response, StatusCode, Uri};
use nagaya_api::agent::KUBERNETES_PATH;
use nagaya_tunnel::{Body, full, wrap};
use serde_json::json;

/// Passes one request on and its answer back, both streaming. Upgrades do not come this way: [`serve`].
pub async fn forward<B>(upstream: &Upstream, request: Request<B>) -> Response<Body>
where
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<nagaya_tunnel::BoxError>,
{
    let (request, _) = match prepare(request) {
        Ok(prepared) => prepared,
        Err(error) => return status(StatusCode::FORBIDDEN, "Forbidden", &error.to_string()),
    };
    match upstream.send(request.map(wrap)).await {
        Ok(mut response) => {
            headers::clean_answer(response.headers_mut());
            *response.version_mut() = http::Version::HTTP_2;
            response.map(|body| wrap(coalesce::Coalesce::new(body)))
        }
        Err(error) => unreachable_answer(&error),
    }
}

/// Turns the server's request into the API server's: path, identity, headers. Returns the protocol it asks to
/// change to as well.
fn prepare<B>(mut request: Request<B>) -> Result<(Request<B>, Option<http::HeaderValue>), CallerError> {
    let caller = Caller::read(request.headers())?;
    let upgrade = headers::upgrade_of(request.headers());
    headers::clean_request(request.headers_mut());
    caller.impersonate(request.headers_mut())?;
    let whole = request.uri().path_and_query().map_or("/", |whole| whole.as_str());
    let below = whole.strip_prefix(KUBERNETES_PATH).filter(|rest| rest.starts_with('/')).unwrap_or("/");
    *request.uri_mut() = below.parse::<Uri>().map_err(|_| CallerError::Path)?;
    Ok((request, upgrade))
}

fn unreachable_answer(error: &UpstreamError) -> Response<Body> {
    tracing::warn!(%error, "the Kubernetes API was not reached");
    status(StatusCode::BAD_GATEWAY, "ServiceUnavailable", &error.to_string())
}

/// An answer that kubectl prints as it prints the API server's own.
fn status(code: StatusCode, reason: &str, message: &str) -> Response<Body> {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code.as_u16(),
    });
    let mut response = Response::new(full(body.to_string()));
    *response.status_mut() = code;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}
