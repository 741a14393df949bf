//! Streams between people and pods: commands, logs.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use nagaya_api::agent::{GROUPS_HEADER, KUBERNETES_AUTHORITY, KUBERNETES_PATH, USER_HEADER};
use nagaya_tunnel::{Lane, empty};
use serde_json::{Value, json};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::cluster::IMAGE;
use crate::fixture::{CLUSTER, World, eventually};

impl World {
    async fn pod(&self, name: &str, script: &str) {
        self.admit("nagaya:team:java").await;
        let pods = self.api("v1", "Pod");
        let pod: Value = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": self.team},
            "spec": {"terminationGracePeriodSeconds": 0, "restartPolicy": "Never", "automountServiceAccountToken": false,
                "containers": [{"name": "workspace", "image": IMAGE, "imagePullPolicy": "Never", "command": ["sh", "-c", script]}]}});
        let pod = serde_json::from_value(pod).unwrap();
        // The namespace's service account comes a moment after the namespace.
        eventually("the pod is accepted", || async { pods.create(&Default::default(), &pod).await.is_ok() })
            .await;
        eventually("the pod runs", || async {
            pods.get(name).await.unwrap().data["status"]["phase"] == "Running"
        })
        .await;
    }
}

fn as_member(request: http::request::Builder) -> http::request::Builder {
    request.header(USER_HEADER, "nagaya:dev-01").header(GROUPS_HEADER, "nagaya:team:java")
}

pub async fn commands_and_logs_stream_both_ways(world: World) {
    world.pod("p", "n=0; while :; do echo line $n; n=$((n+1)); sleep 0.2; done").await;
    let agent = world.agent();
    world.connected().await;

    // logs -f: lines come while they are written.
    let path = format!("{KUBERNETES_PATH}/api/v1/namespaces/{}/pods/p/log?follow=true", world.team);
    let request = as_member(Request::get(path)).body(empty()).unwrap();
    let response = world.hub.request(CLUSTER, Lane::Streams, request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body();
    let mut text = String::new();
    while text.lines().count() < 8 {
        let frame =
            tokio::time::timeout(Duration::from_secs(60), body.frame()).await.unwrap().unwrap().unwrap();
        text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
    assert!(text.starts_with("line 0\nline 1\n"), "{text}");
    drop(body);

    // exec over a WebSocket: what is typed comes back from the pod.
    let path = format!(
        "{KUBERNETES_PATH}/api/v1/namespaces/{}/pods/p/exec?command=cat&stdin=true&stdout=true&stderr=true",
        world.team
    );
    let stream = world.hub.connect(CLUSTER, KUBERNETES_AUTHORITY).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let driving = tokio::spawn(connection.with_upgrades());
    let request = as_member(Request::get(path))
        .header(header::HOST, "kubernetes.nagaya")
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==")
        .header(header::SEC_WEBSOCKET_PROTOCOL, "v4.channel.k8s.io")
        .body(empty())
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(response.headers()[header::SEC_WEBSOCKET_PROTOCOL], "v4.channel.k8s.io");
    let upgraded = TokioIo::new(hyper::upgrade::on(response).await.unwrap());
    let mut socket = WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await;
    for words in ["hello", "日本語"] {
        let mut typed = vec![0]; // channel 0: stdin
        typed.extend_from_slice(words.as_bytes());
        socket.send(Message::binary(typed)).await.unwrap();
        let mut back = Vec::new();
        while back != words.as_bytes() {
            let message = tokio::time::timeout(Duration::from_secs(60), socket.next()).await.unwrap();
            let data = message.unwrap().unwrap().into_data();
            if data.first() == Some(&1) {
                back.extend_from_slice(&data[1..]);
            }
        }
    }
    drop(socket);
    drop(sender);
    let _ = driving.await;
    agent.stop().await;
    world.stop().await;
}

/// A reader that pauses holds back the pod's writer, and nothing piles up in between.
pub async fn a_large_log_waits_for_its_reader(world: World) {
    world.pod("p", "seq 1 100000; sleep 1000").await;
    let agent = world.agent();
    world.connected().await;
    let path = format!("{KUBERNETES_PATH}/api/v1/namespaces/{}/pods/p/log?follow=true", world.team);
    let request = as_member(Request::get(path)).body(empty()).unwrap();
    let mut body = world.hub.request(CLUSTER, Lane::Streams, request).await.unwrap().into_body();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut seen = 0u64;
    let begun = std::time::Instant::now();
    while seen < 100_000 {
        let frame =
            tokio::time::timeout(Duration::from_secs(60), body.frame()).await.unwrap().unwrap().unwrap();
        seen += frame.data_ref().unwrap().iter().filter(|byte| **byte == b'\n').count() as u64;
    }
    println!("a log of 100,000 lines came in {:.1?}", begun.elapsed());
    assert_eq!(seen, 100_000);
    drop(body);
    agent.stop().await;
    println!("and the agent ended {:.1?} after its begin", begun.elapsed());
    world.stop().await;
}
