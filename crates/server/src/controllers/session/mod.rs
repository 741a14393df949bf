//! Logging in and out.

pub mod login;
pub mod logout;

use axum::http::HeaderValue;

use crate::{answer::Answer, authentication::COOKIE};

/// The Set-Cookie value for a session's secret; an empty one takes the cookie away.
fn set_cookie(secret: &str, seconds: i64) -> Answer<HeaderValue> {
    // Secure also over http on loopback: browsers treat localhost as trustworthy, and the prefix demands it.
    let value = format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    Ok(HeaderValue::from_str(&value).map_err(|error| nagaya_api::ApiError::internal(error.to_string()))?)
}
