//! What crosses the gateway of a request's and an answer's headers.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Of one hop only (RFC 9110, section 7.6.1), and what HTTP/2 has no use for.
const HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
];

/// Who the client says it is, to us or to anybody behind us, and by what way it came.
const CLIENTS_OWN: &[&str] =
    &["authorization", "cookie", "host", "origin", "referer", "forwarded", "x-real-ip", "x-csrf-token"];
const CLIENTS_OWN_PREFIXES: &[&str] = &["impersonate-", "nagaya-", "x-remote-", "x-forwarded-", "sec-fetch-"];

/// Beginnings of headers that say to act as somebody: who sends one means to, and is told that it does nothing here.
const CLAIMS: &[&str] = &["impersonate-", "nagaya-user", "nagaya-groups"];

/// What a pod behind the API server's proxy must not say to a browser in our name.
const ANSWERS_OWN: &[&str] = &[
    "set-cookie",
    "clear-site-data",
    "service-worker-allowed",
    "strict-transport-security",
    "public-key-pins",
    "alt-svc",
    "report-to",
    "reporting-endpoints",
    "nel",
    "refresh",
    "content-security-policy",
    "content-security-policy-report-only",
];

/// Kubernetes takes a bearer token as a WebSocket subprotocol of this form as well.
const TOKEN_PROTOCOL: &str = "base64url.bearer.authorization.k8s.io.";

/// Removes what a request must not carry into a cluster: credentials, claimed identities, and whatever
/// the `Connection` header names.
pub(crate) fn clean_request(headers: &mut HeaderMap) {
    remove_hop(headers);
    let own: Vec<HeaderName> = headers
        .keys()
        .filter(|name| {
            let name = name.as_str();
            CLIENTS_OWN.contains(&name) || CLIENTS_OWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        })
        .cloned()
        .collect();
    for name in own {
        headers.remove(name);
    }
    clean_protocols(headers);
}

/// The header by which the client says to act as somebody else, if there is one: a header of Kubernetes'
/// impersonation or of ours, or such a name in `Connection` or `Trailer`, which would have the next hop drop the
/// identity that we set (GHSA-pvxj-25m6-7vqr) or take one from behind the body.
pub(crate) fn claimed(headers: &HeaderMap) -> Option<String> {
    let is_claim = |name: &str| CLAIMS.iter().any(|prefix| name.starts_with(prefix));
    let named = [header::CONNECTION, header::TRAILER].into_iter().find_map(|list| {
        let name = listed(headers, &list).map(str::to_ascii_lowercase).find(|name| is_claim(name))?;
        Some(format!("{name} (named in {list})"))
    });
    headers.keys().map(HeaderName::as_str).find(|name| is_claim(name)).map(str::to_owned).or(named)
}

/// Removes what an answer must not carry to a browser, and makes sure that a page of a pod, seen through the API
/// server's proxy, does not run on the console's origin.
pub(crate) fn clean_answer(headers: &mut HeaderMap) {
    remove_hop(headers);
    let own: Vec<HeaderName> = headers
        .keys()
        .filter(|name| ANSWERS_OWN.contains(&name.as_str()) || name.as_str().starts_with("access-control-"))
        .cloned()
        .collect();
    for name in own {
        headers.remove(name);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
}

/// Whether a browser asks for this to show or run it as a page, script or image. The Kubernetes API is for
/// `fetch` and for programs; what pods serve through its proxy is hostile to the console.
pub(crate) fn is_embedding(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_some_and(|dest| dest != "empty" && dest != "websocket")
}

/// The protocol that the client asks to change to, if its `Connection` header says so too.
pub(crate) fn upgrade_of(headers: &HeaderMap) -> Option<HeaderValue> {
    let asked = listed(headers, &header::CONNECTION).any(|token| token.eq_ignore_ascii_case("upgrade"));
    if asked { headers.get(header::UPGRADE).cloned() } else { None }
}

fn remove_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> =
        listed(headers, &header::CONNECTION).filter_map(|token| token.parse().ok()).collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP {
        headers.remove(*name);
    }
}

fn listed<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|token| !token.is_empty())
}

