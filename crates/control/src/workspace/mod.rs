//! Workspaces: what is said of them, and when one may go for good.

mod charted;
mod mount;
pub mod purge;
mod scheduling;
mod status;
mod steps;
mod trouble;

pub use status::{Sight, workspace_status};
pub use trouble::{Reason, Trouble};

#[cfg(test)]
mod tests;
