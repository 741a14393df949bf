//! How much a template may take.

use std::sync::{Arc, atomic::AtomicBool};

/// What rendering may take at most: charts come from outside, and none may hold the server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Nodes executed, functions called, rounds of `range`. The largest public charts take some 200,000.
    pub steps: u64,
    /// Bytes of text, lists and maps that are made on the way, whether they are kept or not.
    pub bytes: usize,
    /// Bytes of the thread's stack that may be used from where rendering starts.
    pub stack: usize,
    /// Ends rendering when somebody sets it.
    pub stop: Option<Arc<AtomicBool>>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 5_000_000, bytes: 192 << 20, stack: super::stack::USABLE, stop: None }
    }
}

/// How Helm is asked to render.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    /// A key that is missing is an error: `helm lint --strict`, `helm template --strict`.
    pub strict: bool,
    /// `required` and `fail` let pass, as with `helm lint`.
    pub lint: bool,
}
