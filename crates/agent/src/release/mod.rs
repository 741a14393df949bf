//! Releases of charts in this cluster: [`runner`] takes them from the intent and gives each a [`life`] of its own, in which
//! `nagaya-helm` decides what is to do and [`cluster`] is where it is done.
//!
//! [`charts`]: where archives are kept; [`held`]: which releases are Nagaya's to remove; [`render`]: from archive to
//! objects; [`ready`]: when objects do what they are for; [`correct`]: what somebody changed is put right; [`tell`]: what
//! the server hears of it; [`environment`]: what is behind the Service of one that is a workspace;
//! [`hold`]: that it stays what it is until it was stopped.

pub mod charts;
mod cluster;
mod correct;
pub(crate) mod environment;
pub(crate) mod held;
mod hold;
mod life;
mod ready;
mod render;
mod runner;
mod tell;

pub use runner::{Runner, Wanted};
