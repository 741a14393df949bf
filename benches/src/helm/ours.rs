//! One turn of ours.

use std::{cell::RefCell, path::Path, process::Command, time::Instant};

use nagaya_helm::{
    chart,
    environment::{Environment, NoCluster},
    render::{Capabilities, Parsed, Release},
    value::Map,
};

use super::Turn;

/// A chart is rendered on a thread with this stack, of which only what is used takes memory.
const STACK: usize = 256 << 20;

/// Loads, parses and renders a chart, and renders it again.
pub(super) fn turn(folder: &Path) -> Turn {
    let folder = folder.to_owned();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || timed(&folder));
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(turn)) => turn,
        _ => panic!("rendering ended early"),
    }
}

/// The same in a fresh process.
pub(super) fn in_a_process(folder: &Path) -> Turn {
    let run = || -> std::io::Result<Turn> {
        let output = Command::new(std::env::current_exe()?).arg("helm-turn").arg(folder).output()?;
        Ok(serde_json::from_slice(&output.stdout)?)
    };
    run().unwrap_or_else(|error| panic!("no turn of {}: {error}", folder.display()))
}

fn timed(folder: &Path) -> Turn {
    let start = Instant::now();
    let chart = chart::load_dir(folder, &chart::Limits::default());
    let parsed = chart.map_err(|error| error.to_string()).and_then(|chart| Parsed::new(chart).map_err(|error| error.to_string()));
    let parsed = parsed.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    render(&parsed);
    let whole = start.elapsed().as_secs_f64();
    let start = Instant::now();
    render(&parsed);
    Turn { whole: vec![whole], again: vec![start.elapsed().as_secs_f64()], peak_ki_b: peak() }
}

fn render(parsed: &Parsed) {
    let environment = Environment { now: (0, 0), random: RefCell::new(Box::new(|bytes| bytes.fill(7))), lookup: &NoCluster };
    let release = Release::install("bench", "bench");
    let rendered = parsed.render(&environment, &release, &Capabilities::default(), Map::new());
    std::hint::black_box(rendered.unwrap_or_else(|error| panic!("rendering: {error}")));
}

/// This process's largest resident size, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|text| text.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
