//! Group: clusters picked by label.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    cluster::Cluster,
    release::{ChartValues, check_chart_values},
};
use crate::{Cause, object::resource, selector::Selector};

/// The label that every cluster counts as carrying, with its name as the value.
pub const CLUSTER_NAME_LABEL: &str = "nagaya.dev/cluster";

/// What is wanted of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupSpec {
    /// Label selector over clusters, as kubectl's `-l`; empty for all clusters. Each cluster counts as carrying the
    /// label `nagaya.dev/cluster` with its name.
    pub selector: String,
    /// Values for charts on its clusters, by `repository/chart`. A cluster in several groups takes them in the groups'
    /// order by name, the last on top.
    #[serde(default, skip_serializing_if = "ChartValues::is_empty")]
    #[schema(value_type = Object)]
    pub chart_values: ChartValues,
}

/// What is known of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct GroupStatus {
    /// The generation of the spec that this is about.
    pub observed_generation: i64,
    /// Names of the clusters in it, sorted.
    pub clusters: Vec<String>,
}

resource!(
    /// Clusters picked by label.
    Group, GroupSpec, GroupStatus,
    check: |group| {
        let mut causes: Vec<Cause> = check_selector("spec.selector", &group.spec.selector).into_iter().collect();
        causes.extend(check_chart_values(&group.spec.chart_values));
        causes
    }
);

/// The cause when a text is no selector.
pub(super) fn check_selector(field: &str, text: &str) -> Option<Cause> {
    let error = text.parse::<Selector>().err()?;
    Some(Cause::invalid(field, error.to_string(), "as for kubectl get -l"))
}

impl Cluster {
    /// The labels that selectors of groups and bundles see: its own, and [`CLUSTER_NAME_LABEL`].
    pub fn selectable_labels(&self) -> BTreeMap<String, String> {
        let mut labels = self.metadata.labels.clone();
        labels.insert(CLUSTER_NAME_LABEL.to_owned(), self.metadata.name.clone());
        labels
    }
}
