//! The console's files, built into the program.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../console/dist"]
struct Files;

/// Files under this folder carry a hash of their content in their names.
const HASHED: &str = "assets/";

/// What is said when the program was built without the console.
const MISSING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Nagaya</title><p>This server was built without its console. Build it (<code>make console</code>), then build the server again. The API is at <code>/api/v1alpha1</code>, its description at <a href=\"/openapi.json\">/openapi.json</a>.";

/// Answers the file of a path; a path without a file is one of the console's own routes and gets its page.
pub fn answer(path: &str, headers: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    if let Some(response) = file(name, headers) {
        return response;
    }
    // A missing asset is a 404: the page in its place would be read as a script.
    if name.starts_with(HASHED) || name.rsplit('/').next().is_some_and(|last| last.contains('.')) {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    }
    file("index.html", headers).unwrap_or_else(|| {
        let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        (StatusCode::NOT_FOUND, kind, MISSING).into_response()
    })
}

fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = Files::get(name)?;
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |coding: &str| {
        accepted.split(',').any(|part| {
            let mut parts = part.split(';').map(str::trim);
            parts.next() == Some(coding) && !parts.any(|part| part == "q=0")
        })
    };
    let compressed = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(coding))
        .find_map(|(coding, ending)| Some((coding, Files::get(&format!("{name}{ending}"))?)));
    let etag: String =
        plain.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{etag}\"");
    let cache = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    let fresh = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let (coding, data) = match compressed {
        Some((coding, file)) => (Some(coding), file.data),
        None => (None, plain.data),
    };
    let mut response =
        if fresh { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(data).into_response() };
    let into = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            into.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, &kind);
    set(header::CACHE_CONTROL, cache);
    set(header::ETAG, &etag);
    set(header::VARY, "accept-encoding");
    if let Some(coding) = coding {
        set(header::CONTENT_ENCODING, coding);
    }
    Some(response)
}
