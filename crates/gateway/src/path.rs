//! Paths and queries of the Kubernetes API.

use http::Uri;
use nagaya_api::ApiError;

/// The path and query below `prefix`, as they came, still percent-encoded.
///
/// # Errors
/// 404 when the path is not below it; 400 when it climbs (`..` in any encoding): what the gateway takes for a
/// path of the Kubernetes API must not be another one for whoever normalises it later.
pub(crate) fn below<'a>(uri: &'a Uri, prefix: &str) -> Result<&'a str, Box<ApiError>> {
    let whole = uri.path_and_query().map_or("", |both| both.as_str());
    let rest = whole
        .strip_prefix(prefix)
        .filter(|rest| rest.starts_with('/') || rest.is_empty() || rest.starts_with('?'))
        .ok_or_else(|| {
            Box::new(ApiError::new(404, "NotFound", format!("there is nothing at {}", uri.path())))
        })?;
    let path = rest.split('?').next().unwrap_or_default();
    // What is hidden by percent-encoding is looked at as well: somebody behind us may decode it.
    let plain = path
        .to_ascii_lowercase()
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "/")
        .replace('\\', "/");
    if plain.split('/').any(|segment| segment == "." || segment == "..") || plain.contains("%00") {
        return Err(Box::new(ApiError::bad_request(format!(
            "the path {path} climbs: write it without dot segments"
        ))));
    }
    Ok(rest)
}

/// Whether the answer to such a request goes on until somebody ends it: it must not hold a place among the short
/// ones.
pub(crate) fn is_long(path_and_query: &str) -> bool {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let asked = query.split('&').any(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        // As Kubernetes reads a boolean: everything but false and 0 is true.
        (key == "watch" || key == "follow") && !value.eq_ignore_ascii_case("false") && value != "0"
    });
    let mut segments = path.split('/').skip(1);
    // The old form of a watch: /api/v1/watch/pods; and a proxied Pod or Service answers what it likes.
    let old_watch = match segments.next() {
        Some("api") => segments.nth(1) == Some("watch"),
        Some("apis") => segments.nth(2) == Some("watch"),
        _ => false,
    };
    asked || old_watch || path.split('/').any(|segment| segment == "proxy")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_path_is_passed_as_it_came() {
        let prefix = "/api/v1alpha1/clusters/java/kubernetes";
        for (whole, rest) in [("/api/v1/pods?x=a%2Fb", "/api/v1/pods?x=a%2Fb"), ("?x", "?x"), ("", "")] {
            let uri: Uri = format!("{prefix}{whole}").parse().unwrap();
            assert_eq!(below(&uri, prefix).unwrap(), rest);
        }
    }

    #[test]
    fn a_path_that_could_become_another_one_is_refused() {
        for bad in ["/p/../x", "/p/%2e%2E/x", "/p/.%2e", "/p/./x", "/p/a%2f..%2fx", "/px/y", "/p/a%5c.."] {
            let uri: Uri = bad.parse().unwrap();
            assert!(below(&uri, "/p").is_err(), "{bad}");
        }
    }

    #[test]
    fn long_requests_are_told_from_short_ones() {
        for long in [
            "/api/v1/pods?watch=true",
            "/api/v1/pods?limit=1&watch=1",
            "/api/v1/pods?watch",
            "/api/v1/namespaces/a/pods/b/log?follow=true",
            "/api/v1/watch/pods",
            "/apis/apps/v1/watch/deployments",
            "/api/v1/namespaces/a/services/b/proxy/x",
        ] {
            assert!(is_long(long), "{long}");
        }
        for short in
            ["/api/v1/pods", "/api/v1/pods?watch=false", "/api/v1/pods?watch=0", "/", "/apis/apps/v1/x?y"]
        {
            assert!(!is_long(short), "{short}");
        }
    }
}
