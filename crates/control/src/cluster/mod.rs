//! Clusters: what their provider is asked to do, and what is said of them.

mod plan;
mod status;
mod wave;

pub use plan::{ClusterAction, Leaving, Standing, plan};
pub(crate) use status::STALE;
pub use status::{ClusterSight, cluster_status};
pub(crate) use wave::words;
pub use wave::{AgentSight, Place, Wave, place};

#[cfg(test)]
mod tests;
