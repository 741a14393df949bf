//! Releases of charts: what a cluster is told of them, and what it tells.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::PodObservation;

/// Path of the chart archives on the agent: `HEAD` and `PUT /v1/charts/<sha256, hexadecimal>`; the body is the `.tgz`.
pub const CHARTS_PATH: &str = "/v1/charts";
/// The largest chart archive that an agent takes in.
pub const CHART_LIMIT: usize = 16 * 1024 * 1024;
/// Label of Helm's records of a release that Nagaya keeps, with the uid of its Release.
pub const RELEASE_LABEL: &str = "nagaya.dev/release";
/// Label of such a record with the [`ReleaseIntent::content`] that it was made from, cut to 63 characters.
pub const CONTENT_LABEL: &str = "nagaya.dev/content";
/// The server-side apply field manager of the objects of releases: Helm's own.
pub const RELEASE_FIELD_MANAGER: &str = "helm";

/// A release that a cluster should hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseIntent {
    /// Name of the Release in Nagaya.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// The release's name in Helm.
    pub release_name: String,
    /// Its namespace.
    pub namespace: String,
    /// Whether the namespace is made when it is not there.
    #[serde(default)]
    pub create_namespace: bool,
    /// The chart.
    pub chart: ChartReference,
    /// All values that differ from the chart's, secrets filled in.
    #[serde(default)]
    pub values: Value,
    /// As whom the agent works; none: as itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act_as: Option<ActAs>,
    /// Whether a change that fails is taken back.
    #[serde(default)]
    pub atomic: bool,
    /// Whether a change is complete only when its objects are ready.
    #[serde(default)]
    pub wait: bool,
    /// How long each wait may take.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u32,
    /// Whether hooks are run.
    #[serde(default = "yes")]
    pub hooks: bool,
    /// Whether CustomResourceDefinitions of the chart's `crds/` are installed.
    #[serde(default = "yes")]
    pub crds: bool,
    /// Fields that others own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<IgnoredFields>,
    /// Whether this content goes back to that of an earlier revision: then hooks of a rollback are run.
    #[serde(default)]
    pub rollback: bool,
    /// Hash of what makes a revision: chart, values, and options that change the objects. While it stays, the release does.
    pub content: String,
    /// Counts how often a person asked to try again.
    #[serde(default)]
    pub attempt: u32,
    /// Counts how often a person asked to run the chart's tests.
    #[serde(default)]
    pub test: u32,
    /// Whether it stays as it is, whatever else is said here: an agent goes on with what it knew of it, and one that knows
    /// nothing only looks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hold: bool,
    /// That it is a workspace. While it is deployed it keeps the content it has: another waits until it was removed, which
    /// is when its workspace was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

/// How a release is a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Environment {
    /// The Service that opens in the browser.
    pub service: String,
    /// Ports of it that may be reached; the first is the one "Open" shows.
    pub ports: Vec<u16>,
}

fn yes() -> bool {
    true
}

fn default_timeout() -> u32 {
    300
}

/// Which chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartReference {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its archive, hexadecimal.
    pub digest: String,
}

/// Somebody whom Kubernetes knows by RBAC. Agents impersonate only names under `nagaya:`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ActAs {
    /// The user.
    pub user: String,
    /// Its groups.
    pub groups: Vec<String>,
}

/// Fields of some objects of a release that others own once they are there. What is empty suits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IgnoredFields {
    /// API group; empty: any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Kind; empty: any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Name; empty: any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Paths as in [`crate::field_path::FieldPath`].
    pub fields: Vec<String>,
}

/// How a release stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ReleaseState {
    /// It is installed for the first time.
    Installing,
    /// It gets another chart or other values.
    Upgrading,
    /// It goes back to an earlier revision.
    RollingBack,
    /// It is removed.
    Uninstalling,
    /// Helm calls it deployed, and its objects are ready.
    Ready,
    /// Helm calls it deployed, and some object is not ready.
    NotReady,
    /// The last change failed.
    Failed,
    /// Its cluster is not heard. Said by the server.
    Unreachable,
    /// Another release or another program holds it, or objects of it.
    Conflict,
    /// Nothing was done yet; the message says for what it waits.
    #[default]
    #[serde(other)]
    Waiting,
}

