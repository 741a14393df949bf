//! What a cluster should hold, before it has got a revision.

use nagaya_api::agent::{Intent, Purge};
use serde_json::{Value, json};

use crate::fleet::Part;

/// What a cluster should hold, before it has got a revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// Hash of objects and purges.
    pub hash: String,
    /// Nagaya's own Kubernetes objects.
    pub objects: Vec<Value>,
    /// Those of bundles, which are made into texts only while they are needed.
    pub bundles: Vec<Part>,
    /// Homes to remove.
    pub purge: Vec<Purge>,
    /// Whether what an earlier incarnation applied may be pruned.
    pub confirm_prune: bool,
}

impl Content {
    /// With its hash.
    pub fn new(objects: Vec<Value>, bundles: Vec<Part>, purge: Vec<Purge>, confirm_prune: bool) -> Self {
        let own = objects.iter().map(Value::to_string);
        let theirs = bundles.iter().flat_map(Part::texts);
        let hash = Intent::hash_of_texts(own.chain(theirs), &purge, &[]);
        Self { hash, objects, bundles, purge, confirm_prune }
    }

    /// Number of objects.
    pub fn len(&self) -> usize {
        self.objects.len() + self.bundles.iter().map(Part::len).sum::<usize>()
    }

    /// Whether it holds no object.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// As the JSON of an [`Intent`] of this revision. The objects of bundles are JSON already, and go in as they are.
    pub fn intent(&self, incarnation: &str, revision: u64) -> String {
        let mut objects = String::new();
        let own = self.objects.iter().map(Value::to_string);
        for text in own.chain(self.bundles.iter().flat_map(Part::texts)) {
            if !objects.is_empty() {
                objects.push(',');
            }
            objects.push_str(&text);
        }
        let incarnation = json!(incarnation);
        let (hash, purge) = (json!(self.hash), json!(self.purge));
        format!(
            r#"{{"incarnation":{incarnation},"revision":{revision},"hash":{hash},"objects":[{objects}],"purge":{purge},"confirmPrune":{}}}"#,
            self.confirm_prune
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use super::*;
    use nagaya_api::{
        Cluster,
        kinds::bundle_version::BundleVersionSpec,
        kinds::cluster::{ClusterSpec, Provider},
    };

    use crate::fleet::render::{Place, Source};

    #[test]
    fn the_text_is_the_intent_whose_hash_an_agent_finds_again() {
        let object = |name: &str| json!({"kind": "ConfigMap", "metadata": {"name": name}, "data": {"b": "\"", "a": 1.5}});
        let objects = vec![object("b"), object("taken"), object("c")];
        let source = Arc::new(Source::new(BundleVersionSpec {
            bundle: "x".into(),
            version: 1,
            objects,
            ..Default::default()
        }));
        let cluster = Cluster::new("one", ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() });
        let place = Place { cluster: &cluster, teams: &Default::default(), remembered: None };
        let part = Part { bundle: "x".into(), rendered: source.render(&place).unwrap(), without: vec![1] };
        let marked = |name: &str| {
            let mut marked = object(name);
            marked["metadata"]["labels"] =
                json!({"app.kubernetes.io/managed-by": "nagaya", "nagaya.dev/bundle": "x"});
            marked
        };
        let purge = vec![Purge { namespace: "n".into(), claim: "c".into() }];
        let content = Content::new(vec![object("a")], vec![part], purge.clone(), true);
        let read: Intent = serde_json::from_str(&content.intent("i\"", 7)).unwrap();
        let mut wanted = Intent::new("i\"", 7, vec![object("a"), marked("b"), marked("c")], purge);
        wanted.confirm_prune = true;
        assert_eq!(read, wanted);
        assert_eq!(read.hash, Intent::hash_of(&read.objects, &read.purge, &read.releases));
        assert_eq!(content.len(), 3);
    }
}
