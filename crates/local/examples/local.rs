//! A hand's tool for trying this crate without the rest of Nagaya.
//!
//! `local INSTANCE DATA_DIR SUBNET up|create NAME [cpu-millis memory-mib]|stop NAME|delete NAME|state NAME|kubeconfig NAME|down|purge|reap`
//! and, as the provider calls it, `local supervise --cluster-dir DIR` or `--hub-dir DIR`.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};

use nagaya_local::{ClusterPlan, InstanceConfig, Progress, Provider, reap, supervise, supervise_hub};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    if let ["supervise", flag, dir] = args[..] {
        match flag {
            "--hub-dir" => supervise_hub(Path::new(dir)).await?,
            _ => supervise(Path::new(dir)).await?,
        }
        return Ok(());
    }
    let [name, data, subnet, command, rest @ ..] = &args[..] else { return Err("too few arguments".into()) };
    let config = InstanceConfig::new(name, PathBuf::from(data), subnet.parse()?)?;
    let began = std::time::Instant::now();
    let progress = Progress::new(move |step| println!("{:7.2} {step}", began.elapsed().as_secs_f32()));
    if *command == "reap" {
        println!("{:#?}", reap(&config).await?);
        return Ok(());
    }
    let provider = Provider::new(config)?;
    match (*command, rest) {
        ("up", []) => provider.up_hub(&progress).await?,
        ("create", [cluster, caps @ ..]) => {
            let distributions = provider.distributions();
            if distributions.get("debian").is_err() {
                distributions.add_debian("debian", &progress).await?;
            }
            let mut plan = ClusterPlan::new(cluster, "debian");
            if let [cpu, memory, ..] = caps {
                (plan.cpu_millicores, plan.memory_bytes) = (cpu.parse()?, memory.parse::<u64>()? << 20);
            }
            plan.images.archives = caps.iter().skip(2).map(PathBuf::from).collect();
            plan.images.nagaya = std::env::var("NAGAYA_IMAGE").ok();
            let state = provider.ensure_cluster(&plan, &progress).await?;
            println!("{:?} ready_after_ms={:?}", state.phase, state.ready_after_ms);
        }
        ("add-upstream", [version]) => {
            println!(
                "{:?}",
                provider.distributions().add_upstream("upstream", version.parse().ok(), &progress).await?
            );
        }
        ("stop", [cluster]) => provider.stop_cluster(cluster, &progress).await?,
        ("delete", [cluster]) => provider.delete_cluster(cluster, &progress).await?,
        ("state", [cluster]) => println!("{}", serde_json::to_string_pretty(&provider.state(cluster)?)?),
        ("kubeconfig", [cluster]) => println!("{}", provider.admin_kubeconfig(cluster)?),
        ("down", []) => provider.down(&progress).await?,
        ("purge", []) => provider.purge(&progress).await?,
        _ => return Err("unknown command".into()),
    }
    println!("{:7.2} done", began.elapsed().as_secs_f32());
    Ok(())
}
