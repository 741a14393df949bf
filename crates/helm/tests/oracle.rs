//! The charts of `tests/charts`, rendered by us and by the real Helm SDK: each with its own values, with every file of
//! its `values` folder, and with random values. Text by text the same must come out; what Helm rejects we must reject.
//!
//! A values file whose name begins with `bad` must be rejected; its first line, `# error: a | b`, says what our message
//! must name: where it is and what is wrong. A chart whose name begins with `bad-` is tried only with such files.
//!
//! `NAGAYA_ORACLE_COUNT` (200; 1,000 take some minutes) random values from `NAGAYA_ORACLE_SEED` (1) on; `NAGAYA_ORACLE_CHART` for one chart alone,
//! by name or by path.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, missing_docs)]

#[path = "oracle/driver.rs"]
mod driver;
#[path = "oracle/ours.rs"]
mod ours;
#[path = "oracle/random.rs"]
mod random;

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use driver::{Helm, checkout};
use nagaya_helm::{
    chart,
    render::{Capabilities, Parsed},
    template, values, yaml,
};
use ours::Output;
use random::Random;
use serde_json::{Value, json};

const RELEASE: &str = "rel";
const NAMESPACE: &str = "space";

/// What was tried, and what came out other than it should.
#[derive(Default)]
struct Tally {
    equal: usize,
    rejected: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn compare(&mut self, what: &str, helm: &Result<Value, String>, ours: &Result<Output, String>) {
        match (helm, ours) {
            (Err(_), Err(_)) => self.rejected += 1,
            (Ok(_), Err(error)) => self.wrong.push(format!("{what}: Helm renders it, we reject it: {error}")),
            (Err(error), Ok(_)) => {
                self.wrong.push(format!("{what}: Helm rejects it, we render it; Helm says {error}"))
            }
            (Ok(helm), Ok(ours)) => {
                let found = differences(helm, ours);
                if found.is_empty() {
                    self.equal += 1;
                } else {
                    self.wrong.push(format!("{what}: {found}"));
                }
            }
        }
    }
}

/// Where two texts part: the line, and both.
fn difference(name: &str, helm: &str, ours: &str) -> String {
    if helm == ours {
        return String::new();
    }
    let mut lines = helm.split('\n').zip(ours.split('\n')).enumerate();
    let first = lines.find(|(_, (helm, ours))| helm != ours);
    let source = |at: usize| {
        helm.split('\n')
            .take(at)
            .filter(|line| line.starts_with("# Source: "))
            .last()
            .unwrap_or_default()
            .to_owned()
    };
    match first {
        Some((at, (helm, ours))) => {
            format!("{name} line {} {}\n    Helm {helm:?}\n    ours {ours:?}\n", at + 1, source(at))
        }
        None => format!("{name}: Helm has {} bytes, we {}\n", helm.len(), ours.len()),
    }
}

fn differences(helm: &Value, ours: &Output) -> String {
    let mut found = difference("manifest", helm["manifest"].as_str().unwrap(), &ours.manifest);
    found += &difference("notes", helm["notes"].as_str().unwrap(), &ours.notes);
    let crds: Vec<_> =
        helm["crds"].as_array().unwrap().iter().map(|crd| crd["data"].as_str().unwrap()).collect();
    found += &difference("crds", &crds.join("\n"), &ours.crds.join("\n"));
    // The SDK does not show hooks, but what each template gave.
    for (source, text) in &ours.hooks {
        let file = helm["files"][source].as_str().unwrap_or_default();
        if !file.contains(text.trim()) {
            let _ = writeln!(found, "hook of {source} is not in Helm's text: {text:?}");
        }
    }
    let kinds = |text: &str| text.lines().filter(|line| line.starts_with("kind:")).count();
    let all: usize =
        helm["files"].as_object().unwrap().values().map(|text| kinds(text.as_str().unwrap())).sum();
    let hooks: usize = ours.hooks.iter().map(|(_, text)| kinds(text)).sum();
    if all != hooks + kinds(helm["manifest"].as_str().unwrap()) {
        let _ = writeln!(
            found,
            "{hooks} hooks, but Helm has {} documents that are no manifests",
            all - kinds(helm["manifest"].as_str().unwrap())
        );
    }
    found
}

