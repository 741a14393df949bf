//! The verbs that all kinds share.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod patch;
pub mod replace;
pub mod write;

use nagaya_api::kinds::cluster::Removal;
use serde::Deserialize;

/// Query of writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WriteQuery {
    /// In whose name fields are owned.
    pub field_manager: Option<String>,
    /// Take fields over that other managers own (apply only).
    pub force: bool,
    /// Answer as if it were done, and do nothing.
    pub dry_run: bool,
    /// What becomes of what Nagaya put into an imported cluster (deletes of those only).
    pub objects: Option<Removal>,
    /// Whose fields are changed although they are set elsewhere.
    pub r#override: Option<Override>,
}

/// What a write says to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Override {
    /// That a Source owns what it changes, and will put it back.
    Source,
}
