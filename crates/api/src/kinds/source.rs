//! Source: a folder of objects in a Git repository that is kept in sync.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::address::Address;
use super::bundle::{Each, IgnoreRule, MAX_NAME, Override, Rollout};
use crate::{Cause, Kind, condition::Condition, names, object::resource};

/// Annotation of every object that a source applies, with the source's name.
pub const SOURCE_ANNOTATION: &str = "nagaya.dev/source";
/// Annotation of every object that a source applies: the commit that gave it what it has.
pub const COMMIT_ANNOTATION: &str = "nagaya.dev/commit";
/// Shortest time between two looks at a repository, in seconds.
pub const MIN_INTERVAL: u32 = 10;
/// Longest time between two looks at a repository, in seconds: a day.
pub const MAX_INTERVAL: u32 = 86_400;

/// The field manager in whose name a source owns fields.
pub fn manager(source: &str) -> String {
    format!("source:{source}")
}

/// Where the Kubernetes objects of a source's folder go: the rest of a bundle that is named like the source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SourceBundle {
    /// Names of Groups; a cluster in any of them gets the objects.
    pub groups: Vec<String>,
    /// For what the objects are repeated.
    #[serde(default, skip_serializing_if = "Each::is_cluster")]
    pub each: Each,
    /// What is different on some clusters, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// Fields that others own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<IgnoreRule>,
    /// How a new version reaches the clusters.
    #[serde(default, skip_serializing_if = "Rollout::is_default")]
    pub rollout: Rollout,
}

/// What is wanted of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SourceSpec {
    /// The repository: `https://…`, without user or password; or `file:///…` below a folder that the server's
    /// `sourcePaths` names.
    pub url: String,
    /// The certificate authority behind the repository's certificate, PEM, where it is none that the server's host
    /// trusts. Only it is trusted for this source then.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ca: String,
    /// Branch, tag or full commit.
    #[serde(rename = "ref", default = "main")]
    pub reference: String,
    /// The folder in it; empty: all of the repository.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Seconds between two looks.
    #[serde(default = "minute")]
    pub interval_seconds: u32,
    /// Whether it leaves everything as it is for now.
    #[serde(default)]
    pub suspended: bool,
    /// Whether objects that it made and that left the folder are deleted. Clusters, users and workspaces never are.
    #[serde(default = "yes")]
    pub prune: bool,
    /// With this the folder may hold Kubernetes objects too; they become one bundle named like the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<SourceBundle>,
}

fn main() -> String {
    "main".to_owned()
}

fn minute() -> u32 {
    60
}

fn yes() -> bool {
    true
}

/// One thing in a commit for which nothing of it was applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceError {
    /// The file, from the root of the repository.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The line in it where the object begins, or where it does not read; 0: not known.
    #[serde(skip_serializing_if = "is_zero")]
    pub line: u32,
    /// `Kind/name`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub object: String,
    /// The field.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mend: String,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes it so
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// An object that a source applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceObject {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its uid: another object of that name is not the source's.
    pub uid: String,
    /// The commit that gave it what it has.
    pub commit: String,
    /// Whether the source made it; one that was there before is never deleted.
    pub made: bool,
}

/// What is known of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceStatus {
    /// The generation of the spec that this is about.
    pub observed_generation: i64,
    /// The commit that is applied.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub commit: String,
    /// When it was applied first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fetched_at: Option<Timestamp>,
    /// The objects applied, in order.
    pub objects: Vec<SourceObject>,
    /// The commit that could not be applied, when `errors` are about one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failed_commit: String,
    /// Why it was not; at most 50.
    pub errors: Vec<SourceError>,
    /// Conditions: `Ready`.
    pub conditions: Vec<Condition>,
}

resource!(
    /// A folder of objects in a Git repository.
    Source, SourceSpec, SourceStatus,
    check: check
);

const ADDRESS: Address = Address {
    schemes: &["https://"],
    path: true,
    words: "https:// nor file://",
    example: "https://git.example.com/fleet.git",
    folder: "file:///srv/git/fleet.git",
    command: "nagaya source secret NAME --user USER",
};

/// Whether the address is one of this machine's own disk.
pub fn is_local(url: &str) -> bool {
    url.starts_with("file://")
}

/// The part of a URL that says where it leads: scheme, host and port.
pub fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find('/').map_or(url, |end| &url[..host + end])
}

