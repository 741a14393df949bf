//! When a workspace that was purged may go for good.

use nagaya_api::Workspace;
use nagaya_store::HOME_FINALIZER;

/// What is known of the home of a workspace that is being purged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeSight {
    /// The agent has said that nothing is left.
    Gone,
    /// The agent has told all there is, of an intent that asks for the purge, and it is not among it.
    NeverThere,
    /// It is still there, or nobody knows.
    Unknown,
    /// The cluster itself is not there any more.
    NoCluster,
}

/// What to do about a workspace that is being purged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PurgeAction {
    /// Let the object go.
    Release {
        /// Its name.
        workspace: String,
    },
}

impl std::fmt::Display for PurgeAction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Release { workspace } => write!(f, "remove workspace \"{workspace}\", whose home is gone"),
        }
    }
}

/// Decides.
pub fn plan(workspace: &Workspace, home: HomeSight) -> Option<PurgeAction> {
    let purging = workspace.metadata.deletion_timestamp.is_some()
        && workspace.metadata.finalizers.iter().any(|finalizer| finalizer == HOME_FINALIZER);
    let gone = match home {
        HomeSight::Gone | HomeSight::NeverThere | HomeSight::NoCluster => true,
        HomeSight::Unknown => false,
    };
    (purging && gone).then(|| PurgeAction::Release { workspace: workspace.metadata.name.clone() })
}
