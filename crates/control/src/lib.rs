//! Reconcilers of the server: from what people want to what clusters should hold, and from what clusters report to
//! what people are told.
//!
//! Each reconciler is a pure plan, tested without IO, and a thin shell that carries it out (design rule 4).

mod act;
pub mod cluster;
mod control;
pub mod delivery;
mod error;
pub mod fleet;
pub mod intent;
pub mod model;
mod provider;
pub mod release;
mod trust;
mod version;
pub mod workspace;

pub use act::AgentUpdates;
pub use control::{Census, Control, ControlHandle, ControlSettings};
pub use error::ControlError;
pub use provider::{
    ClusterOrder, ClusterProvider, Join, NoProvider, ProviderError, ProviderPhase, ProviderState,
};
pub use trust::{
    Admitted, AgentCertificate, Ca, Recognition, StoreEnroller, join_options_secret, replace_cluster,
};
pub use version::Minor;