fn check(source: &Source) -> Vec<Cause> {
    let spec = &source.spec;
    let mut causes: Vec<Cause> = ADDRESS.check(&spec.url).into_iter().chain(check_ca(spec)).collect();
    if spec.bundle.is_some() && source.metadata.name.len() > MAX_NAME {
        let mend = format!("use at most {MAX_NAME} characters: its bundle is named so");
        causes.push(Cause::invalid("metadata.name", "is too long for a source with a bundle", mend));
    }
    let bad =
        |text: &str| text.chars().any(|c| c.is_control() || " ~^:?*[\\".contains(c)) || text.contains("..");
    if spec.reference.is_empty() || spec.reference.starts_with(['-', '/']) || bad(&spec.reference) {
        let message = format!("\"{}\" is no name of a branch or tag, and no commit", spec.reference);
        causes.push(Cause::invalid("spec.ref", message, "for instance main, v1.2, or 40 hexadecimal digits"));
    }
    let parts = spec.path.split('/');
    if !spec.path.is_empty() && parts.clone().any(|part| part.is_empty() || part == "." || part == "..") {
        let message = format!("\"{}\" is no folder of a repository", spec.path);
        causes.push(Cause::invalid(
            "spec.path",
            message,
            "for instance clusters/production, without / at its ends",
        ));
    }
    if !(MIN_INTERVAL..=MAX_INTERVAL).contains(&spec.interval_seconds) {
        let message = format!("{} seconds are out of range", spec.interval_seconds);
        let mend = format!("from {MIN_INTERVAL} to {MAX_INTERVAL}; a webhook tells of changes at once");
        causes.push(Cause::invalid("spec.intervalSeconds", message, mend));
    }
    if let Some(bundle) = &spec.bundle {
        if bundle.groups.is_empty() {
            causes.push(Cause::required("spec.bundle.groups", "name at least one of `nagaya get groups`"));
        }
        for (at, group) in bundle.groups.iter().enumerate() {
            causes.extend(names::check(&format!("spec.bundle.groups[{at}]"), group).err());
        }
    }
    causes
}

fn check_ca(spec: &SourceSpec) -> Option<Cause> {
    let (message, mend) = if spec.ca.is_empty() {
        return None;
    } else if spec.ca.contains("PRIVATE KEY") {
        ("holds a private key, which is nobody's business here", "give the certificate only")
    } else if !spec.ca.contains("-----BEGIN CERTIFICATE-----") {
        ("is no certificate in PEM", "give the CA's certificate: -----BEGIN CERTIFICATE----- …")
    } else if !spec.url.starts_with("https://") {
        ("is for an address with https:// only", "remove it")
    } else {
        return None;
    };
    Some(Cause::invalid("spec.ca", message, mend))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::Resource as _;

    fn fields(spec: serde_json::Value) -> Vec<String> {
        let spec: SourceSpec = serde_json::from_value(spec).unwrap();
        Source::new("fleet", spec).check().into_iter().map(|cause| cause.field).collect()
    }

    #[test]
    fn an_address_is_https_or_a_file_and_carries_no_secret() {
        for good in ["https://git.example.com/fleet.git", "file:///srv/git/fleet", "http://127.0.0.1:3000/a"]
        {
            assert_eq!(fields(json!({"url": good})), [""; 0], "{good}");
        }
        for bad in [
            "git@example.com:fleet.git",
            "ssh://example.com/fleet",
            "http://git.example.com/fleet",
            "https://user:token@example.com/fleet",
            "https://example.com",
            "file://srv/git",
            "file:///srv/../etc",
            "/srv/git",
            "https://example.com/a b",
            "ext::sh -c id",
        ] {
            assert_eq!(fields(json!({"url": bad})), ["spec.url"], "{bad}");
        }
    }

    #[test]
    fn each_wrong_field_is_named() {
        let url = "https://example.com/a";
        for (spec, field) in [
            (json!({"url": url, "ref": ""}), "spec.ref"),
            (json!({"url": url, "ref": "-upload-pack"}), "spec.ref"),
            (json!({"url": url, "ref": "a..b"}), "spec.ref"),
            (json!({"url": url, "path": "../x"}), "spec.path"),
            (json!({"url": url, "path": "/x"}), "spec.path"),
            (json!({"url": url, "intervalSeconds": 1}), "spec.intervalSeconds"),
            (json!({"url": url, "bundle": {"groups": []}}), "spec.bundle.groups"),
        ] {
            assert_eq!(fields(spec.clone()), [field], "{spec}");
        }
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        let spec: SourceSpec = serde_json::from_value(json!({"url": "https://example.com/a"})).unwrap();
        assert_eq!((spec.reference.as_str(), spec.interval_seconds, spec.prune), ("main", 60, true));
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert_eq!(origin("https://git.example.com:8443/a/b"), "https://git.example.com:8443");
        assert_eq!(origin("https://git.example.com"), "https://git.example.com");
    }
}
