//! What a cluster should hold, before it has got a revision.

use nagaya_api::agent::{Intent, Purge};
use serde_json::Value;

/// What a cluster should hold, before it has got a revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// Hash of objects and purges.
    pub hash: String,
    /// Kubernetes objects.
    pub objects: Vec<Value>,
    /// Homes to remove.
    pub purge: Vec<Purge>,
    /// Whether what an earlier incarnation applied may be pruned.
    pub confirm_prune: bool,
}

impl Content {
    /// With its hash.
    pub fn new(objects: Vec<Value>, purge: Vec<Purge>, confirm_prune: bool) -> Self {
        Self { hash: Intent::hash_of(&objects, &purge), objects, purge, confirm_prune }
    }

    /// As an intent of this revision.
    pub fn intent(&self, incarnation: &str, revision: u64) -> Intent {
        Intent {
            incarnation: incarnation.to_owned(),
            revision,
            hash: self.hash.clone(),
            objects: self.objects.clone(),
            purge: self.purge.clone(),
            confirm_prune: self.confirm_prune,
        }
    }
}
