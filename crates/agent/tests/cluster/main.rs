//! The agent against a real Kubernetes.
//!
//! `NAGAYA_TEST_KUBECONFIG` names a cluster that the tests may fill; every test has namespaces of its own. Without
//! it they are skipped, and say so: `make test` starts a cluster for them.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod enforcing;
mod fixture;
mod kubernetes_api;
mod reporting;
mod staying;
