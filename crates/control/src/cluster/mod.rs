//! Clusters: what their provider is asked to do, and what is said of them.

mod plan;
mod status;

pub use plan::{ClusterAction, Leaving, Standing, plan};
pub(crate) use status::STALE;
pub use status::{ClusterSight, cluster_status};

#[cfg(test)]
mod tests;
