//! The objects of a deployed release: whether they are ready, and whether they still are as they were applied.

use std::collections::BTreeSet;

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use nagaya_api::agent::{ObjectLine, RELEASE_FIELD_MANAGER, Report};
use nagaya_helm::action::objects::parse;
use nagaya_helm::action::ownership::Release;
use nagaya_helm::action::{Cluster, Fault, Key, Readiness};
use nagaya_helm::release::Record;
use serde_json::Value;

use super::cluster::InCluster;
use super::tell::line;
use crate::enforce::fields::{culprit, fields_of, others_than, owned_by};
use crate::enforce::ignore::overlook;
use crate::report::Reports;

/// What is remembered of the objects of a deployed revision: not what they are to be, that is in its record.
#[derive(Default)]
pub(super) struct Kept {
    /// The revision.
    pub(super) revision: u32,
    objects: Vec<(Key, Option<u64>)>,
}

/// What a look at them showed.
pub(super) struct Look {
    /// All of them.
    pub(super) lines: Vec<ObjectLine>,
    /// Those that are not as they were applied, or of which that is not known.
    pub(super) drifted: BTreeSet<Key>,
}

impl Kept {
    /// Of a revision, nothing of whose objects is known yet.
    pub(super) fn of(record: &Record) -> Result<Kept, String> {
        let objects = parse(&record.manifest, &record.namespace)?;
        let objects = objects.into_iter().map(|object| (object.key, None)).collect();
        Ok(Kept { revision: record.version, objects })
    }

    /// Looks at all objects.
    pub(super) async fn look(&self, cluster: &InCluster) -> Result<Look, Fault> {
        let (mut lines, mut drifted) = (Vec::new(), BTreeSet::new());
        for (key, applied) in &self.objects {
            let live = cluster.get(key).await?;
            let owned =
                live.as_ref().map(|live| owned_by(RELEASE_FIELD_MANAGER, &managed(cluster, key, live)));
            if owned.is_none() || owned != *applied {
                drifted.insert(key.clone());
            }
            let readiness = match &live {
                Some(live) => cluster.readiness(key, live),
                None => Readiness::NotYet("it is not there".to_owned()),
            };
            lines.push(line(key, &readiness));
        }
        Ok(Look { lines, drifted })
    }

    /// Applies again what drifted, and tells what was put right.
    pub(super) async fn correct(
        &mut self,
        cluster: &InCluster,
        record: &Record,
        drifted: &BTreeSet<Key>,
        name: &str,
        reports: &Reports,
    ) -> Result<(), Fault> {
        let release = Release { namespace: record.namespace.clone(), name: record.name.clone() };
        for object in parse(&record.manifest, &record.namespace).map_err(Fault::Refused)? {
            let key = &object.key;
            let Some((_, applied)) =
                self.objects.iter_mut().find(|(other, _)| drifted.contains(key) && other == key)
            else {
                continue;
            };
            let before = cluster.get(key).await?;
            let mut wanted = object.value.clone();
            release.mark(&mut wanted);
            let after = cluster.apply(key, &wanted).await?;
            let now = managed(cluster, key, &after);
            let version = |live: &Value| live["metadata"]["resourceVersion"].clone();
            // Nothing was known of it, and it was as it should be.
            let same = before.as_ref().is_some_and(|before| version(before) == version(&after));
            *applied = Some(owned_by(RELEASE_FIELD_MANAGER, &now));
            if same {
                continue;
            }
            let (manager, fields) = match &before {
                Some(before) => changed(&managed(cluster, key, before), &now),
                None => (String::new(), Vec::new()),
            };
            tracing::info!(release = name, object = %key, manager, ?fields, "put right");
            reports.drift(Report::Drift {
                object: key.to_string(),
                manager,
                fields,
                at: Timestamp::now(),
                bundle: String::new(),
                release: name.to_owned(),
            });
        }
        Ok(())
    }
}

/// Who owns what, without what is left to others.
fn managed(cluster: &InCluster, key: &Key, live: &Value) -> Vec<ManagedFieldsEntry> {
    let entries = live["metadata"]["managedFields"].clone();
    let mut managed: Vec<ManagedFieldsEntry> = serde_json::from_value(entries).unwrap_or_default();
    overlook(&mut managed, &cluster.rules(key));
    managed
}

/// Who took which fields.
fn changed(before: &[ManagedFieldsEntry], after: &[ManagedFieldsEntry]) -> (String, Vec<String>) {
    let still = fields_of(RELEASE_FIELD_MANAGER, before);
    let lost: BTreeSet<String> =
        fields_of(RELEASE_FIELD_MANAGER, after).difference(&still).cloned().collect();
    (culprit(&others_than(RELEASE_FIELD_MANAGER, before), &lost), lost.into_iter().collect())
}
