//! `home.json`: what a home says of itself, so that it finds its owner again in a cluster that was made anew.

use serde::{Deserialize, Serialize};

use super::model::ClaimRef;

/// Whether a home is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// A claim has it, or is about to: it is mounted at every start.
    Used,
    /// Its claim is gone; it waits for one of the same name.
    Kept,
    /// It is being removed for good; that goes on until it is done.
    Purging,
}

/// The content of `home.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The claim it belongs to, or belonged to last.
    pub namespace: String,
    /// The claim's name.
    pub claim: String,
    /// The claim's uid.
    pub uid: String,
    /// Whose it is; only the same person's claim is given it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether it is in use.
    pub state: State,
    /// When it was last given to a claim.
    pub since: jiff::Timestamp,
}

impl About {
    /// The claim as an identity.
    #[must_use]
    pub fn claim_ref(&self) -> ClaimRef {
        ClaimRef { namespace: self.namespace.clone(), name: self.claim.clone(), uid: self.uid.clone() }
    }
}
