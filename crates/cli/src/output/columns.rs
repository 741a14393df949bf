//! The columns of each kind's table.

use jiff::Timestamp;
use nagaya_api::{
    Bundle, BundleVersion, Cluster, Group, Image, Kind, RawObject, Release, ReleaseVersion, Repository,
    Resource as _, Source, Team, Template, User, Workspace, agent::NetworkPolicySupport,
    kinds::team::TeamRole,
};

use super::{Table, age};

/// Column names of a kind.
pub fn header(kind: Kind, wide: bool) -> Vec<&'static str> {
    let (narrow, more): (&[&str], &[&str]) = match kind {
        Kind::Cluster => (
            &["NAME", "STATUS", "PROVIDER", "VERSION", "AGENT", "WORKSPACES", "AGE"],
            &["CPU", "MEMORY", "NODES", "INTENT", "API", "POLICIES", "AGENT VERSION", "MESSAGE"],
        ),
        Kind::User => (&["NAME", "SHOWN AS", "ROLE", "LOGIN", "AGE"], &[]),
        Kind::Group => (&["NAME", "SELECTOR", "CLUSTERS", "AGE"], &["NAMES"]),
        Kind::Bundle => (
            &["NAME", "GROUPS", "VERSION", "READY", "STATUS", "AGE"],
            &["OBJECTS", "UPDATED", "UNREADY", "EACH", "MESSAGE"],
        ),
        Kind::BundleVersion => (&["NAME", "BUNDLE", "VERSION", "OBJECTS", "BY", "AGE"], &["MESSAGE"]),
        Kind::Source => (&["NAME", "STATUS", "COMMIT", "OBJECTS", "URL", "AGE"], &["REF", "PATH", "MESSAGE"]),
        Kind::Repository => {
            (&["NAME", "STATUS", "CHARTS", "FETCHED", "URL", "AGE"], &["VERSIONS", "TEAMS", "MESSAGE"])
        }
        Kind::Release => (
            &["NAME", "STATUS", "CHART", "VERSION", "TARGET", "NAMESPACE", "READY", "AGE"],
            &["TEAM", "CONSTRAINT", "RELEASE", "MESSAGE"],
        ),
        Kind::ReleaseVersion => {
            (&["NAME", "RELEASE", "VERSION", "CHART", "CHART VERSION", "BY", "AGE"], &["MESSAGE"])
        }
        Kind::Team => (&["NAME", "CLUSTER", "NAMESPACE", "MEMBERS", "AGE"], &["ADMINS"]),
        Kind::Image => (&["NAME", "REFERENCE", "AGE"], &["DESCRIPTION"]),
        Kind::Template => (
            &["NAME", "FROM", "CPU", "MEMORY", "HOME", "WORKSPACES", "TEAM", "AGE"],
            &["PORTS", "DESCRIPTION"],
        ),
        Kind::Workspace => (
            &["NAME", "STATUS", "OWNER", "TEAM", "TEMPLATE", "CLUSTER", "AGE"],
            &["NAMESPACE", "POD", "NODE", "RESTARTS", "HOME", "MESSAGE"],
        ),
    };
    narrow.iter().chain(if wide { more } else { &[] }).copied().collect()
}

/// A table of objects of one kind.
pub fn table(kind: Kind, objects: &[RawObject], wide: bool, now: Timestamp) -> Table {
    let mut table = Table::new(header(kind, wide));
    for object in objects {
        table.row(row(object, wide, now));
    }
    table
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "-".into() } else { text.into() }
}

/// The cells of an object. One that this version cannot read (a newer server's) shows its name at least.
pub fn row(object: &RawObject, wide: bool, now: Timestamp) -> Vec<String> {
    let age = age(object.metadata.creation_timestamp, now);
    let cells = match object.kind {
        Kind::Cluster => Cluster::from_raw(object).map(|cluster| of_cluster(&cluster, age.clone())),
        Kind::User => User::from_raw(object).map(|user| of_user(&user, age.clone())),
        Kind::Group => Group::from_raw(object).map(|group| of_group(&group, age.clone())),
        Kind::Bundle => Bundle::from_raw(object).map(|bundle| of_bundle(&bundle, age.clone())),
        Kind::BundleVersion => {
            BundleVersion::from_raw(object).map(|version| of_version(&version, age.clone()))
        }
        Kind::Source => Source::from_raw(object).map(|source| of_source(&source, age.clone())),
        Kind::Repository => Repository::from_raw(object).map(|one| of_repository(&one, age.clone(), now)),
        Kind::Release => Release::from_raw(object).map(|one| of_release(&one, age.clone())),
        Kind::ReleaseVersion => {
            ReleaseVersion::from_raw(object).map(|one| of_release_version(&one, age.clone()))
        }
        Kind::Team => Team::from_raw(object).map(|team| of_team(&team, age.clone())),
        Kind::Image => Image::from_raw(object).map(|image| of_image(&image, age.clone())),
        Kind::Template => Template::from_raw(object).map(|template| of_template(&template, age.clone())),
        Kind::Workspace => Workspace::from_raw(object).map(|workspace| of_workspace(&workspace, age.clone())),
    };
    let width = header(object.kind, wide).len();
    let mut cells = cells.unwrap_or_else(|_| vec![object.metadata.name.clone()]);
    cells.resize(cells.len().max(width), "?".into());
    cells.truncate(width);
    cells
}

