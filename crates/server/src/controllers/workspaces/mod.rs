//! What workspaces have beyond the common verbs.

pub mod power;
pub mod streams;
