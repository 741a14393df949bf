//! A revision of a release, in the shape of Helm's JSON.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a revision stands. The words are Helm's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is what the cluster holds.
    Deployed,
    /// It was removed, and its record kept.
    Uninstalled,
    /// A later one took its place.
    Superseded,
    /// It did not come to be.
    Failed,
    /// It is being removed.
    Uninstalling,
    /// It is being installed.
    PendingInstall,
    /// It is taking the place of an earlier one.
    PendingUpgrade,
    /// It is going back to an earlier one.
    PendingRollback,
    /// Nothing is known of it.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Status {
    /// As it stands in records and labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deployed => "deployed",
            Self::Uninstalled => "uninstalled",
            Self::Superseded => "superseded",
            Self::Failed => "failed",
            Self::Uninstalling => "uninstalling",
            Self::PendingInstall => "pending-install",
            Self::PendingUpgrade => "pending-upgrade",
            Self::PendingRollback => "pending-rollback",
            Self::Unknown => "unknown",
        }
    }

    /// Whether somebody is, or was when he ended, in the midst of it.
    pub fn is_under_way(self) -> bool {
        matches!(
            self,
            Self::Uninstalling | Self::PendingInstall | Self::PendingUpgrade | Self::PendingRollback
        )
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A revision of a release. What it holds besides is kept as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The release's name.
    pub name: String,
    /// How it stands, and since when.
    pub info: Info,
    /// The chart that it was made from.
    pub chart: ChartRecord,
    /// The values that were given for it.
    #[serde(deserialize_with = "null_is_default", skip_serializing_if = "Map::is_empty")]
    pub config: Map<String, Value>,
    /// All objects but those of hooks, in the order in which they are applied.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub manifest: String,
    /// The hooks.
    #[serde(deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub hooks: Vec<Hook>,
    /// The revision, from 1.
    pub version: u32,
    /// The namespace.
    pub namespace: String,
    /// `ssa`: its objects were applied by the server; anything else: merged by the client.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub apply_method: String,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// [`Record::apply_method`] of server-side apply.
pub const SERVER_SIDE: &str = "ssa";

impl Record {
    /// Whether its objects were merged by the client, as Helm did up to version 3.
    pub fn is_client_side(&self) -> bool {
        self.apply_method != SERVER_SIDE
    }

    /// `name-version` of its chart.
    pub fn chart_line(&self) -> String {
        format!("{}-{}", self.chart.text("name"), self.chart.text("version"))
    }
}

/// How a revision stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Info {
    /// When the release was first installed.
    #[serde(with = "time")]
    pub first_deployed: Option<Timestamp>,
    /// When this revision was made.
    #[serde(with = "time")]
    pub last_deployed: Option<Timestamp>,
    /// When it was removed.
    #[serde(with = "time")]
    pub deleted: Option<Timestamp>,
    /// What happened, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// How it stands.
    pub status: Status,
    /// What the chart tells its user.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A chart as a record holds it: without those it depends on, as Helm has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChartRecord {
    /// `Chart.yaml`.
    pub metadata: Value,
    /// `Chart.lock`.
    pub lock: Value,
    /// The templates.
    #[serde(deserialize_with = "null_is_default")]
    pub templates: Vec<ChartFile>,
    /// `values.yaml`.
    pub values: Value,
    /// `values.schema.json`, base64.
    pub schema: Value,
    /// All other files.
    #[serde(deserialize_with = "null_is_default")]
    pub files: Vec<ChartFile>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ChartRecord {
    /// A text of `Chart.yaml`, for instance `version`; empty when it has none.
    pub fn text(&self, field: &str) -> &str {
        self.metadata.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A file of a chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChartFile {
    /// Its path.
    pub name: String,
    /// Its content, base64.
    pub data: Value,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A hook: an object that is made at a certain moment of a release's life.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hook {
    /// The object's name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The template it comes from.
    pub path: String,
    /// The object as YAML.
    pub manifest: String,
    /// When it is run: `pre-install`, …
    #[serde(deserialize_with = "null_is_default")]
    pub events: Vec<String>,
    /// Its last run.
    pub last_run: HookRun,
    /// Lighter ones are run before.
    #[serde(skip_serializing_if = "is_zero")]
    pub weight: i64,
    /// When its object is removed: `before-hook-creation`, `hook-succeeded`, `hook-failed`.
    #[serde(deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub delete_policies: Vec<String>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// The last run of a hook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HookRun {
    /// When it began.
    #[serde(with = "time", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(with = "time", skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// How it ended.
    pub phase: HookPhase,
}

/// How a hook stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum HookPhase {
    /// It runs.
    Running,
    /// It did what it should.
    Succeeded,
    /// It did not.
    Failed,
    /// It was not run yet: Helm writes nothing then.
    #[default]
    #[serde(rename = "")]
    None,
    /// Nobody knows.
    #[serde(other)]
    Unknown,
}

fn null_is_default<'de, D: serde::Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Times as Helm writes them: none is an empty text.
mod time {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        time: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.collect_str(time),
            None => serializer.serialize_str(""),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let text: Option<String> = Option::deserialize(deserializer)?;
        match text.as_deref() {
            None | Some("" | "0001-01-01T00:00:00Z") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn what_helm_writes_beyond_what_we_know_survives() {
        let text = json!({
            "name": "ci", "version": 2, "namespace": "java", "apply_method": "ssa", "novelty": {"a": 1},
            "info": {"first_deployed": "2026-01-02T03:04:05.123456789+09:00", "last_deployed": "2026-01-02T03:04:05Z",
                "deleted": "", "description": "Upgrade complete", "status": "deployed", "rollback_revision": 1},
            "chart": {"metadata": {"name": "jenkins", "version": "5.1.0"}, "lock": null, "templates": null,
                "values": {"a": 1.5}, "schema": "e30=", "schemamodtime": "x", "files": []},
            "config": null, "manifest": "---\n",
            "hooks": [{"name": "h", "kind": "Job", "path": "p", "manifest": "m", "events": ["pre-install"],
                "last_run": {"started_at": "", "completed_at": "", "phase": ""}, "weight": -5,
                "output_log_policies": ["hook-failed"]}],
        });
        let record: Record = serde_json::from_value(text).unwrap();
        assert_eq!(record.info.first_deployed.unwrap().to_string(), "2026-01-01T18:04:05.123456789Z");
        assert_eq!((record.info.deleted, record.info.status), (None, Status::Deployed));
        assert_eq!(record.chart_line(), "jenkins-5.1.0");
        assert!(record.config.is_empty() && record.chart.templates.is_empty());
        assert_eq!(record.hooks[0].weight, -5);
        let written = serde_json::to_value(&record).unwrap();
        assert_eq!(written["novelty"], json!({"a": 1}));
        assert_eq!(written["info"]["rollback_revision"], 1);
        assert_eq!(written["info"]["deleted"], "");
        assert_eq!(written["chart"]["schemamodtime"], "x");
        assert_eq!(written["hooks"][0]["output_log_policies"], json!(["hook-failed"]));
        assert_eq!(written["hooks"][0]["last_run"], json!({"phase": ""}));
    }

    #[test]
    fn a_status_is_written_as_helm_has_it() {
        for status in [Status::PendingInstall, Status::Deployed, Status::Superseded, Status::Unknown] {
            assert_eq!(serde_json::to_value(status).unwrap(), json!(status.as_str()));
        }
        assert_eq!(serde_json::from_value::<Status>(json!("dreaming")).unwrap(), Status::Unknown);
    }
}