fn of_group(group: &Group, age: String) -> Vec<String> {
    let clusters = &group.status.clusters;
    let selector = if group.spec.selector.is_empty() { "<all>" } else { &group.spec.selector };
    vec![
        group.metadata.name.clone(),
        selector.into(),
        clusters.len().to_string(),
        age,
        or_dash(&clusters.join(",")),
    ]
}

fn of_bundle(bundle: &Bundle, age: String) -> Vec<String> {
    let (spec, status) = (&bundle.spec, &bundle.status);
    let sum = &status.summary;
    let ready = status.conditions.iter().find(|condition| condition.kind == "Ready");
    let word = ready.map_or("", |condition| if condition.status { "Ready" } else { &condition.reason });
    vec![
        bundle.metadata.name.clone(),
        spec.groups.join(","),
        status.version.to_string(),
        format!("{}/{}", sum.ready, sum.targets),
        or_dash(word),
        age,
        spec.objects.len().to_string(),
        format!("{}/{}", sum.updated, sum.targets),
        sum.unready.to_string(),
        format!("{:?}", spec.each),
        or_dash(ready.map_or("", |condition| &condition.message)),
    ]
}

fn of_source(source: &Source, age: String) -> Vec<String> {
    let (spec, status) = (&source.spec, &source.status);
    let ready = status.conditions.iter().find(|condition| condition.kind == "Ready");
    let word = match ready {
        _ if spec.suspended => "Suspended",
        Some(condition) if condition.status => "Ready",
        Some(condition) => condition.reason.as_str(),
        None => "",
    };
    vec![
        source.metadata.name.clone(),
        or_dash(word),
        or_dash(status.commit.get(..12).unwrap_or(&status.commit)),
        status.objects.len().to_string(),
        spec.url.clone(),
        age,
        spec.reference.clone(),
        or_dash(&spec.path),
        or_dash(ready.map_or("", |condition| &condition.message)),
    ]
}

fn of_repository(repository: &Repository, age: String, now: Timestamp) -> Vec<String> {
    let (spec, status) = (&repository.spec, &repository.status);
    let ready = status.conditions.iter().find(|condition| condition.kind == "Ready");
    let teams = if spec.allow.iter().any(|rule| rule.teams.is_empty()) {
        "<all>".to_owned()
    } else {
        spec.allow.iter().flat_map(|rule| rule.teams.iter().map(String::as_str)).collect::<Vec<_>>().join(",")
    };
    vec![
        repository.metadata.name.clone(),
        or_dash(ready.map_or("", |one| if one.status { "Ready" } else { one.reason.as_str() })),
        status.charts.to_string(),
        super::age(status.fetched_at, now),
        spec.url.clone(),
        age,
        status.versions.to_string(),
        or_dash(&teams),
        or_dash(ready.map_or("", |one| &one.message)),
    ]
}

fn of_release(release: &Release, age: String) -> Vec<String> {
    let (spec, status) = (&release.spec, &release.status);
    let ready = status.conditions.iter().find(|condition| condition.kind == "Ready");
    let word = match ready {
        _ if release.metadata.deletion_timestamp.is_some() => "Uninstalling",
        _ if spec.suspended => "Suspended",
        Some(condition) if condition.status => "Ready",
        Some(condition) => condition.reason.as_str(),
        None => "",
    };
    let target = match (&spec.cluster, &spec.group) {
        (Some(cluster), _) => cluster.clone(),
        (None, Some(group)) => format!("group {group}"),
        (None, None) => "-".into(),
    };
    vec![
        release.metadata.name.clone(),
        or_dash(word),
        format!("{}/{}", spec.repository, spec.chart),
        or_dash(&status.version),
        target,
        spec.namespace.clone(),
        format!("{}/{}", status.summary.ready, status.summary.targets),
        age,
        or_dash(spec.team.as_deref().unwrap_or_default()),
        or_dash(&spec.version),
        release.release_name().to_owned(),
        or_dash(ready.map_or("", |one| &one.message)),
    ]
}

