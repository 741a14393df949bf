//! What crosses from the server's request to the API server's, and as whom.
//!
//! The agent may impersonate anybody, RBAC knows no prefix. So the rule that only names under `nagaya:` are ever
//! impersonated stands here, and it holds against the server as well: a client's headers may reach us through it.
//! What the `Connection` header names is dropped before ours are set: otherwise a client could name
//! `Impersonate-User` there and have the next hop drop it, leaving the agent's own rights (GHSA-pvxj-25m6-7vqr).

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use nagaya_api::agent::{GROUPS_HEADER, USER_HEADER};

const IMPERSONATE_USER: HeaderName = HeaderName::from_static("impersonate-user");
const IMPERSONATE_GROUP: HeaderName = HeaderName::from_static("impersonate-group");
/// Whatever is impersonated begins so.
const OURS: &str = "nagaya:";
/// Kubernetes takes a bearer token as a WebSocket subprotocol of this form.
const TOKEN_PROTOCOL: &str = "base64url.bearer.authorization.k8s.io.";

/// Of one hop (RFC 9110, section 7.6.1).
const HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
];
/// Credentials, claims of identity, and names of hops before.
const CLAIMS: &[&str] = &["authorization", "cookie", "host", "forwarded", "x-real-ip"];
const CLAIM_PREFIXES: &[&str] = &["impersonate-", "nagaya-", "x-remote-", "x-forwarded-"];

/// Why a request is not passed on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallerError {
    /// It does not say who asks.
    #[error("the request names no user; the server must set {USER_HEADER}")]
    Nobody,
    /// Someone else than a Nagaya user or group.
    #[error("`{0}` is not impersonated: only names under `nagaya:` are")]
    NotOurs(String),
    /// A name that is no header value.
    #[error("the user or group name has characters that no header may carry")]
    Malformed,
    /// The path is none.
    #[error("the path is not a path of the Kubernetes API")]
    Path,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    user: String,
    groups: Vec<String>,
}

impl Caller {
    /// Reads who asks from the server's headers. Exactly one user, and nothing outside `nagaya:`.
    ///
    /// # Errors
    /// [`CallerError`].
    pub fn read(headers: &HeaderMap) -> Result<Caller, CallerError> {
        let mut users = headers.get_all(USER_HEADER).iter();
        let user = users.next().ok_or(CallerError::Nobody)?;
        if users.next().is_some() {
            return Err(CallerError::Nobody);
        }
        let user = ours(user.to_str().map_err(|_| CallerError::Malformed)?)?;
        let mut groups = Vec::new();
        for value in headers.get_all(GROUPS_HEADER) {
            let value = value.to_str().map_err(|_| CallerError::Malformed)?;
            for group in value.split(',').map(str::trim).filter(|group| !group.is_empty()) {
                groups.push(ours(group)?);
            }
        }
        Ok(Caller { user, groups })
    }

    /// Writes the caller's identity for the API server. Call it after [`clean_request`].
    ///
    /// # Errors
    /// [`CallerError::Malformed`].
    pub fn impersonate(&self, headers: &mut HeaderMap) -> Result<(), CallerError> {
        let value = |text: &str| HeaderValue::from_str(text).map_err(|_| CallerError::Malformed);
        headers.insert(IMPERSONATE_USER, value(&self.user)?);
        for group in &self.groups {
            headers.append(IMPERSONATE_GROUP, value(group)?);
        }
        Ok(())
    }
}

fn ours(name: &str) -> Result<String, CallerError> {
    match name.strip_prefix(OURS) {
        Some(rest) if !rest.is_empty() && !rest.starts_with(char::is_whitespace) => Ok(name.to_owned()),
        _ => Err(CallerError::NotOurs(name.to_owned())),
    }
}

/// The protocol a request asks to change to, if its Connection header says so too.
pub(super) fn upgrade_of(headers: &HeaderMap) -> Option<HeaderValue> {
    let asks = tokens(headers, &header::CONNECTION).any(|token| token.eq_ignore_ascii_case("upgrade"));
    headers.get(header::UPGRADE).filter(|_| asks).cloned()
}

