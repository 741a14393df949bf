//! Whole requests against a real store.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod access;
mod catalogue;
mod console;
mod environments;
mod fleet;
mod import;
mod measure;
mod metrics;
mod objects;
mod openapi;
mod rights;
mod serving;
mod session;
mod sources;
mod support;
mod watch;
mod workspaces;
