//! What can go wrong here.

use nagaya_store::StoreError;
use nagaya_tunnel::{TunnelError, ca::CaError};

/// An error of the reconcilers' shells.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The internal certificate authority failed.
    #[error("{0}")]
    Ca(#[from] CaError),
    /// The tunnel failed.
    #[error("{0}")]
    Tunnel(#[from] TunnelError),
    /// What was sealed in the store does not read.
    #[error("secret \"{name}\" in the store does not read ({why}): restore the store from a backup")]
    Damaged {
        /// Its name.
        name: String,
        /// Why.
        why: String,
    },
    /// The agent answered with something else than it should.
    #[error("the agent of cluster \"{cluster}\" answered {status}: {message}")]
    Agent {
        /// The cluster.
        cluster: String,
        /// The status.
        status: http::StatusCode,
        /// What it said.
        message: String,
    },
}
