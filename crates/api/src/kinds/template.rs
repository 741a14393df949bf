//! Template: how a workspace of a kind looks.

mod chart;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Cause,
    agent::{RELAY_PORT, RELAY_READY_PORT},
    condition::Condition,
    kinds::release_version::ResolvedChart,
    names,
    object::resource,
    quantity::{Bytes, MilliCpu},
};
pub use chart::TemplateChart;

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
    /// Its number: on the pod's loopback, or of a chart's Service.
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
    /// Name of the Image. Either this or `chart`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// The chart that a workspace is a release of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<TemplateChart>,
    /// What a workspace may use. With an image only: a chart's values say it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// Size of the home. A change is for homes made afterwards.
    pub home_size: Bytes,
    /// Ports that may be reached; the first is the one "Open" shows.
    #[serde(default = "rfb_port")]
    pub ports: Vec<TemplatePort>,
    /// Environment of the workspace's programs. With an image only.
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
    /// What the version of its chart stands for now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<ResolvedChart>,
    /// Conditions: `Resolved` of one with a chart: whether it was found, takes the values, and makes the Service.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

resource!(
    /// How a workspace of a kind looks. One with `metadata.team` is that team's own; one without is for all.
    Template, TemplateSpec, TemplateStatus,
    check: |template| {
        let spec = &template.spec;
        let mut causes = Vec::new();
        match (&spec.chart, spec.image.is_empty()) {
            (Some(chart), _) => causes.extend(chart::check(spec, chart)),
            (None, true) => causes.push(Cause::required("spec.image", "name an Image, or a chart in spec.chart")),
            (None, false) => causes.extend(names::check("spec.image", &spec.image).err()),
        }
        if spec.home_size < Bytes(16 << 20) {
            causes.push(Cause::invalid("spec.homeSize", format!("{} holds no home", spec.home_size), "give at least 16Mi"));
        }
        match &spec.resources {
            Some(resources) => causes.extend(check_resources(resources)),
            None if spec.chart.is_none() => {
                causes.push(Cause::required("spec.resources", "give cpu and memory"));
            }
            None => {}
        }
        if spec.ports.is_empty() {
            causes.push(Cause::required("spec.ports", "name at least the desktop's port"));
        }
        for (at, port) in spec.ports.iter().enumerate() {
            causes.extend(names::check(&format!("spec.ports[{at}].name"), &port.name).err());
            let taken = spec.chart.is_none() && [RELAY_PORT, RELAY_READY_PORT].contains(&port.port);
            if port.port == 0 || taken {
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
    },
    change: |new, old| {
        let mut causes = Vec::new();
        if new.spec.chart.is_some() != old.spec.chart.is_some() {
            let mend = "create another template, and give it to workspaces while they are stopped";
            causes.push(Cause::invalid("spec.chart", "cannot be added or taken away", mend));
        }
        causes
    }
);

fn check_resources(resources: &Resources) -> Vec<Cause> {
    let mut causes = Vec::new();
    if resources.memory < Bytes(32 << 20) {
        causes.push(Cause::invalid(
            "spec.resources.memory",
            format!("{} is too little", resources.memory),
            "give at least 32Mi",
        ));
    }
    if resources.memory_limit.is_some_and(|limit| limit < resources.memory) {
        causes.push(Cause::invalid(
            "spec.resources.memoryLimit",
            "is below memory",
            "raise it, or remove it",
        ));
    }
    if resources.cpu_limit.is_some_and(|limit| limit < resources.cpu) {
        causes.push(Cause::invalid("spec.resources.cpuLimit", "is below cpu", "raise it, or remove it"));
    }
    causes
}

impl Template {
    /// What the version of its chart stands for, if that is known of the chart it names now.
    pub fn resolved(&self) -> Option<&ResolvedChart> {
        let named = self.spec.chart.as_ref()?;
        self.status
            .chart
            .as_ref()
            .filter(|found| found.repository == named.repository && found.name == named.chart)
    }
}

#[cfg(test)]
mod tests;
