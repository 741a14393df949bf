//! When objects are applied, against an API server of a few lines.
#![allow(clippy::unwrap_used)]

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::{Method, Request, Response};
use kube::client::Body;
use serde_json::json;

use super::*;

type Seen = Arc<Mutex<Vec<Value>>>;

/// Knows Deployments, and takes every apply, which it notes.
fn api_server(seen: &Seen) -> Client {
    let seen = seen.clone();
    let answer = move |request: Request<Body>| {
        let seen = seen.clone();
        async move {
            let (head, body) = request.into_parts();
            let answer = if head.method == Method::PATCH {
                assert!(head.uri.query().unwrap().contains("fieldManager=nagaya-local"), "{}", head.uri);
                let object: Value = serde_json::from_slice(&body.collect_bytes().await.unwrap()).unwrap();
                seen.lock().unwrap().push(object.clone());
                object
            } else {
                assert_eq!(head.uri.path(), "/apis/apps/v1");
                let kind = json!({"name": "deployments", "kind": "Deployment", "namespaced": true, "verbs": ["patch"], "singularName": ""});
                json!({"kind": "APIResourceList", "groupVersion": "apps/v1", "resources": [kind]})
            };
            Ok::<_, Infallible>(Response::new(Body::from(answer.to_string().into_bytes())))
        }
    };
    Client::new(tower::service_fn(answer), "default")
}

fn agent(image: &str) -> String {
    let pod = json!({"spec": {"containers": [{"name": "agent", "image": image}]}});
    let rolling = json!({"maxSurge": 1, "maxUnavailable": 0});
    json!({"apiVersion": "v1", "kind": "List", "items": [{
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "nagaya-agent", "namespace": "nagaya-system"},
        "spec": {"strategy": {"rollingUpdate": rolling}, "template": pod},
    }]})
    .to_string()
}

/// A new build of Nagaya writes another image into the manifest; each apply that nothing asks for would be a load on
/// every API server for nothing.
#[tokio::test]
async fn another_image_is_applied_once_and_the_same_never_again() {
    let dir = tempfile::tempdir().unwrap();
    let paths = ClusterPaths::new(dir.path());
    paths::create_dir(paths.manifests()).unwrap();
    let manifest = paths.manifests().join("agent.json");
    std::fs::write(&manifest, agent("nagaya:1")).unwrap();
    let seen = Seen::default();
    let wanted = Wanted { built_in: vec![], paths, client: api_server(&seen) };
    let (_wanted, wanted_seen) = watch::channel(Arc::new(wanted));
    let (_api, api_seen) = watch::channel(true);
    let (told, mut waits_for) = watch::channel(Some("not yet".to_owned()));
    let task = tokio::spawn(run(wanted_seen, api_seen, told));
    waits_for.wait_for(Option::is_none).await.unwrap();
    // Looked at again more than once, and written again as a server does that asks anew.
    std::fs::write(&manifest, agent("nagaya:1")).unwrap();
    tokio::time::sleep(LOOK_FOR_CHANGES_EVERY * 5 / 2).await;
    assert_eq!(seen.lock().unwrap().len(), 1);

    std::fs::write(&manifest, agent("nagaya:2")).unwrap();
    while seen.lock().unwrap().len() < 2 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    task.abort();
    let applied = seen.lock().unwrap();
    let images: Vec<_> =
        applied.iter().map(|one| one["spec"]["template"]["spec"]["containers"][0]["image"].clone()).collect();
    assert_eq!(images, ["nagaya:1", "nagaya:2"]);
    assert_eq!(applied[1]["spec"]["strategy"]["rollingUpdate"], json!({"maxSurge": 1, "maxUnavailable": 0}));
}
