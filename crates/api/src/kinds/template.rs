//! Template: how a workspace of a kind looks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Cause,
    agent::{RELAY_PORT, RELAY_READY_PORT},
    names,
    object::resource,
    quantity::{Bytes, MilliCpu},
};

/// How a workspace is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// A desktop over RFB (VNC), shown in the console. RFC 6143.
    #[default]
    Rfb,
}

/// One port that may be reached from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplatePort {
    /// Its name.
    pub name: String,
    /// Its number, on the pod's loopback.
    pub port: u16,
    /// What is spoken on it.
    #[serde(default)]
    pub protocol: Protocol,
}

/// What a workspace may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resources {
    /// CPU that is kept free for it.
    pub cpu: MilliCpu,
    /// Memory that is kept free for it.
    pub memory: Bytes,
    /// CPU it may use at most; none: what its cluster has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_limit: Option<MilliCpu>,
    /// Memory it may use at most; none: as much as is kept free for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<Bytes>,
}

/// What is wanted of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateSpec {
    /// The name shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// What it is for, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Name of the Image.
    pub image: String,
    /// What a workspace may use.
    pub resources: Resources,
    /// Size of the home. A change is for homes made afterwards.
    pub home_size: Bytes,
    /// Ports that may be reached; the first is the one "Open" shows.
    #[serde(default = "rfb_port")]
    pub ports: Vec<TemplatePort>,
    /// Environment of the workspace's programs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
}

fn rfb_port() -> Vec<TemplatePort> {
    vec![TemplatePort { name: "desktop".into(), port: 5901, protocol: Protocol::Rfb }]
}

/// What is known of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateStatus {
    /// Workspaces made from it, deleted ones not counted.
    pub workspaces: u32,
}

resource!(
    /// How a workspace of a kind looks. One with `metadata.team` is that team's own; one without is for all.
    Template, TemplateSpec, TemplateStatus,
    check: |template| {
        let spec = &template.spec;
        let mut causes = Vec::new();
        causes.extend(names::check("spec.image", &spec.image).err());
        if spec.home_size < Bytes(16 << 20) {
            causes.push(Cause::invalid("spec.homeSize", format!("{} holds no home", spec.home_size), "give at least 16Mi"));
        }
        if spec.resources.memory < Bytes(32 << 20) {
            causes.push(Cause::invalid("spec.resources.memory", format!("{} is too little", spec.resources.memory), "give at least 32Mi"));
        }
        if spec.resources.memory_limit.is_some_and(|limit| limit < spec.resources.memory) {
            causes.push(Cause::invalid("spec.resources.memoryLimit", "is below memory", "raise it, or remove it"));
        }
        if spec.resources.cpu_limit.is_some_and(|limit| limit < spec.resources.cpu) {
            causes.push(Cause::invalid("spec.resources.cpuLimit", "is below cpu", "raise it, or remove it"));
        }
        if spec.ports.is_empty() {
            causes.push(Cause::required("spec.ports", "name at least the desktop's port"));
        }
        for (at, port) in spec.ports.iter().enumerate() {
            causes.extend(names::check(&format!("spec.ports[{at}].name"), &port.name).err());
            if [0, RELAY_PORT, RELAY_READY_PORT].contains(&port.port) {
                causes.push(Cause::invalid(format!("spec.ports[{at}].port"), format!("{} cannot be used", port.port), "choose another port"));
            }
            if spec.ports[..at].iter().any(|earlier| earlier.name == port.name || earlier.port == port.port) {
                causes.push(Cause::invalid(format!("spec.ports[{at}]"), "is listed twice", "remove one"));
            }
        }
        for name in spec.environment.keys() {
            let good = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
            if name.is_empty() || !good {
                causes.push(Cause::invalid(format!("spec.environment.{name}"), "is no name of an environment variable", "use letters, digits and '_'"));
            }
        }
        causes
    }
);
