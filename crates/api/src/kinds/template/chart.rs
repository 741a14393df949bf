//! A template whose workspaces are releases of a chart.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TemplateSpec;
use crate::{
    Cause,
    kinds::{
        release::{SecretPath, Values, check_values, check_version},
        repository::check_chart,
    },
    names,
};

/// What stands for the name of the workspace in the name of a Service.
const WORKSPACE: &str = "{workspace}";
/// Longest name of a Service.
const LABEL: usize = 63;

/// A chart that is an environment: a workspace is a release of it, called as the workspace, in the team's namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateChart {
    /// Name of the Repository.
    pub repository: String,
    /// Name of the chart in it.
    pub chart: String,
    /// Its version, or a constraint such as `^5.1` or `>=1.2 <2`: the newest that fits, for workspaces that are started from
    /// then on. Empty: the newest.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Values that differ from those of chart, group and cluster; null takes one away.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    #[schema(value_type = Object)]
    pub values: Values,
    /// Name of the Service that `ports` are of; `{workspace}` stands for the workspace's name. Empty: as the workspace.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service: String,
    /// Where in the values the chart takes the name of the PersistentVolumeClaim of the home, for instance
    /// `persistence.existingClaim`. Empty: it keeps nothing, and there is no home.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub home_value: String,
}

impl TemplateChart {
    /// Name of the Service of a workspace.
    pub fn service(&self, workspace: &str) -> String {
        match self.service.as_str() {
            "" => workspace.to_owned(),
            service => service.replace(WORKSPACE, workspace),
        }
    }

    /// Its name together with its repository's, as groups and clusters have values for it.
    pub fn key(&self) -> String {
        format!("{}/{}", self.repository, self.chart)
    }

    /// The values with the claim of a home in its place.
    pub fn with_home(&self, mut values: Values, claim: &str) -> Values {
        // One that is no path was refused when the template was written.
        if let Ok(path) = self.home_value.parse::<SecretPath>() {
            path.put(&mut values, claim.into());
        }
        values
    }
}

/// What is wrong with the chart of a template.
pub(super) fn check(spec: &TemplateSpec, chart: &TemplateChart) -> Vec<Cause> {
    let mut causes = Vec::new();
    causes.extend(names::check("spec.chart.repository", &chart.repository).err());
    causes.extend(check_chart("spec.chart.chart", &chart.chart));
    causes.extend(check_version("spec.chart.version", &chart.version));
    causes.extend(check_values("spec.chart.values", &chart.values));
    // A port of a Service may be any; those of an image's template are of the pod that the relay is in.
    let longest = chart.service(&"a".repeat(names::MAX_NAME));
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let good = longest.len() <= LABEL
        && longest.starts_with(|c: char| c.is_ascii_lowercase())
        && longest.ends_with(edge)
        && longest.chars().all(|c| edge(c) || c == '-');
    if !good {
        let message = format!("\"{}\" is no name of a Service", chart.service);
        let mend = format!(
            "for instance {WORKSPACE}-desktop: at most {LABEL} characters with a workspace's name of {}",
            names::MAX_NAME
        );
        causes.push(Cause::invalid("spec.chart.service", message, mend));
    }
    if !chart.home_value.is_empty() {
        match chart.home_value.parse::<SecretPath>() {
            Err(error) => {
                let mend = "for instance persistence.existingClaim";
                causes.push(Cause::invalid("spec.chart.homeValue", error.to_string(), mend));
            }
            Ok(path) if path.is_in(&chart.values) => {
                let message = format!("{} stands in spec.chart.values too", chart.home_value);
                let mend = "remove it there: Nagaya puts the name of the home's claim in its place";
                causes.push(Cause::invalid("spec.chart.homeValue", message, mend));
            }
            Ok(_) => {}
        }
    }
    // What a chart's pods are like, only the chart says.
    let mend = "remove it: what the chart has of it is in spec.chart.values";
    let mut beside = |field: &str, there: bool| {
        if there {
            causes.push(Cause::invalid(field, "stands beside spec.chart", mend));
        }
    };
    beside("spec.image", !spec.image.is_empty());
    beside("spec.resources", spec.resources.is_some());
    beside("spec.environment", !spec.environment.is_empty());
    causes
}
