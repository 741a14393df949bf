//! What a cluster should hold, before it has got a revision.

use std::sync::{Arc, OnceLock};

use nagaya_api::agent::{Intent, Purge};
use serde_json::{Value, json};

use crate::{fleet::Part, release::Told};

/// What a cluster should hold, before it has got a revision.
#[derive(Clone, Debug)]
pub struct Content {
    /// Nagaya's own Kubernetes objects.
    pub objects: Vec<Value>,
    /// Those of bundles, which are made into texts only while they are needed.
    pub bundles: Vec<Part>,
    /// Releases of charts.
    pub releases: Vec<Arc<Told>>,
    /// Homes to remove.
    pub purge: Vec<Purge>,
    /// Whether what an earlier incarnation applied may be pruned.
    pub confirm_prune: bool,
    /// The hash, once somebody needed it. It takes all texts to make it, and most contents of a time of many changes are
    /// followed by another before they are sent.
    hash: OnceLock<String>,
}

/// Whether they ask for the same; of either it may be that its hash is not known yet.
impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        self.objects == other.objects
            && self.bundles == other.bundles
            && self.releases == other.releases
            && self.purge == other.purge
            && self.confirm_prune == other.confirm_prune
    }
}

/// The beginning of an intent's text, up to its last object: what takes time to make.
#[derive(Debug)]
pub struct Draft(String);

impl Content {
    /// Of all but releases.
    pub fn new(objects: Vec<Value>, bundles: Vec<Part>, purge: Vec<Purge>, confirm_prune: bool) -> Self {
        Self { objects, bundles, releases: Vec::new(), purge, confirm_prune, hash: OnceLock::new() }
    }

    /// The same with releases.
    #[must_use]
    pub fn with_releases(mut self, releases: Vec<Arc<Told>>) -> Self {
        self.releases = releases;
        self.hash = OnceLock::new();
        self
    }

    /// Hash of objects, purges and releases, as an agent finds it.
    pub fn hash(&self) -> &str {
        self.hash.get_or_init(|| self.hash_of(self.texts()))
    }

    /// Whether the hash is known already.
    pub fn is_hashed(&self) -> bool {
        self.hash.get().is_some()
    }

    /// Whether it is known that this is its hash. What was not hashed yet was not sent, nor compared with what an agent
    /// says it holds; whoever does that tells of it, and then this is asked again.
    pub fn is(&self, hash: &str) -> bool {
        self.hash.get().is_some_and(|known| known == hash)
    }

    fn texts(&self) -> impl Iterator<Item = String> {
        self.objects.iter().map(Value::to_string).chain(self.bundles.iter().flat_map(Part::texts))
    }

    fn hash_of(&self, texts: impl Iterator<Item = String>) -> String {
        Intent::hash_of_texts(texts, &self.purge, self.releases.iter().map(|told| &told.0))
    }

    /// Number of objects.
    pub fn len(&self) -> usize {
        self.objects.len() + self.bundles.iter().map(Part::len).sum::<usize>()
    }

    /// Whether it holds no object and no release.
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && self.releases.is_empty()
    }

    /// Begins the text of an intent. The hash is made in passing, if it is not known yet.
    pub fn draft(&self) -> Draft {
        let mut draft = String::from(r#"{"objects":["#);
        let empty = draft.len();
        let texts = self.texts().inspect(|text| {
            if draft.len() > empty {
                draft.push(',');
            }
            draft.push_str(text);
        });
        match self.hash.get() {
            Some(_) => texts.for_each(drop),
            None => {
                let hash = self.hash_of(texts);
                // Somebody else may have been faster, and found the same.
                let _ = self.hash.set(hash);
            }
        }
        Draft(draft)
    }

    /// As the JSON of an [`Intent`] of this revision.
    pub fn intent(&self, Draft(mut text): Draft, incarnation: &str, revision: u64) -> String {
        let incarnation = json!(incarnation);
        let (hash, purge) = (json!(self.hash()), json!(self.purge));
        text.push_str(&format!(
            r#"],"incarnation":{incarnation},"revision":{revision},"hash":{hash},"purge":{purge},"confirmPrune":{}"#,
            self.confirm_prune
        ));
        if !self.releases.is_empty() {
            let releases = self.releases.iter();
            let releases: Vec<_> =
                releases.map(|told| serde_json::to_string(&told.0).unwrap_or_default()).collect();
            text.push_str(&format!(r#","releases":[{}]"#, releases.join(",")));
        }
        text.push('}');
        text
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
        let cluster = Cluster::new(
            "one",
            ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() },
        );
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
        assert!(!content.is_hashed() && !content.is(&Intent::hash_of(&[], &[], &[])));
        let read: Intent = serde_json::from_str(&content.intent(content.draft(), "i\"", 7)).unwrap();
        let mut wanted = Intent::new("i\"", 7, vec![object("a"), marked("b"), marked("c")], purge);
        wanted.confirm_prune = true;
        assert_eq!(read, wanted);
        assert_eq!(read.hash, Intent::hash_of(&read.objects, &read.purge, &read.releases));
        assert_eq!(content.len(), 3);
        assert!(content.is(&read.hash), "it was made in passing");
        let again = Content { hash: OnceLock::new(), ..content.clone() };
        assert_eq!((again.hash(), &again), (read.hash.as_str(), &content));
        let nothing = Content::new(Vec::new(), Vec::new(), Vec::new(), false);
        let read: Intent = serde_json::from_str(&nothing.intent(nothing.draft(), "i", 1)).unwrap();
        assert_eq!(read, Intent::new("i", 1, Vec::new(), Vec::new()));
    }
}