fn of_release_version(version: &ReleaseVersion, age: String) -> Vec<String> {
    let spec = &version.spec;
    vec![
        version.metadata.name.clone(),
        spec.release.clone(),
        spec.version.to_string(),
        format!("{}/{}", spec.chart.repository, spec.chart.name),
        spec.chart.version.clone(),
        or_dash(&spec.by),
        age,
        or_dash(&spec.message),
    ]
}

fn of_version(version: &BundleVersion, age: String) -> Vec<String> {
    let spec = &version.spec;
    vec![
        version.metadata.name.clone(),
        spec.bundle.clone(),
        spec.version.to_string(),
        spec.objects.len().to_string(),
        or_dash(&spec.by),
        age,
        or_dash(&spec.message),
    ]
}

fn of_cluster(cluster: &Cluster, age: String) -> Vec<String> {
    let (spec, status) = (&cluster.spec, &cluster.status);
    let local = spec.local.as_ref();
    let ready = status.nodes.iter().filter(|node| node.ready).count();
    let intent = if status.intent.desired == status.intent.applied && status.intent.errors.is_empty() {
        "applied".into()
    } else {
        format!(
            "{} of {}, {} errors",
            status.intent.applied,
            status.intent.desired,
            status.intent.errors.len()
        )
    };
    vec![
        cluster.metadata.name.clone(),
        format!("{:?}", status.phase),
        format!("{:?}", spec.provider).to_lowercase(),
        or_dash(&status.kubernetes_version),
        if status.agent.connected { "connected".into() } else { "away".into() },
        format!("{}/{}", status.workspaces.running, status.workspaces.total),
        age,
        local.map_or("-".into(), |local| local.cpu.to_string()),
        local.map_or("-".into(), |local| local.memory.to_string()),
        format!("{ready}/{}", status.nodes.len()),
        intent,
        status.facts.kubernetes_latency_ms.map_or("-".into(), |took| format!("{took}ms")),
        match status.facts.network_policy {
            NetworkPolicySupport::Enforced => "enforced",
            NetworkPolicySupport::NotEnforced => "not enforced",
            NetworkPolicySupport::Unknown => "unknown",
        }
        .into(),
        agent_version(cluster),
        or_dash(&status.message),
    ]
}

/// The agent's version, and what becomes of one that is not the server's.
fn agent_version(cluster: &Cluster) -> String {
    let agent = &cluster.status.agent;
    let current = cluster.status.conditions.iter().find(|one| one.kind == "AgentCurrent" && !one.status);
    let (version, to) =
        (or_dash(&agent.version), agent.update.as_ref().map(|update| update.version.as_str()));
    match (current.map(|one| one.reason.as_str()), to) {
        (Some("Updating"), Some(to)) => format!("{version} (becomes {to})"),
        (Some("UpdateFailed"), Some(to)) => format!("{version} (failed to become {to})"),
        (Some("UpdatePaused"), _) => format!("{version} (paused)"),
        (Some("UpdateRefused"), _) => format!("{version} (refused)"),
        (Some("UpdateWaits" | "UpdateHeld"), _) => format!("{version} (waits)"),
        _ => version,
    }
}

fn of_user(user: &User, age: String) -> Vec<String> {
    let login = match (user.spec.disabled, user.status.has_password) {
        (true, _) => "closed",
        (false, true) => "password",
        (false, false) => "no password",
    };
    vec![
        user.metadata.name.clone(),
        or_dash(&user.spec.display_name),
        if user.spec.admin { "admin".into() } else { "-".into() },
        login.into(),
        age,
    ]
}

fn of_team(team: &Team, age: String) -> Vec<String> {
    let admins: Vec<_> = team
        .spec
        .members
        .iter()
        .filter(|member| member.role == TeamRole::TeamAdmin)
        .map(|member| member.user.as_str())
        .collect();
    vec![
        team.metadata.name.clone(),
        team.spec.cluster.clone(),
        team.namespace().to_owned(),
        team.spec.members.len().to_string(),
        age,
        or_dash(&admins.join(",")),
    ]
}

fn of_image(image: &Image, age: String) -> Vec<String> {
    vec![image.metadata.name.clone(), image.spec.reference.clone(), age, or_dash(&image.spec.description)]
}

