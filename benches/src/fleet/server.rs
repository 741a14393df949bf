//! The server of a simulated fleet, and what is measured of it.

use std::process::{Child, Command};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use nagaya_api::kinds::bundle::BundleSpec;
use nagaya_api::kinds::cluster::{ClusterSpec, Provider};
use nagaya_api::kinds::group::GroupSpec;
use nagaya_api::kinds::workspace::{WorkspaceSpec, WorkspaceState};
use nagaya_api::{Bundle, Cluster, Group, Workspace};
use nagaya_control::intent::IntentSettings;
use nagaya_control::{Admitted, Ca, Control, ControlSettings, NoProvider, StoreEnroller};
use nagaya_gateway::Streams;
use nagaya_server::{ServerConfig, ServerState};
use nagaya_store::{Filter, Store, Writer};
use nagaya_tunnel::ca::Csr;
use nagaya_tunnel::{Hub, Lane, ServerTls};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::agents::{Agent, Order};
use super::people::Asking;
use super::progress::Progress;
use super::{Figures, OBJECTS, Size};

/// How long nothing happens before idle CPU is measured, and for how long it is.
const CALM: Duration = Duration::from_secs(5);
const IDLE: Duration = Duration::from_secs(20);
/// Longer than this nothing may take.
const PATIENCE: Duration = Duration::from_secs(600);
const LOOK: Duration = Duration::from_millis(50);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs a fleet of a size and prints its [`Figures`] as JSON.
#[expect(clippy::print_stdout, reason = "the figures are read by the process that began this one")]
pub fn run(size: Size) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    match runtime.block_on(simulate(size)) {
        Ok(figures) => println!("{}", json!(figures)),
        Err(error) => panic!("the simulation of {size:?}: {error}"),
    }
}

/// The process of the agents; killed when it is dropped.
struct Agents(Child);

impl Drop for Agents {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn simulate(size: Size) -> Result<Figures, Failure> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(folder.path(), Timestamp::now()).await?;
    let ca = Ca::open(store.clone(), Timestamp::now()).await?;
    let admitted = Admitted::load(&store).await?;
    let hub = Hub::new();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = listener.local_addr()?.to_string();
    let credential = ca.authority().issue_server(&[], &[], Timestamp::now())?;
    let asked = admitted.clone();
    let tls =
        ServerTls::new(&credential, &ca.authority().bundle_pem(), move |cluster| asked.admits(cluster))?;
    let cancel = CancellationToken::new();
    let enroller = Arc::new(StoreEnroller::new(store.clone(), ca.clone()));
    let tunnel = tokio::spawn(nagaya_tunnel::serve(listener, tls, hub.clone(), enroller, cancel.clone()));
    let control = Control {
        store: store.clone(),
        hub: hub.clone(),
        ca: ca.clone(),
        admitted,
        provider: Arc::new(NoProvider),
        settings: ControlSettings {
            intents: IntentSettings { relay_image: "relay:1".to_owned(), storage_class: String::new() },
            updates: None,
            charts: None,
        },
    };
    let control = control.start(cancel.clone()).await?;
    let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    let config = ServerConfig { http: Some(address), https: None, ..ServerConfig::default() };
    let state = ServerState::new(store.clone(), hub.clone(), Streams::new(), config);
    nagaya_server::first_admin(&state).await?;
    let (_, token) = nagaya_server::host_token(&state, "bench", None).await?;
    let people = tokio::spawn(nagaya_server::serve(state, cancel.clone()));
    let empty = resident();

