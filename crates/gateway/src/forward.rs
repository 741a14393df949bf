//! Requests that are answered and done, or whose answer goes on: everything but upgrades.

use axum::body::Body;
use http::{Request, Response, Uri, Version};
use nagaya_api::{ApiError, agent::KUBERNETES_PATH};
use nagaya_tunnel::{Hub, Lane};

use crate::{Identity, StreamGuard, guarded::Guarded, headers, path, status};

/// Sends `request` to the Kubernetes API of `cluster` at `path_and_query`, as `identity`.
pub(crate) async fn forward(
    mut request: Request<Body>,
    path_and_query: &str,
    cluster: &str,
    identity: &Identity,
    hub: &Hub,
    guard: StreamGuard,
) -> Response<Body> {
    let Ok(uri) = format!("{KUBERNETES_PATH}{path_and_query}").parse::<Uri>() else {
        return status::answer(&ApiError::bad_request(format!("{path_and_query} is no path")));
    };
    headers::clean_request(request.headers_mut());
    identity.put(request.headers_mut());
    *request.uri_mut() = uri;
    *request.version_mut() = Version::HTTP_2;
    request.extensions_mut().clear();
    let lane = if path::is_long(path_and_query) { Lane::Streams } else { Lane::Api };
    let answered = tokio::select! {
        answered = hub.request(cluster, lane, request.map(nagaya_tunnel::wrap)) => answered,
        why = guard.ended() => return status::answer(&ApiError::forbidden(why.to_string())),
    };
    match answered {
        Ok(mut response) => {
            headers::clean_answer(response.headers_mut());
            *response.version_mut() = Version::HTTP_11;
            response.extensions_mut().clear();
            response.map(|body| Body::new(Guarded::new(body, guard)))
        }
        Err(error) => {
            tracing::debug!(cluster, path_and_query, %error, "a request to a cluster failed");
            status::answer(&status::of_tunnel(&error, cluster))
        }
    }
}
