//! Progress of `up` and `down` for eyes: what is done, how long it usually takes, how long it took.

use std::{
    future::Future,
    io::IsTerminal as _,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use nagaya_cli::terminal::note;

use super::timings::Timings;

/// Prints steps.
#[derive(Clone, Debug)]
pub struct Steps {
    timings: Timings,
    began: Instant,
    bar: Option<ProgressBar>,
    last: Arc<Mutex<String>>,
}

impl Steps {
    /// Steps whose usual times are kept in `timings`.
    pub fn new(timings: Timings) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("  {spinner} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { timings, began: Instant::now(), bar, last: Arc::default() }
    }

    /// Runs a step: says what it is and how long it usually takes, then how long it took.
    ///
    /// # Errors
    /// The step's own.
    pub async fn run<T>(&self, key: &str, text: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        let usual = match self.timings.usual(key) {
            Some(usual) if usual >= Duration::from_secs(1) => format!(" (usually {} s)", usual.as_secs()),
            _ => String::new(),
        };
        self.line(&format!("• {text}{usual}"));
        let began = Instant::now();
        if let Some(bar) = &self.bar {
            bar.set_message("");
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        let result = work.await;
        if let Some(bar) = &self.bar {
            bar.disable_steady_tick();
            bar.finish_and_clear();
        }
        if result.is_ok() {
            self.timings.remember(key, began.elapsed());
            if began.elapsed() >= Duration::from_secs(1) {
                self.line(&format!("  done in {:.1} s", began.elapsed().as_secs_f64()));
            }
        }
        result
    }

    /// Says what the present step is doing: in place on a terminal, a line each elsewhere.
    pub fn tell(&self, text: &str) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last == text {
            return;
        }
        text.clone_into(&mut last);
        match &self.bar {
            Some(bar) => bar.set_message(text.to_owned()),
            None => note(&format!("    {text}")),
        }
    }

    /// Prints a line that stays.
    pub fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| note(text)),
            None => note(text),
        }
    }

    /// Time since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// As nagaya-local wants it.
    pub fn progress(&self) -> nagaya_local::Progress {
        let steps = self.clone();
        nagaya_local::Progress::new(move |step| steps.tell(&step.to_string()))
    }
}
