//! Intents: what a cluster should hold, derived from the objects of Nagaya.
//!
//! [`render`] is pure and its result deterministic: the same objects give the same bytes, so that an intent's hash
//! changes when its content does and never else.

mod environment;
mod home;
mod network;
mod pod;
mod relay;
mod team;
mod workload;

use std::{collections::BTreeMap, sync::Arc};

use nagaya_api::{
    Image, Team, Template, Workspace,
    agent::{
        MANAGED_BY, MANAGED_BY_LABEL, OWNER_LABEL, Purge, ReleaseIntent, TEAM_LABEL, WORKSPACE_LABEL,
        WORKSPACE_UID_LABEL,
    },
    kinds::{release::ChartValues, workspace::WorkspaceState},
};
use serde_json::{Value, json};

use crate::{release::Told, version::Minor};
pub(crate) use environment::PREFIX;
pub use home::claim_name;
pub use relay::RelayMaterial;

/// What the operator decided, for all clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentSettings {
    /// OCI image of `nagaya-relay`, as clusters pull it.
    pub relay_image: String,
    /// StorageClass of homes; empty: the cluster's default.
    pub storage_class: String,
}

/// Everything that an intent is made of, for one cluster.
#[derive(Clone, Debug)]
pub struct World<'a> {
    /// Name of the cluster.
    pub cluster: &'a str,
    /// Version of its API server.
    pub version: Minor,
    /// All teams by name; those of other clusters are left out here.
    pub teams: &'a BTreeMap<String, Team>,
    /// All workspaces by name; those of other clusters are left out here.
    pub workspaces: &'a BTreeMap<String, Workspace>,
    /// All templates by name.
    pub templates: &'a BTreeMap<String, Template>,
    /// All images by name.
    pub images: &'a BTreeMap<String, Image>,
    /// Relays' certificates by workspace uid.
    pub relays: &'a BTreeMap<String, RelayMaterial>,
    /// Settings.
    pub settings: &'a IntentSettings,
    /// Values that groups and the cluster have for charts, laid over each other.
    pub chart_values: &'a ChartValues,
    /// Releases on the cluster that are no workspaces: namespace and name in Helm, with the name in Nagaya.
    pub taken: &'a BTreeMap<(&'a str, &'a str), &'a str>,
    /// The intent before this one, where it is known.
    pub previous: &'a [Value],
    /// Its releases.
    pub previous_releases: &'a [Arc<Told>],
}

/// What a cluster should hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rendered {
    /// Kubernetes objects.
    pub objects: Vec<Value>,
    /// Workspaces that are releases.
    pub releases: Vec<ReleaseIntent>,
    /// Homes to remove.
    pub purge: Vec<Purge>,
    /// Workspaces that could not be rendered anew, and why. What they had stays as it was.
    pub problems: Vec<Problem>,
}

/// Why a workspace could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("workspace \"{workspace}\": {why}")]
pub struct Problem {
    /// The workspace.
    pub workspace: String,
    /// Why, in words.
    pub why: String,
    /// Whether the workspace may run by an earlier intent that is not known any more. To deliver an intent without
    /// it would end it.
    pub endangers: bool,
}

impl Problem {
    /// That it names something that is not there.
    fn missing(workspace: &Workspace, kind: &str, name: &str) -> Self {
        let why = format!("{kind} \"{name}\" is not there; create it, or delete the workspace");
        Self { workspace: workspace.metadata.name.clone(), why, endangers: false }
    }
}

impl Rendered {
    /// The first problem for which this must not be delivered, if any.
    pub fn obstacle(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.endangers)
    }
}

/// Derives the intent of one cluster.
pub fn render(world: &World<'_>) -> Rendered {
    let mut rendered = Rendered::default();
    let namespaces = namespaces(world.cluster, world.teams, world.workspaces);
    for (namespace, team) in &namespaces {
        rendered.objects.extend(team::objects(namespace, team, world.version));
    }
    // Also where there is no team yet: operations look at a cluster before they give it to one.
    rendered.objects.push(team::operations());
    for workspace in placed(world.cluster, world.workspaces) {
        workspace_into(&mut rendered, world, workspace);
    }
    rendered
}

fn placed<'a>(
    cluster: &'a str,
    workspaces: &'a BTreeMap<String, Workspace>,
) -> impl Iterator<Item = &'a Workspace> {
    workspaces.values().filter(move |workspace| {
        // Without a namespace it was not placed yet.
        workspace.spec.cluster == cluster && !workspace.spec.namespace.is_empty()
    })
}

