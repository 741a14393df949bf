//! A cluster as a person sees it through the tunnel: what it can do, what is in it.

use std::{collections::BTreeMap, io::Read as _, time::Duration};

use axum::body::Body;
use base64::Engine as _;
use http::Request;
use http_body_util::{BodyExt, Limited};
use nagaya_api::agent::KUBERNETES_PATH;
use nagaya_gateway::Identity;
use nagaya_tunnel::{Hub, Lane};
use serde_json::Value;

/// The largest answer that is read.
const ANSWER: usize = 8 << 20;
/// How long one may take.
const TIME: Duration = Duration::from_secs(10);
/// Looks of one rendering at the cluster.
pub const LOOKS: u32 = 100;
/// A record, unpacked.
const RECORD: u64 = 32 << 20;

/// A way into a cluster, as a person.
#[derive(Clone)]
pub struct Cluster {
    /// The tunnels.
    pub hub: Hub,
    /// The cluster.
    pub name: String,
    /// Who looks.
    pub identity: Identity,
}

/// What a cluster offers.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// Groups with versions, and with kinds.
    pub versions: Vec<String>,
    /// By `apiVersion` and kind: the name in addresses, and whether it has namespaces.
    pub resources: BTreeMap<(String, String), (String, bool)>,
}

impl Cluster {
    /// Reads a path of its API; none: there is nothing.
    pub async fn get(&self, path: &str, accept: &str) -> Result<Option<Value>, String> {
        let mut request = Request::builder()
            .uri(format!("{KUBERNETES_PATH}{path}"))
            .header("accept", accept)
            .body(Body::empty())
            .map_err(|error| error.to_string())?;
        self.identity.put(request.headers_mut());
        let answer = async {
            let request = request.map(nagaya_tunnel::wrap);
            let answer = self.hub.request(&self.name, Lane::Api, request).await;
            let response = answer.map_err(|error| error.to_string())?;
            let status = response.status();
            let body = Limited::new(response.into_body(), ANSWER).collect().await;
            let body = body.map_err(|error| error.to_string())?.to_bytes();
            match status.as_u16() {
                200 => serde_json::from_slice(&body).map(Some).map_err(|error| error.to_string()),
                404 => Ok(None),
                _ => {
                    let said: Value = serde_json::from_slice(&body).unwrap_or_default();
                    Err(said["message"]
                        .as_str()
                        .map_or_else(|| format!("it answers {status}"), str::to_owned))
                }
            }
        };
        tokio::time::timeout(TIME, answer).await.unwrap_or_else(|_| Err("no answer in time".into()))
    }

    /// What it offers. Clusters older than 1.26 tell their groups only.
    pub async fn offer(&self) -> Result<Offer, String> {
        let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
        let mut offer = Offer::default();
        for path in ["/api", "/apis"] {
            let Some(said) = self.get(path, accept).await? else { continue };
            read(&said, &mut offer);
        }
        Ok(offer)
    }

    /// An object, or with an empty name a list of them.
    pub async fn look(
        &self,
        offer: &Offer,
        version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Value>, String> {
        let known = offer.resources.get(&(version.to_owned(), kind.to_owned()));
        let (plural, namespaced) = match known {
            Some((plural, namespaced)) => (plural.clone(), *namespaced),
            None if offer.resources.is_empty() => {
                (format!("{}s", kind.to_lowercase()), !namespace.is_empty())
            }
            None => return Ok(None),
        };
        let root = if version.contains('/') { format!("/apis/{version}") } else { format!("/api/{version}") };
        let part = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:_".contains(&b))
                && text != ".."
        };
        let mut path = root;
        if namespaced && !namespace.is_empty() {
            if !part(namespace) {
                return Ok(None);
            }
            path.push_str(&format!("/namespaces/{namespace}"));
        }
        path.push_str(&format!("/{plural}"));
        if !name.is_empty() {
            if !part(name) {
                return Ok(None);
            }
            path.push_str(&format!("/{name}"));
        }
        self.get(&path, "application/json").await
    }

