//! kubectl's way into a cluster.

use axum::body::Body;
use http::{Request, Response};
use nagaya_api::ApiError;
use nagaya_tunnel::Hub;

use crate::{Identity, StreamGuard, forward::forward, headers, path, status, upgrade::upgrade};

/// Why a request that says to act as somebody else is not passed on; none when it does not say so.
pub fn refused_claim(request: &Request<Body>) -> Option<ApiError> {
    let header = headers::claimed(request.headers())?;
    Some(ApiError::forbidden(format!(
        "the request carries the header {header}: nobody acts as somebody else through Nagaya (leave out --as, --as-group and --as-uid, and \"as\" in the kubeconfig)"
    )))
}

/// Passes a request on to the Kubernetes API of `cluster`, as `identity`. `prefix` is the part of the path that is
/// ours, without a slash at its end. Credentials that the client sent are removed, a claim to be somebody else is
/// refused; errors are Kubernetes' `Status`.
pub async fn kubernetes(
    request: Request<Body>,
    prefix: &str,
    cluster: &str,
    identity: &Identity,
    hub: &Hub,
    guard: StreamGuard,
) -> Response<Body> {
    if headers::is_embedding(request.headers()) {
        return status::answer(&ApiError::forbidden(
            "the Kubernetes API is not shown as a page: use kubectl, or the console",
        ));
    }
    if let Some(error) = refused_claim(&request) {
        return status::answer(&error);
    }
    let uri = request.uri().clone();
    let below = match path::below(&uri, prefix) {
        Ok("") => "/",
        Ok(below) => below,
        Err(error) => return status::answer(&error),
    };
    match headers::upgrade_of(request.headers()) {
        Some(protocol) => upgrade(request, protocol, below, cluster, identity, hub, guard).await,
        None => forward(request, below, cluster, identity, hub, guard).await,
    }
}
