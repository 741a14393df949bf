//! Whole messages over UDP and TCP, with a second server of the same kind as upstream.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RecordType};
use hickory_server::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::watch;

use super::super::facts::ServiceFacts;
use super::super::handler::Handler;
use super::super::index::Index;
use super::super::upstream::Upstream;
use super::{cluster, endpoint, ip};

struct Running {
    address: SocketAddr,
    _server: Server<Handler>,
    _index: watch::Sender<Arc<Index>>,
}

async fn run(index: Index, upstream: Upstream) -> Running {
    let (publish, current) = watch::channel(Arc::new(index));
    let mut server = Server::new(Handler::new(current, upstream));
    // A port that is free for both: what is free for the one may be in use for the other.
    let (socket, listener) = loop {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        if let Ok(listener) = TcpListener::bind(socket.local_addr().unwrap()).await {
            break (socket, listener);
        }
    };
    let address = socket.local_addr().unwrap();
    server.register_socket(socket);
    server.register_listener(listener, Duration::from_secs(5), 32);
    Running { address, _server: server, _index: publish }
}

fn question(name: &str, kind: RecordType) -> Message {
    let mut message = Message::new(7, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
    message
}

async fn over_udp(address: SocketAddr, message: &Message) -> Message {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(&message.to_vec().unwrap(), address).await.unwrap();
    let mut answer = vec![0; 65535];
    let length = socket.recv(&mut answer).await.unwrap();
    Message::from_vec(&answer[..length]).unwrap()
}

async fn over_tcp(address: SocketAddr, message: &Message) -> Message {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let bytes = message.to_vec().unwrap();
    stream.write_u16(bytes.len().try_into().unwrap()).await.unwrap();
    stream.write_all(&bytes).await.unwrap();
    let mut answer = vec![0; stream.read_u16().await.unwrap().into()];
    stream.read_exact(&mut answer).await.unwrap();
    Message::from_vec(&answer).unwrap()
}

/// A zone that plays the world outside, with one name that has many addresses.
fn outside() -> Index {
    cluster_of_many(200)
}

fn cluster_of_many(count: u8) -> Index {
    let key = |name: &str| ("example".to_owned(), name.to_owned());
    let www = ServiceFacts::Addressed { addresses: vec![ip("192.0.2.80")], ports: vec![] };
    let many =
        (0..count).map(|number| endpoint(&format!("e{number}"), &format!("192.0.2.{number}"))).collect();
    let services = BTreeMap::from([(key("www"), www), (key("many"), ServiceFacts::Headless)]);
    Index::new(Name::from_ascii("com").unwrap(), &[]).with(&services, &BTreeMap::from([(key("many"), many)]))
}

#[tokio::test]
async fn the_cluster_answers_with_authority_and_says_for_how_long_something_is_absent() {
    let dns = run(cluster(), Upstream::new(&[]).unwrap()).await;
    let answer = over_udp(dns.address, &question("Web.team.svc.cluster.local.", RecordType::A)).await;
    assert_eq!((answer.metadata.id, answer.metadata.response_code), (7, ResponseCode::NoError));
    assert!(answer.metadata.authoritative && answer.metadata.recursion_available);
    assert_eq!(
        answer.answers[0].name.to_ascii(),
        "Web.team.svc.cluster.local.",
        "the asker's letters come back"
    );
    assert_eq!(answer.answers[0].ttl, 5);

    for (name, code) in [
        ("absent.team.svc.cluster.local.", ResponseCode::NXDomain),
        ("svc.cluster.local.", ResponseCode::NoError),
    ] {
        let answer = over_udp(dns.address, &question(name, RecordType::A)).await;
        assert_eq!((answer.metadata.response_code, answer.answers.len()), (code, 0), "{name}");
        assert_eq!(answer.authorities[0].record_type(), RecordType::SOA, "{name}");
    }
    let answer = over_udp(dns.address, &question("www.example.com.", RecordType::A)).await;
    assert_eq!(answer.metadata.response_code, ResponseCode::ServFail, "there is no upstream");
}

#[tokio::test]
async fn what_is_not_a_question_for_this_server_is_refused_in_the_right_words() {
    let dns = run(cluster(), Upstream::new(&[]).unwrap()).await;
    let web = "web.team.svc.cluster.local.";
    let mut chaos = question(web, RecordType::TXT);
    chaos.queries[0].set_query_class(DNSClass::CH);
    assert_eq!(over_udp(dns.address, &chaos).await.metadata.response_code, ResponseCode::Refused);
    let mut newer = question(web, RecordType::A);
    let mut edns = Edns::new();
    edns.set_version(1);
    newer.edns = Some(edns);
    // BADVERS and BADSIG share the number 16.
    assert_eq!(u16::from(over_udp(dns.address, &newer).await.metadata.response_code), 16);
    let mut notify = question(web, RecordType::A);
    notify.metadata.op_code = OpCode::Notify;
    assert_eq!(over_udp(dns.address, &notify).await.metadata.response_code, ResponseCode::NotImp);
}

#[tokio::test]
async fn other_names_and_aliases_to_them_are_resolved_upstream() {
    let world = run(outside(), Upstream::new(&[]).unwrap()).await;
    let index = {
        let alias = ServiceFacts::Alias("www.example.svc.com".into());
        let services = BTreeMap::from([(("team".to_owned(), "site".to_owned()), alias)]);
        Index::new(Name::from_ascii("cluster.local").unwrap(), &[]).with(&services, &BTreeMap::new())
    };
    let dns = run(index, Upstream::on_port(&[world.address.ip()], world.address.port()).unwrap()).await;
    let answer = over_udp(dns.address, &question("www.example.svc.com.", RecordType::A)).await;
    assert_eq!(
        (answer.answers[0].data.to_string().as_str(), answer.metadata.authoritative),
        ("192.0.2.80", false)
    );
    let answer = over_udp(dns.address, &question("site.team.svc.cluster.local.", RecordType::A)).await;
    let found: Vec<_> = answer.answers.iter().map(|one| one.data.to_string()).collect();
    assert_eq!(found, ["www.example.svc.com.", "192.0.2.80"]);
    let absent = over_udp(dns.address, &question("nobody.example.svc.com.", RecordType::A)).await;
    assert_eq!(absent.metadata.response_code, ResponseCode::NXDomain);
    assert_eq!(absent.authorities[0].record_type(), RecordType::SOA);
    let none = over_udp(dns.address, &question("www.example.svc.com.", RecordType::AAAA)).await;
    assert_eq!((none.metadata.response_code, none.answers.len()), (ResponseCode::NoError, 0));
    // Too long for UDP on both ways: the upstream is asked again by TCP, and so are we.
    let many = question("many.example.svc.com.", RecordType::A);
    assert!(over_udp(dns.address, &many).await.metadata.truncation);
    assert_eq!(over_tcp(dns.address, &many).await.answers.len(), 200);
}

#[tokio::test]
async fn a_long_answer_is_cut_for_udp_and_whole_over_tcp() {
    let dns = run(outside(), Upstream::new(&[]).unwrap()).await;
    let mut many = question("many.example.svc.com.", RecordType::A);
    let plain = over_udp(dns.address, &many).await;
    assert!(plain.metadata.truncation && plain.to_vec().unwrap().len() <= 512);
    let mut edns = Edns::new();
    edns.set_max_payload(4096);
    many.edns = Some(edns);
    let larger = over_udp(dns.address, &many).await;
    assert!(larger.metadata.truncation && larger.edns.is_some());
    assert!((513..=1232).contains(&larger.to_vec().unwrap().len()));
    assert_eq!(over_tcp(dns.address, &many).await.answers.len(), 200);

    // Addresses of SRV targets are a courtesy: without them the answer is whole.
    let index = cluster_of_many(20);
    let dns = run(index, Upstream::new(&[]).unwrap()).await;
    let mut services = question("_peer._tcp.many.example.svc.com.", RecordType::SRV);
    services.edns = many.edns;
    let answer = over_udp(dns.address, &services).await;
    assert_eq!((answer.metadata.truncation, answer.answers.len()), (false, 20));
    assert_eq!(over_tcp(dns.address, &services).await.additionals.len(), 20);
}
