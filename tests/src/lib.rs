//! Help for the end-to-end tests in `tests/`: an instance with real clusters, brought up by `scripts/e2e.sh`, and
//! the commands that people use on it. The tests are ignored by default, since they need that instance:
//! `scripts/e2e.sh cargo nextest run -p nagaya-e2e --test-threads 1 --run-ignored all`.
//!
//! Paths are relative to this package's folder, where Cargo runs its tests: two checkouts that share a target directory
//! share the programs built in it, and a path of one of them compiled in would lead there from both.

// A test's helper: what goes wrong in here is a failed test, and a panic says where.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod desktop;
pub mod fresh;
pub mod instance;
pub mod kubectl;
pub mod network;
pub mod process;
pub mod wait;

pub use fresh::Fresh;
pub use instance::Instance;
pub use kubectl::Kubectl;
pub use network::Cut;
pub use wait::until;
