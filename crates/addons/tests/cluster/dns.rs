//! Names follow the cluster's objects.

use std::net::{Ipv4Addr, SocketAddr};

use hickory_proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{Name, RecordType};
use k8s_openapi::api::core::v1::{Endpoints, Service};
use kube::api::{DeleteParams, PostParams};
use kube::{Api, Client};
use nagaya_addons::dns::{self, DnsArgs};
use serde_json::{Value, json};
use tokio::net::UdpSocket;
use tokio_util::sync::CancellationToken;

use crate::eventually;

async fn ask(server: SocketAddr, name: &str, kind: RecordType) -> (ResponseCode, Vec<String>) {
    let mut question = Message::new(1, MessageType::Query, OpCode::Query);
    question.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(&question.to_vec().unwrap(), server).await.unwrap();
    let mut answer = [0; 4096];
    let length = socket.recv(&mut answer).await.unwrap();
    let answer = Message::from_vec(&answer[..length]).unwrap();
    let mut records: Vec<String> = answer.answers.iter().map(|one| one.data.to_string()).collect();
    records.sort();
    (answer.metadata.response_code, records)
}

fn object<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

async fn free() -> SocketAddr {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap()
}

pub async fn names_follow_the_cluster(client: Client) {
    let (listen, health, cancel) = (free().await, free().await, CancellationToken::new());
    let args =
        DnsArgs { listen, health, resolv_conf: "/nonexistent".into(), ..DnsArgs::new("cluster.local") };
    let server = tokio::spawn(dns::serve(args, client.clone(), cancel.clone()));
    let kubernetes = "kubernetes.default.svc.cluster.local.";
    eventually("the API server's own name", async || {
        assert!(!server.is_finished(), "the server ended:");
        let answered = tokio::net::TcpStream::connect(listen).await.is_ok();
        (answered && ask(listen, kubernetes, RecordType::A).await.1 == ["10.96.0.1"]).then_some(())
    })
    .await;
    assert_eq!(ask(listen, "1.0.96.10.in-addr.arpa.", RecordType::PTR).await.1, [kubernetes]);
    let https = ask(listen, "_https._tcp.kubernetes.default.svc.cluster.local.", RecordType::SRV).await.1;
    assert_eq!(https, ["0 100 443 kubernetes.default.svc.cluster.local."]);

    let services = Api::<Service>::namespaced(client.clone(), "default");
    let endpoints = Api::<Endpoints>::namespaced(client, "default");
    let service = json!({ "metadata": { "name": "peers" }, "spec": { "clusterIP": "None", "ports": [{ "name": "p", "port": 7 }] } });
    let ready = json!({ "metadata": { "name": "peers" }, "subsets": [
        { "addresses": [{ "ip": "10.1.0.5", "hostname": "peer-0" }], "ports": [{ "name": "p", "port": 7 }] }] });
    services.create(&PostParams::default(), &object(service)).await.unwrap();
    endpoints.create(&PostParams::default(), &object(ready)).await.unwrap();
    let peer = "peer-0.peers.default.svc.cluster.local.";
    eventually("the endpoint's name", async || {
        (ask(listen, peer, RecordType::A).await.1 == ["10.1.0.5"]).then_some(())
    })
    .await;
    services.delete("peers", &DeleteParams::default()).await.unwrap();
    eventually("no name", async || {
        (ask(listen, peer, RecordType::A).await.0 == ResponseCode::NXDomain).then_some(())
    })
    .await;
    cancel.cancel();
    server.await.unwrap().unwrap();
}
