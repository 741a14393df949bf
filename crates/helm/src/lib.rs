//! Helm charts without Helm: load, merge, render, plan, release records.
//!
//! What comes out is what Helm 4 makes of the same input. Nothing here reads the network, the clock or a cluster by
//! itself: charts come as bytes or through [`source`], a cluster stands behind traits, and time, randomness and `lookup`
//! are given by the [`environment::Environment`].

pub mod chart;
pub mod environment;
pub mod functions;
pub mod manifest;
pub mod render;
pub mod schema;
pub mod source;
pub mod template;
pub mod value;
pub mod values;
pub mod version;
pub mod yaml;
