//! The clusters whose agents may connect, in memory: it is asked in each TLS handshake.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
};

use nagaya_api::Cluster;
use nagaya_store::{Filter, Store, StoreError};

/// The clusters whose agents may connect. All clones are one; [`crate::Control`] keeps it up to date.
#[derive(Clone, Debug, Default)]
pub struct Admitted(Arc<RwLock<BTreeSet<String>>>);

impl Admitted {
    /// The clusters in the store. To be loaded before the tunnel listens: an agent that is refused enrols anew.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn load(store: &Store) -> Result<Self, StoreError> {
        let clusters = store.list::<Cluster>(&Filter::default()).await?;
        let admitted = Self::default();
        for cluster in clusters.items {
            admitted.set(&cluster.metadata.name, true);
        }
        Ok(admitted)
    }

    /// Whether the agent of that cluster may connect: what [`nagaya_tunnel::ServerTls`] asks.
    pub fn admits(&self, cluster: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(cluster)
    }

    pub(crate) fn set(&self, cluster: &str, admitted: bool) {
        let mut clusters = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if admitted {
            clusters.insert(cluster.to_owned());
        } else {
            clusters.remove(cluster);
        }
    }
}
