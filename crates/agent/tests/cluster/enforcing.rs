//! The cluster becomes what the intent says, and stays so.

use std::time::Duration;

use http::StatusCode;
use kube::ResourceExt;
use kube::api::{DeleteParams, Patch, PatchParams};
use nagaya_api::agent::{Intent, Report};
use serde_json::json;

use crate::fixture::{World, eventually, intent, purging};

pub async fn an_intent_is_applied_changed_and_pruned(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let objects = vec![
        // Out of order on purpose: kinds decide.
        world.config_map("a", "1"),
        world.config_map("b", "1"),
        world.claim("w"),
        world.namespace(),
    ];
    let begun = std::time::Instant::now();
    world.put(&intent(1, objects)).await.unwrap();
    let stored = begun.elapsed();
    let (errors, _) = reports.applied(1).await;
    println!("a first intent of 4 objects: stored after {stored:?}, applied after {:?}", begun.elapsed());
    assert_eq!(errors, []);
    let b = world.get("v1", "ConfigMap", "b").await.unwrap();

    let begun = std::time::Instant::now();
    world
        .put(&intent(2, vec![world.namespace(), world.config_map("a", "2"), world.config_map("b", "1")]))
        .await
        .unwrap();
    let (errors, _) = reports.applied(2).await;
    println!("a changed one: applied after {:?}", begun.elapsed());
    assert_eq!(errors, []);
    let a = world.get("v1", "ConfigMap", "a").await.unwrap();
    assert_eq!(a.data["data"]["a"], "2");
    let same = world.get("v1", "ConfigMap", "b").await.unwrap();
    assert_eq!(same.resource_version(), b.resource_version(), "what does not differ is not touched");
    assert!(
        world.exists("v1", "PersistentVolumeClaim", "home-w").await,
        "a home stays when it leaves the intent"
    );

    world.put(&intent(3, vec![world.namespace(), world.config_map("a", "2")])).await.unwrap();
    reports.applied(3).await;
    eventually("b is pruned", || async { !world.exists("v1", "ConfigMap", "b").await }).await;

    let refused = world.put(&intent(2, vec![])).await.unwrap_err();
    assert_eq!(refused.0, StatusCode::CONFLICT, "{}", refused.1);

    // The namespace leaves the intent, but it holds a home.
    world.put(&intent(4, vec![])).await.unwrap();
    let (errors, _) = reports.applied(4).await;
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].message.contains("holds homes"), "{errors:?}");
    assert!(!world.exists("v1", "ConfigMap", "a").await);
    assert!(world.exists("v1", "PersistentVolumeClaim", "home-w").await);
    agent.stop().await;
    world.stop().await;
}

pub async fn what_somebody_changes_or_removes_is_put_right_and_told(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let objects =
        vec![world.namespace(), world.config_map("a", "1"), world.stateful_set("w", 0, "nowhere/none")];
    world.put(&intent(1, objects)).await.unwrap();
    assert_eq!(reports.applied(1).await.0, []);

    let maps = world.api("v1", "ConfigMap");
    let editor = PatchParams { field_manager: Some("kubectl-edit".into()), ..PatchParams::default() };
    let change = Patch::Merge(json!({"data": {"a": "hacked", "theirs": "stays"}}));
    let begun = std::time::Instant::now();
    maps.patch("a", &editor, &change).await.unwrap();
    let (manager, fields) = reports
        .until("drift", |report| match report {
            Report::Drift { object, manager, fields, .. } if object.contains("ConfigMap") => {
                Some((manager.clone(), fields.clone()))
            }
            _ => None,
        })
        .await;
    println!("drift put right after {:?}", begun.elapsed());
    assert_eq!((manager.as_str(), fields), ("kubectl-edit", vec![".data.a".to_owned()]));
    let live = maps.get("a").await.unwrap();
    assert_eq!((&live.data["data"]["a"], &live.data["data"]["theirs"]), (&json!("1"), &json!("stays")));

    let sets = world.api("apps/v1", "StatefulSet");
    sets.patch("w", &editor, &Patch::Merge(json!({"spec": {"replicas": 3}}))).await.unwrap();
    eventually("replicas are put right", || async {
        sets.get("w").await.unwrap().data["spec"]["replicas"] == 0
    })
    .await;

    let begun = std::time::Instant::now();
    maps.delete("a", &DeleteParams::default()).await.unwrap();
    eventually("the removed object is back", || async { world.exists("v1", "ConfigMap", "a").await }).await;
    println!("a removed object is back after {:?}", begun.elapsed());

    // A value is written differently but means the same (1000m = 1), and a status changes: no drift, so no apply.
    // The controller writes the set's status when it likes, so its generation is looked at, not its resourceVersion.
    let settled = sets.get("w").await.unwrap().metadata.generation;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(sets.get("w").await.unwrap().metadata.generation, settled, "nothing is changed without need");
    agent.stop().await;
    world.stop().await;
}