    let names: Vec<String> = (0..size.clusters).map(|number| format!("c{number}")).collect();
    for name in &names {
        store
            .create(
                writer(),
                Cluster::new(
                    name,
                    ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() },
                ),
            )
            .await?;
    }
    store.create(writer(), Workspace::new("w", workspace(&names[0]))).await?;
    store.create(writer(), Group::new("all", GroupSpec::default())).await?;
    let order =
        Order { server, agents: names.iter().map(|name| agent(&ca, name)).collect::<Result<_, _>>()? };
    let file = folder.path().join("order.json");
    std::fs::write(&file, serde_json::to_vec(&order)?)?;
    let _agents = Agents(Command::new(std::env::current_exe()?).arg("fleet-agents").arg(&file).spawn()?);
    until("all agents are connected", async || Ok(connected(&hub, &names))).await?;

    let mut progress = Progress::follow(&store, size.clusters);
    let begun = Instant::now();
    for number in 0..size.bundles {
        progress.want(&store.create(writer(), bundle(number, 0)?).await?.metadata);
    }
    progress.done(PATIENCE).await?;
    let first = begun.elapsed();
    tokio::time::sleep(CALM).await;
    let memory = (resident() - empty).max(0.0);
    let busy = cpu();
    tokio::time::sleep(IDLE).await;
    let idle = (cpu() - busy) / IDLE.as_secs_f64() * 100.0;

    let begun = Instant::now();
    for number in 0..size.changed {
        let changed = bundle(number, 1)?.spec;
        let name = format!("b{number}");
        let (now, _) =
            store.modify(writer(), &name, move |bundle: &mut Bundle| bundle.spec = changed).await?;
        progress.want(&now.metadata);
    }
    progress.done(PATIENCE).await?;
    let change = begun.elapsed();

    let held = revisions(&store).await?;
    let asking = Asking::begin(address, token);
    let begun = Instant::now();
    for name in &names {
        hub.disconnect(name);
    }
    tokio::time::sleep(LOOK).await;
    until("the agents are back", async || Ok(connected(&hub, &names))).await?;
    let back = begun.elapsed();
    // What follows from their return is done by then as well.
    tokio::time::sleep(CALM).await;
    let asked = asking.end()?;
    let resent = revisions(&store).await?.saturating_sub(held);
    cancel.cancel();
    control.join().await;
    tunnel.await?;
    people.await??;
    Ok(Figures {
        first: first.as_secs_f64(),
        change: change.as_secs_f64(),
        memory: memory / size.clusters as f64,
        idle,
        back: back.as_secs_f64(),
        asked: asked.percentile(99.0),
        resent,
    })
}

fn writer() -> Writer {
    Writer::system("bench", Timestamp::now())
}

/// One that is there to be asked for; it does not run.
fn workspace(cluster: &str) -> WorkspaceSpec {
    WorkspaceSpec {
        owner: "dev-01".to_owned(),
        team: "java".to_owned(),
        template: "java".to_owned(),
        cluster: cluster.to_owned(),
        namespace: "java".to_owned(),
        state: WorkspaceState::Stopped,
        ..WorkspaceSpec::default()
    }
}

fn agent(ca: &Ca, cluster: &str) -> Result<Agent, Failure> {
    let csr = Csr::generate()?;
    let authority = ca.authority();
    Ok(Agent {
        cluster: cluster.to_owned(),
        certificate_pem: authority.issue_agent(cluster, &csr.csr_pem, Timestamp::now())?,
        key_pem: csr.key_pem,
        ca_pem: authority.bundle_pem(),
    })
}

/// A bundle whose objects say which turn it is. All clusters may be under way at the same time: it is the work that is
/// measured, not the caution.
fn bundle(number: usize, turn: usize) -> Result<Bundle, Failure> {
    let object = |at: usize| {
        json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": format!("b{number}-{at}"), "namespace": "default"},
            "data": {"turn": turn.to_string(), "cluster": "${cluster.name}", "text": "x".repeat(400)}})
    };
    let objects: Vec<Value> = (0..OBJECTS).map(object).collect();
    let spec: BundleSpec = serde_json::from_value(
        json!({"groups": ["all"], "objects": objects, "rollout": {"maxUnready": "100%"}}),
    )?;
    Ok(Bundle::new(&format!("b{number}"), spec))
}

fn connected(hub: &Hub, names: &[String]) -> bool {
    let there = |name: &String| hub.agents(name).iter().any(|agent| agent.lanes.contains(&Lane::Control));
    names.iter().all(there)
}

/// The sum of the revisions that clusters hold: it grows by one with each intent that is sent anew.
async fn revisions(store: &Store) -> Result<u64, Failure> {
    let clusters = store.list::<Cluster>(&Filter::default()).await?.items;
    Ok(clusters.iter().map(|cluster| cluster.status.intent.desired).sum())
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> Result<bool, Failure>) -> Result<(), Failure> {
    let begun = Instant::now();
    while !holds().await? {
        if begun.elapsed() > PATIENCE {
            return Err(format!("never: {what}").into());
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// Resident memory of this process, in KiB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse().ok()).unwrap_or(0.0)
}

/// CPU time of this process so far, in seconds.
fn cpu() -> f64 {
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_SELF);
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    usage.map_or(0.0, |usage| seconds(usage.user_time()) + seconds(usage.system_time()))
}
