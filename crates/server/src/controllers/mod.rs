//! What each address does: one folder a noun, one file a verb. Who may is decided before, in `authorisation`.

pub mod audit;
pub mod bundles;
pub mod charts;
pub mod clusters;
pub mod health;
pub mod me;
pub mod metrics;
pub mod objects;
pub mod releases;
pub mod repositories;
pub mod seal;
pub mod session;
pub mod sources;
pub mod tokens;
pub mod users;
pub mod watch;
pub mod workspaces;
