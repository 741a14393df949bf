#![allow(clippy::unwrap_used, missing_docs)]
//! As much of a Kubernetes API as the engine needs: Secrets, ConfigMaps and Leases in a map, server-side apply that
//! records who owns which field, lists and watches.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::StreamExt;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Frame;
use kube::client::Body;
use nagaya_api::agent::FIELD_MANAGER;
use serde_json::{Value, json};
use tokio::sync::broadcast;

type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

#[derive(Clone)]
pub struct Kubernetes(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    changes: broadcast::Sender<(String, Value)>,
}

#[derive(Default)]
struct State {
    version: u64,
    /// By collection (`secrets`, …) and name.
    objects: BTreeMap<(String, String), Value>,
    applies: usize,
}

impl Default for Kubernetes {
    fn default() -> Self {
        Self(Arc::new(Inner { state: Mutex::default(), changes: broadcast::channel(1024).0 }))
    }
}

impl Kubernetes {
    pub fn client(&self) -> kube::Client {
        let this = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let this = this.clone();
            async move { Ok::<_, Infallible>(this.answer(request).await) }
        });
        kube::Client::new(service, "default")
    }

    /// Server-side apply calls for ConfigMaps so far.
    pub fn applies(&self) -> usize {
        self.0.state.lock().unwrap().applies
    }

    /// Whether the agent has kept what it applied to so many objects.
    pub fn remembers(&self, objects: usize) -> bool {
        let state = self.0.state.lock().unwrap();
        let head = state.objects.get(&("secrets".into(), "nagaya-intent".into()));
        let listed = head.and_then(|head| head["data"]["inventory"].as_str()).unwrap_or_default();
        // Its pieces are packed; that there are some, and that all was applied, is what can be seen from here.
        !listed.is_empty() && state.applies >= objects
    }

    pub fn value(&self, config_map: &str, field: &str) -> Option<String> {
        let state = self.0.state.lock().unwrap();
        let object = state.objects.get(&("configmaps".into(), config_map.into()))?;
        object["data"][field].as_str().map(str::to_owned)
    }

    /// As `kubectl edit` does: the field is another's from now on.
    pub fn edit(&self, config_map: &str, field: &str) {
        let mut object =
            self.0.state.lock().unwrap().objects[&("configmaps".into(), config_map.into())].clone();
        object["data"][field] = json!("edited");
        let managers = object["metadata"]["managedFields"].as_array_mut().unwrap();
        managers[0]["fieldsV1"]["f:data"].as_object_mut().unwrap().remove(&format!("f:{field}"));
        managers.push(json!({"manager": "kubectl-edit", "operation": "Update", "fieldsType": "FieldsV1",
            "fieldsV1": {"f:data": {format!("f:{field}"): {}}}}));
        self.put("configmaps", object, "MODIFIED");
    }

    pub fn remove(&self, config_map: &str) {
        let gone = self.0.state.lock().unwrap().objects.remove(&("configmaps".into(), config_map.into()));
        let mut gone = gone.unwrap();
        let version = self.next_version();
        gone["metadata"]["resourceVersion"] = json!(version);
        let _ = self.0.changes.send(("configmaps".into(), json!({"type": "DELETED", "object": gone})));
    }

    fn next_version(&self) -> String {
        let mut state = self.0.state.lock().unwrap();
        state.version += 1;
        state.version.to_string()
    }

    fn put(&self, collection: &str, mut object: Value, what: &str) -> Value {
        object["metadata"]["resourceVersion"] = json!(self.next_version());
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        object["metadata"]["creationTimestamp"] = json!(jiff::Timestamp::now());
        self.0.state.lock().unwrap().objects.insert((collection.into(), name), object.clone());
        let _ = self.0.changes.send((collection.into(), json!({"type": what, "object": object})));
        object
    }

    async fn answer(&self, request: Request<Body>) -> Answer {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let sent = serde_json::from_slice::<Value>(&body).unwrap_or_default();
        let path: Vec<&str> = parts.uri.path().trim_matches('/').split('/').collect();
        if path == ["api", "v1"] {
            let resource = |name, kind| json!({"name": name, "kind": kind, "namespaced": true, "singularName": "", "verbs": ["list"]});
            let resources = [resource("configmaps", "ConfigMap"), resource("secrets", "Secret")];
            return found(&json!({"kind": "APIResourceList", "groupVersion": "v1", "resources": resources}));
        }
        let at = path.iter().position(|part| ["configmaps", "secrets", "leases"].contains(part)).unwrap();
        let (collection, name) = (path[at], path.get(at + 1).copied());
        let key = |name: &str| (collection.to_owned(), name.to_owned());
        let live = name.and_then(|name| self.0.state.lock().unwrap().objects.get(&key(name)).cloned());
        let query = parts.uri.query().unwrap_or_default();
        match (parts.method, name) {
            (Method::GET, None) if query.contains("watch=true") => self.watch(collection),
            (Method::GET, None) => self.list(collection),
            (Method::GET, Some(_)) => live.as_ref().map_or_else(missing, found),
            (Method::POST, None) => {
                let name = sent["metadata"]["name"].as_str().unwrap();
                if self.0.state.lock().unwrap().objects.contains_key(&key(name)) {
                    return status(StatusCode::CONFLICT, "AlreadyExists");
                }
                found(&self.put(collection, sent, "ADDED"))
            }
            (Method::PUT, Some(_)) => found(&self.put(collection, sent, "MODIFIED")),
            (Method::PATCH, Some(_)) => {
                if collection == "configmaps" {
                    self.0.state.lock().unwrap().applies += 1;
                }
                let what = if live.is_some() { "MODIFIED" } else { "ADDED" };
                found(&self.put(collection, owned(sent), what))
            }
            (Method::DELETE, Some(name)) => {
                self.0.state.lock().unwrap().objects.remove(&key(name));
                found(&json!({"kind": "Status", "status": "Success"}))
            }
            other => unreachable!("the engine does not ask for {other:?}"),
        }
    }

    fn list(&self, collection: &str) -> Answer {
        let state = self.0.state.lock().unwrap();
        let items = state.objects.iter().filter(|((of, _), _)| of == collection).map(|(_, object)| object);
        found(&json!({"kind": "List", "apiVersion": "v1", "items": items.collect::<Vec<_>>(),
            "metadata": {"resourceVersion": state.version.to_string()}}))
    }

    fn watch(&self, collection: &str) -> Answer {
        let collection = collection.to_owned();
        let changes = stream_of(self.0.changes.subscribe());
        let lines = changes.filter_map(move |(of, event)| {
            let line = (of == collection).then(|| Frame::data(Bytes::from(format!("{event}\n"))));
            async move { line.map(Ok) }
        });
        Response::new(BodyExt::boxed_unsync(StreamBody::new(lines.boxed())))
    }
}

fn stream_of(
    changes: broadcast::Receiver<(String, Value)>,
) -> impl futures::Stream<Item = (String, Value)> + Send {
    futures::stream::unfold(changes, |mut changes| async { Some((changes.recv().await.ok()?, changes)) })
}

/// Every field of `data` belongs to who applied it.
fn owned(mut object: Value) -> Value {
    let data = object["data"].as_object().into_iter().flatten();
    let fields: serde_json::Map<_, _> = data.map(|(field, _)| (format!("f:{field}"), json!({}))).collect();
    object["metadata"]["managedFields"] = json!([{"manager": FIELD_MANAGER, "operation": "Apply",
        "fieldsType": "FieldsV1", "fieldsV1": {"f:data": fields}}]);
    object
}

fn found(what: &Value) -> Answer {
    Response::new(BodyExt::boxed_unsync(Full::new(Bytes::from(what.to_string()))))
}

fn missing() -> Answer {
    status(StatusCode::NOT_FOUND, "NotFound")
}

fn status(code: StatusCode, reason: &str) -> Answer {
    let status = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": reason,
        "reason": reason, "code": code.as_u16(), "metadata": {}});
    let mut answer = found(&status);
    *answer.status_mut() = code;
    answer
}
