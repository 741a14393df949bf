//! How far bundles are, as the store tells whoever watches it: to ask again and again would cost more than the server does.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt;
use nagaya_api::{Kind, ObjectMeta};
use nagaya_store::Store;
use serde_json::Value;
use tokio::sync::watch;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Generation of each bundle of which it was last said that all clusters are ready with it.
type Ready = BTreeMap<String, i64>;

/// Follows bundles until all that is wanted of them is ready on all clusters.
pub struct Progress {
    wanted: Ready,
    seen: watch::Receiver<Ready>,
}

impl Progress {
    /// From now on.
    pub fn follow(store: &Store, clusters: usize) -> Self {
        let mut changes = store.watch(&[Kind::Bundle], None);
        let (told, seen) = watch::channel(Ready::new());
        // It ends with the store, or with who listens.
        tokio::spawn(async move {
            while let Some(Ok(change)) = changes.next().await {
                let object = &change.object;
                if let Some(generation) = ready(&object.status, clusters as u64) {
                    told.send_modify(|all| {
                        all.insert(object.metadata.name.clone(), generation);
                    });
                }
                if told.is_closed() {
                    return;
                }
            }
        });
        Self { wanted: Ready::new(), seen }
    }

    /// This bundle is to be ready as it now is.
    pub fn want(&mut self, bundle: &ObjectMeta) {
        self.wanted.insert(bundle.name.clone(), bundle.generation);
    }

    /// Waits until all are.
    ///
    /// # Errors
    /// When that takes longer than `patience`, or the store cannot be watched any more.
    pub async fn done(&mut self, patience: Duration) -> Result<(), Failure> {
        let wanted = &self.wanted;
        let done = |seen: &Ready| wanted.iter().all(|(name, generation)| seen.get(name) >= Some(generation));
        tokio::time::timeout(patience, self.seen.wait_for(done)).await??;
        Ok(())
    }
}

/// The generation that all clusters are ready with, if they are.
fn ready(status: &Value, clusters: u64) -> Option<i64> {
    let number = |at: &str| status.pointer(at).and_then(Value::as_u64).unwrap_or(0);
    let all = number("/summary/ready") == clusters && number("/summary/updated") == clusters;
    all.then(|| status.pointer("/observedGeneration").and_then(Value::as_i64))?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_bundle_is_ready_when_all_clusters_have_its_newest_version_and_are() {
        let status = |ready: u64, updated: u64| json!({"observedGeneration": 3, "summary": {"ready": ready, "updated": updated}});
        assert_eq!(super::ready(&status(5, 5), 5), Some(3));
        assert_eq!(super::ready(&status(4, 5), 5), None);
        assert_eq!(super::ready(&status(5, 4), 5), None);
        assert_eq!(super::ready(&json!({}), 5), None);
    }
}
