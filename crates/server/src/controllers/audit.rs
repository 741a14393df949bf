//! GET /audit

use axum::Json;
use jiff::Timestamp;
use nagaya_api::ApiError;
use nagaya_store::{AuditFilter, AuditRecord};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::objects::list::ListMeta;
use crate::{ServerState, answer::Answer};

/// Most records of one answer.
const MOST: usize = 500;

/// Which records.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// About objects of this kind, by its name (`Workspace`).
    pub kind: Option<String>,
    /// About objects of this name.
    pub name: Option<String>,
    /// By this user.
    pub user: Option<String>,
    /// Of this team.
    pub team: Option<String>,
    /// At most so many.
    pub limit: Option<usize>,
    /// Go on where a list ended.
    pub r#continue: Option<String>,
}

/// A line of the audit record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditLine {
    /// Its number; grows.
    pub id: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// User, `system:<part>`, or empty.
    pub user: String,
    /// What was done.
    pub verb: String,
    /// Kind of the object, or empty.
    pub kind: String,
    /// Its name, or empty.
    pub name: String,
    /// Its team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// `ok`, or the reason it was refused.
    pub result: String,
    /// More in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<AuditChange>,
}

/// A field that changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditChange {
    /// JSON pointer of the field.
    pub field: String,
    /// What it was.
    #[serde(skip_serializing_if = "Value::is_null")]
    #[schema(value_type = Option<Object>)]
    pub before: Value,
    /// What it is.
    #[serde(skip_serializing_if = "Value::is_null")]
    #[schema(value_type = Option<Object>)]
    pub after: Value,
}

/// Lines of the audit record, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditList {
    /// Where more are.
    pub metadata: ListMeta,
    /// The lines.
    pub items: Vec<AuditLine>,
}

impl From<AuditRecord> for AuditLine {
    fn from(record: AuditRecord) -> Self {
        let changes = record.changes.into_iter();
        Self {
            id: record.id,
            at: record.at,
            user: record.user,
            verb: record.verb,
            kind: record.kind,
            name: record.name,
            team: record.team,
            result: record.result,
            message: record.message,
            changes: changes
                .map(|change| AuditChange { field: change.field, before: change.before, after: change.after })
                .collect(),
        }
    }
}

/// Shows the audit record.
pub async fn list(state: ServerState, query: AuditQuery) -> Answer<Json<AuditList>> {
    let before = match query.r#continue.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => {
            Some(text.parse().map_err(|_| ApiError::bad_request("continue is not of an earlier answer"))?)
        }
        None => None,
    };
    let limit = query.limit.unwrap_or(100).clamp(1, MOST);
    let filter = AuditFilter {
        kind: query.kind,
        name: query.name,
        user: query.user,
        team: query.team,
        before,
        limit: limit + 1,
    };
    let mut records = state.store.audit_list(&filter).await?;
    let more = records.len() > limit;
    records.truncate(limit);
    let next = if more { records.last().map(|record| record.id.to_string()) } else { None };
    Ok(Json(AuditList {
        metadata: ListMeta { resource_version: String::new(), r#continue: next },
        items: records.into_iter().map(AuditLine::from).collect(),
    }))
}
