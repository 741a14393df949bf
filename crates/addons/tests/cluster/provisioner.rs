//! A home from its claim to its purge, with the provisioner killed and the cluster's objects lost in between.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use k8s_openapi::api::core::v1::{Event, PersistentVolume, PersistentVolumeClaim};
use k8s_openapi::api::storage::v1::StorageClass;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use kube::{Api, Client, ResourceExt};
use nagaya_addons::provisioner::{self, ProvisionerArgs};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::eventually;

struct Scene {
    client: Client,
    homes: PathBuf,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Scene {
    async fn start(client: &Client, homes: &Path) -> Self {
        let free =
            tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
        let args =
            ProvisionerArgs { homes: homes.to_owned(), cluster: "it".into(), node: None, health: free };
        let task = tokio::spawn(provisioner::serve(args, client.clone(), CancellationToken::new()));
        Self { client: client.clone(), homes: homes.to_owned(), task }
    }

    /// Kills it without a word, as kill -9 does.
    async fn kill(self) {
        self.task.abort();
        drop(self.task.await);
    }

    fn claims(&self) -> Api<PersistentVolumeClaim> {
        Api::namespaced(self.client.clone(), "default")
    }

    fn volumes(&self) -> Api<PersistentVolume> {
        Api::all(self.client.clone())
    }

    async fn claim(&self, name: &str, size: &str) -> String {
        let object = json!({ "metadata": { "name": name, "labels": { "nagaya.dev/owner": "dev-01" } }, "spec": {
            "storageClassName": "nagaya-home", "accessModes": ["ReadWriteOnce"],
            "resources": { "requests": { "storage": size } } } });
        let object = serde_json::from_value(object).unwrap();
        self.claims().create(&PostParams::default(), &object).await.unwrap().uid().unwrap()
    }

    /// Waits until the claim is bound and gives its volume's name.
    async fn bound(&self, name: &str) -> String {
        eventually("bound", async || {
            let claim = self.claims().get(name).await.unwrap();
            let bound = claim.status.and_then(|status| status.phase).as_deref() == Some("Bound");
            claim.spec.unwrap().volume_name.filter(|_| bound)
        })
        .await
    }

    async fn unclaim(&self, name: &str) {
        self.claims().delete(name, &DeleteParams::default()).await.unwrap();
        eventually("the claim is gone", async || {
            self.claims().get_opt(name).await.unwrap().is_none().then_some(())
        })
        .await;
    }

    fn content(&self, volume: &str) -> PathBuf {
        self.homes.join(volume).join("mnt/home")
    }
}

/// Whatever happens to the test, no mount stays.
struct Unmount(PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        for entry in std::fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let _ = nix::mount::umount2(&entry.path().join("mnt"), nix::mount::MntFlags::MNT_DETACH);
        }
    }
}

