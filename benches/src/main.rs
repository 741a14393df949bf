//! Prints the figures that have a target, each beside its reference, measured in the same run on real clusters.
//! `scripts/bench.sh` brings up the instance.
//!
//! Usage: `nagaya-bench [create] [cluster] [memory] [split]`; all without arguments.

// A measurement that cannot be made ends with where and why; there is nobody to hand an error to.
#![allow(clippy::panic)]

mod cluster;
mod create;
mod desktop;
mod figures;
mod memory;
mod rfb;
mod split;
mod subject;

use figures::Line;
use subject::Subject;

/// A name on the command line and what measures it.
type Measure = (&'static str, fn(&Subject) -> Vec<Line>);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
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
