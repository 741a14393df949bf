//! Steps of long jobs, told as they happen.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// One step of bringing something up or down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The cluster it is about; `None` for the instance itself.
    pub cluster: Option<String>,
    /// A sentence in the present: `waiting for the API server`.
    pub text: String,
    /// How long the step usually takes, where that was measured.
    pub usual: Option<Duration>,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(cluster) = &self.cluster {
            write!(f, "{cluster}: ")?;
        }
        f.write_str(&self.text)?;
        match self.usual {
            Some(usual) => write!(f, " (usually {} s)", usual.as_secs()),
            None => Ok(()),
        }
    }
}

/// Where steps are told. Cheap to clone.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<dyn Fn(Step) + Send + Sync>>);

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Progress(told)" } else { "Progress(silent)" })
    }
}

impl Progress {
    /// Calls `tell` for each step, possibly from several threads.
    pub fn new(tell: impl Fn(Step) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    /// Tells nobody.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    pub(crate) fn tell(&self, cluster: Option<&str>, text: impl Into<String>, usual_seconds: Option<u64>) {
        if let Some(tell) = &self.0 {
            tell(Step {
                cluster: cluster.map(Into::into),
                text: text.into(),
                usual: usual_seconds.map(Duration::from_secs),
            });
        }
    }
}
