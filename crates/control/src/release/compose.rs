//! What an agent is told of the releases of its cluster.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use nagaya_api::{
    Cluster, ReleaseVersion,
    agent::{ActAs, ChartReference, IgnoredFields, ReleaseIntent},
    kinds::{
        bundle::IgnoreRule,
        release::{Values, layered, put_secret},
        release_version::ReleaseVersionSpec,
    },
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Groups, LOOK, Releases, Secrets,
    entry::{Blocked, Told},
};

/// As whom an agent works: what that may do, its cluster's own RBAC says. The agent's own rights end at what intents are
/// made of; operations' releases may hold anything, by the binding that each intent has for operations.
pub(crate) fn act_as(team: Option<&str>) -> ActAs {
    match team {
        Some(team) => {
            ActAs { user: format!("nagaya:release:{team}"), groups: vec![format!("nagaya:team:{team}")] }
        }
        None => ActAs {
            user: "nagaya:release:operations".to_owned(),
            groups: vec!["nagaya:role:admin".to_owned()],
        },
    }
}

/// The values that groups and cluster have for a chart, the lowest first, each with where it comes from.
pub fn chart_layers<'a>(
    cluster: &'a Cluster,
    groups: impl Iterator<Item = &'a nagaya_api::Group>,
    chart: &str,
) -> Vec<(String, &'a Values)> {
    let groups = groups.filter_map(|group| {
        Some((format!("group {}", group.metadata.name), group.spec.chart_values.get(chart)?))
    });
    let mut layers: Vec<_> = groups.collect();
    if let Some(values) = cluster.spec.chart_values.get(chart) {
        layers.push((format!("cluster {}", cluster.metadata.name), values));
    }
    layers
}

/// The values that a cluster gets of a version, secrets filled in.
fn values(
    cluster: &Cluster,
    groups: &Groups<'_>,
    version: &ReleaseVersionSpec,
    secrets: &Secrets,
) -> Result<Values, Blocked> {
    let chart = format!("{}/{}", version.chart.repository, version.chart.name);
    let of_it = groups.values().filter(|(_, members)| members.contains(&cluster.metadata.name));
    let layers = chart_layers(cluster, of_it.map(|(group, _)| *group), &chart);
    let mut values = layered(layers.iter().map(|(_, values)| *values).chain([&version.values]));
    for secret in &version.secrets {
        let name = &secret.secret;
        let Some(value) = secrets.0.get(name) else {
            let message = format!(
                "spec.secrets: \"{name}\" is not sealed: `nagaya release secret {} {name}`",
                version.release
            );
            return Err(Blocked { conflict: false, message });
        };
        put_secret(&mut values, secret, value)
            .map_err(|error| Blocked { conflict: false, message: format!("spec.secrets: {error}") })?;
    }
    Ok(values)
}