/// What a cluster knows of one release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseObservation {
    /// Name of the Release in Nagaya.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// The release's name in Helm.
    pub release_name: String,
    /// Its namespace.
    pub namespace: String,
    /// How it stands.
    pub state: ReleaseState,
    /// The status of its newest record as Helm writes it; empty when there is none.
    pub helm_status: String,
    /// The revision of its newest record; 0 when there is none.
    pub revision: u32,
    /// [`ReleaseIntent::content`] of what was carried out last, be it with or without success.
    pub content: String,
    /// [`ReleaseIntent::attempt`] of that.
    pub attempt: u32,
    /// Version of the chart that is deployed.
    pub chart_version: String,
    /// Version of the application in it.
    pub app_version: String,
    /// What is being done just now, as a sentence; empty when nothing is.
    pub step: String,
    /// What is wrong or waited for, in words; empty when all is well.
    pub message: String,
    /// The objects of the revision that is there or on its way.
    pub objects: Vec<ObjectLine>,
    /// What the chart tells its user.
    pub notes: String,
    /// All records, newest first.
    pub history: Vec<HistoryLine>,
    /// [`ReleaseIntent::test`] of the tests that ran last.
    pub tested: u32,
    /// The last run of its tests.
    pub tests: Vec<ReleaseTestLine>,
    /// SHA-256 of the chart's archive when that is needed and is not there; empty else.
    pub lacks_chart: String,
    /// How often it was missed since the agent began: it is asked for each time.
    pub lacked: u32,
    /// Of one that is a workspace: what is behind its Service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Box<EnvironmentObservation>>,
}

/// What is behind the Service of a release that is a workspace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvironmentObservation {
    /// The pod that streams go to, or that will be it. The container that has the port is called `workspace` in it.
    pub pod: Option<PodObservation>,
    /// The name that container really has.
    pub container: String,
    /// Why the Service cannot be opened though it need not wait for anything; empty when it can or waits.
    pub fault: String,
    /// Whether other content waits until it is started anew.
    pub outdated: bool,
}

/// An object of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectLine {
    /// `Kind namespace/name`.
    pub object: String,
    /// Whether it is there and ready.
    pub ready: bool,
    /// Why not, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// A revision of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct HistoryLine {
    /// Its number.
    pub revision: u32,
    /// Its status as Helm writes it.
    pub status: String,
    /// `name-version` of the chart.
    pub chart: String,
    /// Version of the application.
    pub app_version: String,
    /// When it was last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub updated: Option<Timestamp>,
    /// What happened.
    pub description: String,
}

/// A test of a chart, as it ran last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseTestLine {
    /// `Kind namespace/name`.
    pub object: String,
    /// Whether it succeeded.
    pub passed: bool,
    /// Why not, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::agent::Intent;

    fn release() -> ReleaseIntent {
        serde_json::from_value(json!({
            "name": "ci", "uid": "u", "releaseName": "ci", "namespace": "java", "content": "c",
            "chart": { "name": "jenkins", "version": "5.1.0", "digest": "d" },
        }))
        .unwrap()
    }

    #[test]
    fn an_intent_without_releases_is_written_and_hashed_as_before_there_were_any() {
        let intent = Intent::new("i", 1, vec![json!({"kind": "Secret"})], Vec::new());
        assert!(!serde_json::to_string(&intent).unwrap().contains("releases"));
        assert_eq!(intent.hash, "0fb26ef7b1a2c9cc8dce613755a78d2469de1d721638408959eda6d03e3a6d2f");
        let stored = json!({ "incarnation": "i", "revision": 1, "hash": intent.hash, "objects": [{ "kind": "Secret" }] });
        assert_eq!(serde_json::from_value::<Intent>(stored).unwrap(), intent);
    }

    #[test]
    fn every_change_of_a_release_changes_the_hash() {
        let intent = |release| Intent::new("i", 1, Vec::new(), Vec::new()).with_releases(vec![release]);
        let one = intent(release());
        let again: Intent = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
        assert_eq!(Intent::hash_of(&again.objects, &again.purge, &again.releases), one.hash);
        assert_ne!(intent(ReleaseIntent { attempt: 1, ..release() }).hash, one.hash);
        assert_ne!(Intent::new("i", 1, Vec::new(), Vec::new()).hash, one.hash);
    }

    #[test]
    fn what_is_not_said_is_as_helm_has_it() {
        let release = release();
        assert!(release.hooks && release.crds && !release.atomic && !release.create_namespace);
        assert_eq!(release.timeout_seconds, 300);
    }

    #[test]
    fn a_state_of_a_newer_agent_is_no_reason_to_lose_its_report() {
        assert_eq!(serde_json::from_value::<ReleaseState>(json!("Ready")).unwrap(), ReleaseState::Ready);
        assert_eq!(serde_json::from_value::<ReleaseState>(json!("Testing")).unwrap(), ReleaseState::Waiting);
    }
}