fn of_template(template: &Template, age: String) -> Vec<String> {
    let spec = &template.spec;
    let ports: Vec<_> = spec.ports.iter().map(|port| format!("{}:{}", port.name, port.port)).collect();
    vec![
        template.metadata.name.clone(),
        spec.chart
            .as_ref()
            .map_or_else(|| spec.image.clone(), |chart| format!("{} {}", chart.key(), chart.version)),
        spec.resources.as_ref().map_or("-".into(), |resources| resources.cpu.to_string()),
        spec.resources.as_ref().map_or("-".into(), |resources| resources.memory.to_string()),
        spec.home_size.to_string(),
        template.status.workspaces.to_string(),
        template.metadata.team.clone().unwrap_or_else(|| "all".into()),
        age,
        ports.join(","),
        or_dash(&spec.description),
    ]
}

fn of_workspace(workspace: &Workspace, age: String) -> Vec<String> {
    let (spec, status) = (&workspace.spec, &workspace.status);
    let reason = if status.reason.is_empty() { String::new() } else { format!(" ({})", status.reason) };
    let pod = status.pod.as_ref();
    vec![
        workspace.metadata.name.clone(),
        format!("{:?}{reason}{}", status.phase, if status.outdated { " *" } else { "" }),
        spec.owner.clone(),
        spec.team.clone(),
        spec.template.clone(),
        or_dash(&spec.cluster),
        age,
        or_dash(&spec.namespace),
        pod.map_or("-".into(), |pod| pod.name.clone()),
        pod.map_or("-".into(), |pod| or_dash(&pod.node)),
        pod.map_or("-".into(), |pod| pod.restarts.to_string()),
        spec.home_size.map_or("-".into(), |size| size.to_string()),
        or_dash(&status.message),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use nagaya_api::{
        condition::Condition,
        kinds::{
            cluster::{AgentUpdating, ClusterSpec, Provider},
            workspace::WorkspaceSpec,
        },
    };

    use super::*;

    #[test]
    fn every_kind_has_a_cell_for_each_column() {
        let mut workspace = Workspace::new("w", WorkspaceSpec::default());
        workspace.metadata.creation_timestamp = Some(Timestamp::UNIX_EPOCH);
        let now = Timestamp::from_second(60).unwrap();
        for wide in [false, true] {
            let row = row(&workspace.to_raw(), wide, now);
            assert_eq!(row.len(), header(Kind::Workspace, wide).len());
            assert_eq!(row[1], "Pending");
            assert_eq!(row[6], "60s");
        }
    }

    #[test]
    fn a_cluster_shows_wide_how_it_is_with_its_api_and_its_policies() {
        let mut cluster = Cluster::new(
            "c",
            ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() },
        );
        cluster.status.facts.kubernetes_latency_ms = Some(12);
        cluster.status.facts.network_policy = NetworkPolicySupport::NotEnforced;
        let cells = row(&cluster.to_raw(), true, Timestamp::UNIX_EPOCH);
        let titles = header(Kind::Cluster, true);
        let of = |title| titles.iter().position(|one| *one == title).map(|at| cells[at].as_str());
        assert_eq!((of("API"), of("POLICIES")), (Some("12ms"), Some("not enforced")));
        assert_eq!(cells.len(), titles.len());
    }

    #[test]
    fn a_cluster_shows_wide_what_becomes_of_an_agent_of_another_version() {
        let mut cluster =
            Cluster::new("c", ClusterSpec { provider: Provider::Import, ..ClusterSpec::default() });
        assert_eq!(agent_version(&cluster), "-");
        cluster.status.agent.version = "1".into();
        let since = Timestamp::UNIX_EPOCH;
        cluster.status.agent.update = Some(AgentUpdating { version: "2".into(), since });
        for (reason, shown) in [
            ("Updating", "1 (becomes 2)"),
            ("UpdateFailed", "1 (failed to become 2)"),
            ("UpdatePaused", "1 (paused)"),
            ("UpdateHeld", "1 (waits)"),
            ("OtherVersion", "1"),
        ] {
            cluster.status.conditions = vec![Condition {
                kind: "AgentCurrent".into(),
                status: false,
                reason: reason.into(),
                message: String::new(),
                last_transition_time: since,
            }];
            assert_eq!(agent_version(&cluster), shown);
        }
    }

    #[test]
    fn what_a_newer_server_sends_still_shows_its_name() {
        let mut raw = Workspace::new("w", WorkspaceSpec::default()).to_raw();
        raw.spec = serde_json::json!({"fromTheFuture": true});
        assert_eq!(row(&raw, false, Timestamp::UNIX_EPOCH)[0], "w");
    }
}
