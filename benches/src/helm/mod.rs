//! Charts rendered by us and by the Helm SDK in process, turn by turn: loaded, parsed and rendered; rendered again, as
//! the live preview does; and the memory of it.
//!
//! Compared is the same work: the files' texts. What a preview needs beyond them (objects and hooks, read and sorted) the
//! SDK does only when it installs; ours is shown by itself.

mod generate;
mod ours;
mod sdk;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::figures::{Line, Samples, target};

/// Turns of each chart; a noisy machine wants several.
const TURNS: usize = 15;

/// Seconds of one turn of either side, and what it needed at its peak.
#[derive(Debug, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Turn {
    /// Of load, parse and render.
    whole: Vec<f64>,
    /// Of rendering what is parsed.
    again: Vec<f64>,
    /// Of rendering it once more, to objects; of ours only.
    #[serde(default)]
    objects: Vec<f64>,
    /// Of the process, in KiB.
    peak_ki_b: u64,
}

/// The figures of the charts in these folders, or of the large one that is made here.
pub(crate) fn measure(folders: &[String]) -> Vec<Line> {
    let made = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder for a chart: {error}"));
    let mut charts: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    if charts.is_empty() {
        charts.push(generate::chart(made.path()));
    }
    charts.iter().flat_map(|chart| of_chart(chart)).collect()
}

/// One turn of ours in a process of its own, as JSON: what `nagaya-bench helm-turn CHART` prints.
#[expect(clippy::print_stdout, reason = "the parent process reads it")]
pub(crate) fn print_turn(chart: &str) {
    let turn = ours::turn(Path::new(chart));
    println!("{}", serde_json::json!(turn));
}

fn of_chart(chart: &Path) -> Vec<Line> {
    let mut helm = sdk::Sdk::start();
    let (mut whole, mut whole_helm, mut again, mut again_helm, mut objects) = Default::default();
    for _ in 0..TURNS {
        let (theirs, ours) = (helm.turn(chart), ours::turn(chart));
        add(&mut whole, &ours.whole);
        add(&mut whole_helm, &theirs.whole);
        add(&mut again, &ours.again);
        add(&mut again_helm, &theirs.again);
        add(&mut objects, &ours.objects);
    }
    // Both once in a fresh process: Python's own memory is the SDK's floor and stands beside it.
    let (memory, memory_helm, floor) =
        (ours::in_a_process(chart).peak_ki_b, sdk::Sdk::start().turn(chart).peak_ki_b, sdk::floor());
    let name = chart.file_name().unwrap_or_default().to_string_lossy().into_owned();
    vec![
        compare(&format!("chart {name}: load, parse, render"), &whole, &whole_helm, 1.0 / 3.0),
        compare(&format!("chart {name}: render again"), &again, &again_helm, 0.1),
        Line {
            what: format!("chart {name}: preview again"),
            figure: format!(
                "{:.2} ms median of {TURNS}, {:.2} best",
                objects.median(),
                objects.percentile(1.0)
            ),
            reference: "objects and hooks, read and sorted".to_owned(),
            target: String::new(),
        },
        Line {
            what: format!("chart {name}: memory"),
            figure: format!("{:.1} MB", memory as f64 / 1024.0),
            reference: format!(
                "Helm SDK {:.1} MB, of which Python and the loaded library {:.1} MB",
                memory_helm as f64 / 1024.0,
                floor as f64 / 1024.0
            ),
            target: String::new(),
        },
    ]
}

fn add(samples: &mut Samples, seconds: &[f64]) {
    for one in seconds {
        samples.add(Duration::from_secs_f64(*one));
    }
}

fn compare(what: &str, ours: &Samples, helm: &Samples, at_most: f64) -> Line {
    let ratio = ours.median() / helm.median();
    Line {
        what: what.to_owned(),
        figure: format!("{:.2} ms median of {TURNS}, {:.2} best", ours.median(), ours.percentile(1.0)),
        reference: format!(
            "Helm SDK {:.2} ms, {:.2} best; ratio {ratio:.3}",
            helm.median(),
            helm.percentile(1.0)
        ),
        target: target((ratio * 1000.0).round() / 1000.0, (at_most * 1000.0).round() / 1000.0, ""),
    }
}
