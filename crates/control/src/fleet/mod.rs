//! Bundles on their way to clusters.
//!
//! select (which clusters) → assign (which version each should have) → render (that version for the cluster) → compose
//! (all bundles of a cluster, and what two of them both claim) → tell (what became of it). All of it is pure; the model
//! owns the state and calls in.

pub mod assign;
pub mod key;
pub mod render;
pub mod variables;
