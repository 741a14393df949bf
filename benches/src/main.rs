//! Prints the figures that have a target, each beside its reference, measured in the same run on real clusters.
//! `scripts/bench.sh` brings up the instance.
//!
//! Usage: `nagaya-bench [create] [cluster] [memory] [split]`; all without arguments. Two need no instance:
//! `nagaya-bench fleet [CLUSTERS]` plays a fleet of clusters in memory, `nagaya-bench helm [CHART…]` renders charts (without
//! arguments a large one that it makes) beside the Helm SDK.

// A measurement that cannot be made ends with where and why; there is nobody to hand an error to.
#![allow(clippy::panic)]

mod cluster;
mod create;
mod desktop;
mod figures;
mod fleet;
mod helm;
mod memory;
mod rfb;
mod split;
mod subject;

use figures::Line;
use subject::Subject;

/// As in `nagaya`, whose parts are measured here.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// A name on the command line and what measures it.
type Measure = (&'static str, fn(&Subject) -> Vec<Line>);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| -> Option<usize> { wanted.get(at).and_then(|word| word.parse().ok()) };
    match (wanted.first().map(String::as_str), number(1), number(2), number(3)) {
        (Some("fleet"), clusters, ..) => return figures::print(&fleet::measure(clusters)),
        (Some("helm"), ..) => return figures::print(&helm::measure(&wanted[1..])),
        (Some("helm-turn"), ..) => return helm::print_turn(wanted.get(1).map_or("", String::as_str)),
        // The processes of a simulated fleet.
        (Some("fleet-server"), Some(clusters), Some(bundles), Some(changed)) => {
            return fleet::run_server(fleet::Size { clusters, bundles, changed });
        }
        (Some("fleet-agents"), ..) => return fleet::run_agents(wanted.get(1).map_or("", String::as_str)),
        _ => {}
    }
    let measures: [Measure; 4] = [
        ("memory", memory::measure),
        ("create", create::measure),
        ("split", split::measure),
        ("cluster", cluster::measure),
    ];
    let subject = Subject::get();
    for (name, measure) in measures {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            figures::print(&measure(&subject));
        }
    }
}
