//! Agents come and go, servers come and go: what was asked for stays.

use kube::ResourceExt;
use kube::api::DeleteParams;
use nagaya_agent::identity::SECRET;
use nagaya_api::agent::Report;

use crate::fixture::{CLUSTER, World, eventually, intent};

pub async fn an_agent_goes_on_without_its_server(mut world: World) {
    let agent = world.agent();
    world.connected().await;
    world.put(&intent(1, vec![world.namespace(), world.config_map("a", "1")])).await.unwrap();
    world.reports().await.applied(1).await;
    world.server_down().await;
    agent.kill();

    // Another agent, which never saw the server: it knows the intent from the cluster.
    let maps = world.api("v1", "ConfigMap");
    let second = world.agent();
    maps.delete("a", &DeleteParams::default()).await.unwrap();
    eventually("the object is made again without a server", || async {
        world.exists("v1", "ConfigMap", "a").await
    })
    .await;
    world.server_up().await;
    world.connected().await;
    let mut reports = world.reports().await;
    let hello = reports.until("hello", |report| Some(report.clone())).await;
    assert!(
        matches!(hello, Report::Hello { revision: 1, ref incarnation, .. } if incarnation == "incarnation-1"),
        "{hello:?}"
    );
    let drift = reports.until("the correction made meanwhile", |report| match report {
        Report::Drift { object, fields, .. } => Some((object.clone(), fields.len())),
        Report::Heartbeat => Some((String::new(), 0)),
        _ => None,
    });
    let (object, fields) = drift.await;
    // Removed before the second agent looked for the first time, it is simply applied.
    assert!(object.is_empty() || (object.contains("ConfigMap") && fields == 0));
    second.stop().await;
    world.stop().await;
}

/// A token is good once, so a restarted agent must know itself by what it stored.
pub async fn a_restarted_agent_needs_no_token_and_a_refused_one_takes_a_new_token(world: World) {
    let agent = world.agent();
    world.connected().await;
    agent.kill();
    eventually("it is gone", || async { world.hub.agents(CLUSTER).is_empty() }).await;
    let agent = world.agent();
    world.connected().await;
    let secret = world.secrets().get(SECRET).await.unwrap();
    let data = secret.data.as_ref().unwrap();
    assert!(data.contains_key("tls.crt") && !data.contains_key("next.key"));
    agent.stop().await;

    // As after the server's authority was lost: what is stored is worth nothing.
    let mut broken = secret.clone();
    let other = nagaya_tunnel::ca::Authority::generate(jiff::Timestamp::now()).unwrap();
    let key = String::from_utf8(data["tls.key"].0.clone()).unwrap();
    let csr = nagaya_tunnel::ca::Csr::for_key_pem(&key).unwrap();
    let foreign = other.issue_agent(CLUSTER, &csr.csr_pem, jiff::Timestamp::now()).unwrap();
    broken.data.as_mut().unwrap().insert("tls.crt".into(), k8s_openapi::ByteString(foreign.into_bytes()));
    broken.metadata.resource_version = world.secrets().get(SECRET).await.unwrap().resource_version();
    world.secrets().replace(SECRET, &Default::default(), &broken).await.unwrap();
    let agent = world.agent();
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(world.hub.agents(CLUSTER).is_empty(), "the foreign certificate is refused");
    world.new_token();
    world.connected().await;
    agent.stop().await;
    world.stop().await;
}

pub async fn of_two_agents_the_newer_enforces_and_the_older_takes_over_again_when_it_dies(world: World) {
    let old = world.agent();
    world.connected().await;
    world.put(&intent(1, vec![world.namespace(), world.config_map("a", "1")])).await.unwrap();
    world.reports().await.applied(1).await;
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let new = world.agent();
    eventually("both are connected", || async { world.hub.agents(CLUSTER).len() == 2 }).await;
    world.put(&intent(2, vec![world.namespace(), world.config_map("a", "2")])).await.unwrap();
    eventually("the newer applied it", || async {
        world.get("v1", "ConfigMap", "a").await.unwrap().data["data"]["a"] == "2"
    })
    .await;
    new.kill();
    eventually("the newer is gone", || async { world.hub.agents(CLUSTER).len() == 1 }).await;
    // The older one hears of the death by the Lease's end; the intent waits for it, or is sent again.
    let third = intent(3, vec![world.namespace(), world.config_map("a", "3")]);
    eventually("the older one enforces again", || async { world.put(&third).await.is_ok() }).await;
    eventually("it applied it", || async {
        world.get("v1", "ConfigMap", "a").await.unwrap().data["data"]["a"] == "3"
    })
    .await;
    old.stop().await;
    world.stop().await;
}

/// Acceptance: killing the agent at any moment leaves the intent carried out in the end.
pub async fn killed_at_any_moment_the_work_is_finished_by_the_next(world: World) {
    let mut agent = world.agent();
    world.connected().await;
    for round in 1..=8u64 {
        let mut objects = vec![world.namespace()];
        objects.extend((0..10).map(|n| world.config_map(&format!("m{round}-{n}"), "1")));
        let sent = intent(round, objects);
        let put = async {
            eventually("the intent is taken in", || async {
                !world.hub.agents(CLUSTER).is_empty() && world.put_quietly(&sent).await
            })
            .await;
        };
        let kill = tokio::time::sleep(std::time::Duration::from_millis(round * 12));
        tokio::pin!(put);
        let taken = tokio::select! {
            () = &mut put => true,
            () = kill => false,
        };
        agent.kill();
        agent = world.agent();
        if !taken {
            put.await;
        }
        eventually("exactly this round's objects are there", || async {
            let maps = world.api("v1", "ConfigMap").list(&Default::default()).await.unwrap();
            let ours: Vec<_> =
                maps.iter().map(ResourceExt::name_any).filter(|name| name.starts_with('m')).collect();
            ours.len() == 10 && ours.iter().all(|name| name.starts_with(&format!("m{round}-")))
        })
        .await;
    }
    agent.stop().await;
    world.stop().await;
}

/// A certificate is begun ten minutes in the past, so that of two minutes' life two thirds are over at once.
pub async fn a_certificate_is_renewed_without_a_token_and_without_a_gap(world: World) {
    world.enroller.brief.store(true, std::sync::atomic::Ordering::SeqCst);
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let lasting = || async {
        let secret = world.secrets().get(SECRET).await.unwrap();
        let pem = secret.data.unwrap().remove("tls.crt").unwrap().0;
        let der = rustls::pki_types::pem::PemObject::from_pem_slice(&pem).unwrap();
        let ends = nagaya_tunnel::ca::not_after(&der).unwrap();
        ends.duration_since(jiff::Timestamp::now()) > jiff::SignedDuration::from_hours(24)
    };
    eventually("a lasting certificate is stored", lasting).await;
    eventually("the tunnel stands on the new certificate", || async {
        !world.hub.agents(CLUSTER).is_empty()
    })
    .await;
    world.put(&intent(1, vec![world.namespace()])).await.unwrap();
    // The stream of before goes on, or has ended in order and can be opened again: the agent is the same.
    let hello = reports.until("hello", |report| Some(report.clone())).await;
    let again = world.reports().await.until("hello", |report| Some(report.clone())).await;
    let id = |report: &Report| match report {
        Report::Hello { agent_id, .. } => agent_id.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(id(&hello), id(&again));
    agent.stop().await;
    world.stop().await;
}
