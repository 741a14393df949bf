//! Taking requests apart; what does not fit is said in the API's own form.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::request::Parts,
};
use nagaya_api::ApiError;
use serde::de::DeserializeOwned;

use crate::{
    answer::Refusal,
    authorisation::{Caller, Found},
    body,
};

/// The query, by name.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|error| {
            ApiError::bad_request(format!("the query does not read: {}", error.body_text())).into()
        })
    }
}

/// The whole body, within the limit.
pub struct Whole(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Refusal> {
        Ok(Self(body::read(&mut request).await?))
    }
}

/// The address a request came from; the listener sets it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let unknown = Self(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0));
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(unknown))
    }
}

fn from_guard<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, Refusal> {
    let value = parts.extensions.get::<T>().cloned();
    value.ok_or_else(|| ApiError::internal("a handler asks for what its route's guard does not find").into())
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        from_guard(parts)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Found {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        from_guard(parts)
    }
}