/// Hash of what makes a revision.
pub(crate) fn content(digest: &str, values: &Values, crds: bool) -> String {
    let mut hasher = Sha256::new();
    hasher.update(digest);
    hasher.update([u8::from(crds)]);
    hasher.update(Value::Object(values.clone()).to_string());
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn ignored(rule: &IgnoreRule) -> IgnoredFields {
    IgnoredFields {
        group: String::new(),
        kind: rule.target.kind.clone(),
        name: rule.target.name.clone(),
        fields: rule.fields.clone(),
    }
}

impl Releases {
    /// What a cluster has of releases, or is to have: namespace and name in Helm, with the name in Nagaya.
    pub(crate) fn places(&self, cluster: &str) -> BTreeMap<(&str, &str), &str> {
        let here = self.entries.iter().filter(|(_, entry)| entry.sites.contains_key(cluster));
        here.map(|(name, entry)| {
            ((entry.release.spec.namespace.as_str(), entry.release.release_name()), name.as_str())
        })
        .collect()
    }

    /// What a cluster should hold of all releases, by their names.
    pub(crate) fn compose(
        &mut self,
        cluster: &Cluster,
        groups: &Groups<'_>,
        now: Timestamp,
    ) -> Vec<Arc<Told>> {
        let name = &cluster.metadata.name;
        let none = Secrets::default();
        // Of two that Helm would take for one, the older has the name.
        let mut order: Vec<(Option<Timestamp>, String)> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.sites.contains_key(name))
            .map(|(release, entry)| (entry.release.metadata.creation_timestamp, release.clone()))
            .collect();
        order.sort();
        let mut taken: BTreeMap<(String, String), String> = BTreeMap::new();
        let mut all: BTreeMap<String, Arc<Told>> = BTreeMap::new();
        let mut given: BTreeSet<String> = BTreeSet::new();
        for (_, release) in order {
            let Some(entry) = self.entries.get_mut(&release) else { continue };
            let (attempt, test) = (entry.release.attempt(), entry.release.test());
            let place = (entry.release.spec.namespace.clone(), entry.release.release_name().to_owned());
            let suspended = entry.release.spec.suspended;
            let Some(site) = entry.sites.get_mut(name) else { continue };
            if site.leaving {
                site.told = None;
                continue;
            }
            let Some(number) = site.want.or(site.has()) else { continue };
            let version = self.versions.get(&ReleaseVersion::name_of(&release, number));
            let version = version.filter(|one| one.of == entry.release.metadata.uid);
            let found = match version {
                _ if taken.contains_key(&place) => {
                    let other = taken.get(&place).cloned().unwrap_or_default();
                    let message = format!(
                        "\"{}\" in namespace \"{}\" is release \"{other}\" already, which is older: choose another spec.releaseName",
                        place.1, place.0
                    );
                    Err(Blocked { conflict: true, message })
                }
                None => Err(Blocked {
                    conflict: false,
                    message: format!("version {number} of release \"{release}\" is not there any more"),
                }),
                Some(version) => {
                    let secrets = self.secrets.get(&release).unwrap_or(&none);
                    values(cluster, groups, &version.spec, secrets).map(|values| (version, values))
                }
            };
            match found {
                // What is suspended stays as it is, though values of its cluster or group change.
                Ok(_) if suspended && site.told.is_some() => site.blocked = None,
                Ok((version, values)) => {
                    let spec = &version.spec;
                    let content = content(&spec.chart.digest, &values, spec.crds);
                    site.told = Some(Arc::new(Told(ReleaseIntent {
                        name: release.clone(),
                        uid: entry.release.metadata.uid.clone(),
                        release_name: place.1.clone(),
                        namespace: place.0.clone(),
                        create_namespace: spec.create_namespace,
                        chart: ChartReference {
                            name: spec.chart.name.clone(),
                            version: spec.chart.version.clone(),
                            digest: spec.chart.digest.clone(),
                        },
                        values: Value::Object(values),
                        act_as: Some(act_as(entry.release.spec.team.as_deref())),
                        atomic: spec.atomic,
                        wait: spec.wait,
                        timeout_seconds: spec.timeout_seconds,
                        hooks: spec.hooks,
                        crds: spec.crds,
                        ignore: spec.ignore.iter().map(ignored).collect(),
                        rollback: spec.rollback_to > 0,
                        content,
                        attempt,
                        test,
                        environment: None,
                    })));
                    site.blocked = None;
                    if site.line.version != number {
                        // Where the cluster is with it must not be lost: a later run of the server begins from it.
                        site.line.version = number;
                        site.line.since = Some(now);
                        given.insert(release.clone());
                    }
                }
                Err(blocked) => site.blocked = Some(blocked),
            }
            if let Some(told) = &site.told {
                taken.entry(place).or_insert_with(|| release.clone());
                all.insert(release, told.clone());
            }
        }
        for release in given {
            if let Some(entry) = self.entries.get_mut(&release) {
                entry.saying.ask(now, LOOK);
                entry.looking.ask(now, LOOK);
            }
            self.tidying = true;
        }
        all.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_releases_act_by_the_binding_that_intents_have_for_operations() {
        let (operations, team) = (act_as(None), act_as(Some("java")));
        assert_eq!(operations.groups, ["nagaya:role:admin"]);
        assert_eq!((team.user.as_str(), team.groups.len()), ("nagaya:release:java", 1));
        // Whoever works for a team, also for one of that name, has none of operations' rights.
        assert_eq!(act_as(Some("operations")).groups, ["nagaya:team:operations"]);
    }
}