/// An autoscaler's field: the intent names it for the beginning only.
pub async fn a_field_that_is_left_to_its_owner_stays_as_its_owner_has_it(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let set = |image: &str| {
        let mut set = world.stateful_set("w", 0, image);
        set["metadata"]["annotations"] = json!({"nagaya.dev/ignore-fields": ".spec.replicas"});
        set["metadata"]["labels"]["nagaya.dev/bundle"] = json!("base");
        set["spec"]["updateStrategy"] = json!({"type": "RollingUpdate"});
        set
    };
    world.put(&intent(1, vec![world.namespace(), set("nowhere/none")])).await.unwrap();
    assert_eq!(reports.applied(1).await.0, []);
    let sets = world.api("apps/v1", "StatefulSet");
    assert_eq!(sets.get("w").await.unwrap().data["spec"]["replicas"], 0, "new, it is as the intent says");

    let scaler = PatchParams { field_manager: Some("scaler".into()), ..PatchParams::default() };
    sets.patch("w", &scaler, &Patch::Merge(json!({"spec": {"replicas": 1}}))).await.unwrap();
    let unready = reports
        .until("what is not ready", |report| match report {
            Report::Unready { objects } => objects.iter().find(|one| one.message.contains("0 of 1")).cloned(),
            Report::Drift { object, .. } => panic!("{object} was put right"),
            _ => None,
        })
        .await;
    assert_eq!(
        (unready.object.as_str(), unready.bundle.as_str()),
        (&*format!("StatefulSet {}/w", world.team), "base")
    );
    tokio::time::sleep(Duration::from_secs(2)).await;

    // Another change of the intent leaves it alone too, and the image is ours as before.
    world.put(&intent(2, vec![world.namespace(), set("nowhere/other")])).await.unwrap();
    assert_eq!(reports.applied(2).await.0, []);
    let live = sets.get("w").await.unwrap();
    assert_eq!(live.data["spec"]["replicas"], 1);
    assert_eq!(live.data["spec"]["template"]["spec"]["containers"][0]["image"], "nowhere/other");
    let mut changed = set("nowhere/other");
    changed["metadata"]["annotations"]["nagaya.dev/ignore-fields"] = json!(".metadata");
    world.put(&intent(3, vec![world.namespace(), changed])).await.unwrap();
    let (errors, _) = reports.applied(3).await;
    assert!(errors[0].message.contains("cannot be left to others"), "{errors:?}");
    assert!(sets.get_opt("w").await.unwrap().is_some(), "the object stays all the same");
    agent.stop().await;
    world.stop().await;
}

pub async fn what_this_kubernetes_lacks_is_told_and_the_rest_goes_on(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let unknown = json!({"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "x", "namespace": world.team}});
    let invalid = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": world.team},
        "spec": {"ports": [{"port": 700_000, "protocol": "TCP"}]}});
    world
        .put(&intent(1, vec![unknown, world.namespace(), invalid, world.config_map("a", "1")]))
        .await
        .unwrap();
    let (errors, _) = reports.applied(1).await;
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors[0].object.starts_with("Service") && errors[0].message.contains("700000"), "{errors:?}");
    assert!(errors[1].message.contains("no kind Thing in example.org/v1"), "{errors:?}");
    assert!(world.exists("v1", "ConfigMap", "a").await);
    agent.stop().await;
    world.stop().await;
}

