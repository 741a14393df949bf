//! From `cluster create` to Ready.

use std::time::{Duration, Instant};

use nagaya_e2e::until;

use crate::{
    figures::{Line, Samples, target},
    subject::Subject,
};

/// How often.
const ROUNDS: usize = 3;
/// What starting the same programs by hand took on 2 cores, until the node was ready: 12 to 16 s.
const BY_HAND: (f64, f64) = (12.0, 16.0);

/// Measures.
pub fn measure(subject: &Subject) -> Vec<Line> {
    let mut samples = Samples::default();
    for round in 0..ROUNDS {
        let name = format!("bench-{round}");
        let began = Instant::now();
        subject.instance.ok(&["cluster", "create", &name, "--cpu", "1", "--memory", "1Gi", "--no-wait"]);
        until("the cluster is ready", Duration::from_secs(180), || {
            let status = subject.instance.json(&["get", "cluster", &name])["status"].take();
            if status["phase"] == "Ready" { Ok(()) } else { Err(status.to_string()) }
        });
        samples.add(began.elapsed());
        subject.instance.ok(&["cluster", "delete", &name, "--yes"]);
    }
    let seconds = samples.median() / 1000.0;
    let most = BY_HAND.1 * 1.2;
    vec![Line {
        what: "cluster create → Ready, agent connected".into(),
        figure: format!("{seconds:.1} s"),
        reference: format!("node ready by hand: {}–{} s", BY_HAND.0, BY_HAND.1),
        target: target(seconds, most, " s"),
    }]
}
