//! Reconcilers of the server: from what people want to what clusters should hold, and from what clusters report to
//! what people are told.
//!
//! Each reconciler is a pure plan, tested without IO, and a thin shell that carries it out (design rule 4).

pub mod intent;
mod version;
pub mod workspace;

pub use version::Minor;