pub async fn a_restored_server_prunes_nothing_until_a_person_agrees(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    world
        .put(&intent(7, vec![world.namespace(), world.config_map("a", "1"), world.config_map("b", "1")]))
        .await
        .unwrap();
    reports.applied(7).await;
    let mut restored =
        Intent::new("incarnation-2", 1, vec![world.namespace(), world.config_map("a", "9")], Vec::new());
    world.put(&restored).await.unwrap();
    let (_, unconfirmed) = reports.applied(1).await;
    assert_eq!(unconfirmed, [format!("ConfigMap {}/b", world.team)]);
    assert!(world.exists("v1", "ConfigMap", "b").await);
    assert_eq!(world.get("v1", "ConfigMap", "a").await.unwrap().data["data"]["a"], "9", "it is applied");
    restored.confirm_prune = true;
    world.put(&restored).await.unwrap();
    eventually("b is pruned", || async { !world.exists("v1", "ConfigMap", "b").await }).await;
    agent.stop().await;
    world.stop().await;
}

pub async fn a_home_is_removed_only_when_a_person_asked(world: World) {
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    let mut claim = world.claim("w");
    // Bound by hand to a volume of the test's own: nothing provisions here.
    claim["spec"]["volumeName"] = json!(world.team);
    let volumes: kube::Api<k8s_openapi::api::core::v1::PersistentVolume> =
        kube::Api::all(world.client.clone());
    let volume = json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": world.team},
        "spec": {"capacity": {"storage": "64Mi"}, "accessModes": ["ReadWriteOnce"], "storageClassName": "none-here",
            "persistentVolumeReclaimPolicy": "Retain", "hostPath": {"path": "/nonexistent"}}});
    volumes.patch(&world.team, &PatchParams::apply("test"), &Patch::Apply(volume)).await.unwrap();
    world.put(&intent(1, vec![world.namespace(), claim])).await.unwrap();
    reports.applied(1).await;
    eventually("the home is bound", || async {
        world.get("v1", "PersistentVolumeClaim", "home-w").await.unwrap().data["status"]["phase"] == "Bound"
    })
    .await;
    world.put(&intent(2, vec![world.namespace()])).await.unwrap();
    reports.applied(2).await;
    assert!(world.exists("v1", "PersistentVolumeClaim", "home-w").await);
    world.put(&purging(3, vec![world.namespace()], &world.team, "home-w")).await.unwrap();
    eventually("claim and volume are gone", || async {
        !world.exists("v1", "PersistentVolumeClaim", "home-w").await
            && volumes.get_opt(&world.team).await.unwrap().is_none()
    })
    .await;
    agent.stop().await;
    world.stop().await;
}

/// An imported cluster has namespaces of its own, with what others put there.
pub async fn a_namespace_that_was_there_before_stays_when_it_leaves_the_intent(world: World) {
    let namespaces: kube::Api<k8s_openapi::api::core::v1::Namespace> = kube::Api::all(world.client.clone());
    namespaces
        .patch(&world.team, &PatchParams::apply("somebody"), &Patch::Apply(world.namespace()))
        .await
        .unwrap();
    let agent = world.agent();
    world.connected().await;
    let mut reports = world.reports().await;
    for (revision, value) in [(1, "1"), (2, "2")] {
        world.put(&intent(revision, vec![world.namespace(), world.config_map("a", value)])).await.unwrap();
        assert_eq!(reports.applied(revision).await.0, []);
    }
    let live = namespaces.get(&world.team).await.unwrap();
    assert_eq!(live.labels()["app.kubernetes.io/managed-by"], "nagaya");
    world.put(&intent(3, vec![])).await.unwrap();
    assert_eq!(reports.applied(3).await.0, []);
    let live = namespaces.get(&world.team).await.unwrap();
    assert!(live.metadata.deletion_timestamp.is_none());
    assert!(!world.exists("v1", "ConfigMap", "a").await, "what was Nagaya's is gone");
    agent.stop().await;
    world.stop().await;
}
