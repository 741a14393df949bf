//! The audit record: who did what to which object, and how it went.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Change;

/// Something to record.
#[derive(Clone, Debug, Default)]
pub struct NewAudit {
    /// User, `system:<part>`, or empty when nobody is logged in.
    pub who: String,
    /// What was done, for instance `create`, `login`, `desktop`.
    pub verb: String,
    /// Kind of the object, or empty.
    pub kind: String,
    /// Its name, or empty.
    pub name: String,
    /// Its team, if any.
    pub team: Option<String>,
    /// `ok`, or the reason it was refused (`Forbidden`, `Conflict`, …).
    pub result: String,
    /// More in words; never a secret.
    pub message: String,
    /// What changed.
    pub changes: Vec<Change>,
}

/// A line of the audit record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// Its number; grows.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// User, `system:<part>`, or empty when nobody was logged in.
    pub user: String,
    /// What was done.
    pub verb: String,
    /// Kind of the object, or empty.
    pub kind: String,
    /// Its name, or empty.
    pub name: String,
    /// Its team, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// `ok`, or the reason it was refused.
    pub result: String,
    /// More in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// Which records, newest first.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// About objects of this kind.
    pub kind: Option<String>,
    /// About objects of this name.
    pub name: Option<String>,
    /// By this user.
    pub user: Option<String>,
    /// Of this team.
    pub team: Option<String>,
    /// Older than this record.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: usize,
}
