//! What is told of the keys that seal secrets. The keys themselves are told nobody.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The keys that seal secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sealing {
    /// Where they lie: `file` or `command`.
    pub source: String,
    /// The keys, the one that seals first.
    pub keys: Vec<SealingKey>,
    /// How far a rotation is, while there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotating: Option<Progress>,
}

/// One of the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SealingKey {
    /// Its id, which follows from it.
    pub id: String,
    /// Whether it seals.
    pub seals: bool,
    /// Whether it is given now; without it, what is sealed with it does not open.
    pub given: bool,
    /// How many values are sealed with it.
    pub values: u64,
}

/// How far something is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// So many are done.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

/// A rotation that is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SealingRotated {
    /// The key that seals now.
    pub key: String,
    /// The key before, with which nothing is sealed any more.
    pub before: String,
    /// How many values were sealed again.
    pub values: u64,
}
