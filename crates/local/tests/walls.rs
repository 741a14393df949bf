//! Who reaches what: pods reach the registry, read-only, and the tunnel's port; no other cluster, instance, or host service.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use nagaya_local::{Progress, Provider};
use support::{Instance, client, create_pod, pod, run_in_pod, traces, wait_running};

/// Serves on every address of the host, as a careless service would.
fn careless_host_service() -> u16 {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || listener.incoming().for_each(drop));
    port
}

/// Addresses of the host that pods might try: its own towards the world, and its end of the uplink.
fn host_addresses(provider: &Provider) -> Vec<IpAddr> {
    let [a, b, ..] = provider.config().subnet.network().octets();
    let mut all = vec![IpAddr::from([a, b, 0, 253])];
    let outward = UdpSocket::bind("0.0.0.0:0")
        .and_then(|socket| socket.connect("192.0.2.200:9").and(socket.local_addr()));
    all.extend(outward.map(|address| address.ip()));
    all
}

fn node(provider: &Provider, cluster: &str) -> String {
    let url = provider.state(cluster).unwrap().api_server.unwrap();
    url.trim_start_matches("https://").split(':').next().unwrap().to_owned()
}

#[tokio::test]
async fn pods_reach_the_registry_and_the_tunnel_and_nothing_else_of_this_host() {
    let instance = Instance::new("lt-wall").await;
    let (provider, silent) = (&instance.provider, Progress::none());
    let other = instance.beside("lt-wall2").await;
    provider.ensure_cluster(&instance.plan("one"), &silent).await.unwrap();
    provider.ensure_cluster(&instance.plan("two"), &silent).await.unwrap();
    other.ensure_cluster(&instance.plan("far"), &silent).await.unwrap();

    let tunnel = provider.hub_listener(7443).unwrap();
    tunnel.set_nonblocking(false).unwrap();
    std::thread::spawn(move || tunnel.incoming().for_each(drop));
    let private = provider.hub_listener(9999).unwrap();

    let neighbour = client(provider, "two").await;
    create_pod(&neighbour, &pod("neighbour", "while :; do nc -l -p 8080 </dev/null; done", "Always")).await;
    let neighbour = wait_running(&neighbour, "neighbour").await.status.unwrap().pod_ip.unwrap();

    let (two, far, hub) = (node(provider, "two"), node(&other, "far"), provider.hub_address());
    let mut forbidden: Vec<String> = vec![];
    for node in [&two, &far] {
        forbidden.extend([6443, 2379, 2380, 10250, 10257].map(|port| format!("{node} {port}")));
    }
    forbidden.push(format!("{neighbour} 8080"));
    forbidden.push(format!("{} 5000", other.hub_address()));
    forbidden.push(format!("{} 7443", other.hub_address()));
    forbidden.extend([format!("{hub} 5001"), format!("{hub} {}", private.local_addr().unwrap().port())]);
    let careless = careless_host_service();
    forbidden.extend(host_addresses(provider).iter().map(|ip| format!("{ip} {careless}")));
    // etcd of the own cluster listens on the node's loopback only.
    let own = node(provider, "one");
    forbidden.push(format!("{own} 2379"));
    let allowed =
        [format!("{hub} 5000"), format!("{hub} 7443"), format!("{own} 6443"), "127.0.0.1 7777".to_owned()];

    let mut script = String::from("(while :; do nc -l -p 7777 </dev/null; done) & sleep 1\n");
    for target in forbidden.iter().chain(&allowed) {
        script += &format!(
            "if nc -w 2 {target} </dev/null >/dev/null 2>&1; then echo 'open {target}'; else echo 'closed {target}'; fi\n"
        );
    }
    // A registry that could be written to would answer 202 to this.
    script += &format!(
        "printf 'POST /v2/test/blobs/uploads/ HTTP/1.0\\r\\nHost: x\\r\\nContent-Length: 0\\r\\n\\r\\n' | nc -w 5 {hub} 5000 | head -n 1\n\
         wget -q -O - http://{hub}:5000/v2/_catalog && echo catalogue\nexit 0\n"
    );
    let said = run_in_pod(&client(provider, "one").await, "prober", &script).await;
    eprintln!("{said}");
    for target in &forbidden {
        assert!(said.contains(&format!("closed {target}\n")), "{target} is open to pods:\n{said}");
    }
    for target in &allowed {
        assert!(said.contains(&format!("open {target}\n")), "{target} is closed to pods:\n{said}");
    }
    assert!(
        said.contains("HTTP/1.0 405") || said.contains("HTTP/1.1 405"),
        "writing was not refused:\n{said}"
    );
    assert!(said.contains("catalogue"), "the registry cannot be read:\n{said}");

    // The host itself may write.
    assert!(start_upload(provider.registry_push_address()).contains(" 202 "));

    other.down(&silent).await.unwrap();
    assert_eq!(traces(&other), Default::default());
    let still = client(provider, "one").await;
    assert!(still.apiserver_version().await.is_ok(), "the other instance's end reached this one");
    provider.down(&silent).await.unwrap();
    assert_eq!(traces(provider), Default::default());
}

fn start_upload(registry: SocketAddr) -> String {
    let mut stream = TcpStream::connect_timeout(&registry, Duration::from_secs(5)).unwrap();
    stream
        .write_all(b"POST /v2/test/blobs/uploads/ HTTP/1.0\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}
