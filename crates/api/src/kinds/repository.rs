//! Repository: where charts come from, and who may install which of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::source::is_local;
use super::{address::Address, team::Team};
use crate::{Cause, condition::Condition, glob, names, object::resource};

/// Shortest time between two looks at a repository, in seconds.
pub const MIN_INTERVAL: u32 = 60;
/// Longest time between two looks at a repository, in seconds: a week.
pub const MAX_INTERVAL: u32 = 604_800;
/// How long the certificates of a private authority may be, in bytes.
const MAX_CA: usize = 64 << 10;

/// What teams may install by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AllowRule {
    /// Which teams; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
    /// Which charts, by name: `*` stands for any characters, `?` for one; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charts: Vec<String>,
    /// Into which namespaces; empty: the team's own only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
}

impl AllowRule {
    /// Whether it lets a team have a chart at all.
    pub fn permits(&self, team: &str, chart: &str) -> bool {
        (self.teams.is_empty() || self.teams.iter().any(|one| one == team))
            && (self.charts.is_empty() || self.charts.iter().any(|one| glob::matches(one, chart)))
    }
}

/// What is wanted of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RepositorySpec {
    /// Where it is: `https://…` with an index.yaml, `oci://…` for a registry, or `file:///…` for a folder of charts below
    /// one that the server's `chartPaths` names. Without user or password.
    pub url: String,
    /// For OCI: the charts it has, since a registry tells no list of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charts: Vec<String>,
    /// Certificates, PEM, of the authority that its server's own is from, beside those that this host trusts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ca: String,
    /// Seconds between two looks.
    #[serde(default = "hour")]
    pub interval_seconds: u32,
    /// What teams may install by themselves; empty: nothing, it is for operations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<AllowRule>,
}

fn hour() -> u32 {
    3600
}

/// What is known of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RepositoryStatus {
    /// The generation of the spec that this is about.
    pub observed_generation: i64,
    /// Number of charts.
    pub charts: u32,
    /// Number of versions of all charts.
    pub versions: u32,
    /// When its index was read last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fetched_at: Option<Timestamp>,
    /// SHA-256 of what it offers, in hexadecimal: another one says that something is new.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// Conditions: `Ready`.
    pub conditions: Vec<Condition>,
}

resource!(
    /// Where charts come from, and who may install which of them.
    Repository, RepositorySpec, RepositoryStatus,
    check: check
);

impl Repository {
    /// Whether a team may have a chart at all.
    pub fn offers(&self, team: &str, chart: &str) -> bool {
        self.spec.allow.iter().any(|rule| rule.permits(team, chart))
    }

    /// Whether a team may install a chart into a namespace.
    pub fn permits(&self, team: &Team, chart: &str, namespace: &str) -> bool {
        self.spec.allow.iter().filter(|rule| rule.permits(&team.metadata.name, chart)).any(|rule| {
            if rule.namespaces.is_empty() {
                namespace == team.namespace()
            } else {
                rule.namespaces.iter().any(|one| one == namespace)
            }
        })
    }
}

const ADDRESS: Address = Address {
    schemes: &["https://", "oci://"],
    path: false,
    words: "https://, oci:// nor file://",
    example: "https://charts.example.com or oci://registry.example.com/charts",
    folder: "file:///srv/charts",
    command: "nagaya repository secret NAME --user USER",
};

/// Whether the address is a registry's.
pub fn is_oci(url: &str) -> bool {
    url.starts_with("oci://")
}

/// What is wrong with the name of a chart. Helm asks for less, but a name is part of file names and addresses.
pub(super) fn check_chart(field: &str, name: &str) -> Option<Cause> {
    if name.is_empty() {
        return Some(Cause::required(field, "name a chart of the repository"));
    }
    let good = name.len() <= 250
        && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    (!good).then(|| {
        let mend = "see `nagaya chart search`, or the console's catalogue";
        Cause::invalid(field, format!("\"{name}\" is no name of a chart"), mend)
    })
}

