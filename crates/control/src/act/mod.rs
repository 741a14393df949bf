//! Carrying out what was decided.

mod clusters;
mod write;

pub(crate) use clusters::Clusters;
pub(crate) use write::{Write, Writes, relay_secret, write};
