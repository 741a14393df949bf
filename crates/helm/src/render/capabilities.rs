//! What the cluster can do, as templates ask for it.

use std::{any::Any, rc::Rc};

use crate::value::{Element, Map, Object, Value};

/// The version of Helm whose behaviour this is.
const HELM: &str = "v4.2";
/// The Go it is built with. Charts have no reason to ask.
const GO: &str = "go1.26.6";
/// What stands for a cluster when there is none.
const KUBERNETES: &str = "v1.36.0";

/// A version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// As the cluster tells it: `v1.33.4-gke.1245000`.
    pub version: String,
    /// The numbers alone: `v1.33.4`. Constraints are checked against it.
    pub normalized: String,
    /// The first number.
    pub major: String,
    /// The second.
    pub minor: String,
}

impl KubeVersion {
    /// Reads a version, with or without a `v`.
    ///
    /// # Errors
    /// When it does not begin with two numbers.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no version of Kubernetes: it begins as 1.36");
        let trimmed = text.trim();
        let numbers = trimmed.strip_prefix('v').unwrap_or(trimmed);
        let end = numbers.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(numbers.len());
        let parts: Vec<u64> = numbers[..end]
            .trim_end_matches('.')
            .split('.')
            .map(|part| part.parse().map_err(|_| wrong()))
            .collect::<Result<_, _>>()?;
        let [major, minor, ..] = parts.as_slice() else { return Err(wrong()) };
        let joined = parts.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
        Ok(Self {
            version: if text.starts_with('v') { text.into() } else { format!("v{text}") },
            normalized: format!("v{joined}"),
            major: major.to_string(),
            minor: minor.to_string(),
        })
    }
}

/// `.Capabilities`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// `.KubeVersion`.
    pub kube_version: KubeVersion,
    /// `.APIVersions`: groups with versions, and with kinds.
    pub api_versions: Vec<String>,
}

impl Default for Capabilities {
    /// What `helm template` takes for granted.
    fn default() -> Self {
        Self {
            kube_version: KubeVersion {
                version: KUBERNETES.into(),
                normalized: KUBERNETES.into(),
                major: "1".into(),
                minor: "36".into(),
            },
            api_versions: API_VERSIONS.split_whitespace().map(str::to_owned).collect(),
        }
    }
}

impl Capabilities {
    pub(super) fn to_value(&self) -> Value {
        Value::Object(Rc::new(CapabilitiesObject {
            kube_version: Rc::new(KubeVersionObject(self.kube_version.clone())),
            api_versions: Rc::new(VersionSet(self.api_versions.clone())),
            helm_version: Rc::new(BuildInfo),
        }))
    }
}

/// The groups that Helm's own libraries know.
const API_VERSIONS: &str = "
    v1 admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1
    internal.apiserver.k8s.io/v1alpha1 apps/v1 apps/v1beta1 apps/v1beta2 authentication.k8s.io/v1
    authentication.k8s.io/v1alpha1 authentication.k8s.io/v1beta1 authorization.k8s.io/v1 authorization.k8s.io/v1beta1
    autoscaling/v1 autoscaling/v2 batch/v1 batch/v1beta1 certificates.k8s.io/v1 certificates.k8s.io/v1beta1
    certificates.k8s.io/v1alpha1 coordination.k8s.io/v1alpha2 coordination.k8s.io/v1beta1 coordination.k8s.io/v1
    discovery.k8s.io/v1 discovery.k8s.io/v1beta1 events.k8s.io/v1 events.k8s.io/v1beta1 extensions/v1beta1
    flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2
    flowcontrol.apiserver.k8s.io/v1beta3 networking.k8s.io/v1 networking.k8s.io/v1beta1 node.k8s.io/v1
    node.k8s.io/v1alpha1 node.k8s.io/v1beta1 policy/v1 policy/v1beta1 rbac.authorization.k8s.io/v1
    rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1 resource.k8s.io/v1 resource.k8s.io/v1beta2
    resource.k8s.io/v1beta1 resource.k8s.io/v1alpha3 scheduling.k8s.io/v1alpha2 scheduling.k8s.io/v1beta1
    scheduling.k8s.io/v1 storage.k8s.io/v1beta1 storage.k8s.io/v1 storage.k8s.io/v1alpha1
    storagemigration.k8s.io/v1beta1 apiextensions.k8s.io/v1beta1 apiextensions.k8s.io/v1