pub async fn a_home_from_its_claim_to_its_purge(client: Client) {
    if !nix::unistd::geteuid().is_root() || !Path::new("/dev/loop-control").exists() {
        eprintln!("not tried: this needs root and loop devices");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let homes = folder.path().join("homes");
    let _unmount = Unmount(homes.clone());
    let class = json!({ "metadata": { "name": "nagaya-home" }, "provisioner": "nagaya.dev/home",
        "reclaimPolicy": "Retain", "allowVolumeExpansion": true, "volumeBindingMode": "Immediate" });
    let classes = Api::<StorageClass>::all(client.clone());
    classes.create(&PostParams::default(), &serde_json::from_value(class).unwrap()).await.unwrap();

    let scene = Scene::start(&client, &homes).await;
    scene.claim("first", "64Mi").await;
    let first = scene.bound("first").await;
    let mut times = Vec::new();
    for number in 0..5 {
        let started = Instant::now();
        scene.claim(&format!("more-{number}"), "10Gi").await;
        scene.bound(&format!("more-{number}")).await;
        times.push(started.elapsed().as_millis());
    }
    eprintln!("claim to Bound: {times:?} ms");
    let volume = scene.volumes().get(&first).await.unwrap().spec.unwrap();
    assert_eq!(volume.local.unwrap().path, scene.content(&first).to_str().unwrap());
    std::fs::write(scene.content(&first).join("diary"), "kept").unwrap();
    let events = Api::<Event>::namespaced(client.clone(), "default");
    eventually("the event", async || {
        let all = events.list(&Default::default()).await.unwrap();
        all.items.iter().any(|one| one.reason.as_deref() == Some("HomeMade")).then_some(())
    })
    .await;

    // Killed, and the machine restarted: mounted again before anything else.
    scene.kill().await;
    nix::mount::umount(&homes.join(&first).join("mnt")).unwrap();
    let scene = Scene::start(&client, &homes).await;
    eventually("mounted again", async || scene.content(&first).join("diary").exists().then_some(())).await;

    // Growth, as far as it can be had while mounted.
    let more = json!({ "spec": { "resources": { "requests": { "storage": "128Mi" } } } });
    scene.claims().patch("first", &PatchParams::default(), &Patch::Merge(more)).await.unwrap();
    eventually("grown", async || {
        let claim = scene.claims().get("first").await.unwrap();
        (claim.status?.capacity?.get("storage")?.0 == "128Mi").then_some(())
    })
    .await;

    // The claim goes, the home stays and comes back to the next claim of that name.
    scene.unclaim("first").await;
    eventually("at rest", async || (!scene.content(&first).exists()).then_some(())).await;
    scene.claim("first", "64Mi").await;
    assert_eq!(scene.bound("first").await, first);
    assert_eq!(std::fs::read_to_string(scene.content(&first).join("diary")).unwrap(), "kept");

    // The same when the volume was deleted too, as in a cluster made anew.
    scene.unclaim("first").await;
    scene.volumes().delete(&first, &DeleteParams::default()).await.unwrap();
    eventually("no volume", async || scene.volumes().get_opt(&first).await.unwrap().is_none().then_some(()))
        .await;
    scene.claim("first", "64Mi").await;
    assert_eq!(scene.bound("first").await, first);
    assert_eq!(std::fs::read_to_string(scene.content(&first).join("diary")).unwrap(), "kept");

    // The purge as the agent does it: the word on the volume, then claim and volume deleted. Killed in the middle.
    let word = json!({ "metadata": { "annotations": { "nagaya.dev/purge": "true" } } });
    scene.volumes().patch(&first, &PatchParams::default(), &Patch::Merge(&word)).await.unwrap();
    let homes_folder = homes.join(&first);
    let client = scene.client.clone();
    scene.kill().await;
    let scene = Scene { client: client.clone(), homes: homes.clone(), task: tokio::spawn(async { Ok(()) }) };
    scene.unclaim("first").await;
    scene.volumes().delete(&first, &DeleteParams::default()).await.unwrap();
    assert!(scene.volumes().get_opt(&first).await.unwrap().is_some(), "the volume went without its home");
    let scene = Scene::start(&client, &homes).await;
    eventually("purged", async || (!homes_folder.exists()).then_some(())).await;
    eventually("no volume", async || scene.volumes().get_opt(&first).await.unwrap().is_none().then_some(()))
        .await;

    // The purge by the claim's own annotation.
    let other = scene.bound("more-0").await;
    scene.claims().patch("more-0", &PatchParams::default(), &Patch::Merge(&word)).await.unwrap();
    scene.unclaim("more-0").await;
    eventually("purged with its claim", async || (!homes.join(&other).exists()).then_some(())).await;
    assert!(homes.join(scene.bound("more-1").await).exists());

    // What cannot be had is said on the claim.
    scene.claim("huge", "1Ei").await;
    eventually("the refusal", async || {
        let all = events.list(&Default::default()).await.unwrap();
        let said = |one: &Event| {
            one.message.as_deref().is_some_and(|text| text.contains("more than the whole disk"))
        };
        all.items.iter().any(said).then_some(())
    })
    .await;
    scene.kill().await;
}