fn check(repository: &Repository) -> Vec<Cause> {
    let spec = &repository.spec;
    let mut causes: Vec<Cause> = ADDRESS.check(&spec.url).into_iter().collect();
    if is_oci(&spec.url) && spec.charts.is_empty() {
        causes
            .push(Cause::required("spec.charts", "name the charts: a registry tells no list of what it has"));
    }
    if !is_oci(&spec.url) && !spec.charts.is_empty() {
        causes.push(Cause::invalid("spec.charts", "is for oci:// only", "remove it: its index lists them"));
    }
    for (at, chart) in spec.charts.iter().enumerate() {
        causes.extend(check_chart(&format!("spec.charts[{at}]"), chart));
    }
    if !spec.ca.is_empty() {
        let whole =
            spec.ca.contains("-----BEGIN CERTIFICATE-----") && spec.ca.contains("-----END CERTIFICATE-----");
        if spec.ca.len() > MAX_CA || !whole || is_local(&spec.url) {
            let mend =
                "write PEM, -----BEGIN CERTIFICATE----- and on, of an address that is https:// or oci://";
            causes.push(Cause::invalid("spec.ca", "is no certificate of this repository's server", mend));
        }
        if spec.ca.contains("PRIVATE KEY") {
            causes.push(Cause::invalid("spec.ca", "holds a private key", "write the certificates only"));
        }
    }
    if !(MIN_INTERVAL..=MAX_INTERVAL).contains(&spec.interval_seconds) {
        let message = format!("{} seconds are out of range", spec.interval_seconds);
        let mend =
            format!("from {MIN_INTERVAL} to {MAX_INTERVAL}; `nagaya repository refresh` looks at once");
        causes.push(Cause::invalid("spec.intervalSeconds", message, mend));
    }
    for (at, rule) in spec.allow.iter().enumerate() {
        let field = |part: &str, nth: usize| format!("spec.allow[{at}].{part}[{nth}]");
        for (nth, team) in rule.teams.iter().enumerate() {
            causes.extend(names::check(&field("teams", nth), team).err());
        }
        for (nth, chart) in rule.charts.iter().enumerate().filter(|(_, chart)| chart.trim().is_empty()) {
            let _ = chart;
            causes.push(Cause::required(field("charts", nth), "for instance jenkins*, or remove it"));
        }
        for (nth, namespace) in rule.namespaces.iter().enumerate() {
            causes.extend(super::release::check_namespace(&field("namespaces", nth), namespace));
        }
    }
    causes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::{Resource as _, kinds::team::TeamSpec};

    fn repository(spec: serde_json::Value) -> Repository {
        Repository::new("stable", serde_json::from_value(spec).unwrap())
    }

    fn fields(spec: serde_json::Value) -> Vec<String> {
        repository(spec).check().into_iter().map(|cause| cause.field).collect()
    }

    #[test]
    fn an_address_is_one_of_three_kinds_and_carries_no_secret() {
        for good in ["https://charts.example.com", "file:///srv/charts", "http://127.0.0.1:3000/a"] {
            assert_eq!(fields(json!({"url": good})), [""; 0], "{good}");
        }
        assert_eq!(fields(json!({"url": "oci://r.example.com/charts", "charts": ["jenkins"]})), [""; 0]);
        for bad in [
            "http://charts.example.com",
            "https://user:token@example.com/charts",
            "https://",
            "file://srv/charts",
            "file:///srv/../etc",
            "git://example.com/a",
            "https://example.com/a b",
        ] {
            assert_eq!(fields(json!({"url": bad})), ["spec.url"], "{bad}");
        }
    }

    #[test]
    fn each_wrong_field_is_named() {
        let url = "https://example.com/a";
        for (spec, field) in [
            (json!({"url": "oci://example.com/a"}), "spec.charts"),
            (json!({"url": url, "charts": ["a"]}), "spec.charts"),
            (json!({"url": "oci://example.com/a", "charts": ["../a"]}), "spec.charts[0]"),
            (json!({"url": url, "ca": "x"}), "spec.ca"),
            (json!({"url": url, "intervalSeconds": 1}), "spec.intervalSeconds"),
            (json!({"url": url, "allow": [{"teams": ["Java"]}]}), "spec.allow[0].teams[0]"),
            (json!({"url": url, "allow": [{"charts": [" "]}]}), "spec.allow[0].charts[0]"),
            (json!({"url": url, "allow": [{"namespaces": ["kube-system"]}]}), "spec.allow[0].namespaces[0]"),
        ] {
            assert_eq!(fields(spec.clone()), [field], "{spec}");
        }
    }

    #[test]
    fn a_team_may_install_what_a_rule_says_where_it_says() {
        let team = Team::new(
            "java",
            TeamSpec { cluster: "c".into(), namespace: "java-ns".into(), ..TeamSpec::default() },
        );
        let one = |allow| repository(json!({"url": "https://example.com/a", "allow": allow}));
        assert!(!one(json!([])).permits(&team, "jenkins", "java-ns"), "nothing is allowed by itself");
        let own = one(json!([{"teams": ["java"], "charts": ["jenk*"]}]));
        assert!(own.permits(&team, "jenkins", "java-ns"));
        assert!(!own.permits(&team, "jenkins", "other"), "only its own namespace");
        assert!(!own.permits(&team, "loki", "java-ns"));
        assert!(!one(json!([{"teams": ["python-1"]}])).permits(&team, "jenkins", "java-ns"));
        let named = one(json!([{"namespaces": ["shared"]}]));
        assert!(named.permits(&team, "jenkins", "shared"));
        assert!(!named.permits(&team, "jenkins", "java-ns"), "what is named is all there is");
        assert!(named.offers("java", "any"));
    }
}
