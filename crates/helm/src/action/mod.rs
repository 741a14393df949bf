//! What is done with releases: installed, upgraded, rolled back, removed, tested, and brought to an end when whoever did
//! it ended in the midst of it.
//!
//! [`mod@decide`] says which operation is due, [`mod@plan`] of which actions it consists; both are pure. [`act`] does one
//! action, [`hooks`] the hooks among them, and [`reconcile`] turns the wheel until nothing is left to do. The cluster
//! stands behind [`cluster::Cluster`].

pub mod act;
pub mod cluster;
pub mod decide;
pub mod hooks;
pub mod key;
pub mod objects;
pub mod ownership;
pub mod plan;
pub mod reconcile;

#[cfg(test)]
mod memory;
#[cfg(test)]
mod tests;

pub use cluster::{Cluster, Fault, Readiness};
pub use decide::{Decision, Desired, Operation, Standing, Wish, decide};
pub use key::Key;
pub use plan::{Action, Options, plan};
pub use reconcile::{Error, Outcome, Reconciler, Rendition, Source, Tell};
