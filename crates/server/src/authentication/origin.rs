//! Which pages may use a session.

use axum::http::{HeaderMap, Uri, header};
use nagaya_api::ApiError;

use crate::{ServerConfig, answer::Refusal};

/// Checks that a request comes from a page of ours: its Origin is one of those configured, or is exactly the
/// address the request was sent to and a name of this server. Workspaces served under names below ours are other
/// origins, and so are other ports.
///
/// # Errors
/// 403 when it does not, or when `demanded` and the request does not say where it comes from.
pub fn check_origin(config: &ServerConfig, headers: &HeaderMap, demanded: bool) -> Result<(), Refusal> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (origin, more) = (origins.next(), origins.next().is_some());
    let Some(origin) = origin else {
        return if demanded {
            Err(refused(
                "a request with a session must say its Origin; programs use a token: Authorization: Bearer …",
            ))
        } else {
            Ok(())
        };
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match origin.to_str() {
        Ok(origin) if !more && allowed(config, origin, host) => Ok(()),
        _ => Err(refused("the request comes from a page that is not this console's")),
    }
}

fn refused(message: &str) -> Refusal {
    ApiError::forbidden(message).into()
}

fn allowed(config: &ServerConfig, origin: &str, host: &str) -> bool {
    if config.origins.iter().any(|allowed| allowed == origin) {
        return true;
    }
    let Ok(uri) = origin.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    // "Exact": nothing but scheme, host and port, and those the browser sent the request to. The port may be that of
    // a tunnel (ssh -L), so it is the request's own address that counts, not the listener's.
    if origin != format!("{scheme}://{authority}") || authority.as_str() != host {
        return false;
    }
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let ours = |address: Option<std::net::SocketAddr>| {
        address.is_some_and(|address| {
            let ip = address.ip();
            name == ip.to_string() || (ip.is_loopback() || ip.is_unspecified()) && is_loopback(name)
        })
    };
    match scheme {
        "http" => ours(config.http),
        "https" => ours(config.https) || config.https.is_some() && config.names.iter().any(|one| one == name),
        _ => false,
    }
}

fn is_loopback(name: &str) -> bool {
    // Only the name itself: x.localhost belongs to workspaces.
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_address_itself_may_use_a_session() {
        let config = ServerConfig {
            names: vec!["desks.example.com".into()],
            origins: vec!["https://front.example.com".into()],
            ..ServerConfig::default()
        };
        for (origin, host) in [
            ("http://localhost:8080", "localhost:8080"),
            ("http://127.0.0.1:9999", "127.0.0.1:9999"), // ssh -L 9999:127.0.0.1:8080
            ("https://localhost:8443", "localhost:8443"),
            ("https://desks.example.com:8443", "desks.example.com:8443"),
            ("https://front.example.com", "127.0.0.1:8080"),
        ] {
            assert!(allowed(&config, origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("http://ws1.ws.localhost:8080", "localhost:8080"),
            ("http://ws1.ws.localhost:8080", "ws1.ws.localhost:8080"),
            ("http://localhost:3000", "localhost:8080"),
            ("http://127.0.0.1:8080", "localhost:8080"),
            ("http://evil.example:8080", "evil.example:8080"), // a name rebound to 127.0.0.1
            ("http://desks.example.com:8080", "desks.example.com:8080"),
            ("http://localhost:8080/", "localhost:8080"),
            ("http://user@localhost:8080", "localhost:8080"),
            ("null", "localhost:8080"),
            ("", "localhost:8080"),
        ] {
            assert!(!allowed(&config, origin, host), "{origin} {host}");
        }
    }
}
