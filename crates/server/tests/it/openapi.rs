//! The document that the console's client is generated from.

use std::path::Path;

use nagaya_server::{endpoints, openapi_document};

/// The committed document is the one this build answers. `NAGAYA_UPDATE=1` writes it.
#[test]
fn the_committed_document_is_this_builds() {
    let path = Path::new("../../console/openapi.json");
    let now = serde_json::to_string_pretty(&openapi_document()).unwrap() + "\n";
    if std::env::var_os("NAGAYA_UPDATE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == now,
        "console/openapi.json is not of this build: NAGAYA_UPDATE=1 cargo nextest run -p nagaya-server openapi"
    );
}

#[test]
fn every_endpoint_is_described_and_every_reference_leads_somewhere() {
    let document = serde_json::to_value(openapi_document()).unwrap();
    for endpoint in endpoints() {
        let path = endpoint.path.replace("{*", "{");
        let method = if endpoint.method == "ANY" { "get" } else { &endpoint.method.to_lowercase() };
        assert!(document["paths"][&path][method]["summary"].is_string(), "{method} {path}");
    }
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
    let mut ids: Vec<&str> =
        text.split("\"operationId\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an operation's id is its own");
}