/// Removes what must not reach the API server.
pub(super) fn clean_request(headers: &mut HeaderMap) {
    remove_hop(headers);
    let claims: Vec<HeaderName> = headers
        .keys()
        .filter(|name| {
            let name = name.as_str();
            CLAIMS.contains(&name) || CLAIM_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        })
        .cloned()
        .collect();
    for name in claims {
        headers.remove(name);
    }
    let offered: Vec<String> = tokens(headers, &header::SEC_WEBSOCKET_PROTOCOL).map(str::to_owned).collect();
    if offered.iter().any(|one| one.starts_with(TOKEN_PROTOCOL)) {
        let kept: Vec<_> = offered.into_iter().filter(|one| !one.starts_with(TOKEN_PROTOCOL)).collect();
        headers.remove(header::SEC_WEBSOCKET_PROTOCOL);
        if let (false, Ok(value)) = (kept.is_empty(), HeaderValue::from_str(&kept.join(", "))) {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, value);
        }
    }
}

/// Removes what concerned only the hop to the API server.
pub(super) fn clean_answer(headers: &mut HeaderMap) {
    remove_hop(headers);
}

fn remove_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> =
        tokens(headers, &header::CONNECTION).filter_map(|token| token.parse().ok()).collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP {
        headers.remove(*name);
    }
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn only_names_under_nagaya_are_impersonated() {
        for user in ["system:admin", "nagaya", "nagaya:", "Nagaya:x", "nagaya: x", "", "root", "nagayax:y"] {
            let all = headers(&[("nagaya-user", user)]);
            assert!(Caller::read(&all).is_err(), "{user}");
        }
        for groups in ["system:masters", "nagaya:team:a, system:masters", "nagaya:"] {
            let all = headers(&[("nagaya-user", "nagaya:dev-01"), ("nagaya-groups", groups)]);
            assert!(matches!(Caller::read(&all), Err(CallerError::NotOurs(_))), "{groups}");
        }
        assert_eq!(Caller::read(&headers(&[])), Err(CallerError::Nobody));
        let twice = headers(&[("nagaya-user", "nagaya:a"), ("nagaya-user", "nagaya:b")]);
        assert_eq!(Caller::read(&twice), Err(CallerError::Nobody));
    }

    #[test]
    fn a_clients_claims_do_not_reach_the_api_server() {
        let mut all = headers(&[
            ("nagaya-user", "nagaya:dev-01"),
            ("nagaya-groups", "nagaya:team:java, nagaya:role:admin"),
            ("authorization", "Bearer x"),
            ("cookie", "a=b"),
            ("impersonate-user", "system:admin"),
            ("impersonate-group", "system:masters"),
            ("impersonate-uid", "0"),
            ("impersonate-extra-scopes", "all"),
            ("x-remote-user", "root"),
            ("x-remote-group", "system:masters"),
            ("x-forwarded-for", "127.0.0.1"),
            ("connection", "Impersonate-User, x-secret"),
            ("connection", "impersonate-group"),
            ("x-secret", "1"),
            ("transfer-encoding", "chunked"),
            ("accept", "application/json"),
            ("sec-websocket-protocol", "base64url.bearer.authorization.k8s.io.eA, v4.channel.k8s.io"),
        ]);
        let caller = Caller::read(&all).unwrap();
        clean_request(&mut all);
        caller.impersonate(&mut all).unwrap();
        let mut names: Vec<_> = all.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "impersonate-group", "impersonate-user", "sec-websocket-protocol"]);
        assert_eq!(all["impersonate-user"], "nagaya:dev-01");
        let groups: Vec<_> = all.get_all("impersonate-group").iter().collect();
        assert_eq!(groups, ["nagaya:team:java", "nagaya:role:admin"]);
        assert_eq!(all["sec-websocket-protocol"], "v4.channel.k8s.io");
    }

    #[test]
    fn an_upgrade_is_one_only_when_connection_says_so() {
        assert!(upgrade_of(&headers(&[("upgrade", "SPDY/3.1")])).is_none());
        let asked = headers(&[("upgrade", "SPDY/3.1"), ("connection", "keep-alive, Upgrade")]);
        assert_eq!(upgrade_of(&asked).unwrap(), "SPDY/3.1");
    }
}
