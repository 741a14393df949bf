//! What clusters have beyond the common verbs.

pub mod join_manifest;
pub mod join_token;
pub mod kubeconfig;
pub mod kubernetes;
pub mod power;
