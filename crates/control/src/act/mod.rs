//! Carrying out what was decided.

mod agents;
mod clusters;
mod write;

pub use agents::AgentUpdates;
pub(crate) use agents::Agents;
pub(crate) use clusters::Clusters;
pub(crate) use write::{Write, Writes, relay_secret, write};