    /// The objects of a release's newest record as Helm keeps it; none: it is not installed.
    pub async fn manifest(&self, namespace: &str, release: &str) -> Result<Option<String>, String> {
        let path = format!(
            "/api/v1/namespaces/{namespace}/secrets?labelSelector=owner%3Dhelm,name%3D{release},status%3Ddeployed"
        );
        let Some(list) = self.get(&path, "application/json").await? else { return Ok(None) };
        let items = list["items"].as_array().cloned().unwrap_or_default();
        let number = |item: &Value| {
            item.pointer("/metadata/labels/version")
                .and_then(Value::as_str)
                .and_then(|text| text.parse::<u64>().ok())
        };
        let Some(newest) = items.iter().max_by_key(|item| number(item)) else { return Ok(None) };
        let data = newest.pointer("/data/release").and_then(Value::as_str).unwrap_or_default();
        record(data).map(Some).ok_or_else(|| "the record of the release does not read".into())
    }
}

/// The manifest of a record: base64 of base64 of gzip of JSON.
fn record(data: &str) -> Option<String> {
    let base64 = base64::engine::general_purpose::STANDARD;
    let packed = base64.decode(base64.decode(data).ok()?).ok()?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).take(RECORD).read_to_string(&mut text).ok()?;
    let record: Value = serde_json::from_str(&text).ok()?;
    record["manifest"].as_str().map(str::to_owned)
}

fn read(said: &Value, offer: &mut Offer) {
    // As aggregated discovery tells it, and as it was told before.
    for group in said["items"].as_array().into_iter().flatten() {
        let name = group.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        for version in group["versions"].as_array().into_iter().flatten() {
            let number = version["version"].as_str().unwrap_or_default();
            let full = if name.is_empty() { number.to_owned() } else { format!("{name}/{number}") };
            for resource in version["resources"].as_array().into_iter().flatten() {
                let kind = resource.pointer("/responseKind/kind").and_then(Value::as_str).unwrap_or_default();
                let plural = resource["resource"].as_str().unwrap_or_default();
                offer.versions.push(format!("{full}/{kind}"));
                let place = (plural.to_owned(), resource["scope"] == "Namespaced");
                offer.resources.insert((full.clone(), kind.to_owned()), place);
            }
            offer.versions.push(full);
        }
    }
    for group in said["groups"].as_array().into_iter().flatten() {
        for version in group["versions"].as_array().into_iter().flatten() {
            offer.versions.extend(version["groupVersion"].as_str().map(str::to_owned));
        }
    }
    for version in said["versions"].as_array().into_iter().flatten() {
        offer.versions.extend(version.as_str().map(str::to_owned));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write as _;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_is_unpacked() {
        let base64 = base64::engine::general_purpose::STANDARD;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(br#"{"manifest": "kind: Pod"}"#).unwrap();
        let data = base64.encode(base64.encode(gzip.finish().unwrap()));
        assert_eq!(record(&data).unwrap(), "kind: Pod");
        assert!(record("nonsense").is_none());
    }

    #[test]
    fn what_a_cluster_offers_is_read_new_and_old() {
        let mut offer = Offer::default();
        read(
            &json!({"items": [{"metadata": {"name": "apps"}, "versions": [{"version": "v1", "resources": [
            {"resource": "deployments", "scope": "Namespaced", "responseKind": {"kind": "Deployment"}}]}]}]}),
            &mut offer,
        );
        read(&json!({"groups": [{"versions": [{"groupVersion": "batch/v1"}]}]}), &mut offer);
        read(&json!({"versions": ["v1"]}), &mut offer);
        assert_eq!(offer.versions, ["apps/v1/Deployment", "apps/v1", "batch/v1", "v1"]);
        assert_eq!(offer.resources[&("apps/v1".into(), "Deployment".into())], ("deployments".into(), true));
    }
}
