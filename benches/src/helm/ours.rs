//! One turn of ours.

use std::{cell::RefCell, path::Path, process::Command, time::Instant};

use nagaya_helm::{
    chart,
    environment::{Environment, NoCluster},
    render::{Capabilities, Context, Options, Parsed, Release},
    template,
    value::Map,
};

use super::Turn;

/// Loads, parses and renders a chart, and renders it again.
pub(super) fn turn(folder: &Path) -> Turn {
    template::with_stack(|| timed(folder)).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
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
    let chart = chart::load_dir(folder, chart::Symlinks::Follow, &chart::Limits::default());
    let parsed = Parsed::new(chart.unwrap_or_else(|error| panic!("{}: {error}", folder.display())));
    texts(&parsed);
    let whole = start.elapsed().as_secs_f64();
    let start = Instant::now();
    texts(&parsed);
    let again = start.elapsed().as_secs_f64();
    // The first time the objects are read, the second what was read is still known.
    objects(&parsed);
    let start = Instant::now();
    objects(&parsed);
    let objects = start.elapsed().as_secs_f64();
    Turn { whole: vec![whole], again: vec![again], objects: vec![objects], peak_ki_b: peak() }
}

/// What the SDK gives: the files' texts.
fn texts(parsed: &Parsed) {
    with(|context| {
        let texts = parsed.texts(context, &Map::new());
        std::hint::black_box(texts.unwrap_or_else(|error| panic!("rendering: {error}")));
    });
}

/// What a preview and a release need beyond that: objects and hooks, sorted; CRDs, notes, values.
fn objects(parsed: &Parsed) {
    with(|context| {
        let rendered = parsed.render(context, &Map::new());
        std::hint::black_box(rendered.unwrap_or_else(|error| panic!("rendering: {error}")));
    });
}

fn with(work: impl FnOnce(Context<'_, '_>)) {
    let environment = Environment {
        now: (0, 0),
        random: RefCell::new(Box::new(|bytes| bytes.fill(7))),
        lookup: &NoCluster,
    };
    let release = Release {
        name: "bench".into(),
        namespace: "bench".into(),
        revision: 1,
        is_install: true,
        is_upgrade: false,
    };
    work(Context {
        environment: &environment,
        release: &release,
        capabilities: &Capabilities::default(),
        options: &Options::default(),
    });
}

/// This process's largest resident size, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|text| text.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
