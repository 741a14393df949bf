//! Workspaces that are releases of charts: what is told of them, and what they are made from.

use std::collections::BTreeMap;

use nagaya_api::{
    Cluster, Workspace,
    agent::ReleaseObservation,
    kinds::release::{ChartValues, layered},
};

use super::{Model, World};
use crate::{
    intent::PREFIX,
    release::{Groups, chart_layers},
};

impl World {
    /// Whether a workspace is a release of a chart.
    pub(super) fn is_charted(&self, workspace: &Workspace) -> bool {
        self.templates.get(&workspace.spec.template).is_some_and(|template| template.spec.chart.is_some())
    }
}

/// The values that groups and a cluster have for the charts of templates.
pub(super) fn chart_values(world: &World, cluster: &Cluster, groups: &Groups<'_>) -> ChartValues {
    let keys = world.templates.values().filter_map(|template| Some(template.spec.chart.as_ref()?.key()));
    keys.map(|key| {
        let members = groups.values().filter(|(_, members)| members.contains(&cluster.metadata.name));
        let layers = chart_layers(cluster, members.map(|(group, _)| *group), &key);
        let values = layered(layers.iter().map(|(_, values)| *values));
        (key, values)
    })
    .collect()
}

/// What an agent told of workspaces that are releases, by uid.
#[derive(Clone, Debug, Default)]
pub(super) struct Environments(BTreeMap<String, (ReleaseObservation, bool)>);

impl Environments {
    /// What was told last.
    pub(super) fn get(&self, uid: &str) -> Option<&ReleaseObservation> {
        self.0.get(uid).map(|(seen, _)| seen)
    }

    /// The agent begins to tell what is.
    pub(super) fn hello(&mut self) {
        self.0.values_mut().for_each(|(_, fresh)| *fresh = false);
    }

    /// It has told all that is: what it did not name is not there.
    pub(super) fn synced(&mut self) {
        self.0.retain(|_, (_, fresh)| *fresh);
    }

    /// A workspace is not there any more.
    pub(super) fn forget(&mut self, uid: &str) {
        self.0.remove(uid);
    }

    /// How many are known.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Model {
    /// The workspace that an agent knows as this release, if it is one on its cluster.
    fn environment(&self, cluster: &str, name: &str, uid: &str) -> Option<String> {
        let name = name.strip_prefix(PREFIX)?;
        let workspace = self.world.workspaces.get(name)?;
        let same = workspace.metadata.uid == uid && workspace.spec.cluster == cluster;
        same.then(|| name.to_owned())
    }

    /// An agent tells of a release that is a workspace, or that nothing of it is left. Returns whether it is one.
    pub(super) fn environment_told(
        &mut self,
        cluster: &str,
        name: &str,
        uid: &str,
        seen: Option<ReleaseObservation>,
    ) -> bool {
        let Some(workspace) = self.environment(cluster, name, uid) else { return false };
        let Some(view) = self.views.get_mut(cluster) else { return false };
        match seen {
            Some(seen) => drop(view.environments.0.insert(uid.to_owned(), (seen, true))),
            None => drop(view.environments.0.remove(uid)),
        }
        self.dirty.workspaces.insert(workspace);
        true
    }

    /// Whether a cluster has a workspace that its agent knows as this release.
    pub(super) fn has_environment(&self, cluster: &str, name: &str) -> bool {
        let workspace = name.strip_prefix(PREFIX).and_then(|name| self.world.workspaces.get(name));
        workspace.is_some_and(|workspace| workspace.spec.cluster == cluster)
    }
}