fn charts() -> Vec<PathBuf> {
    let wanted = std::env::var("NAGAYA_ORACLE_CHART").ok();
    if let Some(path) = wanted.as_deref().filter(|wanted| wanted.contains('/')) {
        return vec![PathBuf::from(path)];
    }
    let mut charts: Vec<_> = std::fs::read_dir(checkout().join("tests/charts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    charts.retain(|chart| wanted.as_ref().is_none_or(|wanted| chart.ends_with(wanted)));
    charts.sort();
    assert!(!charts.is_empty(), "no charts");
    charts
}

fn load(folder: &Path) -> Result<Parsed, String> {
    let chart = chart::load_dir(folder, chart::Symlinks::Follow, &chart::Limits::default());
    chart.map(Parsed::new).map_err(|error| error.to_string())
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// The chart's own values and each file of its `values` folder.
fn cases(chart: &Path) -> Vec<(String, String)> {
    let mut cases: Vec<_> = std::fs::read_dir(chart.join("values"))
        .map(|folder| {
            folder
                .map(|entry| entry.unwrap().path())
                .map(|path| (name(&path), std::fs::read_to_string(&path).unwrap()))
                .collect()
        })
        .unwrap_or_default();
    cases.sort();
    if !name(chart).starts_with("bad-") {
        cases.insert(0, ("defaults".to_owned(), String::new()));
    }
    cases
}

/// Whether the message names all that the file's first line asks for.
fn names_all(text: &str, message: &str) -> Result<(), String> {
    let Some(wanted) = text.lines().next().and_then(|line| line.strip_prefix("# error: ")) else {
        return Err("its first line does not say what the message must name".to_owned());
    };
    match wanted.split(" | ").find(|part| !message.contains(part.trim())) {
        Some(missing) => Err(format!("the message does not name «{missing}»: {message}")),
        None => Ok(()),
    }
}

fn report(tally: &Tally) {
    println!("{} equal, {} rejected by both, {} wrong", tally.equal, tally.rejected, tally.wrong.len());
    for wrong in tally.wrong.iter().take(40) {
        println!("{wrong}");
    }
    assert!(tally.wrong.is_empty(), "{} differ from Helm", tally.wrong.len());
}

#[test]
fn every_chart_comes_out_as_helm_makes_it() {
    template::with_stack(|| {
        let mut helm = Helm::start();
        let mut tally = Tally::default();
        for chart in charts() {
            let folder = chart.join("chart");
            let parsed = load(&folder);
            for (case, text) in cases(&chart) {
                let what = format!("{} with {case}", name(&chart));
                let read = if text.is_empty() {
                    Ok(json!({"values": {}}))
                } else {
                    helm.ask(&json!({"do": "yaml", "text": text}))
                };
                let theirs = read.and_then(|read| helm.render(&folder, &read["values"]));
                let ours = render(&parsed, &text);
                tally.compare(&what, &theirs, &ours);
                match (&theirs, &ours, case.starts_with("bad")) {
                    (Ok(_), _, true) => {
                        tally.wrong.push(format!("{what}: Helm renders it, it is no bad case"))
                    }
                    (Err(error), _, false) => tally.wrong.push(format!("{what}: Helm rejects it: {error}")),
                    (Err(theirs), Err(message), true) => {
                        if let Err(missing) = names_all(&text, message) {
                            tally.wrong.push(format!("{what}: {missing}; Helm says {theirs}"));
                        }
                    }
                    _ => {}
                }
            }
        }
        report(&tally);
    })
    .unwrap();
}

fn render(parsed: &Result<Parsed, String>, text: &str) -> Result<Output, String> {
    let values = values::read(text.as_bytes()).map_err(|error| error.to_string())?;
    ours::render(parsed.as_ref().map_err(Clone::clone)?, &values)
}

#[test]
fn without_a_cluster_the_same_is_taken_for_granted() {
    let helm = Helm::start().ask(&json!({"do": "capabilities"})).unwrap();
    let ours = Capabilities::default();
    assert_eq!(helm["kube"], ours.kube_version.version);
    assert_eq!(helm["apis"], json!(ours.api_versions));
}

#[test]
fn random_values_come_out_as_helm_makes_them() {
    let number = |name: &str, default| std::env::var(name).ok().map_or(default, |text| text.parse().unwrap());
    let (count, seed): (u64, u64) = (number("NAGAYA_ORACLE_COUNT", 200), number("NAGAYA_ORACLE_SEED", 1));
    template::with_stack(move || {
        let mut helm = Helm::start();
        let charts: Vec<_> = charts()
            .into_iter()
            .filter(|chart| !name(chart).starts_with("bad-"))
            .map(|chart| {
                let folder = chart.join("chart");
                let defaults = helm.ask(&json!({"do": "defaults", "chart": folder})).unwrap()["values"]
                    .as_object()
                    .unwrap()
                    .clone();
                let parsed = load(&folder);
                (name(&chart), folder, defaults, parsed)
            })
            .collect();
        let mut tally = Tally::default();
        for (turn, (chart, folder, defaults, parsed)) in (0..count).zip(charts.iter().cycle()) {
            let values = Value::Object(Random::new(seed + turn).overrides(defaults));
            let theirs = helm.render(folder, &values);
            let map = match yaml::json::from_json(&values) {
                nagaya_helm::value::Value::Map(map) => map,
                other => panic!("{} is no map", other.kind()),
            };
            let ours = parsed.as_ref().map_err(Clone::clone).and_then(|parsed| ours::render(parsed, &map));
            tally.compare(&format!("{chart} seed {} with {values}", seed + turn), &theirs, &ours);
        }
        // Were most of them rejected, not much would have been compared.
        assert!(
            count < 100 || tally.equal > tally.rejected,
            "{} equal, {} rejected",
            tally.equal,
            tally.rejected
        );
        report(&tally);
    })
    .unwrap();
}
