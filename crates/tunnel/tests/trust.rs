//! Who is let in.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::{sync::Arc, time::Duration};

use common::{Agent, Server, eventually};
use jiff::{SignedDuration, Timestamp};
use nagaya_tunnel::ca::{Authority, Csr, not_after};
use nagaya_tunnel::enrol::{enrol, renew};
use nagaya_tunnel::{EnrolError, Identity, Lane, keep_renewed};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

async fn refused(agent: &Agent) -> String {
    let mut status = agent.status.clone();
    let seen = status.wait_for(|status| status.refused()).await.unwrap();
    seen.trouble().unwrap().to_owned()
}

#[tokio::test]
async fn a_server_of_another_authority_is_not_spoken_to() {
    let (server, other) = (Server::start().await, Server::start().await);
    let agent = Agent::start("a", server.address, other.identity("java"));
    let mut status = agent.status.clone();
    let seen = status.wait_for(|status| status.trouble().is_some()).await.unwrap().clone();
    assert!(seen.trouble().unwrap().contains("not to be trusted"), "{seen:?}");
    assert!(server.hub.agents("java").is_empty());
    let csr = Csr::generate().unwrap();
    let ca = other.authority.bundle_pem();
    let error = enrol(&server.address.to_string(), None, &ca, "secret", &csr.csr_pem).await.unwrap_err();
    assert!(matches!(error, EnrolError::Unavailable(_)), "the token went nowhere: {error}");
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let (server, other) = (Server::start().await, Server::start().await);
    let identity = Identity { ca_pem: server.authority.bundle_pem(), ..other.identity("java") };
    let agent = Agent::start("a", server.address, identity);
    assert!(refused(&agent).await.contains("trust"));
    assert!(server.hub.agents("java").is_empty());
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let server = Server::start().await;
    let csr = Csr::generate().unwrap();
    let long_ago = Timestamp::now() - SignedDuration::from_hours(24 * 60);
    let certificate_pem = server.authority.issue_agent("java", &csr.csr_pem, long_ago).unwrap();
    let identity = Identity { certificate_pem, key_pem: csr.key_pem, ca_pem: server.authority.bundle_pem() };
    let agent = Agent::start("a", server.address, identity);
    assert!(refused(&agent).await.contains("expired"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_ends_with_its_certificate() {
    let server = Server::start().await;
    let csr = Csr::generate().unwrap();
    let short = SignedDuration::from_secs(3);
    let certificate_pem =
        server.authority.issue_agent_for("java", &csr.csr_pem, Timestamp::now(), short).unwrap();
    let identity = Identity { certificate_pem, key_pem: csr.key_pem, ca_pem: server.authority.bundle_pem() };
    let agent = Agent::start("a", server.address, identity);
    server.connected("java").await;
    assert!(refused(&agent).await.contains("expired"));
    eventually("its connections are gone", || server.hub.agents("java").is_empty()).await;
}

/// A relay's certificate comes from the same authority and lies in a pod that a user controls.
#[tokio::test]
async fn a_relays_certificate_opens_no_tunnel() {
    let server = Server::start().await;
    let relay = server.authority.issue_relay("0b1c", &[], Timestamp::now()).unwrap();
    let identity = Identity {
        certificate_pem: relay.certificate_pem,
        key_pem: relay.key_pem,
        ca_pem: server.authority.bundle_pem(),
    };
    let agent = Agent::start("a", server.address, identity);
    refused(&agent).await;
    assert!(server.hub.clusters().is_empty());
}

#[tokio::test]
async fn one_clusters_certificate_does_not_reach_into_another() {
    let server = Server::start().await;
    let _agent = Agent::start("a", server.address, server.identity("python-1"));
    server.connected("python-1").await;
    assert!(server.hub.agents("java").is_empty());
    assert!(server.echo("java", Lane::Api, "x").await.unwrap_err().is_no_agent());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_cluster_is_thrown_out_and_not_let_in_again() {
    let server = Server::start().await;
    let agent = Agent::start("a", server.address, server.identity("java"));
    let _other = Agent::start("b", server.address, server.identity("python-1"));
    server.connected("java").await;
    server.connected("python-1").await;
    server.refused.lock().unwrap().push("java".to_owned());
    server.hub.disconnect("java");
    assert!(refused(&agent).await.contains("no longer admits"));
    eventually("it is gone", || server.hub.agents("java").is_empty()).await;
    assert_eq!(server.echo("python-1", Lane::Api, "x").await.unwrap(), "x", "the other stays");
    // Renewal is no way round it.
    let csr = Csr::generate().unwrap();
    let error =
        renew(&server.address.to_string(), None, &server.identity("java"), &csr.csr_pem).await.unwrap_err();
    assert!(matches!(error, EnrolError::Refused(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_join_token_is_good_for_one_agent() {
    let server = Server::start().await;
    let address = server.address.to_string();
    let ca = server.authority.bundle_pem();
    let token = server.enroller.token("java", Timestamp::now() + SignedDuration::from_hours(1));
    let csr = Csr::generate().unwrap();
    let issued = enrol(&address, None, &ca, &token, &csr.csr_pem).await.unwrap();
    assert_eq!(issued.cluster, "java");
    enrol(&address, None, &ca, &token, &csr.csr_pem)
        .await
        .expect("an answer that was lost may be asked again");
    let thief = Csr::generate().unwrap();
    let error = enrol(&address, None, &ca, &token, &thief.csr_pem).await.unwrap_err();
    assert!(matches!(&error, EnrolError::Refused(words) if words.contains("already")), "{error}");
    let error = enrol(&address, None, &ca, "guessed", &thief.csr_pem).await.unwrap_err();
    assert!(matches!(error, EnrolError::Refused(_)), "{error}");
    let late = server.enroller.token("java", Timestamp::now() - SignedDuration::from_secs(1));
    let error = enrol(&address, None, &ca, &late, &thief.csr_pem).await.unwrap_err();
    assert!(matches!(&error, EnrolError::Refused(words) if words.contains("ended")), "{error}");

    let identity =
        Identity { certificate_pem: issued.certificate_pem, key_pem: csr.key_pem, ca_pem: issued.ca_pem };
    let _agent = Agent::start("a", server.address, identity.clone());
    server.connected("java").await;
    let next = Csr::generate().unwrap();
    let renewed = renew(&address, None, &identity, &next.csr_pem).await.unwrap();
    assert_eq!(renewed.cluster, "java");
    let nobody = Identity { certificate_pem: String::new(), ..identity };
    assert!(renew(&address, None, &nobody, &next.csr_pem).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_authority_is_replaced_both_are_trusted() {
    let server = Server::start().await;
    let agent = Agent::start("a", server.address, server.identity("java"));
    server.connected("java").await;
    let next = server.authority.rotate(Timestamp::now()).unwrap();
    // First the bundle goes out with the old certificate still in use, then the listener changes.
    let identity = agent.identity.borrow().clone();
    agent.identity.send_replace(Identity { ca_pem: next.bundle_pem(), ..identity });
    let credential = next.issue_server(&[], &[], Timestamp::now()).unwrap();
    server.tls.replace(&credential, &next.bundle_pem()).unwrap();
    let replaced = Timestamp::now();
    server.hub.disconnect("java");
    eventually("it is connected anew", || {
        server.hub.agents("java").first().is_some_and(|agent| agent.since > replaced)
    })
    .await;
    server.connected("java").await;
    assert_eq!(server.echo("java", Lane::Api, "x").await.unwrap(), "x");
}

/// When the certificate ends that the listener shows now.
async fn shown(server: &Server, ca_pem: &str) -> Timestamp {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca_pem.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let mut config = ClientConfig::builder_with_provider(nagaya_tunnel::tls::provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"nagaya-enrol/1".to_vec()];
    let tcp = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::try_from(nagaya_tunnel::SERVER_NAME).unwrap();
    let tls = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap();
    not_after(&tls.get_ref().1.peer_certificates().unwrap()[0]).unwrap()
}

async fn shown_after(server: &Server, ca_pem: &str, before: Timestamp) -> Timestamp {
    loop {
        let end = shown(server, ca_pem).await;
        if end != before {
            return end;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_listeners_certificate_is_renewed_by_its_age_and_with_the_authority_while_it_listens() {
    let now = Timestamp::now();
    // An authority older than the certificate, which has lived two thirds of its life.
    let begin = now - Authority::SERVER_VALIDITY * 2 / 3 - SignedDuration::from_hours(1);
    let authority = Arc::new(Authority::generate(begin - SignedDuration::from_hours(24)).unwrap());
    let server = Server::start_with(authority.clone(), common::TIMINGS).await;
    let aged = authority.issue_server(&[], &[], begin).unwrap();
    let bundle = authority.bundle_pem();
    server.tls.replace(&aged, &bundle).unwrap();
    assert_eq!(shown(&server, &bundle).await, aged.not_after);

    let (newest, changes) = watch::channel(authority.clone());
    let cancel = CancellationToken::new();
    let keeper =
        tokio::spawn(keep_renewed(server.tls.clone(), Vec::new(), changes, aged.clone(), cancel.clone()));
    let renewed = shown_after(&server, &bundle, aged.not_after).await;
    assert!(renewed >= now + Authority::SERVER_VALIDITY - SignedDuration::from_secs(1), "{renewed}");

    tokio::time::sleep(Duration::from_millis(1100)).await; // Certificates end at whole seconds.
    assert_eq!(shown(&server, &bundle).await, renewed, "it is not due again");
    newest.send_replace(Arc::new(authority.rotate(Timestamp::now()).unwrap()));
    let both = newest.borrow().bundle_pem();
    assert!(shown_after(&server, &both, renewed).await > renewed);
    cancel.cancel();
    keeper.await.unwrap();
}