fn clean_protocols(headers: &mut HeaderMap) {
    let offered: Vec<String> = listed(headers, &header::SEC_WEBSOCKET_PROTOCOL).map(str::to_owned).collect();
    if offered.iter().any(|protocol| protocol.starts_with(TOKEN_PROTOCOL)) {
        let kept: Vec<_> = offered.into_iter().filter(|one| !one.starts_with(TOKEN_PROTOCOL)).collect();
        headers.remove(header::SEC_WEBSOCKET_PROTOCOL);
        if let (false, Ok(kept)) = (kept.is_empty(), HeaderValue::from_str(&kept.join(", "))) {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, kept);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_request_loses_credentials_claims_and_what_connection_names() {
        let mut all = headers(&[
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("authorization", "Bearer nagaya_x"),
            ("cookie", "__Host-nagaya-session=x"),
            ("impersonate-user", "system:admin"),
            ("impersonate-extra-scopes", "x"),
            ("nagaya-user", "nagaya:root"),
            ("nagaya-groups", "nagaya:role:admin"),
            ("x-remote-user", "root"),
            ("x-forwarded-for", "1.2.3.4"),
            ("connection", "close, X-Secret , nagaya-groups"),
            ("x-secret", "1"),
            ("te", "trailers"),
            ("upgrade", "SPDY/3.1"),
            ("host", "localhost:8443"),
        ]);
        all.append(header::CONNECTION, HeaderValue::from_static("x-other"));
        all.append("x-other", HeaderValue::from_static("1"));
        clean_request(&mut all);
        assert_eq!(names(&all), ["accept", "content-type"]);
    }

    #[test]
    fn whoever_claims_to_be_somebody_else_is_noticed_wherever_the_claim_stands() {
        for name in [
            "impersonate-user",
            "impersonate-group",
            "impersonate-uid",
            "impersonate-extra-scopes",
            "impersonate-extra-",
            "nagaya-user",
            "nagaya-groups",
        ] {
            assert_eq!(claimed(&headers(&[(name, "x")])).as_deref(), Some(name));
            assert_eq!(claimed(&headers(&[(name, "")])).as_deref(), Some(name), "an empty one is one");
        }
        for (list, value) in [
            ("connection", "close, Impersonate-User"),
            ("connection", "IMPERSONATE-EXTRA-x"),
            ("connection", "keep-alive,nagaya-groups"),
            ("trailer", "Impersonate-Group"),
        ] {
            let found = claimed(&headers(&[(list, value)])).unwrap_or_default();
            assert!(found.contains(list), "{list}: {value}: {found}");
        }
        let mut twice = headers(&[("connection", "upgrade")]);
        twice.append(header::CONNECTION, HeaderValue::from_static("impersonate-uid"));
        assert!(claimed(&twice).is_some());
        let plain = headers(&[
            ("connection", "keep-alive, Upgrade"),
            ("x-impersonate-user", "x"),
            ("accept", "impersonate-user"),
        ]);
        assert_eq!(claimed(&plain), None);
    }

    #[test]
    fn a_token_among_the_websocket_protocols_is_removed_and_the_rest_kept() {
        let mut some = headers(&[(
            "sec-websocket-protocol",
            "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.eHg, v4.channel.k8s.io",
        )]);
        clean_request(&mut some);
        assert_eq!(some[header::SEC_WEBSOCKET_PROTOCOL], "v5.channel.k8s.io, v4.channel.k8s.io");
        let mut only = headers(&[("sec-websocket-protocol", "base64url.bearer.authorization.k8s.io.eHg")]);
        clean_request(&mut only);
        assert!(only.is_empty());
    }

    #[test]
    fn a_pod_behind_the_api_servers_proxy_cannot_act_as_the_console() {
        let mut all = headers(&[
            ("content-type", "text/html"),
            ("set-cookie", "__Host-nagaya-session=stolen"),
            ("clear-site-data", "*"),
            ("service-worker-allowed", "/"),
            ("access-control-allow-origin", "*"),
            ("content-security-policy", "default-src *"),
        ]);
        clean_answer(&mut all);
        let wanted = [
            "content-security-policy",
            "content-type",
            "cross-origin-resource-policy",
            "x-content-type-options",
        ];
        assert_eq!(names(&all), wanted);
        assert_eq!(all[header::CONTENT_SECURITY_POLICY], "sandbox; default-src 'none'");
        assert!(is_embedding(&headers(&[("sec-fetch-dest", "document")])));
        assert!(is_embedding(&headers(&[("sec-fetch-dest", "script")])));
        assert!(!is_embedding(&headers(&[("sec-fetch-dest", "empty")])));
        assert!(!is_embedding(&headers(&[])));
    }

    #[test]
    fn an_upgrade_counts_only_when_connection_says_so() {
        assert_eq!(upgrade_of(&headers(&[("upgrade", "h2c")])), None);
        let both = headers(&[("connection", "keep-alive, Upgrade"), ("upgrade", "SPDY/3.1")]);
        assert_eq!(upgrade_of(&both).unwrap(), "SPDY/3.1");
    }
}
