//! Figures: samples, what is said of them, and the table.

use std::time::Duration;

/// Samples of one thing, in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Adds one.
    pub fn add(&mut self, took: Duration) {
        self.0.push(took.as_secs_f64() * 1000.0);
    }

    /// The value that `percent` of the samples do not exceed (nearest rank); NaN without samples.
    pub fn percentile(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (percent / 100.0 * sorted.len() as f64).ceil().max(1.0) as usize;
        sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
    }

    /// The median.
    pub fn median(&self) -> f64 {
        self.percentile(50.0)
    }
}

/// One line of what is printed: the figure, its reference of the same run, and the target.
#[derive(Debug)]
pub struct Line {
    /// What was measured.
    pub what: String,
    /// The figure.
    pub figure: String,
    /// What it is beside.
    pub reference: String,
    /// What it should be, and whether it is.
    pub target: String,
}

/// A verdict beside a target: `≤ 1.3: met`.
pub fn target(value: f64, at_most: f64, unit: &str) -> String {
    let verdict = if value <= at_most { "met" } else { "MISSED" };
    format!("≤ {at_most}{unit}: {verdict}")
}

/// Prints the table.
#[expect(clippy::print_stdout, reason = "printing the figures is what this program is for")]
pub fn print(lines: &[Line]) {
    let width = |column: fn(&Line) -> &String| {
        lines.iter().map(|line| column(line).chars().count()).max().unwrap_or_default()
    };
    let widths = [width(|line| &line.what), width(|line| &line.figure), width(|line| &line.reference)];
    for line in lines {
        let pad = |text: &str, width: usize| format!("{text}{}", " ".repeat(width - text.chars().count()));
        println!(
            "{}   {}   {}   {}",
            pad(&line.what, widths[0]),
            pad(&line.figure, widths[1]),
            pad(&line.reference, widths[2]),
            line.target
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_sample_of_nearest_rank() {
        let mut samples = Samples::default();
        for milliseconds in [5, 1, 4, 2, 3] {
            samples.add(Duration::from_millis(milliseconds));
        }
        assert_eq!((samples.median(), samples.percentile(99.0), samples.percentile(1.0)), (3.0, 5.0, 1.0));
    }
}