/// The teams of a cluster by namespace: a team's namespace is there on its cluster, and wherever workspaces of it still
/// are.
pub fn namespaces(
    cluster: &str,
    teams: &BTreeMap<String, Team>,
    workspaces: &BTreeMap<String, Workspace>,
) -> BTreeMap<String, String> {
    let here = placed(cluster, workspaces);
    let mut namespaces: BTreeMap<String, String> =
        here.map(|workspace| (workspace.spec.namespace.clone(), workspace.spec.team.clone())).collect();
    for team in teams.values().filter(|team| team.spec.cluster == cluster) {
        namespaces.insert(team.namespace().to_owned(), team.metadata.name.clone());
    }
    namespaces
}

fn workspace_into(rendered: &mut Rendered, world: &World<'_>, workspace: &Workspace) {
    if workspace.metadata.deletion_timestamp.is_some() {
        rendered.purge.push(Purge {
            namespace: workspace.spec.namespace.clone(),
            claim: claim_name(&workspace.metadata.name),
        });
        return;
    }
    let Some(size) = home::size(workspace, world.templates) else {
        // Without a size there is no claim yet, and nothing runs.
        rendered.problems.push(missing_template(workspace));
        return;
    };
    let template = world.templates.get(&workspace.spec.template);
    let chart = template.and_then(|template| Some((template, template.spec.chart.as_ref()?)));
    // A chart that takes no home has none.
    if chart.is_none_or(|(_, chart)| !chart.home_value.is_empty()) {
        rendered.objects.push(home::claim(workspace, size, world.settings));
    }
    if workspace.spec.state == WorkspaceState::Deleted {
        return;
    }
    if let Some((template, chart)) = chart {
        return environment::into(rendered, world, workspace, template, chart);
    }
    match parts(world, workspace) {
        Ok((template, image, relay)) => {
            rendered.objects.push(relay::secret(workspace, relay));
            rendered.objects.push(network::service(workspace));
            rendered.objects.push(network::policy(workspace));
            rendered.objects.push(workload::stateful_set(workspace, template, image, world));
        }
        Err(problem) => {
            let kept = world.previous.iter().filter(|object| is_of(object, workspace)).cloned();
            let before = rendered.objects.len();
            rendered.objects.extend(kept);
            let kept_any = rendered.objects.len() > before;
            let may_run = workspace.spec.state == WorkspaceState::Running && workspace.status.pod.is_some();
            rendered.problems.push(Problem { endangers: may_run && !kept_any, ..problem });
        }
    }
}

type Parts<'a> = (&'a Template, &'a Image, &'a RelayMaterial);

fn parts<'a>(world: &World<'a>, workspace: &Workspace) -> Result<Parts<'a>, Problem> {
    let problem = |kind, name| Problem::missing(workspace, kind, name);
    let template =
        world.templates.get(&workspace.spec.template).ok_or_else(|| missing_template(workspace))?;
    let image =
        world.images.get(&template.spec.image).ok_or_else(|| problem("Image", &template.spec.image))?;
    let relay = world
        .relays
        .get(&workspace.metadata.uid)
        .ok_or_else(|| problem("certificate of the relay of uid", &workspace.metadata.uid))?;
    Ok((template, image, relay))
}

fn missing_template(workspace: &Workspace) -> Problem {
    Problem::missing(workspace, "Template", &workspace.spec.template)
}

/// Whether an object of an earlier intent belongs to the workspace, its home aside.
fn is_of(object: &Value, workspace: &Workspace) -> bool {
    object["kind"] != "PersistentVolumeClaim"
        && object["metadata"]["labels"][WORKSPACE_UID_LABEL] == workspace.metadata.uid.as_str()
}

/// Labels of every object of a workspace.
fn labels(workspace: &Workspace) -> Value {
    json!({
        MANAGED_BY_LABEL: MANAGED_BY,
        WORKSPACE_LABEL: workspace.metadata.name,
        WORKSPACE_UID_LABEL: workspace.metadata.uid,
        TEAM_LABEL: workspace.spec.team,
        OWNER_LABEL: workspace.spec.owner,
    })
}

/// Metadata of an object of a workspace.
fn metadata(workspace: &Workspace, name: &str) -> Value {
    json!({ "name": name, "namespace": workspace.spec.namespace, "labels": labels(workspace) })
}

#[cfg(test)]
mod tests;
