//! What an agent is told of the releases of its cluster.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use nagaya_api::{
    Cluster, Release, ReleaseVersion,
    agent::{ActAs, ChartReference, IgnoredFields, ReleaseIntent, ReleaseState},
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
    entry::{Blocked, Site, Told},
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

/// What groups and cluster say of a version's chart, the lowest first.
fn layers<'a>(
    cluster: &'a Cluster,
    groups: &Groups<'a>,
    version: &ReleaseVersionSpec,
) -> Vec<(String, &'a Values)> {
    let chart = format!("{}/{}", version.chart.repository, version.chart.name);
    let of_it = groups.values().filter(|(_, members)| members.contains(&cluster.metadata.name));
    chart_layers(cluster, of_it.map(|(group, _)| *group), &chart)
}

/// Hash of what layers come to. Nothing sealed is in it.
fn hash(layers: &[(String, &Values)]) -> String {
    let values = Value::Object(layered(layers.iter().map(|(_, values)| *values)));
    let hash = Sha256::digest(values.to_string());
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The values that a cluster gets of a version, secrets filled in.
fn values(
    layers: &[(String, &Values)],
    version: &ReleaseVersionSpec,
    secrets: &Secrets,
) -> Result<Values, Blocked> {
    let mut values = layered(layers.iter().map(|(_, values)| *values).chain([&version.values]));
    for secret in &version.secrets {
        let name = &secret.secret;
        let Some(value) = secrets.0.get(name) else {
            let message = format!(
                "secret \"{name}\" is not set: `nagaya release secret {} {name}`, or Upgrade in the console",
                version.release
            );
            return Err(Blocked { state: ReleaseState::Waiting, message });
        };
        put_secret(&mut values, secret, value).map_err(|error| Blocked {
            state: ReleaseState::Failed,
            message: format!("spec.secrets: {error}"),
        })?;
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

/// What an agent is told of a version of a release.
fn told(release: &Release, version: &ReleaseVersionSpec, values: Values) -> Told {
    let spec = &release.spec;
    Told(ReleaseIntent {
        name: release.metadata.name.clone(),
        uid: release.metadata.uid.clone(),
        release_name: release.release_name().to_owned(),
        namespace: spec.namespace.clone(),
        create_namespace: version.create_namespace,
        chart: ChartReference {
            name: version.chart.name.clone(),
            version: version.chart.version.clone(),
            digest: version.chart.digest.clone(),
        },
        content: content(&version.chart.digest, &values, version.crds),
        values: Value::Object(values),
        act_as: Some(act_as(spec.team.as_deref())),
        atomic: version.atomic,
        wait: version.wait,
        timeout_seconds: version.timeout_seconds,
        hooks: version.hooks,
        crds: version.crds,
        ignore: version.ignore.iter().map(ignored).collect(),
        rollback: version.rollback_to > 0,
        attempt: release.attempt(),
        test: release.test(),
        hold: false,
        environment: None,
    })
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
        let mut outdated: BTreeSet<String> = BTreeSet::new();
        for (_, release) in order {
            let Some(entry) = self.entries.get_mut(&release) else { continue };
            let place = (entry.release.spec.namespace.clone(), entry.release.release_name().to_owned());
            let (suspended, team) = (entry.release.spec.suspended, entry.release.spec.team.clone());
            let has = entry.sites.get(name).and_then(Site::has);
            let there = has.map(|number| ReleaseVersion::name_of(&release, number));
            let there = there.and_then(|version| self.versions.get(&version)).map(|one| &*one.spec);
            let held = Arc::new(entry.held(there, act_as(team.as_deref())));
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
                    Err(Blocked { state: ReleaseState::Conflict, message })
                }
                None => Err(Blocked {
                    state: ReleaseState::Failed,
                    message: format!("version {number} of release \"{release}\" is not there any more"),
                }),
                Some(version) => {
                    let secrets = self.secrets.get(&release).unwrap_or(&none);
                    let layers = layers(cluster, groups, &version.spec);
                    let hash = hash(&layers);
                    // Other values of a group come in turns, as another version does.
                    let others = site.has() == Some(number)
                        && !site.line.layers.is_empty()
                        && site.line.layers != hash;
                    if site.outdated != others {
                        (site.outdated, site.turn) = (others, false);
                        outdated.insert(release.clone());
                    }
                    values(&layers, &version.spec, secrets).map(|values| (version, values, hash))
                }
            };
            match found {
                // What is suspended stays as it is, though values of its cluster or group change; and so does what waits
                // for its turn to get them. What that is, only its agent knows after a restart of the server.
                Ok(_) if site.has().is_some() && (suspended || site.outdated && !site.turn) => {
                    site.blocked = None;
                    site.told.get_or_insert(held);
                }
                Ok((version, values, hash)) => {
                    site.told = Some(Arc::new(told(&entry.release, &version.spec, values)));
                    (site.blocked, site.outdated, site.turn) = (None, false, false);
                    if site.line.version != number || site.line.layers != hash {
                        // Where the cluster is with it must not be lost: a later run of the server begins from it.
                        site.line.version = number;
                        site.line.layers = hash;
                        site.line.since = Some(now);
                        given.insert(release.clone());
                    }
                }
                Err(blocked) => {
                    // What runs is not removed because something is missing now.
                    if site.told.is_none() && site.has().is_some() && blocked.state != ReleaseState::Conflict
                    {
                        site.told = Some(held);
                    }
                    site.blocked = Some(blocked);
                }
            }
            if let Some(told) = &site.told {
                taken.entry(place).or_insert_with(|| release.clone());
                all.insert(release, told.clone());
            }
        }
        for release in outdated {
            if let Some(entry) = self.entries.get_mut(&release) {
                entry.looking.ask(now, LOOK);
            }
            self.judging.insert(name.clone());
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
