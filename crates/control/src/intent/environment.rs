//! A workspace that is a release of a chart.

use nagaya_api::{
    Template, Workspace,
    agent::{ChartReference, Environment, ReleaseIntent},
    kinds::{
        release::{RESOLVED, layered},
        template::TemplateChart,
        workspace::WorkspaceState,
    },
};
use serde_json::Value;

use super::{Problem, Rendered, World, claim_name, network};
use crate::release::{act_as, content};

/// Begins the names that agents know releases by which are workspaces: no Release is called so.
pub(crate) const PREFIX: &str = "workspace/";

/// How long a hook of the chart may take, in seconds.
const TIMEOUT: u32 = 300;

/// What a workspace of a template with a chart consists of, its home aside.
pub(super) fn into(
    rendered: &mut Rendered,
    world: &World<'_>,
    workspace: &Workspace,
    template: &Template,
    chart: &TemplateChart,
) {
    rendered.objects.push(network::instance_policy(workspace));
    // Stopped: nothing of the chart is there, and the next start has the template as it is then.
    if workspace.spec.state != WorkspaceState::Running {
        return;
    }
    let place = (workspace.spec.namespace.as_str(), workspace.metadata.name.as_str());
    if let Some(other) = world.taken.get(&place) {
        rendered.problems.push(problem(workspace, format!(
            "release \"{other}\" has its name in namespace \"{}\": uninstall that, or create the workspace by another name",
            place.0
        )));
        return;
    }
    match release(world, workspace, template, chart) {
        Some(release) => rendered.releases.push(release),
        None => {
            let said = template.status.conditions.iter().find(|one| one.kind == RESOLVED && !one.status);
            let why = said.map_or_else(|| "it is being looked for".to_owned(), |one| one.message.clone());
            let why = format!("the chart of template \"{}\" was not found: {why}", template.metadata.name);
            let kept = world.previous_releases.iter().find(|told| told.0.uid == workspace.metadata.uid);
            let runs = workspace.status.pod.is_some();
            rendered.problems.push(Problem { endangers: runs && kept.is_none(), ..problem(workspace, why) });
            rendered.releases.extend(kept.map(|told| told.0.clone()));
        }
    }
}

fn problem(workspace: &Workspace, why: String) -> Problem {
    Problem { workspace: workspace.metadata.name.clone(), why, endangers: false }
}

fn release(
    world: &World<'_>,
    workspace: &Workspace,
    template: &Template,
    chart: &TemplateChart,
) -> Option<ReleaseIntent> {
    let found = template.resolved()?;
    let name = &workspace.metadata.name;
    let below = world.chart_values.get(&chart.key());
    let values = chart.with_home(layered(below.into_iter().chain([&chart.values])), &claim_name(name));
    Some(ReleaseIntent {
        name: format!("{PREFIX}{name}"),
        uid: workspace.metadata.uid.clone(),
        release_name: name.clone(),
        namespace: workspace.spec.namespace.clone(),
        create_namespace: false,
        chart: ChartReference {
            name: found.name.clone(),
            version: found.version.clone(),
            digest: found.digest.clone(),
        },
        content: content(&found.digest, &values, false),
        values: Value::Object(values),
        act_as: Some(act_as(Some(&workspace.spec.team))),
        // As with other workspaces, what is in the way may pass: it is waited for, and nothing is taken back.
        atomic: false,
        wait: false,
        timeout_seconds: TIMEOUT,
        hooks: true,
        // A team may not install kinds for the whole cluster, and a workspace must not.
        crds: false,
        ignore: Vec::new(),
        rollback: false,
        hold: false,
        attempt: 0,
        test: 0,
        environment: Some(Environment {
            service: chart.service(name),
            ports: template.spec.ports.iter().map(|port| port.port).collect(),
        }),
    })
}
