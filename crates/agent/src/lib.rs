//! What runs in each cluster: it dials the server, carries out the cluster's intent, reports what is, and is the
//! server's way to the Kubernetes API and to workspaces.
//!
//! - [`identity`]: its certificate, by join token first, renewed by itself.
//! - [`enforce`]: the intent, made and kept true; [`intent`]: where it is kept; [`lease`]: by which of several agents.
//! - [`release`]: releases of charts.
//! - [`report`]: what the server is told; [`probe`]: whether the network enforces policies, found out by trying.
//! - [`proxy`], [`workspace`]: the server's way in; [`service`]: the HTTP surface of all of it.

pub mod config;
pub mod enforce;
mod facts;
mod farewell;
mod health;
pub mod identity;
pub mod intent;
pub mod lease;
pub mod manifests;
pub mod manifests_yaml;
mod metrics;
pub mod probe;
pub mod proxy;
pub mod release;
pub mod report;
mod run;
mod service;
mod update;
mod watching;
pub mod workspace;

pub use config::{AgentConfig, ConfigError};
pub use manifests::{ManifestArgs, manifests};
pub use run::{AgentError, run};
