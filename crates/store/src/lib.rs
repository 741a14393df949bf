//! Where the management plane remembers: objects with a revision each, the events between revisions, an
//! audit record, tokens and sealed secrets.
//!
//! No type of the database appears in what this crate offers; all SQL is in `sqlite/`, so that another
//! database is another folder. Times are passed in.
//!
//! Rules that hold:
//! - Every write is one transaction that locks the one row of revisions, so watchers see revisions in commit
//!   order (a sequence would commit out of order: <https://github.com/k3s-io/kine/issues/676>).
//! - A write that changes nothing is no write: no revision, no event, no audit record.
//! - A write that was begun is finished even if whoever asked for it goes away.
//! - An object with finalizers is only marked by a delete; it goes when the last finalizer does.

mod audit;
mod diff;
mod error;
mod join;
mod objects;
mod seal;
mod sqlite;
mod times;
mod tokens;
mod typed;
mod watch;

pub use audit::{AuditFilter, AuditRecord, NewAudit};
pub use diff::Change;
pub use error::StoreError;
pub use join::{JoinRefused, JoinToken};
pub use objects::{Filter, List, Outcome, Owners, RawList, Writer, team_of};
pub use seal::{CommandLine, KeySource};
pub use sqlite::{Rotated, SealKey, SealStatus, Store, StoreConfig, Tx};
pub use times::Times;
pub use tokens::{Credential, NewToken, Purpose, Token, TokenRefused, hash_secret, new_secret};
pub use watch::{EventType, WatchEvent, WatchStream};

/// Finalizer of every workspace: its home must be purged, on its cluster, before the object goes. `control`
/// removes it when the cluster holds nothing of the workspace any more.
pub const HOME_FINALIZER: &str = "nagaya.dev/home";
/// Finalizer of every cluster: what runs must be taken down before the object goes. `control` removes it.
pub const CLUSTER_FINALIZER: &str = "nagaya.dev/cluster";
/// Finalizer of every release: it must be uninstalled wherever it was put before the object goes. `control` removes it.
pub const RELEASE_FINALIZER: &str = "nagaya.dev/release";