";

struct CapabilitiesObject {
    kube_version: Rc<KubeVersionObject>,
    api_versions: Rc<VersionSet>,
    helm_version: Rc<BuildInfo>,
}

/// A field takes no arguments.
pub(super) fn field(arguments: &[Value], value: impl Into<Value>) -> Option<Result<Value, String>> {
    if arguments.is_empty() {
        Some(Ok(value.into()))
    } else {
        Some(Err("it is no method, and takes no arguments".into()))
    }
}

impl Object for CapabilitiesObject {
    fn type_name(&self) -> &'static str {
        "*common.Capabilities"
    }

    fn kind(&self) -> &'static str {
        "ptr"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        match name {
            "KubeVersion" => field(arguments, Value::Object(self.kube_version.clone())),
            "APIVersions" => field(arguments, Value::Object(self.api_versions.clone())),
            "HelmVersion" => field(arguments, Value::Object(self.helm_version.clone())),
            _ => None,
        }
    }

    fn print(&self) -> String {
        // A pointer within is printed as its text.
        format!(
            "&{{{} {} {}}}",
            self.kube_version.0.version,
            self.api_versions.print(),
            self.helm_version.print()
        )
    }

    fn data(&self) -> Value {
        let fields: [(&str, Value); 3] = [
            ("KubeVersion", self.kube_version.data()),
            ("APIVersions", self.api_versions.data()),
            ("HelmVersion", self.helm_version.data()),
        ];
        Value::Map(fields.into_iter().collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct KubeVersionObject(KubeVersion);

impl Object for KubeVersionObject {
    fn type_name(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        match name {
            "Version" | "GitVersion" => field(arguments, self.0.version.as_str()),
            "Major" => field(arguments, self.0.major.as_str()),
            "Minor" => field(arguments, self.0.minor.as_str()),
            "String" => field(arguments, self.0.normalized.as_str()),
            _ => None,
        }
    }

    fn print(&self) -> String {
        self.0.normalized.clone()
    }

    fn data(&self) -> Value {
        let fields = [("Version", &self.0.version), ("Major", &self.0.major), ("Minor", &self.0.minor)];
        Value::Map(fields.into_iter().map(|(key, value)| (key, value.as_str())).collect::<Map>())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct VersionSet(Vec<String>);

impl Object for VersionSet {
    fn type_name(&self) -> &'static str {
        "common.VersionSet"
    }

    fn kind(&self) -> &'static str {
        "slice"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        match (name, arguments) {
            ("Has", [Value::String(version)]) => {
                Some(Ok(self.0.iter().any(|known| known.as_bytes() == version.as_bytes()).into()))
            }
            ("Has", [other]) => {
                Some(Err(format!("wrong type for value; expected string; got {}", other.type_name())))
            }
            ("Has", _) => Some(Err(format!("wrong number of args for Has: want 1 got {}", arguments.len()))),
            _ => None,
        }
    }

    fn print(&self) -> String {
        format!("[{}]", self.0.join(" "))
    }

    fn data(&self) -> Value {
        Value::List(Rc::new(self.0.iter().map(|version| version.as_str().into()).collect()), Element::String)
    }

    fn truth(&self) -> bool {
        !self.0.is_empty()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct BuildInfo;

impl Object for BuildInfo {
    fn type_name(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        match name {
            "Version" => field(arguments, HELM),
            "GitCommit" | "GitTreeState" => field(arguments, ""),
            "GoVersion" => field(arguments, GO),
            "KubeClientVersion" => field(arguments, "v1.36"),
            _ => None,
        }
    }

    fn print(&self) -> String {
        format!("{{{HELM}   {GO} v1.36}}")
    }

    fn data(&self) -> Value {
        let fields = [("version", HELM), ("go_version", GO), ("kube_client_version", "v1.36")];
        Value::Map(fields.into_iter().collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
