//! A fleet without clusters: the real store, reconcilers, tunnel and HTTP API in one process, agents that speak the real tunnel in
//! another, and behind them a Kubernetes that is a map in memory.
//!
//! What is measured is the server's and the tunnel's share. Each size runs in processes of its own, so that memory and
//! CPU are those of that size.

mod agents;
mod people;
mod progress;
mod server;

use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::figures::{Line, target};

pub use agents::run as run_agents;
pub use server::run as run_server;

/// How a fleet is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Clusters, each with one agent.
    pub clusters: usize,
    /// Bundles that each of them gets.
    pub bundles: usize,
    /// Bundles that change at the same time.
    pub changed: usize,
}

/// Objects in each bundle.
pub const OBJECTS: usize = 10;
/// The fleet that the targets are of.
const MANY: usize = 1000;
/// From few to many: cost should grow no faster than the number.
const SIZES: [Size; 3] = [size(10, 20, 1), size(100, 20, 1), size(MANY, 20, 1)];
/// What another tool took about 50 s for (rancher/fleet issue 4599).
const MANY_BUNDLES: Size = size(50, 50, 50);

const fn size(clusters: usize, bundles: usize, changed: usize) -> Size {
    Size { clusters, bundles, changed }
}

/// What was measured of one size.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Figures {
    /// From the first bundle to all clusters ready, in seconds.
    pub first: f64,
    /// From a change to all clusters ready, in seconds.
    pub change: f64,
    /// Server memory for each cluster, in KiB: what it grew by since it had none.
    pub memory: f64,
    /// CPU of the server while nothing happens, in percent of one core.
    pub idle: f64,
    /// From the end of all connections at once to all of them back, in seconds.
    pub back: f64,
    /// 99th percentile of requests to the HTTP API while they come back, in milliseconds.
    pub asked: f64,
    /// Intents sent because agents came back; what they hold already needs none.
    pub resent: u64,
}

/// Measures every size; with a number of clusters on the command line only that one.
pub fn measure(only: Option<usize>) -> Vec<Line> {
    let sizes = match only {
        Some(clusters) => vec![size(clusters, 20, 1)],
        None => SIZES.to_vec(),
    };
    let mut lines = Vec::new();
    let mut smaller: Option<(Size, Figures)> = None;
    for size in sizes {
        let figures = one(size);
        lines.extend(of(size, &figures, smaller.as_ref()));
        smaller = Some((size, figures));
    }
    if only.is_none() {
        let figures = one(MANY_BUNDLES);
        lines.push(Line {
            what: "50 bundles change on 50 clusters, until all are ready".to_owned(),
            figure: format!("{:.1} s", figures.change),
            reference: "about 50 s (rancher/fleet 4599)".to_owned(),
            target: target(figures.change, 5.0, " s"),
        });
    }
    lines
}

fn one(size: Size) -> Figures {
    let program = std::env::current_exe().unwrap_or_else(|error| panic!("this program: {error}"));
    let numbers = [size.clusters, size.bundles, size.changed].map(|number| number.to_string());
    let output = Command::new(program)
        .arg("fleet-server")
        .args(numbers)
        .stderr(std::process::Stdio::inherit())
        .output();
    let output = output.unwrap_or_else(|error| panic!("the simulated server did not start: {error}"));
    assert!(output.status.success(), "the simulation of {size:?} failed: {}", output.status);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("its figures do not read: {error}"))
}

/// The lines of one size, each beside what the size before it needed.
fn of(size: Size, figures: &Figures, smaller: Option<&(Size, Figures)>) -> Vec<Line> {
    let clusters = size.clusters;
    let line = |what: &str, unit: &str, value: fn(&Figures) -> f64, target: String| Line {
        what: format!("{clusters} clusters × {} bundles: {what}", size.bundles),
        figure: format!("{:.1} {unit}", value(figures)),
        reference: smaller.map_or_else(
            || "–".to_owned(),
            |(size, before)| format!("{:.1} {unit} at {}", value(before), size.clusters),
        ),
        target,
    };
    // What a server takes up for any fleet, some 13 MB, is much for each of a few clusters; the target is of many.
    let of_memory = match clusters {
        MANY.. => target(figures.memory, 200.0, " KiB"),
        _ => format!("of {MANY} clusters"),
    };
    vec![
        line("first bundles until all are ready", "s", |f| f.first, "–".to_owned()),
        line("one bundle changes until all are ready", "s", |f| f.change, target(figures.change, 30.0, " s")),
        line("server memory a cluster", "KiB", |f| f.memory, of_memory),
        line("server CPU while idle, of a core", "%", |f| f.idle, "grows no faster than clusters".to_owned()),
        line("all agents cut off at once until back", "s", |f| f.back, target(figures.back, 15.0, " s")),
        line("p99 of the HTTP API meanwhile", "ms", |f| f.asked, target(figures.asked, 250.0, " ms")),
        line("intents sent again for it", "", |f| f.resent as f64, target(figures.resent as f64, 0.0, "")),
    ]
}
